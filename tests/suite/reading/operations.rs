//! Operations of orders: envelopes, single files, and how their order is determined.

use super::case::{Case, run_all};
use super::sample::{operation, transaction};

#[test]
fn the_order_is_named_or_in_the_path() {
    let c = operation("c");
    let list = format!("{{\"captures\":[{c}]}}");
    let at = |path: &str, text: &str| Case::new(format!("{path}: {text}")).file(path, text);
    run_all(vec![
        at("f", &format!(r#"{{"order_id":"o","captures":[{c}]}}"#)).accepted(1).kinds([0, 1, 0, 0]),
        at("orders/o/captures.json", &list).accepted(1).kinds([0, 1, 0, 0]),
        at("orders/o/captures/1.json", &list).accepted(1).kinds([0, 1, 0, 0]),
        at("a/orders/o/refunds/any name", &c).accepted(1).kinds([0, 1, 0, 0]),
        at("orders/o/cancellations.json", &c).accepted(1).kinds([0, 1, 0, 0]),
        at("orders/o/captures.json", &format!("[{c},{}]", operation("d"))).accepted(2).kinds([0, 1, 0, 0]),
        at("orders/o/captures.json", &format!(r#"{{"order_id":"p","captures":[{c}]}}"#)).accepted(1),
        at("orders/o/captures.json", &format!(r#"{{"order_id":null,"captures":[{c}]}}"#)).accepted(1),
        at("orders/o/captures/1.json", r#"{"items":[]}"#).accepted(1).kinds([0, 1, 0, 0]),
        at("orders/o/authorizations/1.json", "{}").accepted(1).kinds([0, 1, 0, 0]),
        at("f", &list).rejects(&[format!("in/f,13,1,{},missing_order_id,", c.len())]).counts([1, 0, 0, 0, 1]),
        at("orders/captures.json", &list)
            .rejects(&[format!("in/orders/captures.json,13,1,{},missing_order_id,", c.len())])
            .counts([1, 0, 0, 0, 1]),
        at("orders/o/captures.ndjson", &list)
            .rejects(&[format!("in/orders/o/captures.ndjson,13,1,{},missing_order_id,", c.len())])
            .counts([1, 0, 0, 0, 1]),
        at("orders/o/notes/1.json", r#"{"x":1}"#)
            .rejects(&["in/orders/o/notes/1.json,,,,not_an_export,"])
            .counts([0; 5]),
    ]);
}

#[test]
fn an_operation_is_rejected_alone() {
    let (c, d) = (operation("c"), operation("d"));
    let bad = |bad: &str, reason: &str, path: &str| {
        let text = format!(r#"{{"order_id":"o","captures":[{c},{bad},{d}]}}"#);
        let offset = text.find(bad).unwrap();
        let row = format!("in/f,{offset},1,{},{reason},{path}", bad.len());
        Case::of(format!("operation {bad}"), text).rejects(&[row]).counts([3, 2, 0, 0, 1])
    };
    let deep = format!(r#"{{"id":"x","a":{}{}}}"#, "[".repeat(128), "]".repeat(128));
    run_all(vec![
        bad(r#"{"id":"x","amount":"1"}"#, "wrong_type", "amount"),
        bad(r#"{"id":"x","amount":1.5}"#, "amount_not_integer", "amount"),
        bad(r#"{"id":"x","processed_at":"no"}"#, "bad_timestamp", "processed_at"),
        bad(r#"{"id":"x","id":"x"}"#, "duplicate_key", "id"),
        bad(
            r#"{"id":"x","items":[{"payout":{"destinations":[{"destination":"p"}]}}]}"#,
            "missing_field",
            "items[0].payout.destinations[0].amount",
        ),
        bad(r#"{"payment_details":{"payment_id":5}}"#, "wrong_type", "payment_details.payment_id"),
        bad("null", "not_an_object", ""),
        bad("[]", "not_an_object", ""),
        bad("7", "not_an_object", ""),
        bad(&deep, "nesting_too_deep", ""),
    ]);
}

#[test]
fn an_envelope_that_cannot_be_read() {
    let text = format!(r#"{{"order_id":5,"captures":[{}]}}"#, operation("c"));
    let lines = format!("{}\n{text}\n", transaction("t", ""));
    let at = lines.find("{\"order_id").unwrap();
    let row = |reason: &str, length: usize, path: &str| [format!("in/f,{at},2,{length},{reason},{path}")];
    let bytes = [&lines.as_bytes()[..at], br#"{"order_id":"a"#, b"\xff", br#"","captures":[{"amount":1}]}"#].concat();
    run_all(vec![
        Case::of("order_id of another type", &lines)
            .rejects(&row("wrong_type", text.len(), "order_id"))
            .counts([2, 1, 0, 0, 1]),
        Case::of("order_id that is no text", &bytes)
            .rejects(&row("invalid_utf8", bytes.len() - at, ""))
            .counts([2, 1, 0, 0, 1]),
        Case::of("bad order_id", lines.replace(":5,", r#":"","#))
            .rejects(&row("bad_id", text.len() + 1, "order_id"))
            .counts([2, 1, 0, 0, 1]),
        Case::of("captures of another type", r#"{"order_id":"o","captures":[],"refunds":{}}"#)
            .rejects(&["in/f,0,1,43,wrong_type,refunds"])
            .counts([1, 0, 0, 0, 1]),
    ]);
}

#[test]
fn drafts() {
    let page = |element: &str| format!(r#"{{"draft_orders":[{{"order":{{"id":"o","gross_amount":0}}}},{element}]}}"#);
    let bad = |element: &str, at: usize, length: usize, reason: &str, path: &str| {
        let row = format!("in/f,{},1,{length},{reason},{path}", 55 + at);
        Case::of(format!("draft {element}"), page(element)).rejects(&[row]).counts([2, 1, 0, 0, 1])
    };
    assert_eq!(page("").find(",]"), Some(54));
    run_all(vec![
        bad("5", 0, 1, "not_an_object", ""),
        bad("{}", 0, 2, "missing_field", "order"),
        bad(r#"{"order":null}"#, 0, 14, "null_field", "order"),
        bad(r#"{"order":{"id":"p","gross_amount":"1"}}"#, 9, 29, "wrong_type", "gross_amount"),
    ]);
}

#[test]
fn copies_of_operations() {
    let text = |list: &str| format!(r#"{{"order_id":"o","captures":[{list}]}}"#);
    let (c, d) = (operation("c"), operation("d"));
    run_all(vec![
        Case::new("the same list twice").file("a", text(&c)).file("b", text(&c)).counts([2, 1, 1, 0, 0]),
        Case::new("pages overlap")
            .file("a", text(&format!("{c},{d}")))
            .file("b", text(&format!("{d},{}", operation("e"))))
            .counts([4, 3, 1, 0, 0]),
    ]);
}
