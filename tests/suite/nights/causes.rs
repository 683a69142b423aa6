//! Findings that follow from one cause carry the same root, and what is explained and what is not make the difference.

use serde_json::{Value, json};

use crate::support::{Desk, Row, root, rows};

fn event(kind: &str, amount: i64, status: &str, minute: u32, more: Value) -> Value {
    let mut event = json!({
        "id": format!("e{minute}"), "event": kind, "success": true, "transaction_status": status, "amount": amount,
        "created_at": format!("2026-11-01T10:{minute:02}:00Z"),
    });
    event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    event
}

/// The exceptions of one payment of 1.00.
fn found(status: &str, events: &[Value], more: Value) -> Vec<Row> {
    let mut payment = json!({
        "id": "P12345678.x", "amount": 100, "currency": "NOK", "status": status, "payment_product_type": "vipps",
        "created_at": "2026-11-01T10:00:00Z", "events": events,
    });
    payment.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let desk = Desk::with("x.json", payment.to_string());
    desk.check(&["--quiet", "--fail-on", "never"]);
    let rows = desk.rows("exceptions.csv");
    assert_eq!(desk.json("summary.json")["findings"]["roots"], roots(&rows));
    rows
}

fn roots(rows: &[Row]) -> usize {
    rows.iter().filter(|row| row["root"] == row["exception_id"]).count()
}

/// All of these rules fired, with this cause, from the finding of the first of them.
fn one_cause(rows: &[Row], cause: &str, rules: &[&str]) {
    let mut fired: Vec<&str> = rows.iter().map(|row| row["rule"].as_str()).collect();
    fired.sort_unstable();
    let mut wanted = rules.to_vec();
    wanted.sort_unstable();
    assert_eq!(fired, wanted, "{rows:#?}");
    let root = rows.iter().find(|row| row["rule"] == rules[0]).unwrap();
    for row in rows {
        assert_eq!((row["cause"].as_str(), &row["root"]), (cause, &root["exception_id"]), "{row:#?}");
    }
    laws(rows);
}

/// What holds for the rows of any report.
fn laws(rows: &[Row]) {
    for row in rows {
        let number = |column: &str| row[column].parse::<i128>().ok();
        let parts = number("explained_minor").zip(number("unexplained_minor")).map(|(a, b)| a + b);
        assert_eq!(parts, number("delta_minor"), "{row:#?}");
        let root = rows.iter().find(|other| other["exception_id"] == row["root"]).expect("the root is in the report");
        assert_eq!(root["root"], root["exception_id"], "a root explains itself");
        assert_eq!(root["cause"], row["cause"]);
    }
}

#[test]
fn an_event_that_is_there_twice() {
    let capture = |minute| event("CAPTURE", 100, "CAPTURED", minute, json!({"id": "same"}));
    let authorize = event("AUTHORIZE", 100, "AUTHORIZED", 1, json!({}));
    let rows = found("CAPTURED", &[authorize, capture(2), capture(3)], json!({}));
    one_cause(&rows, "duplicate_event", &["AV110", "AV101"]);
    assert!(rows.iter().all(|row| row["unexplained_minor"] == "0"));
}

#[test]
fn what_a_duplicate_does_not_explain_stays_unexplained() {
    let capture = |minute, amount: i64| event("CAPTURE", amount, "CAPTURED", minute, json!({"id": "same"}));
    let rows = found(
        "CAPTURED",
        &[event("AUTHORIZE", 100, "AUTHORIZED", 1, json!({})), capture(2, 130), capture(3, 130)],
        json!({}),
    );
    let over = rows.iter().find(|row| row["rule"] == "AV101").unwrap();
    assert_eq!((over["explained_minor"].as_str(), over["unexplained_minor"].as_str()), ("130", "30"), "{over:#?}");
    laws(&rows);
}

#[test]
fn a_failed_event_that_the_status_counts() {
    let failed = event("CAPTURE", 100, "CAPTURED", 2, json!({"success": false}));
    let rows = found("CAPTURED", &[event("AUTHORIZE", 100, "AUTHORIZED", 1, json!({})), failed], json!({}));
    one_cause(&rows, "failed_event_counted", &["AV409", "AV401", "AV402"]);
}

#[test]
fn a_capture_that_is_missing() {
    let capture = event("CAPTURE", 60, "CAPTURED", 2, json!({}));
    let rows = found("CAPTURED", &[event("AUTHORIZE", 100, "AUTHORIZED", 1, json!({})), capture], json!({}));
    one_cause(&rows, "missing_event", &["AV401", "AV403"]);
}

#[test]
fn a_wrong_sign() {
    let capture = event("CAPTURE", -100, "CAPTURED", 2, json!({}));
    let rows = found("CAPTURED", &[event("AUTHORIZE", 100, "AUTHORIZED", 1, json!({})), capture], json!({}));
    assert!(rows.iter().any(|row| row["rule"] == "AV108" && row["cause"] == "sign"), "{rows:#?}");
    assert_eq!(roots(&rows), 1, "{rows:#?}");
    laws(&rows);
}

#[test]
fn an_item_on_another_line() {
    let items = json!({"items": [{"line_id": "1", "amount": 60}, {"line_id": "9", "amount": 40}]});
    let capture = event("CAPTURE", 100, "CAPTURED", 2, items);
    let own = json!({"items": [{"line_id": "1", "amount": 60}, {"line_id": "2", "amount": 40}]});
    let rows = found("CAPTURED", &[event("AUTHORIZE", 100, "AUTHORIZED", 1, json!({})), capture], own);
    one_cause(&rows, "wrong_line", &["AV204"]);
}

#[test]
fn a_refund_to_another_seller() {
    let splits = |a: i64, b: i64| json!({"splits": [{"payout_destination_id": "a", "amount": a}, {"payout_destination_id": "b", "amount": b}]});
    let events = [
        event("AUTHORIZE", 100, "AUTHORIZED", 1, json!({})),
        event("CAPTURE", 100, "CAPTURED", 2, splits(30, 70)),
        event(
            "REFUND",
            50,
            "PARTIALLY_REFUNDED",
            40,
            json!({"splits": [{"payout_destination_id": "a", "amount": 50}]}),
        ),
    ];
    let rows = found("PARTIALLY_REFUNDED", &events, json!({}));
    laws(&rows);
    assert_eq!(rows.len(), 1, "{rows:#?}");
    // 50 went to a seller who had 30: no split of just the 20 that are too much, so nothing is proved.
    assert_eq!(rows[0]["cause"], "");
}

#[test]
fn every_report_keeps_the_laws() {
    let desk = Desk::new();
    let export = root().join("samples/export");
    let words = ["check", export.to_str().unwrap(), "--out", "run", "--quiet", "--fail-on", "never"];
    assert_eq!(desk.avstem(&words).code, Some(0));
    laws(&desk.rows("exceptions.csv"));
    let made = desk.avstem(&["generate", "--transactions", "600", "--seed", "5", "--faults", "0.5", "--out", "world"]);
    assert_eq!(made.code, Some(0));
    desk.avstem(&["check", "world/export", "--out", "faulty", "--quiet", "--fail-on", "never"]);
    let text = std::fs::read_to_string(desk.path().join("faulty/exceptions.csv")).unwrap();
    let rows = rows(&text);
    laws(&rows);
    let with_cause = rows.iter().filter(|row| !row["cause"].is_empty()).count();
    assert!(with_cause > 10 && roots(&rows) < rows.len(), "{with_cause} of {}", rows.len());
}
