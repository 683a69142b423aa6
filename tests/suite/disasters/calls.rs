//! Each call that reaches the disk fails once, and all calls of a kind fail from one on. Every test
//! run tries a part of them; `AVSTEM_EVERY_CALL=1 cargo test --test suite disasters::calls --
//! --nocapture` tries all and prints the counts.

use std::fs;

use super::{Reference, SEVERAL, calls, check, command, files, for_each, names, noted, said, tries};

const EIO: i32 = 5;
const ENOSPC: i32 = 28;
const EINTR: i32 = 4;

/// The errno of a failing call.
fn error(call: &str) -> i32 {
    if matches!(call, "write" | "create" | "folder") { ENOSPC } else { EIO }
}

/// Each call with its number among those of its kind.
fn numbered(calls: &[String]) -> Vec<(String, usize)> {
    let count = |at: usize| calls[..=at].iter().filter(|call| **call == calls[at]).count();
    calls.iter().enumerate().map(|(at, call)| (call.clone(), count(at))).collect()
}

fn assert_one_failure(reference: &Reference, has_old: bool, workers: usize, fault: &str) {
    let desk = reference.desk(has_old);
    let before = files(&desk.path().join("run"));
    let output = command(&desk, workers, &[("AVSTEM_FAULT", fault)]).output().unwrap();
    let code = output.status.code();
    let run = desk.path().join("run");
    let words = said(&output);
    match code {
        // The failure had no effect, or came after the run was in place.
        Some(1) => assert!(files(&run) == reference.new, "{fault}: exit 1, and another run"),
        // An input could not be read: the run reports that and is whole.
        Some(3) => {
            let rejects = fs::read_to_string(run.join("rejects.csv")).unwrap();
            assert!(rejects.contains(",io_error,"), "{fault}: {rejects}");
            let verified = avstem_engine::report::verify::verify(&run).unwrap();
            assert!(verified.differences.is_empty() && !verified.manifest.complete, "{fault}");
        }
        Some(2 | 6) => {
            assert!(files(&run) == before, "{fault}: exit {code:?}, and what stood before does not stand");
            // The message, and below it at most one line of help.
            assert!(words.starts_with("avstem: ") && words.lines().count() <= 2, "{fault}: {words}");
            let names_one = ["run", "in/", "avstem.toml", "folder ."].iter().any(|path| words.contains(path));
            assert!(names_one, "{fault}: no path is named: {words}");
        }
        _ => panic!("{fault}: exit {code:?}: {words}"),
    }
    if !fault.starts_with("remove") {
        let left = names(desk.path()).into_iter().filter(|name| name.starts_with('.')).collect::<Vec<_>>();
        assert!(left.is_empty(), "{fault}: {left:?} is left");
    }
    reference.assert_next(&desk, fault);
}

/// Every fourth call is tried, or each with `AVSTEM_EVERY_CALL=1`.
fn step() -> usize {
    if tries("AVSTEM_EVERY_CALL", 0) > 0 { 1 } else { 4 }
}

#[test]
fn each_call_fails_once() {
    let reference = Reference::new();
    for has_old in [false, true] {
        let all = numbered(&calls(&reference.desk(has_old)));
        assert!(all.len() > 60, "{all:?}");
        for kind in ["open", "create", "folder", "read", "write", "sync", "rename"] {
            assert!(all.iter().any(|(call, _)| call == kind), "no call of the kind {kind}");
        }
        let step = step();
        // The last calls put the run in place: all of them are tried.
        let placed = all.iter().position(|(call, _)| call == "rename").unwrap();
        let tried: Vec<_> = (0..all.len()).filter(|at| at % step == 0 || at + 3 > placed).collect();
        noted(&format!("{} of {} calls fail once, old run: {has_old}", tried.len(), all.len()));
        for_each(tried.len(), |at| {
            let (call, number) = &all[tried[at]];
            assert_one_failure(&reference, has_old, 1, &format!("{call}:{number}:{}", error(call)));
        });
    }
}

#[test]
fn all_calls_of_a_kind_fail_from_one_on() {
    let reference = Reference::new();
    let all = numbered(&calls(&reference.desk(true)));
    let of_output: Vec<&(String, usize)> = all
        .iter()
        .filter(|(call, number)| matches!(call.as_str(), "write" | "sync") && number % (3 * step()) == 1)
        .collect();
    noted(&format!("all of a kind fail from {} calls on", of_output.len()));
    for_each(of_output.len(), |at| {
        let (call, number) = of_output[at];
        assert_one_failure(&reference, true, 1, &format!("{call}:{number}+:{}", error(call)));
    });
}

#[test]
fn a_call_fails_while_other_workers_write() {
    let reference = Reference::new();
    let all = numbered(&calls(&reference.desk(true)));
    let of_output = all.iter().filter(|(call, _)| matches!(call.as_str(), "create" | "write" | "sync"));
    let tried: Vec<_> = of_output.step_by(step()).collect();
    noted(&format!("{} calls fail while others write", tried.len()));
    for_each(tried.len(), |at| {
        let (call, number) = tried[at];
        let on = if at % 2 == 0 { "" } else { "+" };
        assert_one_failure(&reference, true, SEVERAL, &format!("{call}:{number}{on}:{}", error(call)));
    });
}

#[test]
fn a_call_that_was_interrupted_is_made_again() {
    let reference = Reference::new();
    for fault in ["read:2:4", "read:5:4", "write:1:4", "write:7:4"] {
        assert!(fault.ends_with(&EINTR.to_string()));
        let desk = reference.desk(false);
        let output = check(&desk, &[("AVSTEM_FAULT", fault)]);
        assert_eq!(output.status.code(), Some(1), "{fault}: {}", said(&output));
        assert!(files(&desk.path().join("run")) == reference.new, "{fault}");
    }
}

#[test]
fn a_file_system_that_cannot_exchange_two_names() {
    let reference = Reference::new();
    let desk = reference.desk(true);
    const EINVAL: i32 = 22;
    let output = check(&desk, &[("AVSTEM_FAULT", &format!("rename:1:{EINVAL}"))]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(files(&desk.path().join("run")) == reference.new);
    assert_eq!(names(desk.path()), ["in", "run"]);
}

#[test]
fn everything_is_on_the_disk_before_the_run_has_its_name() {
    let reference = Reference::new();
    for has_old in [false, true] {
        let desk = reference.desk(has_old);
        let calls = calls(&desk);
        let folders = walkdir::WalkDir::new(desk.path().join("run")).into_iter();
        let folders = folders.filter(|entry| entry.as_ref().is_ok_and(|entry| entry.file_type().is_dir())).count();
        let renamed = calls.iter().position(|call| call == "rename").unwrap();
        let (before, after) = calls.split_at(renamed);
        let syncs = before.iter().filter(|call| *call == "sync").count();
        assert_eq!(syncs, reference.new.len() + folders, "each file and each folder is waited for: {calls:?}");
        let last = |kind: &str| before.iter().rposition(|call| call == kind);
        assert!(last("sync") > last("write"), "nothing is written behind the last wait: {calls:?}");
        assert!(!after.iter().any(|call| call == "write" || call == "create"), "{calls:?}");
        assert!(
            after.get(1..3).is_some_and(|next| next.contains(&"sync".to_owned())),
            "the name is waited for: {calls:?}"
        );
    }
}
