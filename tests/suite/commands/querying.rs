//! `avstem query`: an answer holds exactly the values of the run's files, escaped for display.

use std::fs::{self, File};

use avstem_engine::frame::parquet_rows;
use serde_json::{Value, json};

use crate::support::{Desk, Row, read, rows};

/// Amounts whose sum exceeds 64 bits, and ids with a formula and a hidden character.
const EXTREME: &str = r#"[
{"id":"=1+1","amount":9223372036854775807,"currency":"NOK","status":"AUTHORIZED","created_at":"2026-03-01T10:00:00.5Z",
"events":[{"event":"AUTHORIZE","created_at":"2026-03-01T10:00:00Z"}]},
{"id":"b\u202e","amount":9223372036854775807,"currency":"NOK","status":"AUTHORIZED","created_at":"2026-03-02T10:00:00Z",
"events":[{"event":"AUTHORIZE","created_at":"2026-03-02T10:00:00Z"}]}]"#;

fn made(export: &str) -> Desk {
    let desk = Desk::with("a.json", export);
    assert_eq!(desk.check(&["--frames", "--quiet", "--fail-on", "never"]).code, Some(0));
    desk
}

fn asked(desk: &Desk, words: &[&str]) -> String {
    let ended = desk.avstem(&[&["query", "run"], words].concat());
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{words:?}");
    ended.out
}

fn in_json(desk: &Desk, sql: &str) -> Value {
    serde_json::from_str(&asked(desk, &["--format", "json", sql])).unwrap()
}

/// The SQL blocks of a documentation page.
fn shown(page: &str) -> Vec<String> {
    read(page).split("```sql\n").skip(1).map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

#[test]
fn what_the_documentation_asks_is_answered() {
    let desk = Desk::new();
    let samples = crate::support::root().join("samples/export");
    let words = ["check", samples.to_str().unwrap(), "--out", "run", "--frames", "--quiet"];
    assert_eq!(desk.avstem(&words).code, Some(1));
    let queries = shown("docs/QUERY.md");
    assert!(queries.len() > 5);
    for sql in &queries {
        assert!(in_json(&desk, sql).is_array(), "{sql}");
    }
    // The last query finds ledgers whose balance does not follow from their events.
    assert_eq!(in_json(&desk, queries.last().unwrap()), json!([]));
    let ledgers = "SELECT count(*) AS n FROM ledgers WHERE authorized_minor > 0 AND captured_minor > 0";
    assert!(in_json(&desk, ledgers)[0]["n"].as_i64() > Some(250), "there is something to recompute");
}

#[test]
fn sums_are_exact_whatever_they_come_to() {
    let desk = made(EXTREME);
    let sql = "SELECT currency, sum(authorized_minor) AS a, count(*) AS n FROM balances GROUP BY currency";
    assert_eq!(in_json(&desk, sql), json!([{"currency": "NOK", "a": "18446744073709551614", "n": 2}]));
    assert_eq!(asked(&desk, &["--format", "csv", sql]), "currency,a,n\nNOK,18446744073709551614,2\n");
    assert!(asked(&desk, &[sql]).contains("18446744073709551614"));
    let parquet = desk.avstem(&["query", "run", "--format", "parquet", "--out", "sum.parquet", sql]);
    assert_eq!(parquet.code, Some(2), "{}", parquet.err);
    assert!(!desk.path().join("sum.parquet").exists());
    let kroner = "SELECT sum(cast(authorized_minor AS decimal(38, 2)) / 100) AS kr FROM balances";
    assert_eq!(asked(&desk, &["--format", "csv", kroner]), "kr\n184467440737095516.14\n");
}

#[test]
fn every_form_tells_the_same() {
    let desk = made(EXTREME);
    let sql = "SELECT id, created_at, authorized_minor, session_id, open_minor > 0 AS open, 1.5 AS x
        FROM balances ORDER BY created_at";
    let first = json!({"id": "=1+1", "created_at": "2026-03-01T10:00:00.5Z", "authorized_minor": i64::MAX,
        "session_id": null, "open": true, "x": 1.5});
    let answer = in_json(&desk, sql);
    assert_eq!(answer[0], first);
    assert_eq!(answer[1]["id"], "b\\u{202E}", "what turns text around is spelled out");
    let csv = rows(&asked(&desk, &["--format", "csv", sql]));
    let row = |id: &str, time: &str| -> Row {
        let cells = [
            ("id", id),
            ("created_at", time),
            ("authorized_minor", "9223372036854775807"),
            ("session_id", ""),
            ("open", "true"),
            ("x", "1.5"),
        ];
        cells.map(|(name, cell)| (name.to_owned(), cell.to_owned())).into()
    };
    assert_eq!(csv, [row("'=1+1", "2026-03-01T10:00:00.5Z"), row("b\\u{202E}", "2026-03-02T10:00:00Z")]);
    let norwegian = asked(&desk, &["--format", "csv", "--csv-dialect", "excel-no", "SELECT 1.5 AS x, 'a;b' AS y"]);
    assert_eq!(norwegian, "\u{FEFF}x;y\r\n1,5;\"a;b\"\r\n");
    asked(&desk, &["--out", "answer.parquet", sql]);
    let file = File::open(desk.path().join("answer.parquet")).unwrap();
    assert_eq!(parquet_rows(file).unwrap(), 2);
    asked(&desk, &["--out", "answer.csv", sql]);
    let written = fs::read_to_string(desk.path().join("answer.csv")).unwrap();
    assert_eq!(written, asked(&desk, &["--format", "csv", sql]));
    assert_eq!(in_json(&desk, "SELECT id FROM balances LIMIT 0"), json!([]));
}

#[test]
fn a_table_that_is_not_the_manifests_is_not_believed() {
    let desk = made(EXTREME);
    let path = desk.path().join("run/frames/events.parquet");
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&path, bytes).unwrap();
    let ended = desk.avstem(&["query", "run", "SELECT count(*) FROM events"]);
    assert_eq!((ended.code, ended.out.as_str()), (Some(5), ""));
    assert!(ended.err.contains("frames/events.parquet"), "{}", ended.err);
    // Queries on other tables still work.
    asked(&desk, &["SELECT count(*) FROM ledgers"]);
}

#[test]
fn frames_are_asked_by_themselves_too() {
    let desk = Desk::with("a.json", EXTREME);
    assert_eq!(desk.avstem(&["normalize", "in", "--out", "run", "--quiet"]).code, Some(0));
    let count = "SELECT count(*) AS n FROM ledgers";
    assert_eq!(in_json(&desk, count), json!([{"n": 2}]));
    let frames = desk.avstem(&["query", "run/frames", "--format", "csv", count]);
    assert_eq!((frames.code, frames.out.as_str()), (Some(0), "n\n2\n"));
    let exceptions = desk.avstem(&["query", "run/frames", "SELECT * FROM exceptions"]);
    assert_eq!(exceptions.code, Some(2), "{}", exceptions.out);
}

#[test]
fn only_columns_that_are_named_are_read_and_rows_in_their_order() {
    let desk = made(EXTREME);
    let first = in_json(&desk, "SELECT id FROM balances LIMIT 1");
    assert_eq!(first, json!([{"id": "=1+1"}]));
    // Counting names no column; a filter must be applied before a limit.
    assert_eq!(in_json(&desk, "SELECT count(*) AS n FROM balances"), json!([{"n": 2}]));
    let filtered = "SELECT id FROM balances WHERE created_at > '2026-03-02' LIMIT 1";
    assert_eq!(in_json(&desk, filtered), json!([{"id": "b\\u{202E}"}]));
    let joined = "SELECT l.id, count(e.seq) AS n FROM ledgers l JOIN events e ON l.kind = e.kind AND l.id = e.id
        GROUP BY l.id ORDER BY l.id";
    assert_eq!(in_json(&desk, joined), json!([{"id": "=1+1", "n": 1}, {"id": "b\\u{202E}", "n": 1}]));
}

/// The engine recurses once per term of a query; long queries must not overflow the stack.
#[test]
fn long_queries_are_answered_or_refused() {
    let desk = made(EXTREME);
    let of = |terms: usize| format!("SELECT id FROM balances WHERE {}", vec!["nope"; terms].join(" OR "));
    for (terms, word) in [(4000, "nope"), (5000, "at most")] {
        let ended = desk.avstem(&["query", "run", &of(terms)]);
        assert!(ended.code == Some(2) && ended.err.contains(word), "{terms}: {:?} {}", ended.code, ended.err);
    }
}

#[test]
fn an_ending_that_names_no_format_is_refused() {
    let desk = made(EXTREME);
    let to = |out: &str, words: &[&str]| {
        desk.avstem(&[&["query", "run", "SELECT id FROM exceptions", "--out", out], words].concat())
    };
    let ended = to("a.xlsx", &[]);
    assert_eq!(ended.code, Some(2));
    assert!(ended.err.contains("a.xlsx: expected a name that ends in .csv, .json, .parquet or .txt"), "{}", ended.err);
    assert!(!desk.path().join("a.xlsx").exists());
    for (out, words) in [("a.csv", &[][..]), ("a.txt", &[]), ("a.out", &["--format", "csv"])] {
        assert_eq!(to(out, words).code, Some(0), "{out}");
    }
}
