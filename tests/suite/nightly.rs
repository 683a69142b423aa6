//! Runs the script in docs/NIGHTLY.md.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::accepting::OVER;
use crate::support::{Desk, read, rows};

/// The first shell script of the guide, with its folders replaced by the test's.
fn script(desk: &Desk) -> String {
    let page = read("docs/NIGHTLY.md");
    let (_, rest) = page.split_once("```sh\n").expect("the guide has a script");
    let (script, _) = rest.split_once("```").expect("a block ends");
    let desk = desk.path().display().to_string();
    script.replace("/srv/reconcile", &desk).replace("/srv/exports/current", "in")
}

/// Runs the script for one night and returns its exit code.
fn night(desk: &Desk, name: &str) -> Option<i32> {
    // The guide names the night with `date`; this one prints the test's name.
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
    // A second run in the same night replaces the first, which does not become its own baseline.
    desk.put("over.json", OVER.replace("110", "100"));
    assert_eq!(night(&desk, "2026-11-20"), Some(0));
    assert_eq!(change("runs/2026-11-20"), None);
    // An earlier night that was modified is refused as a baseline.
    fs::write(desk.path().join("runs/2026-11-20/exceptions.csv"), "changed").unwrap();
    assert_eq!(night(&desk, "2026-11-21"), Some(5));
    assert!(!desk.path().join("runs/2026-11-21").exists());
}
