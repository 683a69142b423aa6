use super::{is_left_out, ledger_in};
use crate::ledger::Remittance;
use crate::provider::tests::lines_of;

fn entry(word: &str) -> String {
    format!(
        r#"{{"pspReference":"p","reference":"r","entryType":"{word}","ledgerDate":"2026-10-01","currency":"NOK","amount":-5}}"#
    )
}

#[test]
fn an_entry_is_told_by_its_word() {
    for (word, part) in [
        ("capture", "Capture"),
        ("refund", "Refund"),
        ("fees-retained", "Fee"),
        ("payout-scheduled", "Payout"),
        ("scheduled-for-payout", "Payout"),
        ("payout", "Payout"),
        ("correction", "Other"),
        ("a-new-word", "Other"),
    ] {
        let lines = lines_of("in/ledgers/302321/funds.json", &entry(word), |entry| {
            let Remittance { namespace, id, currency, part, amount, ids, day, word, .. } = entry;
            format!("{namespace} {id} {currency} {part:?} {amount} {ids:?} {day:?} {word}")
        });
        let expected = format!(r#"vipps 302321 NOK {part} -5 [Some("r"), Some("p"), None] Some("2026-10-01") {word}"#);
        assert_eq!(lines, [expected]);
    }
}

#[test]
fn a_ledger_is_named_by_a_folder() {
    assert_eq!(ledger_in("report/v2/ledgers/302321/funds/dates/2026-10-01.json"), "302321");
    assert_eq!(ledger_in("ledgers\\1\\f"), "1");
    for path in ["ledgers/302321", "funds.json", "-", "ledgers.json", ""] {
        assert_eq!(ledger_in(path), "", "{path}");
    }
}

#[test]
fn what_is_of_the_topic_fees_is_read_and_left_out() {
    assert!(is_left_out("ledgers/1/fees/f.json", "capture") && is_left_out("f", "capture-fee"));
    assert!(is_left_out("f", "fees-invoiced"));
    assert!(!is_left_out("ledgers/1/fees", "capture") && !is_left_out("f", "fees-retained"));
    let read = |path: &str, record: &str| lines_of(path, record, |_| "entry".to_owned()).concat();
    assert_eq!(read("fees/f.json", &entry("capture")), "nothing");
    assert_eq!(read("f.json", &entry("capture-fee")), "nothing");
    assert_eq!(read("fees/f.json", &entry("capture").replace("-5", "0.5")), "AmountNotInteger amount");
}

#[test]
fn an_offset_may_lack_its_colon() {
    let with = |time: &str| {
        let record = entry("capture").replace("}", &format!(r#","time":"{time}"}}"#));
        lines_of("f", &record, |entry| entry.time.map_or_else(String::new, |time| time.to_string())).concat()
    };
    assert_eq!(with("2026-10-01T12:00:00.5+0200"), "2026-10-01T10:00:00.5Z");
    assert_eq!(with("2026-10-01T12:00:00+02:00"), with("2026-10-01T10:00:00Z"));
    for broken in ["2026-10-01T12:00:00+200", "2026-10-01T12:00:00", "2026-10-01T12:0000Z", "", "+0200", "\u{e6}"] {
        assert_eq!(with(broken), "BadTimestamp time", "{broken}");
    }
}
