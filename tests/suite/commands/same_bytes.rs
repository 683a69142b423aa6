//! The same input gives the same bytes for any number of workers, input order, folder or packing.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::support::{Desk, files_below, read};

type Files = BTreeMap<String, Vec<u8>>;

pub fn run_of(folder: &Path) -> Files {
    let walk = walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap);
    let files = walk.filter(|entry| entry.file_type().is_file());
    let name = |path: &Path| path.strip_prefix(folder).unwrap().display().to_string();
    files.map(|entry| (name(entry.path()), fs::read(entry.path()).unwrap())).collect()
}

/// An export of all broken fixtures, bank statements among them, and some unreadable files.
fn export() -> Desk {
    let desk = Desk::new();
    let is_broken = |path: &PathBuf| path.ends_with("broken.json") || path.iter().any(|part| part == "broken");
    for (number, path) in files_below("tests/rules").into_iter().filter(is_broken).enumerate() {
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        desk.put(&format!("{:02}/{number:03}.{ending}", number % 7), read(&path));
    }
    desk.put("bad.ndjson", "{\"id\":5,\"amount\":1}\n{\"id\":\"\",\"amount\":1}\nwords\n{\"cut\":");
    desk.put("broken.json", "[{}");
    desk
}

const FULL: [&str; 4] = ["--frames", "--balances-csv", "--as-of", "2026-06-01"];

fn run(desk: &Desk, words: &[&str]) -> Files {
    let ended = desk.check(&[&FULL, words].concat());
    assert_eq!(ended.code, Some(3), "{}", ended.err);
    run_of(&desk.path().join("run"))
}

pub fn assert_same(a: &Files, b: &Files, what: &str) {
    assert_eq!(a.keys().collect::<Vec<_>>(), b.keys().collect::<Vec<_>>(), "{what}");
    for (name, bytes) in a {
        assert!(b[name] == *bytes, "{what}: {name} differs");
    }
}

#[test]
fn jobs_and_the_order_of_inputs_do_not_matter() {
    let desk = export();
    let first = run(&desk, &["--jobs", "1"]);
    assert!(first.len() > 12, "{:?}", first.keys());
    for jobs in ["2", "8"] {
        assert_same(&first, &run(&desk, &["--jobs", jobs]), jobs);
    }
    assert_same(&first, &run(&desk, &["--jobs", "2", "--memory", "1M"]), "little memory");
    let parts = ["in/bad.ndjson", "in/broken.json", "in/00", "in/01", "in/02", "in/03", "in/04", "in/05", "in/06"];
    for turned in 0..parts.len() {
        let mut words = vec!["check", "--out", "run", "--force"];
        words.extend(FULL);
        words.extend(parts.iter().cycle().skip(turned * 4).take(parts.len()));
        assert_eq!(desk.avstem(&words).code, Some(3));
        assert_same(&first, &run_of(&desk.path().join("run")), &format!("{words:?}"));
    }
}

#[test]
fn nothing_of_the_machine_is_in_a_run() {
    let (here, there) = (export(), export());
    assert_same(&run(&here, &[]), &run(&there, &[]), "another folder");
    // An absolute input, and the run folder, are named by their last component.
    let absolute = here.inputs().display().to_string();
    let mut words = vec!["check", absolute.as_str(), "--out", "run", "--force"];
    words.extend(FULL);
    let output = Command::new(env!("CARGO_BIN_EXE_avstem"))
        .args(&words)
        .current_dir(here.path())
        .envs([("TZ", "Asia/Kathmandu"), ("LANG", "tr_TR.UTF-8"), ("HOSTNAME", "elsewhere"), ("USER", "nobody")])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3));
    let run = run_of(&here.path().join("run"));
    assert_same(&run, &run_of(&there.path().join("run")), "an absolute input");
    let folder = here.path().display().to_string();
    for (name, bytes) in &run {
        assert!(memchr::memmem::find(bytes, folder.as_bytes()).is_none(), "{name} names the folder");
    }
}

/// Removes the columns that hold places.
fn without_places(bytes: &[u8]) -> Vec<Vec<String>> {
    const PLACES: [&str; 5] = ["source", "source_offset", "byte_offset", "line", "length"];
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes);
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let kept: Vec<usize> = (0..rows[0].len()).filter(|column| !PLACES.contains(&&rows[0][*column])).collect();
    rows.iter().map(|row| kept.iter().map(|column| row[*column].to_owned()).collect()).collect()
}

#[test]
fn packing_and_framing_move_places_only() {
    let text = read("tests/rules/conflicting-copies/broken.json");
    let values: Vec<serde_json::Value> =
        serde_json::Deserializer::from_str(&text).into_iter().map(Result::unwrap).collect();
    let records: Vec<&serde_json::Value> = values.iter().flat_map(records).collect();
    assert!(records.len() > 2);
    let lines: String = records.iter().map(|record| format!("{record}\n")).collect();
    let array = serde_json::to_string_pretty(&records).unwrap();
    let page = format!("[{{\"transactions\":{array},\"limit\":1}}]");
    let gzip = {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(lines.as_bytes()).unwrap();
        packer.finish().unwrap()
    };
    let zstd = zstd::encode_all(lines.as_bytes(), 3).unwrap();
    let crlf = format!("\u{feff}{}", lines.replace('\n', "\r\n\r\n"));
    let spaced = records.iter().map(|record| serde_json::to_string_pretty(record).unwrap()).collect::<String>();
    let forms: [&[u8]; 7] =
        [lines.as_bytes(), array.as_bytes(), page.as_bytes(), &gzip, &zstd, crlf.as_bytes(), spaced.as_bytes()];
    let runs = forms.map(|bytes| {
        let desk = Desk::with("export", bytes);
        desk.check(&["--balances-csv"]);
        run_of(&desk.path().join("run"))
    });
    for run in &runs[1..] {
        for name in ["exceptions.csv", "balances.csv", "coverage.csv", "rollforward.csv", "rejects.csv"] {
            assert_eq!(without_places(&runs[0][name]), without_places(&run[name]), "{name}");
        }
    }
}

/// The records of a fixture; arrays are flattened.
fn records(value: &serde_json::Value) -> Vec<&serde_json::Value> {
    match value {
        serde_json::Value::Array(list) => list.iter().flat_map(records).collect(),
        value => vec![value],
    }
}
