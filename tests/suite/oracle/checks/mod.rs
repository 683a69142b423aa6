//! The oracle's own tests: every rule broken and clean, and the worked example
//! of docs/RULES.md.

mod across;
mod amounts_and_lines;
mod copies;
mod example;
mod payouts;
mod random;
mod reading;
mod splits_and_states;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Finding, Input, Instant, Output, Record, Settings, Source, judge};

pub fn source(name: &str, values: &[Value]) -> Source {
    let records = values
        .iter()
        .enumerate()
        .map(|(at, value)| Record { offset: at as u64 * 100, value: value.clone(), elements: BTreeMap::new() })
        .collect();
    Source { name: name.to_owned(), records, bank: None }
}

pub fn run_sources(sources: Vec<Source>) -> Output {
    judge(&Input { sources }, &Settings::default())
}

pub fn run(values: &[Value]) -> Output {
    run_sources(vec![source("export.json", values)])
}

pub fn of(output: &Output, rule: &str) -> Vec<Finding> {
    let all = output.findings.iter();
    all.filter(|finding| finding.rule == rule).cloned().collect()
}

/// The rule's findings as `id event line destination expected actual`, empty
/// columns as `-`.
pub fn told(rule: &str, values: &[Value]) -> Vec<String> {
    let dash = |column: &Option<String>| column.clone().unwrap_or("-".to_owned());
    of(&run(values), rule)
        .iter()
        .map(|finding| {
            [
                finding.id.clone(),
                dash(&finding.event),
                dash(&finding.line_id),
                dash(&finding.payout_destination_id),
                dash(&finding.expected),
                dash(&finding.actual),
            ]
            .join(" ")
        })
        .collect()
}

pub fn fires(rule: &str, values: &[Value], expected: &[&str]) {
    assert_eq!(told(rule, values), expected, "{rule}");
}

pub fn silent(rule: &str, values: &[Value]) {
    fires(rule, values, &[]);
}

/// The value with these fields set.
pub fn with(mut value: Value, fields: Value) -> Value {
    for (name, field) in fields.as_object().expect("an object of fields") {
        value[name] = field.clone();
    }
    value
}

/// A clean captured transaction of 1000 NOK with these fields set.
pub fn transaction(fields: Value) -> Value {
    let clean = json!({
        "id": "t1", "amount": 1000, "currency": "NOK", "status": "CAPTURED",
        "payment_product_type": "payex.creditcard",
        "events": [authorize(1), capture(2, 1000)],
    });
    with(clean, fields)
}

/// Day 1 to 28 of January 2026, noon.
pub fn day(number: u32) -> String {
    format!("2026-01-{number:02}T12:00:00Z")
}

pub fn event(kind: &str, on: u32, fields: Value) -> Value {
    with(json!({"event": kind, "success": true, "created_at": day(on)}), fields)
}

pub fn authorize(on: u32) -> Value {
    event("AUTHORIZE", on, json!({}))
}

pub fn capture(on: u32, amount: i64) -> Value {
    event("CAPTURE", on, json!({"amount": amount}))
}

pub fn refund(on: u32, amount: i64) -> Value {
    event("REFUND", on, json!({"amount": amount}))
}

pub fn void(on: u32) -> Value {
    event("VOID", on, json!({}))
}

/// A clean order of 1000 NOK, paid, with these fields set.
pub fn order(fields: Value) -> Value {
    let clean = json!({
        "order_id": "o1", "id": "uuid-1", "currency": "NOK", "payment_status": "paid",
        "gross_amount": 1000,
        "authorizations": [operation("a1", 1, 1000)],
        "captures": [operation("c1", 2, 1000)],
        "refunds": [], "cancellations": [],
    });
    with(clean, fields)
}

pub fn operation(id: &str, on: u32, amount: i64) -> Value {
    json!({"id": id, "amount": amount, "success": true, "processed_at": day(on)})
}

/// A clean session of 1000 NOK with these fields set.
pub fn session(fields: Value) -> Value {
    let clean = json!({"id": "s1", "order": {"amount": 1000, "currency": "NOK"}});
    with(clean, fields)
}

/// A clean settlement report with one line of transaction t1.
pub fn report(fields: Value) -> Value {
    let clean = json!({
        "dintero_settlement_id": "e1", "currency": "NOK",
        "amount": 970, "capture": 1000, "refund": 0, "fee": 30,
        "transactions": [{"transaction_id": "t1", "capture": 1000, "fee": 30}],
    });
    with(clean, fields)
}

#[test]
fn clean_documents_have_no_findings() {
    let linked = order(json!({"order_id": "o1"}));
    let values = [
        transaction(json!({"merchant_reference": "o1", "session_id": "s1"})),
        linked,
        session(json!({"transaction_id": "t1"})),
        report(json!({})),
    ];
    assert_eq!(run(&values).findings, []);
}
