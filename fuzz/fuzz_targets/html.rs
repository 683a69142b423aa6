//! The HTML report over hostile texts, read back by a strict parser: all tags are known and closed,
//! no script runs except the page's own by its hash, and all input text is escaped and visible.

#![no_main]

use std::cell::LazyCell;
use std::ffi::OsString;

use avstem_core::document::Options;
use avstem_engine::engine::outcome::Outcome;
use avstem_engine::io::inputs::discover;
use avstem_engine::io::pattern::Exclude;
use avstem_engine::report::{Dialect, RunEnd, ReportOptions, html};
use avstem_fuzz::page::Page;
use avstem_fuzz::{Desk, judge};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

thread_local! {
    static DESK: LazyCell<Desk> = LazyCell::new(|| Desk::new("html"));
}

const STYLE: &str = include_str!("../../crates/engine/src/report/html/style.css");
const SCRIPT: &str = include_str!("../../crates/engine/src/report/html/script.js");

fn base64(bytes: &[u8]) -> String {
    let letters: Vec<char> = ('A'..='Z').chain('a'..='z').chain('0'..='9').chain(['+', '/']).collect();
    let bits: String = bytes.iter().map(|byte| format!("{byte:08b}")).collect();
    let six = bits.as_bytes().chunks(6).map(|six| format!("{:0<6}", String::from_utf8_lossy(six)));
    let mut out: String = six.map(|six| letters[usize::from_str_radix(&six, 2).expect("it is bits")]).collect();
    while out.len() % 4 > 0 {
        out.push('=');
    }
    out
}

/// Documents that fill nearly every section of the page, with `texts` as their words.
fn documents(texts: &[&str]) -> String {
    let mut next = texts.iter().cycle();
    let mut text = || *next.next().expect("there is a text");
    let (id, order) = (text(), text());
    let event = |kind: &str, amount: i64, id: &str, line: &str| {
        json!({"id": id, "event": kind, "amount": amount, "success": true, "created_at": "2026-03-02T10:00:00Z",
            "items": [{"line_id": line, "amount": amount}], "splits": [{"payout_destination_id": line, "amount": 1}]})
    };
    let transaction = json!({
        "id": id, "amount": 100, "currency": text(), "status": text(), "payment_product": text(),
        "payment_product_type": text(), "merchant_reference": text(), "merchant_reference_2": text(),
        "session_id": text(), "settlement_status": text(), "created_at": "2026-03-01T10:00:00Z",
        "events": [event("AUTHORIZE", 100, text(), text()), event("CAPTURE", 160, text(), text()),
            event(text(), 5, text(), text()), event("REFUND", 170, text(), text())],
        "items": [{"line_id": text(), "amount": 70, "payment_ids": [text()]}],
    });
    let mut copy = transaction.clone();
    copy["amount"] = json!(99);
    let order = json!({
        "order_id": order, "currency": text(), "gross_amount": 10, "status": text(), "payment_status": text(),
        "items": [{"line_id": text(), "gross_amount": 9}],
        "captures": [{"id": text(), "amount": 20, "payment_details": {"payment_id": id}}],
    });
    let settlement = json!({
        "dintero_settlement_id": text(), "amount": 5, "currency": text(), "status": text(),
        "transactions": [{"transaction_id": id, "capture": 3, "refund": 1, "fee": 1}],
    });
    let session = json!({"id": text(), "transaction_id": id, "order": {"amount": 3, "currency": text(),
        "merchant_reference": text(), "items": [{"line_id": text(), "amount": 1}]}});
    let bad = json!({"id": id, "amount": 1.5, "note": text()});
    let lines: Vec<String> =
        [transaction, copy, order, settlement, session, bad].iter().map(Value::to_string).collect();
    lines.join("\n")
}

fn run(sources: &[OsString]) -> Outcome {
    let sources = discover(sources, &[], &Exclude::default()).sources;
    judge(&sources, Options { strict: false, max_record: 1 << 20 }, false, 256 << 10, 2)
}

fn options() -> ReportOptions {
    ReportOptions {
        dialect: Dialect::Plain,
        balances_csv: false,
        xlsx: false,
        configuration: Value::Null,
        complete: false,
        exit: RunEnd { code: 3, reason: "input incomplete".to_owned() },
        continuity: Vec::new(),
        excluded: Vec::new(),
        input_hash: "blake3",
        written: Vec::new(),
    }
}

fn is_hidden(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let texts: Vec<&str> = text.split('\u{1e}').collect();
    let outcome = DESK.with(|desk| {
        let name = OsString::from(desk.put("in.ndjson", documents(&texts).as_bytes()));
        // Input that is not JSON too: the page must report it without quoting it.
        let raw = OsString::from(desk.put("raw", bytes));
        run(&[name, raw])
    });
    let page = html::write(Vec::new(), &outcome, &options()).expect("memory takes all");
    let page = String::from_utf8(page).expect("the page is UTF-8");
    assert!(!page.contains(is_hidden), "something hides");
    let read = Page::read(&page).unwrap_or_else(|wrong| panic!("{wrong}"));
    let own = [("style", STYLE), ("script", SCRIPT)].map(|(name, text)| (name.to_owned(), text.to_owned()));
    assert_eq!(read.inline, own, "styles and scripts are the page's own");
    let hash = |text: &str| format!("'sha256-{}'", base64(&Sha256::digest(text)));
    let policy = format!(
        "default-src 'none'; style-src {}; script-src {}; img-src data:; base-uri 'none'; form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    );
    assert_eq!(read.policy, policy);
    if let Some(finding) = outcome.findings.iter().next() {
        let shown = avstem_core::model::display::visible(&finding.id).into_owned();
        let is_there = read.words.iter().any(|words| words.contains(&shown));
        assert!(is_there || shown.contains(['\n', ' ']), "the first finding's id is on the page: {shown:?}");
    }
});
