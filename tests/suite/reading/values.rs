//! Amounts in every spelling are read exactly: `balances.csv` has the same value as the text.

use crate::support::Desk;

#[test]
fn spellings_of_amounts() {
    let spellings = [
        ("1100", 1100),
        ("1100.0", 1100),
        ("1.1e3", 1100),
        ("1.1E+3", 1100),
        ("11000e-1", 1100),
        ("-0", 0),
        ("0e99999999999999999999", 0),
        ("-1", -1),
        ("9223372036854775807", i64::MAX),
        ("-9223372036854775808", i64::MIN),
        ("922337203685477580.7e1", i64::MAX),
        ("9007199254740993", 9_007_199_254_740_993),
        ("100000000000000000000e-20", 1),
        (r"4.0000000000000000000000000000000000000000000000", 4),
    ];
    let record = |number: usize, text: &str| {
        format!(
            r#"{{"id":"t{number:02}","amount":{text},"currency":"NOK","events":[{{"event":"CAPTURE","amount":{text}}}]}}"#
        )
    };
    let lines: Vec<String> = spellings.iter().enumerate().map(|(number, (text, _))| record(number, text)).collect();
    for text in [lines.join("\n"), format!("[{}]", lines.join(","))] {
        let desk = Desk::with("f", text);
        desk.check(&["--balances-csv"]);
        assert_eq!(desk.json("summary.json")["input"]["rejected"], 0);
        let rows = desk.rows("balances.csv");
        let found: Vec<i64> = rows.iter().map(|row| row["captured_minor"].parse().unwrap()).collect();
        assert_eq!(found, spellings.map(|(_, value)| value));
        assert!(rows.iter().all(|row| row["authorized_minor"] == row["captured_minor"]));
    }
}

#[test]
fn sums_do_not_overflow() {
    let event = format!(r#"{{"event":"CAPTURE","items":[{{"amount":{0}}},{{"amount":{0}}}]}}"#, i64::MAX);
    let text = format!(r#"{{"id":"t","amount":{},"currency":"NOK","events":[{event},{event}]}}"#, i64::MAX);
    let desk = Desk::with("f", text);
    let ended = desk.check(&["--balances-csv"]);
    assert_eq!(ended.code, Some(1), "{}", ended.err);
    let rows = desk.rows("exceptions.csv");
    let over = rows.iter().find(|row| row["rule"] == "AV101").unwrap();
    assert_eq!((over["actual_minor"].as_str(), over["actual"].as_str()), ("", "368934881474191032.28"));
    assert_eq!(desk.rows("balances.csv")[0]["captured_minor"], "");
    assert_eq!(desk.json("summary.json")["totals"]["NOK"]["captured_minor"], "36893488147419103228");
}

#[test]
fn times_are_kept_to_the_nanosecond() {
    let cases = [
        (r#""2026-03-01T01:00:00.1234567899+01:00""#, "2026-03-01T00:00:00.123456789Z"),
        (r#""2016-12-31T23:59:60.5Z""#, "2016-12-31T23:59:60.5Z"),
        (r#""2026-03-01t00:00:00z""#, "2026-03-01T00:00:00Z"),
        (r#""2026-02-28T23:30:00-01:00""#, "2026-03-01T00:30:00Z"),
    ];
    for (text, shown) in cases {
        let record = format!(r#"{{"id":"t","amount":0,"currency":"NOK","events":[],"created_at":{text}}}"#);
        let desk = Desk::with("f", record);
        desk.check(&["--balances-csv"]);
        assert_eq!(desk.json("summary.json")["as_of"], shown);
        assert_eq!(desk.rows("balances.csv")[0]["created_at"], shown);
    }
}

#[test]
fn rejects_within_the_allowance_do_not_fail_the_run() {
    let good = super::sample::transaction("a", "");
    let desk = Desk::with("f", format!("{good}\n{{\"id\":5,\"amount\":1}}\n{{\"id\":6,\"amount\":1}}\n"));
    let code = |words: &[&str]| (desk.check(words).code, desk.json("summary.json")["complete"].as_bool());
    assert_eq!(code(&[]), (Some(3), Some(false)));
    assert_eq!(code(&["--max-rejects", "1"]), (Some(3), Some(false)));
    assert_eq!(code(&["--max-rejects", "2"]), (Some(0), Some(true)));
    desk.put("g", "");
    assert_eq!(code(&["--max-rejects", "9"]), (Some(3), Some(false)));
    assert_eq!(desk.rows("rejects.csv").len(), 3);
}
