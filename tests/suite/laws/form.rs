//! Law 3: framing, spelling, compression, division of work and input order never change the result.

use std::io::Write;
use std::path::Path;

use avstem_worlds::Rng;
use avstem_worlds::colliding::payouts::WorldBank;
use avstem_worlds::colliding::{ExportFile, Framing, JsonStyle};
use serde_json::Value;

use super::{assert_same, bytes_of, for_random_worlds, story};
use crate::oracle;
use crate::runs::{self, Bytes, EngineSettings, Places, RunParams, RunResult};
use crate::worlds::World;

fn is_layout(name: &str) -> bool {
    name.contains("orders/") && name != "z/orders/list.json"
}

#[test]
fn law_3_framing_and_spelling() {
    for_random_worlds(3, 150, |rng, folder| {
        let world = World::random(rng);
        let first = bytes_of(&world.write());
        let expected = story(folder, &first);
        for framing in Framing::ALL {
            let mut other = world.clone();
            for file in &mut other.files {
                file.style = JsonStyle::random(rng);
                // A list of items under an operation's path is an operation.
                let has_items = matches!(framing, Framing::Page("items") | Framing::ArrayOfPages);
                let is_told_by_path = is_layout(&file.name) && has_items;
                if !file.values.is_empty() && !is_told_by_path {
                    file.framing = framing;
                }
            }
            let mut files = bytes_of(&other.write());
            for (_, bytes) in &mut files {
                add_bom_and_whitespace(rng, bytes);
            }
            assert_same(&format!("law 3, {framing:?}"), &expected, &story(folder, &files), &files);
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
        let files = bytes_of(&World::random(rng).write());
        let expected = story_with_places(folder, &files, RunParams::default());
        for way in 0..3 {
            let pack = |rng: &mut Rng, bytes: &[u8]| match way {
                0 => gzip(bytes),
                1 => gzip_members(rng, bytes),
                _ => zstandard(bytes),
            };
            let packed: Vec<Bytes> = files.iter().map(|(name, bytes)| (name.clone(), pack(rng, bytes))).collect();
            let found = story_with_places(folder, &packed, RunParams::default());
            assert_same(&format!("law 3, packed in way {way}"), &expected, &found, &files);
        }
    });
}

fn story_with_places(folder: &Path, files: &[Bytes], manner: RunParams) -> RunResult {
    let told = EngineSettings::new(&oracle::Settings::default());
    RunResult::of_engine(&runs::run(folder, files, &told, manner), Places::Included)
}

#[test]
fn law_3_workers_blocks_and_partitions() {
    for_random_worlds(32, 480, |rng, folder| {
        let files = bytes_of(&World::random(rng).write());
        let expected = story_with_places(folder, &files, RunParams::default());
        for block_size in [1, 7, 64, 4096] {
            let jobs = 1 + rng.index(8);
            let partitions = *rng.one_of(&[1, 2, 16, 64]);
            let memory = *rng.one_of(&[1 << 10, 1 << 30]);
            let manner = RunParams { jobs, block_size, partitions, memory, ..RunParams::default() };
            let found = story_with_places(folder, &files, manner);
            assert_same(&format!("law 3, {manner:?}"), &expected, &found, &files);
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
    for name in ["dintero_settlement_id", "order_id", "id"] {
        if let Some(id) = text(inner, name) {
            names.push(format!("{kind} {id}"));
            break;
        }
    }
    names
}

#[test]
fn law_3_order_of_records_and_files() {
    for_random_worlds(33, 300, |rng, folder| {
        let mut values = without_copies(&World::random(rng));
        values.extend(without_copies(&World::random(rng)));
        let mut world = World { files: Vec::new(), bank: WorldBank::default(), settings: oracle::Settings::default() };
        world.files.push(ExportFile::new("all.ndjson", Framing::Lines, values));
        let mut values = without_copies(&world);
        if values.is_empty() {
            return;
        }
        let one = |values: &[Value]| vec![ExportFile::new("all.ndjson", Framing::Lines, values.to_vec())];
        let written = |files: Vec<ExportFile>| bytes_of(&files.iter().map(ExportFile::write).collect::<Vec<_>>());
        let first = written(one(&values));
        let expected = story(folder, &first);
        values.reverse();
        assert_same("law 3, reversed", &expected, &story(folder, &written(one(&values))), &first);
        rng.shuffle(&mut values);
        assert_same("law 3, shuffled", &expected, &story(folder, &written(one(&values))), &first);
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
        assert_same("law 3, in several files", &expected, &story(folder, &written(parts)), &first);
    });
}
