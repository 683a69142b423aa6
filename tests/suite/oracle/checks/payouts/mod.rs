//! Payouts: the worked example, the edge cases, and each rule broken and clean.

mod bank;
mod payments;
mod providers;

use serde_json::{Value, json};

use super::*;
use crate::oracle::{PayoutRow, PayoutSettings};

pub fn paid_sources(sources: Vec<Source>) -> Output {
    let settings = Settings { payouts: PayoutSettings::default(), ..Settings::default() };
    judge(&Input { sources }, &settings)
}

pub fn paid(values: &[Value]) -> Output {
    paid_sources(vec![source("export.json", values)])
}

/// The columns of each row, joined by blanks; empty cells as `-`.
pub fn cells(rows: &[PayoutRow], columns: &[&str]) -> Vec<String> {
    let cell = |row: &PayoutRow, column: &str| {
        let found = row.iter().find(|(name, _)| *name == column).expect("the column is there");
        if found.1.is_empty() { "-".to_owned() } else { found.1.clone() }
    };
    rows.iter().map(|row| columns.iter().map(|column| cell(row, column)).collect::<Vec<_>>().join(" ")).collect()
}

/// The findings of AV707 on, as `rule kind id event expected actual: detail`.
pub fn speaks(output: &Output) -> Vec<String> {
    let dash = |column: &Option<String>| column.clone().unwrap_or("-".to_owned());
    let all = output.findings.iter().filter(|finding| finding.rule >= "AV707");
    all.map(|finding| {
        format!(
            "{} {} {} {} {} {}: {}",
            finding.rule,
            finding.kind,
            finding.id,
            dash(&finding.event),
            dash(&finding.expected),
            dash(&finding.actual),
            finding.detail
        )
    })
    .collect()
}

/// A settled transaction whose capture names a settlement.
pub fn settled(id: &str, capture_amount: i64, entries: Value) -> Value {
    let mut capture = capture(2, capture_amount);
    capture["settlements"] = json!({"settlement_status": "SETTLED", "events": entries});
    transaction(json!({"id": id, "amount": capture_amount, "events": [authorize(1), capture]}))
}

/// An entry without a refund.
pub fn entry(settlement: &str, capture: i64, fee: i64) -> Value {
    json!({"settlement_id": settlement, "amount": capture - fee, "capture": capture, "fee": fee})
}

/// A list item of one currency that is all capture.
pub fn item(id: &str, currency: &str, amount: i64, texts: Value) -> Value {
    let clean = json!({"id": id, "amounts": [{"currency": currency, "amount": amount, "capture": amount}]});
    with(clean, texts)
}

/// The transactions and the report of the worked example.
pub fn example() -> Vec<Value> {
    let mut refunded = settled("t3", 50000, json!([]));
    refunded["status"] = json!("PARTIALLY_REFUNDED");
    let mut refund = refund(3, 30000);
    refund["settlements"] = json!({
        "settlement_status": "SETTLED",
        "events": [{"settlement_id": "S1", "amount": -30000, "refund": -30000}],
    });
    refunded["events"].as_array_mut().expect("a list").push(refund);
    vec![
        settled("t1", 100000, json!([entry("S1", 100000, 2500)])),
        settled("t2", 80000, json!([entry("S1", 80000, 2000)])),
        refunded,
        json!({
            "dintero_settlement_id": "S1", "settlement_reference": "R17483", "settlement_date": "2026-10-05",
            "currency": "NOK", "amount": 145500, "capture": 180000, "refund": -30000, "fee": -4500,
            "transactions": [
                {"transaction_id": "t1", "capture": 100000, "fee": -2500},
                {"transaction_id": "t2", "capture": 80000, "fee": -2000},
                {"transaction_id": "t3", "refund": -30000},
            ],
        }),
    ]
}

pub const ACCOUNT: [&str; 10] = [
    "captures_minor",
    "refunds_minor",
    "fees_minor",
    "other_minor",
    "carried_in_minor",
    "carried_out_minor",
    "unexplained_minor",
    "amount_minor",
    "state",
    "convention",
];
