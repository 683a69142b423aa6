use super::super::json::{quantity, quantity_text};
use super::*;

#[test]
fn sources_in_any_order_give_the_same() {
    let one = source("b/1.json", &[transaction(json!({"status": "AUTHORIZED"}))]);
    let other = source("a/1.json", &[transaction(json!({"status": "REFUNDED"}))]);
    let forth = run_sources(vec![one.clone(), other.clone()]);
    let back = run_sources(vec![other, one]);
    assert_eq!(forth.findings, back.findings);
    assert_eq!(forth.balances[0].status.as_deref(), Some("AUTHORIZED"));
}

#[test]
fn operations_from_envelopes_and_paths() {
    let output = run_sources(vec![
        source("x/orders/o1/captures.json", &[json!({"captures": [operation("c1", 2, 10)]})]),
        source("x/orders/o1/captures/c2.json", &[operation("c2", 2, 20)]),
        source("x/orders/o1/refunds", &[json!({"refunds": [operation("r1", 3, 5)]})]),
        source("y.json", &[json!({"order_id": "o1", "authorizations": [operation("a1", 1, 100)]})]),
        source("z.json", &[json!({"authorizations": [operation("a9", 1, 100)]})]),
    ]);
    let [balance] = &output.balances[..] else {
        panic!("one ledger");
    };
    assert_eq!((balance.authorized, balance.captured, balance.refunded), (100, 30, 5));
    assert_eq!((balance.open, balance.net, balance.events), (70, 25, 4));
    assert_eq!(balance.source, "x/orders/o1/captures.json");
}

#[test]
fn operations_met_again() {
    let plain = json!({"amount": 7, "processed_at": day(2)});
    let newer = with(operation("c1", 2, 900), json!({"updated_at": day(9)}));
    let output = run_sources(vec![
        source("a.json", &[order(json!({"captures": [operation("c1", 2, 1000), plain, plain]}))]),
        source("b.json", &[json!({"order_id": "o1", "captures": [plain, newer, plain]})]),
        source("c.json", &[json!({"order_id": "o1", "captures": [operation("c1", 2, 1)]})]),
    ]);
    assert_eq!(output.balances[0].captured, 914);
    assert_eq!(output.balances[0].events, 4);
}

#[test]
fn webhooks_carry_their_transaction() {
    let inside = json!({"id": "t1", "amount": 5, "currency": "NOK"});
    let values = [json!({"account_id": "P1", "event": "checkout_transaction", "transaction": inside})];
    fires("AV006", &values, &["t1 - - - - -"]);
}

#[test]
fn times() {
    let text = |written: &str| Instant::parse(written).map(Instant::text);
    let some = |written: &str| Some(written.to_owned());
    assert_eq!(text("2026-01-01T01:00:00.120+01:00"), some("2026-01-01T00:00:00.12Z"));
    assert_eq!(text("2026-01-01T00:00:00.000Z"), some("2026-01-01T00:00:00Z"));
    assert_eq!(text("2026-01-01T00:00:00.1234567899Z"), some("2026-01-01T00:00:00.123456789Z"));
    assert_eq!(text("2016-12-31T23:59:60Z"), some("2016-12-31T23:59:60Z"));
    let leap = Instant::parse("2016-12-31T23:59:60Z");
    assert!(Instant::parse("2016-12-31T23:59:59.999999999Z") < leap);
    assert!(leap < Instant::parse("2017-01-01T00:00:00Z"));
    let date = Instant::parse_as_of("2026-11-20").map(Instant::text);
    assert_eq!(date, some("2026-11-20T23:59:59.999999999Z"));
}

#[test]
fn quantities() {
    let read = |value: Value| quantity(&json!({"quantity": value}), "quantity").map(quantity_text);
    let some = |written: &str| Some(written.to_owned());
    assert_eq!(read(json!(2)), some("2"));
    assert_eq!(read(json!(2.50)), some("2.5"));
    assert_eq!(read(json!("2.500000001")), some("2.500000001"));
    assert_eq!(read(json!("1.5e1")), some("15"));
    assert_eq!(read(json!("-0.10")), some("-0.1"));
    assert_eq!(read(json!(null)), None);
}

#[test]
fn rows_are_in_their_total_order() {
    let list = json!([authorize(1), event("X", 2, json!({})), event("Y", 3, json!({}))]);
    let values = [
        transaction(json!({"id": "t2", "events": list})),
        transaction(json!({"id": "t10", "amount": -1, "events": list})),
    ];
    let output = run(&values);
    let rows: Vec<_> = output
        .findings
        .iter()
        .map(|f| format!("{} {} {}", f.rule, f.id, f.event.clone().unwrap_or_default()))
        .collect();
    assert_eq!(
        rows,
        [
            "AV101 t10 ",
            "AV108 t10 ",
            "AV401 t10 ",
            "AV401 t2 ",
            "AV413 t10 events[1]",
            "AV413 t10 events[2]",
            "AV413 t2 events[1]",
            "AV413 t2 events[2]",
        ]
    );
}

#[test]
fn exception_ids_hash_what_stays_the_same() {
    let list = json!([authorize(1), event("CAPTURE", 2, json!({"amount": 1100, "id": "e7"}))]);
    let found = of(&run(&[transaction(json!({"events": list}))]), "AV101");
    let mut bytes = Vec::new();
    for text in ["AV101", "transaction", "t1", "e7", "", "", "", "0"] {
        bytes.extend((text.len() as u64).to_le_bytes());
        bytes.extend(text.as_bytes());
    }
    assert_eq!(found[0].exception_id, blake3::hash(&bytes).to_hex().as_str()[..16]);
    // Without id: its kind and time.
    let found = of(&run(&[transaction(json!({"events": [capture(2, 1100)]}))]), "AV101");
    let mut bytes = Vec::new();
    for text in ["AV101", "transaction", "t1", "capture 2026-01-02T12:00:00Z", "", "", "", "0"] {
        bytes.extend((text.len() as u64).to_le_bytes());
        bytes.extend(text.as_bytes());
    }
    assert_eq!(found[0].exception_id, blake3::hash(&bytes).to_hex().as_str()[..16]);
}
