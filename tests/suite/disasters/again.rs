//! Records that are read a second time: what was judged on a file that changed in between is dropped.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use avstem_engine::report::verify::verify;

use super::changing::{Way, go_on, until_it_stops};
use super::{files, said, skipped};
use crate::support::{Desk, read, rows};

/// The same transactions twice, so that their whole contents are compared.
fn desk() -> Desk {
    let desk = Desk::new();
    let (clean, broken) = (read("tests/rules/over-captured/clean.json"), read("tests/rules/over-captured/broken.json"));
    desk.put("a.json", &clean).put("b.json", &clean).put("c.json", broken);
    desk
}

/// A run without frames, which would keep full rows.
fn command(desk: &Desk, fault: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_avstem"));
    command.args(["check", "in", "--out", "run", "--force", "--quiet", "--jobs", "1"]);
    command.current_dir(desk.path()).env("AVSTEM_FAULT", fault);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    command
}

fn check(desk: &Desk, fault: &str) -> Output {
    command(desk, fault).output().unwrap()
}

/// After three files were opened, the first is opened again.
const AGAIN: &str = "open:4";

fn stopped(desk: &Desk) -> std::process::Child {
    let fault = format!("{AGAIN}:stop");
    until_it_stops(command(desk, &fault).spawn().unwrap(), AGAIN)
}

/// The run must be that of the other two files, with the first one refused because it changed.
fn assert_refused(desk: &Desk, output: &Output, what: &str) {
    assert_eq!(output.status.code(), Some(3), "{what}: {}", said(output));
    let rejects = rows(&desk.text("rejects.csv"));
    let cells = |row: &crate::support::Row| ["source", "reason_code"].map(|name| row[name].clone());
    assert_eq!(rejects.iter().map(cells).collect::<Vec<_>>(), [["in/a.json", "changed_while_reading"]], "{what}");
    let input = &desk.json("summary.json")["input"];
    assert_eq!(input["duplicate"], 0, "{what}: nothing of the refused file is left to be a copy of");
    assert_eq!(input["records"], input["accepted"], "{what}");
}

#[test]
fn a_file_that_changes_before_it_is_read_again_is_refused() {
    if !Path::new("/proc/self/stat").exists() {
        return skipped("nothing here tells whether a process waits");
    }
    let ways: [Way<'_>; 3] = [
        ("grows", &|path| fs::write(path, format!("{}\n", fs::read_to_string(path).unwrap())).unwrap()),
        ("vanishes", &|path| fs::remove_file(path).unwrap()),
        ("has other amounts", &|path| {
            std::thread::sleep(std::time::Duration::from_millis(20));
            fs::write(path, fs::read_to_string(path).unwrap().replace("00,", "10,")).unwrap();
        }),
    ];
    for (way, change) in ways {
        let desk = desk();
        let child = stopped(&desk);
        change(&desk.inputs().join("a.json"));
        assert_refused(&desk, &go_on(child), way);
    }
}

/// A file whose change nothing tells but its content is read anew as a whole.
#[test]
fn a_record_that_comes_to_something_else_is_not_mixed_with_what_it_was() {
    if !Path::new("/proc/self/stat").exists() {
        return skipped("nothing here tells whether a process waits");
    }
    let desk = desk();
    let child = stopped(&desk);
    let path = desk.inputs().join("a.json");
    let modified = fs::metadata(&path).unwrap().modified().unwrap();
    let (before, file) = (fs::read_to_string(&path).unwrap(), File::options().write(true).open(&path).unwrap());
    let after = before.replace("NOK", "SEK");
    assert!(after != before && after.len() == before.len());
    std::os::unix::fs::FileExt::write_all_at(&file, after.as_bytes(), 0).unwrap();
    file.set_modified(modified).unwrap();
    let output = go_on(child);
    let mixed = files(&desk.path().join("run"));
    assert_eq!(check(&desk, "").status.code(), output.status.code(), "{}", said(&output));
    assert!(mixed.len() > 5 && mixed == files(&desk.path().join("run")));
}

#[test]
fn a_second_reading_that_fails_refuses_the_file() {
    let desk = desk();
    assert_eq!(check(&desk, "").status.code(), Some(1));
    assert!(desk.json("summary.json")["input"]["duplicate"].as_u64() > Some(0));
    let output = check(&desk, &format!("{AGAIN}:5"));
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    let rejects = rows(&desk.text("rejects.csv"));
    assert_eq!(rejects.iter().map(|row| row["reason_code"].as_str()).collect::<Vec<_>>(), ["io_error"]);
    assert!(verify(&desk.path().join("run")).unwrap().differences.is_empty());
}

/// Short rows have no items: copies that differ in them alone must still be told apart.
#[test]
fn copies_that_differ_in_a_line_alone_are_no_duplicates() {
    let copy = |line: &str| {
        format!(
            r#"{{"id":"P11111111.t","amount":100,"currency":"NOK","status":"CAPTURED","created_at":"2026-11-01T10:00:00Z","updated_at":"2026-11-01T11:00:00Z","items":[{{"line_id":"{line}","amount":100}}],"events":[{{"event":"AUTHORIZE","created_at":"2026-11-01T10:00:00Z","amount":100,"transaction_status":"AUTHORIZED"}},{{"event":"CAPTURE","created_at":"2026-11-01T11:00:00Z","amount":100,"transaction_status":"CAPTURED","items":[{{"line_id":"{line}","amount":100}}]}}]}}"#
        )
    };
    for (other, counts) in [("1", (1, 0)), ("2", (0, 1))] {
        let desk = Desk::with("a.ndjson", format!("{}\n{}\n", copy("1"), copy(other)));
        check(&desk, "");
        let input = &desk.json("summary.json")["input"];
        let counted = (input["duplicate"].as_u64().unwrap(), input["superseded"].as_u64().unwrap());
        assert_eq!(counted, counts, "line {other}: {input}");
    }
}
