//! Every defect of a field, in every framing: the record is rejected, its neighbours are accepted.

use super::case::{Case, run_all};
use super::sample::{Frame, order, row, session, settlement, transaction};

/// A record with one defect, its reason and the path of the field.
type Defect = (Vec<u8>, &'static str, &'static str);

/// Interleaves defects with good records, in every framing.
fn among_good_ones(name: &str, defects: &[Defect]) -> Vec<Case> {
    let good = |number: usize| transaction(&format!("good-{number}"), "").into_bytes();
    let mut records = vec![good(0)];
    for (number, (record, _, _)) in defects.iter().enumerate() {
        records.extend([record.clone(), good(number + 1)]);
    }
    let case = |frame: Frame| {
        let framed = frame.around(&records);
        let rows: Vec<String> = defects
            .iter()
            .zip(framed.places.iter().skip(1).step_by(2))
            .map(|((record, reason, path), place)| row("in/f", *place, record.len(), reason, path))
            .collect();
        let (bad, fine) = (defects.len() as u64, defects.len() as u64 + 1);
        let case = Case::of(format!("{name} in {frame:?}"), framed.text);
        case.rejects(&rows).counts([bad + fine, fine, 0, 0, bad]).kinds([fine, 0, 0, 0])
    };
    Frame::ALL.into_iter().map(case).collect()
}

fn defect(record: impl Into<Vec<u8>>, reason: &'static str, path: &'static str) -> Defect {
    (record.into(), reason, path)
}

/// A transaction with a bad value at a path.
fn field(more: &str, reason: &'static str, path: &'static str) -> Defect {
    defect(transaction("bad", more), reason, path)
}

/// An event with a bad value at a path.
fn event(more: &str, reason: &'static str, path: &'static str) -> Defect {
    let text = format!(r#"{{"id":"bad","amount":0,"currency":"NOK","events":[{{}},{{"event":"CAPTURE",{more}}}]}}"#);
    defect(text, reason, path)
}

fn amount(value: &str, reason: &'static str) -> Defect {
    defect(format!(r#"{{"id":"bad","amount":{value},"currency":"NOK","events":[]}}"#), reason, "amount")
}

#[test]
fn amounts() {
    let digits = "9".repeat(4000);
    run_all(among_good_ones(
        "amount",
        &[
            amount("12.5", "amount_not_integer"),
            amount("1e-1", "amount_not_integer"),
            amount("-0.1", "amount_not_integer"),
            amount("1e-99999999999999999999", "amount_not_integer"),
            amount("1099.9999999999998", "amount_not_integer"),
            amount("9223372036854775808", "amount_out_of_range"),
            amount("-9223372036854775809", "amount_out_of_range"),
            amount("1e400", "amount_out_of_range"),
            amount("1e99999999999999999999", "amount_out_of_range"),
            amount(&digits, "amount_out_of_range"),
            amount(r#""12""#, "wrong_type"),
            amount("true", "wrong_type"),
            amount("{}", "wrong_type"),
            amount("[1]", "wrong_type"),
            amount("null", "null_field"),
            event(r#""amount":12.5"#, "amount_not_integer", "events[1].amount"),
            event(r#""amount":"1""#, "wrong_type", "events[1].amount"),
            event(r#""items":[{"amount":1e30}]"#, "amount_out_of_range", "events[1].items[0].amount"),
            event(
                r#""correction":{"remaining_void_amount":0.5}"#,
                "amount_not_integer",
                "events[1].correction.remaining_void_amount",
            ),
            field(r#""items":[{},{"gross_amount":false}]"#, "wrong_type", "items[1].gross_amount"),
            field(
                r#""items":[{"discount_lines":[{"amount":"4"}]}]"#,
                "wrong_type",
                "items[0].discount_lines[0].amount",
            ),
            field(r#""shipping_option":{"amount":1.5}"#, "amount_not_integer", "shipping_option.amount"),
            field(r#""gift_cards":[{"amount":[]}]"#, "wrong_type", "gift_cards[0].amount"),
            field(r#""version":1.5"#, "amount_not_integer", "version"),
        ],
    ));
}

#[test]
fn types() {
    run_all(among_good_ones(
        "type",
        &[
            defect(r#"{"id":7,"amount":0,"currency":"NOK","events":[]}"#, "wrong_type", "id"),
            defect(r#"{"id":"bad","amount":0,"currency":578,"events":[]}"#, "wrong_type", "currency"),
            defect(r#"{"id":"bad","amount":0,"currency":"NOK","events":{}}"#, "wrong_type", "events"),
            defect(r#"{"id":"bad","amount":0,"currency":"NOK","events":[5]}"#, "wrong_type", "events[0]"),
            defect(r#"{"id":"bad","amount":0,"currency":"NOK","events":[null]}"#, "wrong_type", "events[0]"),
            defect(r#"{"id":"bad","amount":0,"currency":"NOK","status":5,"events":[]}"#, "wrong_type", "status"),
            field(r#""merchant_reference":17"#, "wrong_type", "merchant_reference"),
            field(r#""session_id":{}"#, "wrong_type", "session_id"),
            field(r#""store":[]"#, "wrong_type", "store"),
            field(r#""store":{"payout_destination_id":1}"#, "wrong_type", "store.payout_destination_id"),
            field(r#""items":{}"#, "wrong_type", "items"),
            field(r#""items":["x"]"#, "wrong_type", "items[0]"),
            field(r#""items":[{"line_id":true}]"#, "wrong_type", "items[0].line_id"),
            field(r#""items":[{"line_id":1.5}]"#, "wrong_type", "items[0].line_id"),
            field(r#""items":[{"line_id":1e400}]"#, "wrong_type", "items[0].line_id"),
            field(
                r#""items":[{"fee_split":{"destinations":[1]}}]"#,
                "wrong_type",
                "items[0].fee_split.destinations[0]",
            ),
            field(r#""gift_cards":[{"card_id":9}]"#, "wrong_type", "gift_cards[0].card_id"),
            field(r#""session":"s""#, "wrong_type", "session"),
            field(r#""session":{"order":5}"#, "wrong_type", "session.order"),
            field(r#""session":{"id":"s","order":{"amount":"5"}}"#, "wrong_type", "session.order.amount"),
            event(r#""success":"yes""#, "wrong_type", "events[1].success"),
            event(r#""success":1"#, "wrong_type", "events[1].success"),
            event(r#""splits":{}"#, "wrong_type", "events[1].splits"),
            event(r#""request_id":1"#, "wrong_type", "events[1].request_id"),
            event(
                r#""splits":[{"payout_destination_id":5,"amount":1}]"#,
                "wrong_type",
                "events[1].splits[0].payout_destination_id",
            ),
        ],
    ));
}

#[test]
fn missing_and_null() {
    run_all(among_good_ones(
        "missing",
        &[
            defect(r#"{"amount":0,"currency":"NOK","events":[]}"#, "missing_field", "id"),
            defect(r#"{"id":null,"amount":0,"currency":"NOK","events":[]}"#, "null_field", "id"),
            defect(r#"{"id":"bad","currency":"NOK","events":[]}"#, "missing_field", "amount"),
            defect(r#"{"id":"bad","amount":0,"events":[]}"#, "missing_field", "currency"),
            defect(r#"{"id":"bad","amount":0,"currency":null,"events":[]}"#, "null_field", "currency"),
            defect(r#"{"order":{"amount":0}}"#, "missing_field", "id"),
            defect(r#"{"id":null,"order":{"amount":0}}"#, "null_field", "id"),
            defect(r#"{"id":"bad","order":{}}"#, "missing_field", "order.amount"),
            defect(r#"{"id":"bad","order":{"amount":null}}"#, "null_field", "order.amount"),
            defect(r#"{"amounts":[]}"#, "missing_field", "id"),
            event(r#""splits":[{"amount":1}]"#, "missing_field", "events[1].splits[0].payout_destination_id"),
            event(
                r#""splits":[{"payout_destination_id":null,"amount":1}]"#,
                "null_field",
                "events[1].splits[0].payout_destination_id",
            ),
            event(r#""splits":[{"payout_destination_id":"p"}]"#, "missing_field", "events[1].splits[0].amount"),
            event(
                r#""splits":[{"payout_destination_id":"p","amount":null}]"#,
                "null_field",
                "events[1].splits[0].amount",
            ),
        ],
    ));
}

#[test]
fn ids_and_duplicate_names() {
    run_all(among_good_ones(
        "id",
        &[
            defect(r#"{"id":"","amount":0,"currency":"NOK","events":[]}"#, "bad_id", "id"),
            defect(r#"{"id":"a\nb","amount":0,"currency":"NOK","events":[]}"#, "bad_id", "id"),
            defect(r#"{"id":"a\u0000","amount":0,"currency":"NOK","events":[]}"#, "bad_id", "id"),
            defect("{\"id\":\"a\u{7f}\",\"amount\":0,\"currency\":\"NOK\",\"events\":[]}", "bad_id", "id"),
            defect("{\"id\":\"a\u{85}\",\"amount\":0,\"currency\":\"NOK\",\"events\":[]}", "bad_id", "id"),
            defect(r#"{"order_id":"","currency":"NOK"}"#, "bad_id", "order_id"),
            defect(r#"{"id":"","order":{"amount":0}}"#, "bad_id", "id"),
            defect(r#"{"dintero_settlement_id":""}"#, "bad_id", "dintero_settlement_id"),
            field(r#""amount":0"#, "duplicate_key", "amount"),
            field(r#""am\u006funt":0"#, "duplicate_key", "amount"),
            field(r#""events":null"#, "duplicate_key", "events"),
            event(r#""id":"1","id":"1""#, "duplicate_key", "events[1].id"),
            field(r#""items":[{"line_id":"1","line\u005fid":"2"}]"#, "duplicate_key", "items[0].line_id"),
            field(r#""session":{"order":{"amount":1,"amount":1}}"#, "duplicate_key", "session.order.amount"),
            defect(r#"{"id":"s","order":{"amount":0},"order":{"amount":0}}"#, "duplicate_key", "order"),
            defect(r#"{"order_id":"o","currency":"NOK","order_id":"o"}"#, "duplicate_key", "order_id"),
            defect(
                r#"{"event":"e","transaction":{"id":"t"},"transaction":{"id":"t"}}"#,
                "duplicate_key",
                "transaction",
            ),
            defect(r#"{"event":"e","transaction":null,"transaction":{"id":"t"}}"#, "duplicate_key", "transaction"),
        ],
    ));
}

#[test]
fn times() {
    let wrong = [
        r#""""#,
        r#""2026-03-01""#,
        r#""2026-03-01T00:00:00""#,
        r#""2026-03-01 00:00:00Z""#,
        r#""2026-02-29T00:00:00Z""#,
        r#""2026-03-01T24:00:00Z""#,
        r#""2026-03-01T00:00:00+0100""#,
        r#""2026-03-01T00:00:00.Z""#,
        r#""2016-12-30T23:59:60Z""#,
        r#""2016-12-31T23:59:61Z""#,
        r#""2026-03-01T00:00:00Z ""#,
        r#""yesterday""#,
    ];
    let bad = |value: &&'static str| field(&format!(r#""created_at":{value}"#), "bad_timestamp", "created_at");
    let mut defects: Vec<Defect> = wrong.iter().map(bad).collect();
    defects.push(field(r#""created_at":1700000000"#, "wrong_type", "created_at"));
    defects.push(event(r#""created_at":"now""#, "bad_timestamp", "events[1].created_at"));
    defects.push(field(r#""updated_at":false"#, "wrong_type", "updated_at"));
    defects.push(defect(r#"{"id":"bad","order":{"amount":0},"cancelled_at":"no"}"#, "bad_timestamp", "cancelled_at"));
    let operation = r#"{"order_id":"bad","currency":"NOK","captures":[{"id":"c","processed_at":"no"}]}"#;
    defects.push(defect(operation, "bad_timestamp", "captures[0].processed_at"));
    run_all(among_good_ones("time", &defects));
}

#[test]
fn quantities() {
    let quantity =
        |value: &str, reason| field(&format!(r#""items":[{{"quantity":{value}}}]"#), reason, "items[0].quantity");
    let long = format!("1.{}", "3".repeat(4000));
    run_all(among_good_ones(
        "quantity",
        &[
            quantity("1e18", "quantity_out_of_range"),
            quantity("0.0000000001", "quantity_out_of_range"),
            quantity(r#""1234567890123456789""#, "quantity_out_of_range"),
            quantity(&long, "quantity_out_of_range"),
            quantity("1e99999999999999999999", "quantity_out_of_range"),
            quantity(r#""two""#, "wrong_type"),
            quantity(r#""""#, "wrong_type"),
            quantity(r#"" 2""#, "wrong_type"),
            quantity(r#""0x2""#, "wrong_type"),
            quantity("true", "wrong_type"),
            quantity("[]", "wrong_type"),
        ],
    ));
}

#[test]
fn other_kinds() {
    run_all(among_good_ones(
        "kind",
        &[
            defect(r#"{"order_id":"bad","currency":"NOK","captures":{}}"#, "wrong_type", "captures"),
            defect(
                r#"{"order_id":"bad","currency":"NOK","captures":[{"amount":"1"}]}"#,
                "wrong_type",
                "captures[0].amount",
            ),
            defect(
                r#"{"order_id":"bad","currency":"NOK","refunds":[{"items":[{"payout":{"destinations":[{"amount":1}]}}]}]}"#,
                "missing_field",
                "refunds[0].items[0].payout.destinations[0].destination",
            ),
            defect(r#"{"order_id":5,"currency":"NOK"}"#, "wrong_type", "order_id"),
            defect(
                r#"{"order_id":"bad","currency":"NOK","items":[{"gross_amount":"1"}]}"#,
                "wrong_type",
                "items[0].gross_amount",
            ),
            defect(
                r#"{"id":"bad","order":{"amount":0,"partial_payment":"no"}}"#,
                "wrong_type",
                "order.partial_payment",
            ),
            defect(r#"{"id":"bad","order":{"amount":0},"transaction_id":1}"#, "wrong_type", "transaction_id"),
            defect(
                r#"{"dintero_settlement_id":"bad","transactions":[{"capture":0.5}]}"#,
                "amount_not_integer",
                "transactions[0].capture",
            ),
            defect(r#"{"dintero_settlement_id":"bad","transactions":{}}"#, "wrong_type", "transactions"),
            defect(r#"{"id":"bad","amounts":[{"fee":"x"}]}"#, "wrong_type", "amounts[0].fee"),
            defect(r#"{"event":"e","transaction":5}"#, "wrong_type", "transaction"),
            defect(r#"{"event":"e","transaction":{"id":"t","amount":"1"}}"#, "wrong_type", "transaction.amount"),
            defect(r#"{"event":"e","transaction":{"amount":1}}"#, "missing_field", "transaction.id"),
            defect("5", "not_an_object", ""),
            defect(r#""text""#, "not_an_object", ""),
            defect("null", "not_an_object", ""),
            defect("{}", "unknown_shape", ""),
            defect(r#"{"id":"alone"}"#, "unknown_shape", ""),
            defect(r#"{"a":{"id":"x","amount":1}}"#, "unknown_shape", ""),
        ],
    ));
}

#[test]
fn utf8() {
    let with = |before: &str, bytes: &[u8], after: &str| [before.as_bytes(), bytes, after.as_bytes()].concat();
    let used = |bytes: &[u8]| with(r#"{"id":"bad"#, bytes, r#"","amount":0,"currency":"NOK","events":[]}"#);
    let skipped = |bytes: &[u8]| {
        with(r#"{"id":"bad","note":{"deep":["#, bytes, r#""]},"amount":0,"currency":"NOK","events":[]}"#)
    };
    run_all(among_good_ones(
        "utf-8",
        &[
            defect(used(b"\xff"), "invalid_utf8", ""),
            defect(used(b"\xc3"), "invalid_utf8", ""),
            defect(used(b"\xc0\xaf"), "invalid_utf8", ""),
            defect(used(b"\xed\xa0\x80"), "invalid_utf8", ""),
            defect(used(b"\xf4\x90\x80\x80"), "invalid_utf8", ""),
            defect(skipped(b"\"\xff"), "invalid_utf8", ""),
            defect(skipped(b"\"\xe2\x82"), "invalid_utf8", ""),
            defect(
                with(r#"{"na"#, b"\x80", r#"me":1,"id":"bad","amount":0,"currency":"NOK","events":[]}"#),
                "invalid_utf8",
                "",
            ),
            defect(with(r#"{"id":"bad","amount":"#, b"\xff", r#","currency":"NOK","events":[]}"#), "invalid_utf8", ""),
            defect(transaction(r"bad\ud800", ""), "invalid_utf8", "id"),
            defect(transaction(r"bad\udc00\ud800", ""), "invalid_utf8", "id"),
            field(r#""merchant_reference":"\ud83d x""#, "invalid_utf8", "merchant_reference"),
        ],
    ));
}

#[test]
fn what_a_field_may_hold() {
    let fine = [
        transaction("a", r#""items":[{"line_id":1},{"line_id":-0},{"line_id":2.0},{"line_id":"3"},{"line_id":null}]"#),
        transaction(
            "b",
            r#""items":[{"quantity":"2.5"},{"quantity":3},{"quantity":1e3},{"quantity":999999999999999999.999999999}]"#,
        ),
        transaction("c", r#""created_at":"2016-12-31T23:59:60Z","updated_at":"2026-03-01t00:00:00.1234567891z""#),
        transaction(
            "d",
            r#""created_at":"2026-03-01T00:00:00-23:59","updated_at":null,"version":null,"items":null,"store":null"#,
        ),
        transaction(
            "e",
            r#""gift_cards":null,"session":null,"shipping_option":null,"merchant_reference":"","session_id":"""#,
        ),
        transaction("f", r#""note":"\ud800","deep":{"x":["\udc00"]},"a":1,"a":2,"customer":{"id":1,"id":2}"#),
        transaction("g", r#""x":nope,"y":01,"z":[1 2],"w":{"a" 5}"#),
        transaction("h", r#""session":{"id":"","order":{"amount":5}}"#),
        transaction("i", r#""session":{"id":"s","order":null}"#),
        transaction("j", r#""session":{"id":"s"},"metadata":{"amount":"x"},"status_text":5"#),
        transaction("\u{5927} \u{1f600} \u{202e}", ""),
        transaction(r"\ud83d\ude00", ""),
        order("o"),
        session("s"),
        settlement("u"),
        r#"{"event":"e","transaction":null}"#.to_owned(),
        r#"{"id":"partial","status":"CAPTURED","amount":null,"currency":null,"events":null}"#.to_owned(),
    ];
    let cases = Frame::ALL.into_iter().map(|frame| {
        let count = fine.len() as u64;
        Case::of(format!("fine in {frame:?}"), frame.around(&fine).text).accepted(count)
    });
    run_all(cases.collect());
}
