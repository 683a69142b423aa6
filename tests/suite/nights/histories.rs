//! `avstem history`: counts per night, and anomalies in a series of nights.

use std::fs;

use crate::accepting::OVER;
use crate::support::{Desk, rows};

/// Four nights: a fault appears, stays and is fixed; one night is missing, and the last reads the
/// first night's export.
fn nights() -> Desk {
    let desk = Desk::with("over.json", OVER);
    desk.put("none.json", "[]").put("nothing.json", "[]");
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
    // Unfinished runs, and folders without a run, are skipped.
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
        "2026-11-10 (10): the same bytes as the baseline's input: is the export stuck?",
        "2026-11-13 (13) was not held against the run before it",
        "half of them within 3 days",
    ] {
        assert!(out.contains(words), "{words}\n{out}");
    }
}

#[test]
fn the_page_needs_nothing_else_and_shows_the_gaps() {
    let desk = nights();
    let ended = desk.avstem(&["history", "runs", "--format", "html"]);
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""));
    let page = ended.out;
    let policy = "content=\"default-src 'none'; style-src 'sha256-";
    assert!(page.contains(policy) && page.contains("img-src data:; base-uri 'none'; form-action 'none'\""), "{page}");
    for nothing in ["<script", "http:", "https:", "url(", " style=\"", "onclick"] {
        assert!(!page.contains(nothing), "{nothing}");
    }
    // The third of five days has no run.
    let gap = "<path class=\"gap\" d=\"M21 0h8v";
    assert_eq!(page.matches("<path class=\"gap\"").count(), page.matches(gap).count());
    assert_eq!(page.matches(gap).count(), 4, "two courses, one rule, the ages");
    for said in [
        "<b id=\"open\">1</b>",
        "<h1 id=\"verdict\">1\u{A0}exception open on 2026-11-13 (13)</h1><p class=\"reason\">1 more than the night before.",
        "<b>1\u{A0}day</b><span><a href=\"#odd\">",
        "<li>no run is of 2026-11-11",
        "<li>2026-11-13 (13) was not held against the run before it",
        "<b>3\u{A0}days</b><span>half of what was put right",
        "<th scope=\"row\">AV101<span>over-captured</span>",
        "put right (down) 1, most on 2026-11-12 (12)",
    ] {
        assert!(page.contains(said), "{said}\n{page}");
    }
    let undated = Desk::with("none.json", "[]");
    undated.check(&["--quiet"]);
    let page = undated.avstem(&["history", "run", "--format", "html"]).out;
    assert!(page.contains("Nothing open on undated (run)") && !page.contains("<svg"), "{page}");
}

#[test]
fn exports_that_always_overlap_are_told_of_once() {
    let desk = Desk::with("over.json", OVER);
    for day in 10..16 {
        desk.put(&format!("{day}.json"), " ".repeat(day) + "[]");
        let (run, as_of) = (format!("runs/{day}"), format!("2026-11-{day}T04:00:00Z"));
        desk.avstem(&["check", "in", "--out", &run, "--as-of", &as_of, "--quiet", "--fail-on", "never"]);
    }
    let out = desk.avstem(&["history", "runs"]).out;
    assert!(
        out.contains(
            "exports overlap: 5 times a run read some of the files that one before it had read, 2 to 6 of them"
        ),
        "{out}"
    );
    assert!(!out.contains("2026-11-12 read"), "{out}");
}

/// Four mornings on which the last sale was made at some time of some day.
#[test]
fn a_night_is_a_run_named_by_the_date_of_its_folder() {
    let desk = Desk::with("over.json", OVER);
    let as_of = ["2026-11-09T23:50:00Z", "2026-11-10T23:10:00Z", "2026-11-11T00:20:00Z", "2026-11-11T21:00:00Z"];
    for (day, as_of) in (10..14).zip(as_of) {
        let run = format!("runs/2026-11-{day}");
        desk.avstem(&["check", "in", "--out", &run, "--as-of", as_of, "--quiet", "--fail-on", "never"]);
    }
    let ended = desk.avstem(&["history", "runs"]);
    let nights: Vec<&str> = ended.out.lines().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(nights[1..5], ["2026-11-10", "2026-11-11", "2026-11-12", "2026-11-13"], "{}", ended.out);
    assert!(!ended.out.contains("no run is of") && !ended.out.contains("two runs"), "{}", ended.out);
    // A folder that is no date stands beside the day of the as-of, and every run has a place in the pictures.
    for run in ["a", "b"] {
        let run = format!("more/{run}");
        desk.avstem(&["check", "in", "--out", &run, "--as-of", as_of[0], "--quiet", "--fail-on", "never"]);
    }
    let out = desk.avstem(&["history", "more"]).out;
    assert!(out.contains("2026-11-09 (a)") && out.contains("2026-11-09 (b)"), "{out}");
    let page = desk.avstem(&["history", "more", "--format", "html"]).out;
    assert!(page.contains("<path class=\"open\" d=\"M1 100V0h8V100zM11 100V0h8V100z\"/>"), "{page}");
}

#[test]
fn what_is_no_run_or_broken_is_said() {
    let desk = nights();
    assert_eq!(desk.avstem(&["history", "runs/other"]).code, Some(5));
    fs::write(desk.path().join("runs/10/coverage.csv"), "").unwrap();
    let ended = desk.avstem(&["history", "runs"]);
    assert_eq!(ended.code, Some(5));
    assert!(ended.err.contains("runs/10"), "{}", ended.err);
}
