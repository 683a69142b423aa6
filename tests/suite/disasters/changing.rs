//! Inputs that change while they are read, and concurrent runs into the same folder.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Output};
use std::time::{Duration, Instant};

use super::{Reference, command, files, names, said, skipped};
use crate::support::{Desk, rows};

/// Starts a run that stops at a call, and returns once it is stopped.
pub fn waiting_at(desk: &Desk, workers: usize, call: &str) -> Child {
    until_it_stops(command(desk, workers, &[("AVSTEM_FAULT", &format!("{call}:stop"))]).spawn().unwrap(), call)
}

/// Returns once a run that was started is stopped.
pub fn until_it_stops(child: Child, call: &str) -> Child {
    let stat = format!("/proc/{}/stat", child.id());
    let end = Instant::now() + Duration::from_secs(30);
    loop {
        let text = fs::read_to_string(&stat).unwrap_or_default();
        // The state follows the process name, which is in parentheses.
        match text.rsplit_once(") ").and_then(|(_, rest)| rest.chars().next()) {
            Some('T') => return child,
            Some('Z') | None => panic!("it ended before it came to {call}"),
            Some(_) => assert!(Instant::now() < end, "it does not come to {call}"),
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

pub fn signal(child: &Child, name: &str) {
    assert!(Command::new("kill").args([name, &child.id().to_string()]).status().unwrap().success());
}

pub fn go_on(child: Child) -> Output {
    signal(&child, "-CONT");
    child.wait_with_output().unwrap()
}

/// How a file changes: a description and the action.
pub type Way<'w> = (&'w str, &'w dyn Fn(&Path));

#[test]
fn an_input_that_changes_while_it_is_read() {
    if !Path::new("/proc/self/stat").exists() {
        return skipped("nothing here tells whether a process waits");
    }
    let append = |path: &Path| OpenOptions::new().append(true).open(path).unwrap().write_all(b"\n").unwrap();
    let touch = |path: &Path| {
        let text = fs::read(path).unwrap();
        std::thread::sleep(Duration::from_millis(20));
        fs::write(path, text).unwrap();
    };
    let replace = |path: &Path| {
        let other = path.with_extension("other");
        fs::copy(path, &other).unwrap();
        fs::rename(other, path).unwrap();
    };
    let ways: [Way<'_>; 5] = [
        ("grows", &append),
        ("shrinks", &|path| OpenOptions::new().write(true).open(path).unwrap().set_len(9).unwrap()),
        ("vanishes", &|path| fs::remove_file(path).unwrap()),
        ("is written again", &touch),
        ("is replaced", &replace),
    ];
    let reference = Reference::new();
    for (way, change) in ways {
        let desk = reference.desk(false);
        let child = waiting_at(&desk, 1, "read:2");
        change(&desk.inputs().join("a.json"));
        let output = go_on(child);
        assert_eq!(output.status.code(), Some(3), "{way}: {}", said(&output));
        let rejects = rows(&desk.text("rejects.csv"));
        assert_eq!(rejects.len(), 1, "{way}");
        let cells = ["source", "byte_offset", "line", "length", "reason_code"].map(|name| rejects[0][name].as_str());
        assert_eq!(cells, ["in/a.json", "", "", "", "changed_while_reading"], "{way}");
        let input = desk.json("summary.json")["input"].clone();
        assert_eq!((&input["files"], &input["files_refused"]), (&3.into(), &1.into()), "{way}");
        assert_eq!(
            input["records"],
            input["accepted"].as_u64().unwrap()
                + input["duplicate"].as_u64().unwrap()
                + input["superseded"].as_u64().unwrap()
                + input["rejected"].as_u64().unwrap(),
            "{way}"
        );
    }
}

#[test]
fn an_input_that_vanishes_before_it_is_opened() {
    let reference = Reference::new();
    let desk = reference.desk(false);
    let child = waiting_at(&desk, 1, "read:2");
    fs::remove_file(desk.inputs().join("c.json.zst")).unwrap();
    assert_eq!(go_on(child).status.code(), Some(3));
    let rejects = rows(&desk.text("rejects.csv"));
    assert_eq!((rejects[0]["source"].as_str(), rejects[0]["reason_code"].as_str()), ("in/c.json.zst", "not_found"));
}

#[test]
fn two_runs_into_one_folder() {
    let reference = Reference::new();
    let desk = reference.desk(false);
    let slow = waiting_at(&desk, 1, "write:3");
    let quick = super::check(&desk, &[]);
    assert_eq!(quick.status.code(), Some(1), "{}", said(&quick));
    assert!(files(&desk.path().join("run")) == reference.new);
    // Both runs were asked to replace the folder: the last one does, and the runs are not mixed.
    assert_eq!(go_on(slow).status.code(), Some(1));
    assert!(files(&desk.path().join("run")) == reference.new);
    assert_eq!(names(desk.path()), ["in", "run"]);
}
