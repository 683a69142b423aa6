//! A rule about time that is not due yet is listed in waiting.csv; once due, it is an exception
//! with the same id.

use serde_json::{Value, json};

use crate::support::{Desk, Row};

fn event(kind: &str, status: &str, more: &Value) -> Value {
    let mut event = json!({
        "event": kind, "success": true, "transaction_status": status, "amount": 100,
        "created_at": "2026-11-01T10:00:00Z",
    });
    event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    event
}

fn payment(id: &str, status: &str, events: &[Value]) -> Value {
    json!({
        "id": id, "amount": 100, "currency": "NOK", "status": status, "payment_product_type": "vipps",
        "merchant_reference": id, "created_at": "2026-11-01T10:00:00Z", "events": events,
    })
}

/// One payment per rule about time, all starting at the same instant, and each rule's window in
/// days.
fn desk() -> (Desk, [(&'static str, &'static str, i64); 4]) {
    let none = json!({});
    let authorized = event("AUTHORIZE", "AUTHORIZED", &none);
    let initiated = event("INITIATE_CAPTURE", "AUTHORIZED", &json!({"request_id": "r1"}));
    let documents = [
        payment("P1.pending", "AUTHORIZED", &[authorized.clone(), initiated]),
        payment("P1.open", "AUTHORIZED", std::slice::from_ref(&authorized)),
        payment("P1.held", "ON_HOLD", &[event("AUTHORIZE", "ON_HOLD", &none)]),
        payment("P1.paid", "CAPTURED", &[authorized, event("CAPTURE", "CAPTURED", &none)]),
        json!({ "dintero_settlement_id": "S1", "currency": "NOK", "amount": 0, "capture": 0, "refund": 0, "fee": 0,
                "transactions": [] }),
    ];
    let lines: String = documents.iter().map(|document| format!("{document}\n")).collect();
    let rules =
        [("AV408", "P1.pending", 1), ("AV410", "P1.open", 30), ("AV412", "P1.held", 7), ("AV706", "P1.paid", 14)];
    (Desk::with("export.ndjson", lines), rules)
}

fn find<'r>(rows: &'r [Row], rule: &str, id: &str) -> Option<&'r Row> {
    rows.iter().find(|row| row["rule"] == rule && row["id"] == id)
}

#[test]
fn what_waits_is_due_the_instant_after_its_window() {
    let (desk, rules) = desk();
    for (rule, id, days) in rules {
        let due =
            if days == 30 { "2026-12-01T10:00:00Z".to_owned() } else { format!("2026-11-{:02}T10:00:00Z", 1 + days) };
        assert!(matches!(desk.check(&["--quiet", "--as-of", &due]).code, Some(0 | 1)));
        let (waiting, exceptions) = (desk.rows("waiting.csv"), desk.rows("exceptions.csv"));
        let waits = find(&waiting, rule, id).unwrap_or_else(|| panic!("{rule}: {waiting:?}")).clone();
        assert_eq!((waits["due"].as_str(), waits["days_left"].as_str()), (due.as_str(), "0"), "{rule}");
        assert_eq!(waits["since"], "2026-11-01T10:00:00Z", "{rule}");
        assert!(find(&exceptions, rule, id).is_none(), "{rule}");
        let counted = waiting.iter().filter(|row| row["rule"] == rule).count();
        assert_eq!(desk.json("summary.json")["waiting"][rule], counted);

        let after = due.replace("00Z", "00.000000001Z");
        desk.check(&["--quiet", "--as-of", &after]);
        let (waiting, exceptions) = (desk.rows("waiting.csv"), desk.rows("exceptions.csv"));
        let fired = find(&exceptions, rule, id).unwrap_or_else(|| panic!("{rule}: {exceptions:?}"));
        assert_eq!((&fired["exception_id"], &fired["due"]), (&waits["exception_id"], &due), "{rule}");
        assert!(find(&waiting, rule, id).is_none(), "{rule}");
    }
}

#[test]
fn a_longer_window_turns_an_exception_into_one_that_waits() {
    let (desk, _) = desk();
    desk.avstem(&["check", "in", "--out", "first", "--as-of", "2026-11-09", "--quiet"]);
    std::fs::write(desk.path().join("avstem.toml"), "[windows]\non_hold = \"30d\"\n").unwrap();
    desk.check(&["--baseline", "first", "--as-of", "2026-11-10", "--quiet"]);
    let rows = desk.rows("resolved.csv");
    let row = find(&rows, "AV412", "P1.held").unwrap_or_else(|| panic!("{rows:?}"));
    assert_eq!((row["state"].as_str(), row["reason"].as_str()), ("resolved", "waiting"));
}

#[test]
fn a_rule_that_is_off_waits_for_nothing() {
    let (desk, rules) = desk();
    let off: String = rules.iter().map(|(rule, ..)| format!("{rule} = \"off\"\n")).collect();
    std::fs::write(desk.path().join("avstem.toml"), format!("[rules]\n{off}")).unwrap();
    desk.check(&["--quiet", "--as-of", "2026-11-01"]);
    assert_eq!(desk.rows("waiting.csv").len(), 0);
}

#[test]
fn balances_say_for_how_many_days_what_is_open_is_authorised() {
    let authorize = |time: &str| json!({"id": "e1", "event": "AUTHORIZE", "success": true, "transaction_status": "AUTHORIZED", "created_at": time});
    let capture = json!({"id": "e2", "event": "CAPTURE", "success": true, "amount": 100, "transaction_status": "CAPTURED", "created_at": "2026-11-03T10:00:00Z"});
    let desk = Desk::new();
    let put = |id: &str, status: &str, events: Value| {
        let payment = json!({"id": format!("P12345678.{id}"), "amount": 100, "currency": "NOK", "status": status,
            "payment_product_type": "vipps", "created_at": "2026-10-20T10:00:00Z", "events": events});
        desk.put(&format!("{id}.json"), payment.to_string());
    };
    put("a", "AUTHORIZED", json!([authorize("2026-11-03T23:30:00Z")]));
    put("b", "CAPTURED", json!([authorize("2026-11-03T10:00:00Z"), capture]));
    put(
        "c",
        "AUTHORIZED",
        json!([{"id": "e1", "event": "AUTHORIZE", "success": true, "transaction_status": "AUTHORIZED"}]),
    );
    put("d", "DECLINED", json!([]));
    desk.check(&["--quiet", "--fail-on", "never", "--balances-csv", "--as-of", "2026-11-04T00:30:00Z"]);
    let days =
        |desk: &Desk| -> Vec<String> { desk.rows("balances.csv").iter().map(|row| row["open_days"].clone()).collect() };
    // The as-of time is 00:30: `a` was authorised a calendar day earlier, `c` is dated by the
    // document's creation.
    assert_eq!(days(&desk), ["1", "", "15", ""]);
    std::fs::write(desk.path().join("avstem.toml"), "time_zone = \"Europe/Oslo\"\n").unwrap();
    desk.check(&["--quiet", "--fail-on", "never", "--balances-csv", "--as-of", "2026-11-04T00:30:00Z"]);
    assert_eq!(days(&desk), ["0", "", "15", ""]);
}
