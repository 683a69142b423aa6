//! A stuck, cut or old export is named, and what an incomplete baseline did not see is neither new nor put right.

use serde_json::Value;

use crate::support::{Desk, Ended, rows};

/// A payment of a day, balanced.
fn payment(number: u32, day: u32) -> String {
    format!(
        r#"{{"id":"P12345678.{number}","amount":100,"currency":"NOK","status":"CAPTURED","created_at":"2026-11-{day:02}T01:00:00Z","events":[{{"id":"a","event":"AUTHORIZE","amount":100,"created_at":"2026-11-{day:02}T01:00:00Z","success":true}},{{"id":"c","event":"CAPTURE","amount":100,"created_at":"2026-11-{day:02}T02:00:00Z","success":true}}]}}"#
    )
}

/// Lines of payments, one on each of these days.
fn lines(days: impl IntoIterator<Item = u32>) -> String {
    days.into_iter().map(|day| payment(day, day) + "\n").collect()
}

fn check(desk: &Desk, run: &str, words: &[&str]) -> Ended {
    desk.avstem(&[&["check", "in", "--out", run, "--force"], words].concat())
}

/// The notices of a run's summary.json, each as its word, kind, now and then.
fn notices(desk: &Desk, run: &str) -> Vec<String> {
    let text = std::fs::read_to_string(desk.path().join(run).join("summary.json")).unwrap();
    let summary: Value = serde_json::from_str(&text).unwrap();
    let shown = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let line = |of: &Value| {
        let keys = ["word", "kind", "now", "then"].map(|key| shown(&of[key]));
        let names = of["names"].as_array().unwrap().iter().map(shown);
        keys.into_iter().filter(|text| text != "null").chain(names).collect::<Vec<_>>().join(" ")
    };
    summary["continuity"].as_array().unwrap().iter().map(line).collect()
}

fn page(desk: &Desk, run: &str) -> String {
    std::fs::read_to_string(desk.path().join(run).join("report.html")).unwrap()
}

#[test]
fn a_later_and_larger_export_says_nothing() {
    let desk = Desk::with("export.ndjson", lines(1..10));
    check(&desk, "old", &[]);
    desk.put("export.ndjson", lines(1..11));
    let ended = check(&desk, "new", &["--baseline", "old"]);
    assert_eq!((ended.code, notices(&desk, "new")), (Some(0), Vec::new()), "{}", ended.out);
    assert!(!ended.out.contains("Doubtful") && page(&desk, "new").contains("Everything balances"));
}

#[test]
fn the_first_lines_of_the_export_before_are_incomplete() {
    let desk = Desk::with("export.ndjson", lines(1..20));
    check(&desk, "old", &[]);
    desk.put("export.ndjson", lines(1..8));
    let ended = check(&desk, "new", &["--baseline", "old"]);
    assert_eq!(ended.code, Some(3), "{}", ended.out);
    let wanted = ["not_newer 2026-11-07T02:00:00Z 2026-11-19T02:00:00Z", "fewer transaction 7 19"];
    assert_eq!(notices(&desk, "new"), wanted);
    assert!(
        ended.out.contains("Doubtful   latest time 2026-11-07T02:00:00Z, earlier than the baseline's")
            && ended.out.contains("Doubtful   7 transactions, the baseline had 19: is the export cut?")
            && ended.out.contains("(exit 3)"),
        "{}",
        ended.out
    );
    let page = page(&desk, "new");
    assert!(page.contains("The input is not complete") && page.contains("the baseline had 19: is the export cut?"));
}

#[test]
fn the_same_export_again_is_named() {
    let desk = Desk::with("export.ndjson", lines(1..4));
    check(&desk, "old", &[]);
    let ended = check(&desk, "new", &["--baseline", "old"]);
    assert_eq!(ended.code, Some(0));
    assert_eq!(notices(&desk, "new"), ["same_inputs", "not_newer 2026-11-03T02:00:00Z 2026-11-03T02:00:00Z"]);
    assert!(ended.out.contains("Doubtful   the same bytes as the baseline's input"), "{}", ended.out);
    assert!(page(&desk, "new").contains("No findings, but look at the input first"));
    // Without hashes nobody can tell.
    check(&desk, "new", &["--baseline", "old", "--input-hash", "none"]);
    assert_eq!(notices(&desk, "new").len(), 1);
}

#[test]
fn nothing_is_never_good_news() {
    let desk = Desk::with("export.json", "[]");
    // That an order has no refunds is something.
    desk.put("page.json", r#"{"transactions":[]}"#).put("orders/o/refunds.json", r#"{"refunds":[]}"#);
    let ended =
        desk.avstem(&["check", "in/export.json", "in/page.json", "in/orders", "in/sales*.json", "--out", "run"]);
    assert_eq!(ended.code, Some(0));
    assert_eq!(notices(&desk, "run"), ["nothing in/export.json in/page.json in/sales*.json"]);
    assert!(ended.out.contains("Doubtful   no record in in/export.json and 2 more"), "{}", ended.out);
    assert!(!page(&desk, "run").contains("Everything balances"));
    std::fs::create_dir(desk.path().join("empty")).unwrap();
    let ended = desk.avstem(&["check", "empty", "--out", "other"]);
    assert_eq!((ended.code, notices(&desk, "other")), (Some(3), vec!["nothing empty".to_owned()]));
}

#[test]
fn what_an_incomplete_baseline_did_not_see_is_back_and_not_put_right() {
    let over = |number| {
        payment(number, number)
            .replace("\"c\",\"event\":\"CAPTURE\",\"amount\":100", "\"c\",\"event\":\"CAPTURE\",\"amount\":110")
    };
    // Night 2 cannot read one of the files, and one payment is wrong in that night alone.
    let desk = Desk::with("1.json", over(1));
    desk.put("2.json", "").put("3.json", over(3));
    let night = |run: &str, as_of: &str, baseline: Option<&str>| {
        let mut words = vec!["--as-of", as_of, "--quiet", "--fail-on", "never"];
        baseline.iter().for_each(|baseline| words.extend(["--baseline", baseline]));
        check(&desk, run, &words).code
    };
    assert_eq!(night("runs/2", "2026-11-12", None), Some(3));
    desk.put("2.json", over(2)).put("3.json", payment(3, 3));
    assert_eq!(night("runs/3", "2026-11-13", Some("runs/2")), Some(0));
    assert_eq!(notices(&desk, "runs/3")[0], "baseline_incomplete");
    let table = |name: &str| rows(&std::fs::read_to_string(desk.path().join("runs/3").join(name)).unwrap());
    let mut changes: Vec<_> =
        table("exceptions.csv").iter().map(|row| format!("{} {}", row["id"], row["change"])).collect();
    changes.sort_unstable();
    assert_eq!(changes, ["P12345678.1 open", "P12345678.2 back"]);
    let gone = table("resolved.csv");
    let gone: Vec<_> = gone.iter().map(|row| [&*row["id"], &*row["state"], &*row["reason"]]).collect();
    assert_eq!(gone, [["P12345678.3", "resolved", "baseline_incomplete"]]);
    // opening 2 + new 0 + back 1 - resolved 1 = closing 2
    let summary = std::fs::read_to_string(desk.path().join("runs/3/summary.json")).unwrap();
    let summary: Value = serde_json::from_str(&summary).unwrap();
    let counts = ["opening", "new", "back", "resolved", "closing"].map(|key| summary["baseline"][key].as_u64());
    assert_eq!(counts, [2, 0, 1, 1, 2].map(Some));
    assert_eq!(summary["control_totals"]["broken"], 0);
    let history = rows(&desk.avstem(&["history", "runs", "--format", "csv"]).out);
    let of = |measure: &str| {
        let is =
            |row: &&crate::support::Row| row["run"] == "runs/3" && row["measure"] == measure && row["of"] == "AV101";
        history.iter().find(is).map(|row| row["value"].clone())
    };
    assert_eq!(["new", "back", "resolved"].map(of), ["0", "1", "0"].map(|n| Some(n.to_owned())));
    let diff = desk.avstem(&["diff", "runs/2", "runs/3"]);
    assert!(diff.out.contains(" back ") && diff.out.contains("in counts and in money: holds"), "{}", diff.out);
}

#[test]
fn an_old_export_is_incomplete_where_freshness_is_configured() {
    let desk = Desk::with("export.ndjson", lines(1..4));
    let fresh = |age: &str, words: &[&str]| {
        std::fs::write(desk.path().join("avstem.toml"), format!("[freshness]\nmax_age = \"{age}\"\n")).unwrap();
        check(&desk, "run", words)
    };
    assert_eq!(fresh("48h", &["--as-of", "2026-11-05T02:00:00Z"]).code, Some(0));
    let ended = fresh("48h", &["--as-of", "2026-11-05T02:00:01Z"]);
    assert_eq!(ended.code, Some(3));
    assert!(ended.out.contains("[freshness]"), "{}", ended.out);
    assert_eq!(fresh("off", &["--as-of", "2026-11-30"]).code, Some(0));
    assert_eq!(fresh("1s", &[]).code, Some(0), "without an as-of nobody knows how old the export is");
    desk.put("export.ndjson", "[]");
    assert_eq!(fresh("48h", &["--as-of", "2026-11-05"]).code, Some(3));
    let ended = fresh("two days", &[]);
    assert_eq!(ended.code, Some(2));
    assert!(ended.err.contains("avstem.toml:2"), "{}", ended.err);
}

#[test]
fn a_baseline_of_later_than_the_as_of_is_refused() {
    let desk = Desk::with("export.ndjson", lines(1..4));
    check(&desk, "old", &["--as-of", "2026-11-10"]);
    let ended = check(&desk, "new", &["--baseline", "old", "--as-of", "2026-11-09"]);
    assert_eq!(ended.code, Some(2));
    assert!(ended.err.contains("later than this run's as-of 2026-11-09T23:59:59.999999999Z"), "{}", ended.err);
    assert_eq!(check(&desk, "new", &["--baseline", "old", "--as-of", "2026-11-10"]).code, Some(0));
}

#[test]
fn excluded_files_are_named_once_and_are_no_input() {
    let desk = Desk::with("export.ndjson", lines(1..4));
    desk.put("README.md", "# Exports").put("notes/a.pdf", "%PDF-1.7");
    assert_eq!(check(&desk, "run", &[]).code, Some(3));
    std::fs::write(desk.path().join("avstem.toml"), "exclude = [\"*.md\"]\n").unwrap();
    assert_eq!(check(&desk, "run", &[]).code, Some(3));
    let ended = check(&desk, "run", &["--exclude", "in/notes/**"]);
    assert_eq!(ended.code, Some(0), "{}", ended.out);
    assert!(ended.out.contains("Excluded   in/README.md and 1 more"), "{}", ended.out);
    assert!(page(&desk, "run").contains("2\u{A0}files excluded by the configuration"));
    let ended = check(&desk, "run", &["--exclude", "a[b"]);
    assert_eq!(ended.code, Some(2), "{}", ended.err);
}
