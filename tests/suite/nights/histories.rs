//! `avstem history`: counts of each night, and what is odd about a row of them.

use std::fs;

use crate::accepting::OVER;
use crate::support::{Desk, rows};

/// Four nights: a fault comes, stays and is mended; one night is missing, and the last reads the first one's export.
fn nights() -> Desk {
    let desk = Desk::with("over.json", OVER);
    let mended = OVER.replace("\"amount\":110", "\"amount\":100");
    let nights = [("09", OVER, None), ("10", OVER, Some("09")), ("12", &*mended, Some("10")), ("13", OVER, None)];
    for (day, text, before) in nights {
        desk.put("over.json", text);
        let (run, as_of) = (format!("runs/{day}"), format!("2026-11-{day}T04:00:00Z"));
        let mut words = vec!["check", "in", "--out", &run, "--as-of", &as_of, "--quiet", "--fail-on", "never"];
        let before = before.map(|before| format!("runs/{before}"));
        before.iter().for_each(|before| words.extend(["--baseline", before]));
        assert_eq!(desk.avstem(&words).code, Some(0));
    }
    // What is unfinished, or no run, is passed over.
    fs::create_dir_all(desk.path().join("runs/.hidden.partial")).unwrap();
    fs::create_dir_all(desk.path().join("runs/other")).unwrap();
    desk
}

#[test]
fn every_night_is_counted() {
    let desk = nights();
    let ended = desk.avstem(&["history", "runs", "--format", "csv"]);
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""));
    let rows = rows(&ended.out);
    let of = |day: &str, measure: &str, of: &str| {
        let is = |row: &&crate::support::Row| {
            row["run"] == format!("runs/{day}") && row["measure"] == measure && row["of"] == of
        };
        rows.iter().find(is).map_or("none".to_owned(), |row| row["value"].clone())
    };
    let measures = ["findings", "new", "resolved"];
    let counted = ["09", "10", "12", "13"].map(|day| measures.map(|measure| of(day, measure, "AV101")).join(" "));
    assert_eq!(counted, ["1 0 0", "1 0 0", "0 0 1", "1 0 0"]);
    assert_eq!((of("10", "open", "0-1 days"), of("12", "resolved_within", "2-7 days")), ("1".into(), "1".into()));
}

#[test]
fn gaps_and_overlaps_are_named() {
    let out = nights().avstem(&["history", "runs"]).out;
    for words in [
        "no run is of 2026-11-11",
        "2026-11-10 read the same export as 2026-11-09",
        "2026-11-13 read the same export as 2026-11-10",
        "2026-11-13 was not held against the run before it",
        "half of them within 3 days",
    ] {
        assert!(out.contains(words), "{words}\n{out}");
    }
}

#[test]
fn what_is_no_run_or_broken_is_said() {
    let desk = nights();
    assert_eq!(desk.avstem(&["history", "runs/other"]).code, Some(2));
    fs::write(desk.path().join("runs/10/coverage.csv"), "").unwrap();
    let ended = desk.avstem(&["history", "runs"]);
    assert_eq!(ended.code, Some(5));
    assert!(ended.err.contains("runs/10"), "{}", ended.err);
}
