//! `--strict` checks the whole grammar of RFC 8259, also in skipped values; without it skipped
//! values may be malformed.

use super::case::{Case, run_all};
use super::sample::{Frame, row, transaction};

/// Values that every JSON parser must accept.
const GOOD: [&str; 31] = [
    "0",
    "-0",
    "1",
    "-1",
    "0.5",
    "1e5",
    "1E5",
    "1e+5",
    "1e-5",
    "-1.5e10",
    "1e400",
    "123456789012345678901234567890",
    "true",
    "false",
    "null",
    "\"\"",
    "\"a\"",
    r#""\"\\\/\b\f\n\r\t""#,
    r#""\u0000\u00e5""#,
    r#""\ud83d\ude00""#,
    "\"\u{7f}\u{2028}\u{10ffff}\"",
    "[]",
    "[[]]",
    "[1]",
    "[1,null,\"x\"]",
    " [ 1 , 2 ] ",
    "{}",
    r#"{"":0}"#,
    r#"{"a":1,"a":2}"#,
    r#"{"a":{"b":[{}]}}"#,
    r#""\uDFAA""#,
];

/// Values that every JSON parser must reject; all have balanced brackets and quotes.
const BAD: [&str; 33] = [
    "01",
    "-01",
    "1.",
    ".5",
    "-",
    "+1",
    "1e",
    "1e+",
    "1.e1",
    "0x1",
    "1_000",
    "NaN",
    "Infinity",
    "nul",
    "True",
    "tru",
    "nulls",
    "[1,]",
    "[,1]",
    "[1 2]",
    "[1,,2]",
    "[1:2]",
    r#"{"a"}"#,
    r#"{"a":}"#,
    r#"{"a":1,}"#,
    r#"{"a" 1}"#,
    r#"{a:1}"#,
    r#"{1:1}"#,
    "'a'",
    r#""\x""#,
    r#""\u12""#,
    "\"a\u{1}b\"",
    "[\u{c}1]",
];

fn with(value: &str) -> String {
    transaction("x", &format!(r#""note":{value}"#))
}

#[test]
fn values_that_must_be_accepted() {
    let records: Vec<String> = GOOD.iter().map(|value| with(value)).collect();
    let mut cases = Vec::new();
    for frame in Frame::ALL {
        let count = records.len() as u64;
        let case = Case::of(format!("{frame:?}"), frame.around(&records).text).flags(&["--strict"]);
        cases.push(case.counts([count, 1, count - 1, 0, 0]));
    }
    run_all(cases);
}

#[test]
fn values_that_must_be_rejected() {
    let records: Vec<String> = BAD.iter().map(|value| with(value)).collect();
    let framed = Frame::Lines.around(&records);
    let rows: Vec<String> =
        framed.places.iter().zip(&records).map(|(at, text)| row("in/f", *at, text.len(), "syntax", "")).collect();
    let count = records.len() as u64;
    let mut cases =
        vec![Case::of("lines", &framed.text).flags(&["--strict"]).rejects(&rows).counts([count, 0, 0, 0, count])];
    // As elements they break the whole array.
    for record in &records {
        let text = Frame::Array.around(&[transaction("good", "").as_str(), record.as_str()]).text;
        cases.push(Case::of(record.clone(), text).flags(&["--strict"]).refused("broken_text"));
    }
    run_all(cases);
}

#[test]
fn without_it_what_is_skipped_may_be_sloppy() {
    let sloppy =
        ["01", "1.", "NaN", "tru", "[1,]", "[1 2]", r#"{"a"}"#, r#"{"a":1,}"#, "{a:1}", r#""\x""#, "\"a\u{1}b\""];
    let records: Vec<String> = sloppy.iter().map(|value| with(value)).collect();
    let count = records.len() as u64;
    let case =
        |frame: Frame| Case::of(format!("{frame:?}"), frame.around(&records).text).counts([count, 1, count - 1, 0, 0]);
    run_all(Frame::ALL.into_iter().map(case).collect());
}

#[test]
fn envelopes_are_checked_too() {
    let good = transaction("good", "");
    let page = format!(r#"{{"transactions":[{good}],"limit":01}}"#);
    let operations = r#"{"order_id":"o","captures":[{"amount":1}],"x":01}"#;
    let mut cases = Vec::new();
    for text in [page.as_str(), operations] {
        let line = format!("{good}\n{text}\n");
        let row = format!("in/f,{},2,{},syntax,", good.len() + 1, text.len());
        cases
            .push(Case::of(format!("line {text}"), &line).flags(&["--strict"]).rejects(&[row]).counts([2, 1, 0, 0, 1]));
        cases.push(Case::of(format!("array {text}"), format!("[{text}]")).flags(&["--strict"]).refused("broken_text"));
    }
    run_all(cases);
}
