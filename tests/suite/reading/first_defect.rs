//! Of several defects the one at the lowest byte offset is reported; missing members come last.

use super::case::{Case, run_all};
use super::sample::{Frame, row, transaction};

/// A record with several defects, and the one to report.
fn named(record: &[u8], reason: &str, path: &str) -> Vec<Case> {
    let good = transaction("good", "");
    let case = |frame: Frame| {
        let framed = frame.around(&[good.as_bytes(), record]);
        let rows = [row("in/f", framed.places[1], record.len(), reason, path)];
        let name = format!("{frame:?} {}", String::from_utf8_lossy(record));
        Case::of(name, framed.text).rejects(&rows).counts([2, 1, 0, 0, 1])
    };
    [Frame::Lines, Frame::Array].into_iter().map(case).collect()
}

#[test]
fn pairs_of_defects() {
    let deep = format!(r#"{{"id":5,"a":{}1{},"amount":"x"}}"#, "[".repeat(128), "]".repeat(128));
    let deep_first = format!(r#"{{"a":{}1{},"id":5,"amount":1}}"#, "[".repeat(128), "]".repeat(128));
    let all = [
        named(br#"{"id":5,"amount":"x","currency":"NOK"}"#, "wrong_type", "id"),
        named(br#"{"amount":"x","id":5,"currency":"NOK"}"#, "wrong_type", "amount"),
        named(br#"{"id":"a","amount":1.5,"amount":2}"#, "amount_not_integer", "amount"),
        named(br#"{"id":"a","amount":1,"amount":1.5,"status":5}"#, "duplicate_key", "amount"),
        named(br#"{"amount":1.5,"currency":"NOK","events":[]}"#, "amount_not_integer", "amount"),
        named(br#"{"currency":"NOK","events":[{"amount":"x"}]}"#, "wrong_type", "events[0].amount"),
        named(br#"{"id":null,"amount":1.5,"currency":"NOK","events":[]}"#, "null_field", "id"),
        named(br#"{"amount":1.5,"id":null,"currency":"NOK","events":[]}"#, "amount_not_integer", "amount"),
        named(br#"{"currency":null,"amount":null,"id":"a","events":[]}"#, "null_field", "currency"),
        named(br#"{"amount":1,"currency":null,"events":[]}"#, "null_field", "currency"),
        named(br#"{"events":[],"status":"X"}"#, "missing_field", "id"),
        named(
            br#"{"id":"a","amount":1,"currency":"NOK","items":[{"splits":[{"amount":1}]}],"events":5}"#,
            "wrong_type",
            "events",
        ),
        named(
            br#"{"id":"a","amount":1,"currency":"NOK","items":[{"splits":[{"payout_destination_id":null,"amount":"1"}]}]}"#,
            "null_field",
            "items[0].splits[0].payout_destination_id",
        ),
        named(
            br#"{"id":"a","amount":1,"currency":"NOK","items":[{"splits":[{"amount":"1"}]}]}"#,
            "wrong_type",
            "items[0].splits[0].amount",
        ),
        named(
            br#"{"id":"a","amount":1,"events":[{"splits":[{"amount":1},{"payout_destination_id":"p"}]}]}"#,
            "missing_field",
            "events[0].splits[0].payout_destination_id",
        ),
        named(br#"{"order":{"amount":null},"id":5}"#, "null_field", "order.amount"),
        named(br#"{"order":{},"id":5}"#, "wrong_type", "id"),
        named(br#"{"order_id":"o","gross_amount":"x","captures":5}"#, "wrong_type", "gross_amount"),
        named(br#"{"amount":"not read","order_id":"o","currency":5}"#, "wrong_type", "currency"),
        named(b"{\"id\":5,\"note\":\"\xff\",\"amount\":1}", "wrong_type", "id"),
        named(b"{\"note\":\"\xff\",\"id\":5,\"amount\":1}", "invalid_utf8", ""),
        named(b"{\"note\":\"\xff\",\"amount\":1,\"events\":[]}", "invalid_utf8", ""),
        named(b"{\"order_id\":\"o\",\"x\":\"\xff\",\"currency\":5}", "invalid_utf8", ""),
        named(deep.as_bytes(), "wrong_type", "id"),
        named(deep_first.as_bytes(), "nesting_too_deep", ""),
        named(br#"{"event":"e","transaction":{"id":5},"transaction":null}"#, "wrong_type", "transaction.id"),
    ];
    run_all(all.into_iter().flatten().collect());
}

#[test]
fn a_broken_line_is_named_by_its_first_defect() {
    let lines = [
        (r#"{"id":5,"amount":1,"currency":"N"#, "wrong_type", "id"),
        (r#"{"id":"a","amount":1.5,"currency" "NOK"}"#, "amount_not_integer", "amount"),
        (r#"{"id":"a","amount":1 "currency":5}"#, "syntax", ""),
        (r#"{"id":"a","amount":1,"status":5} x"#, "wrong_type", "status"),
        (r#"{"id":"a","amount":1,"events":[]} x"#, "trailing_data", ""),
        (r#"{"order_id":"o","currency":5,"amount":"x" "#, "wrong_type", "currency"),
        (r#"{"amount":"x","order_id":"o","currency":"NOK" "#, "truncated_record", ""),
        (r#"{"order_id":"o","currency":"NOK","captures":[{"amount":"1"}],,}"#, "wrong_type", "captures[0].amount"),
        (r#"{"id":"s","order":{"amount":1.5},"x":[}"#, "amount_not_integer", "order.amount"),
        (r#"{"dintero_settlement_id":"u","fee":"1","x""#, "wrong_type", "fee"),
        (r#"{"note":"","amount":"x""#, "truncated_record", ""),
    ];
    let good = transaction("good", "");
    let case = |(line, reason, path): &(&str, &str, &str)| {
        let trimmed = line.trim_end();
        let row = format!("in/f,{},2,{},{reason},{path}", good.len() + 1, trimmed.len());
        Case::of(*line, format!("{good}\n{line}\n")).rejects(&[row]).counts([2, 1, 0, 0, 1])
    };
    run_all(lines.iter().map(case).collect());
}
