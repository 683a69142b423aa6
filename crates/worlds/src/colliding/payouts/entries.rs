//! The payments' own record of their payouts.

use serde_json::{Value, json};

use super::pools::set;
use crate::colliding::ExportFile;
use crate::colliding::values::without_some_nulls;
use crate::rng::Rng;

pub const IDS: [&str; 7] = ["e1", "e2", "e1", "P12345678.e", "S55001", "S55002-X", "S55001"];
pub const CORRELATIONS: [&str; 5] = ["-", "", "c-1", "c-2", "c-3"];

/// An entry, as a settlement's line would say it.
#[derive(Clone, Debug)]
pub struct SourceLine {
    pub settlement_id: String,
    pub currency: String,
    pub transaction_id: String,
    pub capture: i64,
    /// What the refund takes from the payout, so mostly negative.
    pub refund: i64,
    pub fee: i64,
}

/// Adds entries to the events of transactions; copies that were equal mostly stay so.
pub fn add(rng: &mut Rng, files: &mut [ExportFile]) -> Vec<SourceLine> {
    let mut lines = Vec::new();
    let mut done: Vec<(Value, Value)> = Vec::new();
    for value in files.iter_mut().flat_map(|file| &mut file.values) {
        let known = done.iter().find(|(before, _)| before == value).filter(|_| !rng.once_in(4));
        if let Some((_, after)) = known {
            *value = after.clone();
            continue;
        }
        let before = value.clone();
        if value.get("transaction").is_some_and(Value::is_object) {
            add_to_transaction(rng, &mut value["transaction"], &mut lines);
        } else {
            add_to_transaction(rng, value, &mut lines);
        }
        done.push((before, value.clone()));
    }
    lines
}

fn add_to_transaction(rng: &mut Rng, value: &mut Value, lines: &mut Vec<SourceLine>) {
    let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let (Some(id), Some(currency)) = (text("id"), text("currency")) else { return };
    let Some(events) = value.get_mut("events").and_then(Value::as_array_mut) else { return };
    let home = rng.word(&IDS);
    for event in events.iter_mut().filter(|event| event.is_object()) {
        let kind = event.get("event").and_then(Value::as_str).unwrap_or("").to_ascii_uppercase();
        let is_money = kind == "CAPTURE" || kind == "REFUND";
        if (is_money && rng.once_in(4)) || (!is_money && !rng.once_in(12)) {
            continue;
        }
        let amount = event.get("amount").and_then(Value::as_i64).unwrap_or(600).clamp(-1 << 40, 1 << 40);
        let parts = if rng.once_in(4) { vec![amount - 400, 400] } else { vec![amount] };
        let mut entries = Vec::new();
        for part in parts {
            let settlement_id = if rng.once_in(5) { rng.word(&IDS) } else { home };
            let line = SourceLine {
                settlement_id: settlement_id.to_owned(),
                currency: currency.clone(),
                transaction_id: id.clone(),
                capture: if kind == "REFUND" { 0 } else { part },
                refund: if kind == "REFUND" { -part } else { 0 },
                fee: *rng.one_of(&[0, -30, -30, 30]),
            };
            entries.push(entry(rng, &line));
            lines.push(line);
        }
        let status = rng.maybe(&["SETTLED", "SETTLED", "PARTIALLY_SETTLED", "-", "settled"]);
        let settlements = rng
            .one_of(&[
                json!({"settlement_status": status, "events": entries}),
                json!({"settlement_status": status, "events": entries}),
                json!({"events": entries}),
                json!({"settlement_status": status, "events": null}),
                Value::Null,
            ])
            .clone();
        set(event, "settlements", settlements);
        if rng.once_in(3) {
            set(event, "metadata", json!({"payout_correlation_id": rng.maybe(&CORRELATIONS)}));
        }
    }
    if rng.once_in(3) {
        set(value, "metadata", json!({"payout_correlation_id": rng.maybe(&CORRELATIONS), "payout": "x"}));
    }
}

/// The line as an entry in one of the conventions, or in none.
fn entry(rng: &mut Rng, line: &SourceLine) -> Value {
    let (refund_sign, fee_sign) = *rng.one_of(&[(1, 1), (1, 1), (-1, -1), (1, -1), (-1, 1)]);
    let mut amount = json!(line.capture + line.refund + line.fee);
    match rng.roll(8) {
        0 => amount = Value::Null,
        1 => amount = json!(line.capture + line.fee),
        2 => amount = json!(line.capture + line.refund + line.fee + 1),
        _ => {}
    }
    let entry = json!({
        "settlement_id": line.settlement_id,
        "amount": amount,
        "capture": if rng.once_in(8) { Value::Null } else { json!(line.capture) },
        "refund": if line.refund == 0 && rng.once_in(2) { Value::Null } else { json!(refund_sign * line.refund) },
        "fee": if line.fee == 0 && rng.once_in(2) { Value::Null } else { json!(fee_sign * line.fee) },
        "provider_reference": rng.maybe(&["-", "-", "", "R17483", "K-90001"]),
        "event_correlation_id": rng.maybe(&CORRELATIONS),
    });
    without_some_nulls(rng, entry)
}
