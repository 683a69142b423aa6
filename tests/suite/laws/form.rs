//! Law 3: framing, spelling, compression, division of work and input order never change the result.

use std::io::Write;
use std::path::Path;

use avstem_worlds::Rng;
use avstem_worlds::colliding::payouts::{WorldBank, WorldBankFile};
use avstem_worlds::colliding::{ExportFile, Framing, JsonStyle};
use serde_json::Value;

use super::{Export, any_world, assert_same, bytes_of, for_random_worlds, is_remitted, result};
use crate::runs::{Bytes, Places, RunParams, RunResult};
use crate::worlds::World;

fn is_layout(name: &str) -> bool {
    name.contains("orders/") && name != "z/orders/list.json"
}

#[test]
fn law_3_framing_and_spelling() {
    for_random_worlds(3, 150, |rng, folder| {
        let world = any_world(rng);
        let expected = Export::of(&world).story(folder);
        for framing in Framing::ALL {
            let mut other = world.clone();
            for file in &mut other.files {
                if !is_remitted(&file.name) {
                    file.style = JsonStyle::random(rng);
                }
                // A list of items under an operation's path is an operation.
                let has_items = matches!(framing, Framing::Page("items") | Framing::ArrayOfPages);
                let is_told_by_path = is_layout(&file.name) && has_items;
                if !file.values.is_empty() && !is_told_by_path {
                    file.framing = framing;
                }
            }
            let mut other = Export::of(&other);
            for (_, bytes) in other.files.iter_mut().take(world.files.len()) {
                add_bom_and_whitespace(rng, bytes);
            }
            assert_same(&format!("law 3, {framing:?}"), &expected, &other.story(folder), &other.files);
        }
    });
}

/// Adds a byte-order mark and surrounding whitespace at random.
fn add_bom_and_whitespace(rng: &mut Rng, bytes: &mut Vec<u8>) {
    if rng.once_in(3) {
        bytes.splice(0..0, b"\r\n \n".iter().copied());
    }
    if rng.once_in(3) {
        bytes.splice(0..0, b"\xef\xbb\xbf".iter().copied());
    }
    if rng.once_in(3) {
        bytes.extend_from_slice(b"\n\t\n ");
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).expect("memory takes all");
    encoder.finish().expect("memory takes all")
}

fn gzip_members(rng: &mut Rng, bytes: &[u8]) -> Vec<u8> {
    let (one, other) = bytes.split_at(rng.index(bytes.len() + 1));
    [gzip(one), gzip(other)].concat()
}

fn zstandard(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).expect("memory takes all")
}

#[test]
fn law_3_compression() {
    for_random_worlds(31, 150, |rng, folder| {
        let export = Export::of(&any_world(rng));
        let expected = story_with_places(folder, &export, RunParams::default());
        for way in 0..3 {
            let pack = |rng: &mut Rng, bytes: &[u8]| match way {
                0 => gzip(bytes),
                1 => gzip_members(rng, bytes),
                _ => zstandard(bytes),
            };
            let packed = export.files.iter().map(|(name, bytes)| (name.clone(), pack(rng, bytes)));
            let found = story_with_places(folder, &export.with(packed.collect()), RunParams::default());
            assert_same(&format!("law 3, packed in way {way}"), &expected, &found, &export.files);
        }
    });
}

fn story_with_places(folder: &Path, export: &Export, manner: RunParams) -> RunResult {
    result(&export.run(folder, manner), Places::Included)
}

#[test]
fn law_3_workers_blocks_and_partitions() {
    for_random_worlds(32, 480, |rng, folder| {
        let export = Export::of(&any_world(rng));
        let expected = story_with_places(folder, &export, RunParams::default());
        for block_size in [1, 7, 64, 4096] {
            let jobs = 1 + rng.index(8);
            let partitions = *rng.one_of(&[1, 2, 16, 64]);
            let memory = *rng.one_of(&[1 << 10, 1 << 30]);
            let manner = RunParams { jobs, block_size, partitions, memory, ..RunParams::default() };
            let found = story_with_places(folder, &export, manner);
            assert_same(&format!("law 3, {manner:?}"), &expected, &found, &export.files);
        }
    });
}

/// Returns whole documents only, each once, so that nothing depends on input order.
fn without_copies(world: &World) -> Vec<Value> {
    let mut met: Vec<String> = Vec::new();
    let mut kept = Vec::new();
    for value in world.files.iter().filter(|file| !is_layout(&file.name)).flat_map(|file| &file.values) {
        let names = names_of(value);
        if names.iter().all(|name| !met.contains(name)) {
            met.extend(names);
            kept.push(value.clone());
        }
    }
    kept
}

/// Identities under which a record is a copy of another, the session inside a transaction included.
fn names_of(value: &Value) -> Vec<String> {
    let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let inner = value.get("transaction").filter(|inner| inner.is_object()).unwrap_or(value);
    let mut names = Vec::new();
    if let Some(session) = inner.get("session") {
        names.extend(text(session, "id").map(|id| format!("session {id}")));
    }
    let kind = if inner.get("order").is_some() { "session" } else { "document" };
    if let Some(id) = text(inner, "payment_reference").filter(|_| inner.get("totals").is_some()) {
        return vec![format!("payout {id} {:?}", text(inner, "currency_code"))];
    }
    if inner.get("payment_reference").is_some() || inner.get("entryType").is_some() {
        // A record that its provider gives twice counts once.
        return vec![inner.to_string()];
    }
    for name in ["dintero_settlement_id", "order_id", "id"] {
        if let Some(id) = text(inner, name) {
            // A settlement is known from a report and from an item of a list.
            let has_lines = inner.get("transactions").and_then(Value::as_array).is_some_and(|lines| !lines.is_empty());
            let has_lines = name == "dintero_settlement_id" && has_lines;
            names.push(format!("{kind} {id} {has_lines}"));
            break;
        }
    }
    names
}

/// Keeps one CSV file, and either one file of statements or all of them without references and details: of entries with
/// one reference in two statements the first counts, and details alone do not number entries without. Then no two files
/// have a statement of one Id: neighbours of the same days and Id follow each other in the order of the input.
fn keep_apart(rng: &mut Rng, bank: &mut WorldBank) {
    let is_statement = |file: &WorldBankFile| !String::from_utf8_lossy(&file.bytes).contains("camt.054");
    let keeps_all = rng.once_in(2);
    let (mut sheets, mut statements) = (0, 0);
    bank.files.retain_mut(|file| {
        if keeps_all && !file.is_csv {
            let text = String::from_utf8_lossy(&file.bytes);
            let parts = text.split_inclusive("Stmt>");
            let mut text: String = parts.map(|part| part.replacen("Id>", &format!("Id>{statements}."), 1)).collect();
            for name in ["AcctSvcrRef", "NtryRef", "NtryDtls"] {
                text = text.replace(name, "Other");
            }
            file.bytes = text.into_bytes();
        }
        let count = if file.is_csv { &mut sheets } else { &mut statements };
        *count += usize::from(is_statement(file));
        *count < 2 || !is_statement(file) || (keeps_all && !file.is_csv)
    });
}

#[test]
fn law_3_order_of_records_and_files() {
    for_random_worlds(33, 300, |rng, folder| {
        let mut world = any_world(rng);
        world.files.extend(any_world(rng).files);
        let mut values = without_copies(&world);
        if values.is_empty() {
            return;
        }
        keep_apart(rng, &mut world.bank);
        let mut first = Export::of(&world);
        let mut of_bank = first.files.split_off(world.files.len());
        let one = |values: &[Value]| vec![ExportFile::new("all.ndjson", Framing::Lines, values.to_vec())];
        let written = |files: Vec<ExportFile>, of_bank: &[Bytes]| {
            let files = bytes_of(&files.iter().map(ExportFile::write).collect::<Vec<_>>());
            first.with([&files, of_bank].concat())
        };
        let all = written(one(&values), &of_bank);
        let expected = all.story(folder);
        values.reverse();
        assert_same("law 3, reversed", &expected, &written(one(&values), &of_bank).story(folder), &all.files);
        rng.shuffle(&mut values);
        let count = of_bank.len();
        for (at, (name, _)) in of_bank.iter_mut().enumerate() {
            *name = format!("{}/{name}", count - at);
        }
        assert_same("law 3, shuffled", &expected, &written(one(&values), &of_bank).story(folder), &all.files);
        let mut parts: Vec<ExportFile> = (0..1 + rng.index(5))
            .map(|number| {
                ExportFile::new(&format!("{}/{number}.json", rng.word(&["x", "y", "."])), Framing::Array, Vec::new())
            })
            .collect();
        for value in values {
            let at = rng.index(parts.len());
            parts[at].values.push(value);
        }
        rng.shuffle(&mut parts);
        assert_same("law 3, in several files", &expected, &written(parts, &of_bank).story(folder), &all.files);
    });
}
