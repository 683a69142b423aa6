//! The script of the guide for the nightly batch does what the guide says.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::accepting::OVER;
use crate::support::{Desk, read, rows};

/// The first shell script of the guide, with folders of the test in place of those of the machine.
fn script(desk: &Desk) -> String {
    let page = read("docs/NIGHTLY.md");
    let (_, rest) = page.split_once("```sh\n").expect("the guide has a script");
    let (script, _) = rest.split_once("```").expect("a block ends");
    let desk = desk.path().display().to_string();
    script.replace("/srv/reconcile", &desk).replace("/srv/exports/current", "in")
}

/// The exit code of the script in a night.
fn night(desk: &Desk, name: &str) -> Option<i32> {
    // The guide asks `date` for the name of the night; the test has its own.
    let tools = desk.path().join("tools");
    fs::create_dir_all(&tools).unwrap();
    fs::write(tools.join("date"), format!("#!/bin/sh\necho {name}\n")).unwrap();
    Command::new("chmod").args(["+x", tools.join("date").to_str().unwrap()]).status().unwrap();
    let built = Path::new(env!("CARGO_BIN_EXE_avstem")).parent().unwrap();
    let path = format!("{}:{}:{}", tools.display(), built.display(), std::env::var("PATH").unwrap());
    let mut shell = Command::new("sh");
    shell.args(["-c", &script(desk)]).current_dir(desk.path()).env("PATH", path);
    shell.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap().code()
}

#[test]
fn the_script_of_the_guide_reconciles_night_after_night() {
    let desk = Desk::with("over.json", OVER);
    let change = |night: &str| {
        let all = rows(&fs::read_to_string(desk.path().join(night).join("exceptions.csv")).unwrap());
        all.iter().find(|row| row["rule"] == "AV101").map(|row| row["change"].clone())
    };
    assert_eq!(night(&desk, "2026-11-19"), Some(1));
    assert_eq!(change("runs/2026-11-19").as_deref(), Some(""));
    assert_eq!(night(&desk, "2026-11-20"), Some(1));
    assert_eq!(change("runs/2026-11-20").as_deref(), Some("open"));
    // Again in the same night: it replaces the run, and does not take it for the night before.
    desk.put("over.json", OVER.replace("110", "100"));
    assert_eq!(night(&desk, "2026-11-20"), Some(0));
    assert_eq!(change("runs/2026-11-20"), None);
    // A night before that was changed since is no night to be held against.
    fs::write(desk.path().join("runs/2026-11-20/exceptions.csv"), "changed").unwrap();
    assert_eq!(night(&desk, "2026-11-21"), Some(5));
    assert!(!desk.path().join("runs/2026-11-21").exists());
}
