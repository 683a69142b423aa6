//! Records of other providers: what tells them, and what is refused.

use std::fmt::Write;

use super::Provider;
use super::active::Active;
use crate::document::simd::{PADDING, Padded};
use crate::document::{Block, Meta, Options, Pieces, Reading, Rejected, Sink, Transaction};
use crate::ledger::{Ledger, Remittance, RemittanceKind, Session, Settlement};
use crate::model::event::EventList;
use crate::model::instant::Instant;
use crate::model::limits::MAX_RECORD;
use crate::model::origin::Origin;
use crate::model::reject::FileFault;

/// What is read of a text: a word for each record, and what is said of remittances.
pub struct Records<F> {
    pub words: Vec<String>,
    say: F,
}

impl<'b, F: Fn(&Remittance<'_>) -> String> Sink<'b> for Records<F> {
    fn transaction(&mut self, _: &Transaction<'b>, _: &Ledger<'b>, _: &Session<'b>) {
        self.words.push("transaction".to_owned());
    }
    fn order(&mut self, _: &Meta<'b>, _: &Ledger<'b>) {
        self.words.push("order".to_owned());
    }
    fn operation(&mut self, _: &str, _: Option<Instant>, _: &Ledger<'b>, _: u32) {
        self.words.push("operation".to_owned());
    }
    fn given(&mut self, _: &str, _: EventList, _: Origin) {}
    fn session(&mut self, _: &Meta<'b>, _: &Session<'b>) {
        self.words.push("session".to_owned());
    }
    fn settlement(&mut self, _: &Meta<'b>, _: &Settlement<'b>) {
        self.words.push("settlement".to_owned());
    }
    fn remittance(&mut self, remittance: &Remittance<'b>) {
        self.words.push((self.say)(remittance));
    }
    fn nothing(&mut self, _: Origin) {
        self.words.push("nothing".to_owned());
    }
    fn reject(&mut self, rejected: Rejected) {
        let mut word = format!("{:?}", rejected.reason);
        if !rejected.path.is_empty() {
            let _ = write!(word, " {}", rejected.path);
        }
        self.words.push(word);
    }
    fn stranger(&mut self, _: FileFault) {}
    fn refuse(&mut self, fault: FileFault) {
        self.words.push(format!("{:?}", fault.reason));
    }
}

/// Reads the lines of a file by its path.
pub fn lines_of(path: &str, text: &str, say: impl Fn(&Remittance<'_>) -> String) -> Vec<String> {
    let bytes = [text.as_bytes(), &[b' '; PADDING]].concat();
    let layout = Active::layout(path);
    let bytes = Padded::new(&bytes, text.len());
    let block = Block { bytes, base: 0, pieces: &Pieces::Lines, file: 0, layout: &layout };
    let mut records = Records { words: Vec::new(), say };
    let options = Options { strict: false, max_record: MAX_RECORD };
    Active::read(&block, options, &mut Reading::default(), &mut records);
    records.words
}

fn shape(record: &str) -> Vec<String> {
    lines_of("f", record, |remittance| {
        let kind = match remittance.kind {
            RemittanceKind::Statement => "statement",
            RemittanceKind::Line => "line",
            RemittanceKind::Entry => "entry",
        };
        format!("{} {kind}", remittance.namespace)
    })
}

const PAYOUT: &str = r#"{"payment_reference":"K1","currency_code":"NOK","totals":{"settlement_amount":5}}"#;
const LINE: &str = r#"{"payment_reference":"K1","type":"SALE","amount":5}"#;
const ENTRY: &str = r#"{"entryType":"capture","ledgerDate":"2026-10-01","currency":"NOK","amount":5}"#;

/// `record` with `more` members.
fn with(record: &str, more: &str) -> String {
    format!("{},{more}}}", record.trim_end_matches('}').to_owned() + if record == PAYOUT { "}" } else { "" })
}

#[test]
fn records_are_told_by_their_members() {
    for (record, expected) in [(PAYOUT, "klarna statement"), (LINE, "klarna line"), (ENTRY, "vipps entry")] {
        assert_eq!(shape(record), [expected]);
        // What stands behind the settlement report, pages and sessions yields to them.
        for more in [
            r#""order_id":"o","id":"x","gross_amount":1"#,
            r#""order_id":"o","captures":[]"#,
            r#""event":"e","transaction":null"#,
            r#""items":[]"#,
            r#""amounts":[]"#,
            r#""success":true,"processed_by":"x""#,
            r#""id":"x","status":"CAPTURED","events":[]"#,
        ] {
            assert_eq!(shape(&with(record, more)), [expected], "{more}");
        }
        assert_eq!(shape(&with(record, r#""dintero_settlement_id":"u""#)), ["settlement"]);
        assert_eq!(shape(&with(record, r#""id":"s","order":{"amount":1}"#)), ["session"]);
    }
    let whole = r#"{"id":"x","currency":"NOK","events":[],"payment_reference":"K1","type":"SALE","amount":5}"#;
    assert_eq!(shape(whole), ["klarna line"]);
}

#[test]
fn what_lacks_a_member_or_has_null_is_something_else() {
    for record in [
        r#"{"payment_reference":"K1","totals":[]}"#,
        r#"{"payment_reference":null,"type":"SALE","amount":5}"#,
        r#"{"payment_reference":"K1","type":null,"amount":5}"#,
        r#"{"payment_reference":"K1","type":"SALE","amount":null}"#,
        r#"{"entryType":"capture","amount":5}"#,
        r#"{"entryType":null,"ledgerDate":"2026-10-01","amount":5}"#,
    ] {
        assert_eq!(shape(record), ["UnknownShape"], "{record}");
    }
    assert_eq!(shape(r#"{"id":"t","amount":5,"payment_reference":"K1"}"#), ["transaction"]);
}

#[test]
fn pages_hold_them_beside_their_paging_keys() {
    let paging = r#""cursor":"x","tryLater":false,"pagination":{"count":1},"total":1"#;
    let page = |list: &str, record: &str| format!(r#"{{"{list}":[{record}],{paging}}}"#);
    assert_eq!(shape(&page("payouts", PAYOUT)), ["klarna statement"]);
    assert_eq!(shape(&page("transactions", LINE)), ["klarna line"]);
    assert_eq!(shape(&page("items", ENTRY)), ["vipps entry"]);
    assert_eq!(shape(r#"{"payouts":null,"cursor":""}"#), ["NullField payouts"]);
    assert_eq!(shape(r#"{"payouts":[],"note":1}"#), ["UnknownShape"]);
}

#[test]
fn a_record_with_a_defect_is_rejected_with_its_place() {
    for (record, reason) in [
        (PAYOUT.replace("\"K1\"", "\"\""), "BadId payment_reference"),
        (PAYOUT.replace("\"K1\"", "7"), "WrongType payment_reference"),
        (PAYOUT.replace("\"currency_code\":\"NOK\",", ""), "MissingField currency_code"),
        (PAYOUT.replace("\"NOK\"", "null"), "NullField currency_code"),
        (PAYOUT.replace("\"settlement_amount\":5", ""), "MissingField totals.settlement_amount"),
        (PAYOUT.replace(":5}", ":5.5}"), "AmountNotInteger totals.settlement_amount"),
        (
            PAYOUT.replace(":5}", ":5,\"commission_reversal_amount\":\"1\"}"),
            "WrongType totals.commission_reversal_amount",
        ),
        (PAYOUT.replace(":5}", ":5,\"tax_amount\":1,\"tax_amount\":1}"), "DuplicateKey totals.tax_amount"),
        (with(PAYOUT, "\"payout_date\":1"), "WrongType payout_date"),
        (with(PAYOUT, "\"merchant_id\":[]"), "WrongType merchant_id"),
        (with(LINE, "\"capture_id\":1"), "WrongType capture_id"),
        (LINE.replace(":5", ":1e30"), "AmountOutOfRange amount"),
        (LINE.replace("\"SALE\"", "1"), "WrongType type"),
        (ENTRY.replace("\"currency\":\"NOK\",", ""), "MissingField currency"),
        (ENTRY.replace(",\"amount\":5", ""), "MissingField amount"),
        (ENTRY.replace(":5", ":\"5\""), "WrongType amount"),
        (with(ENTRY, "\"time\":\"2026-10-01\""), "BadTimestamp time"),
        (with(ENTRY, "\"balanceBefore\":0.1"), "AmountNotInteger balanceBefore"),
        (ENTRY.replace("\"currency\":\"NOK\",", "\"reference\":1,"), "WrongType reference"),
        (format!("{ENTRY}}}"), "TrailingData"),
        (with(ENTRY, "\"x\":[}]"), "Syntax"),
    ] {
        assert_eq!(shape(&record), [reason], "{record}");
    }
}
