//! Klarna's settlements: payouts whose totals are what their lines sum to, or nearly.

use serde_json::{Map, Value, json};

use super::entries::CORRELATIONS;
use super::pools::DAYS;
use crate::colliding::balanced::perturb;
use crate::rng::Rng;

const REFERENCES: [&str; 5] = ["K-90001", "K-90002", "R17483", "K-90003", "S55001"];
const WORDS: [&str; 12] =
    ["SALE", "SALE", "SALE", "SALE", "RETURN", "FEE", "FEE_REFUND", "HOLDBACK", "RELEASE", "REVERSAL", "CHARGE", "TAX"];

fn line(rng: &mut Rng, reference: &str, currency: &str, is_signed: bool) -> Value {
    let word = rng.word(&WORDS);
    let is_negated = ["RETURN", "FEE", "HOLDBACK", "REVERSAL", "CHARGE", "TAX"].contains(&word);
    let size = *rng.one_of(&[300, 500, 600, 1000, 1]);
    json!({
        "payment_reference": reference,
        "currency_code": currency,
        "type": word,
        "amount": if is_negated && is_signed { -size } else { size },
        "order_id": rng.maybe(&CORRELATIONS),
        "capture_id": rng.maybe(&["-", "-", "c-1", "c-2"]),
        "refund_id": rng.maybe(&["-", "-", "-", "c-3"]),
        "more": rng.roll(3),
    })
}

/// The totals that the lines sum to, by type or signed.
fn totals(rng: &mut Rng, lines: &[Value], is_signed: bool) -> Map<String, Value> {
    let mut totals: Map<String, Value> = Map::new();
    let mut sum = 0;
    for line in lines {
        let word = line["type"].as_str().unwrap_or("").to_ascii_lowercase();
        let amount = line["amount"].as_i64().unwrap_or(0);
        let is_negated = ["return", "fee", "holdback", "reversal", "charge", "tax"].contains(&word.as_str());
        sum += if is_negated && !is_signed { -amount } else { amount };
        let name = format!("{word}_amount");
        let before = totals.get(&name).and_then(Value::as_i64).unwrap_or(0);
        totals.insert(name, json!(before + amount));
    }
    if rng.once_in(4) {
        totals.insert("repay_amount".to_owned(), json!(100));
        sum += if is_signed { 100 } else { -100 };
    }
    if sum < 0 && rng.once_in(2) {
        totals.insert("deposit_amount".to_owned(), json!(-sum));
        sum = 0;
    }
    totals.insert("settlement_amount".to_owned(), json!(sum));
    for name in ["opening_debt_balance_amount", "closing_debt_balance_amount"] {
        if !rng.once_in(3) {
            totals.insert(name.to_owned(), json!(*rng.one_of(&[0, 0, 700])));
        }
    }
    totals
}

/// Payouts, and lines of payouts that are there or not.
pub fn documents(rng: &mut Rng) -> (Vec<Value>, Vec<Value>) {
    let (mut payouts, mut lines) = (Vec::new(), Vec::new());
    for at in 0..1 + rng.index(3) {
        let reference = REFERENCES[(at + rng.index(3)) % REFERENCES.len()];
        let currency = rng.word(&["NOK", "NOK", "SEK"]);
        let is_signed = rng.once_in(3);
        let own: Vec<Value> = (0..rng.roll(5)).map(|_| line(rng, reference, currency, is_signed)).collect();
        let mut payout = json!({
            "payment_reference": reference,
            "payout_date": rng.one_of(&[json!(DAYS[0]), json!(DAYS[2]), json!("2026-01-14T07:52:26Z"), Value::Null]).clone(),
            "currency_code": currency,
            "merchant_id": rng.maybe(&["m1", "m1", "m1", "m2", "-"]),
            "totals": totals(rng, &own, is_signed),
        });
        let changes = *rng.one_of(&[0, 0, 0, 1]);
        perturb(rng, &mut payout["totals"], changes);
        if !payout["totals"]["settlement_amount"].is_i64() {
            payout["totals"]["settlement_amount"] = json!(500);
        }
        // One copy of a payout that is another, and none that is like one before it.
        if rng.once_in(8) {
            let mut later = payout.clone();
            later["totals"]["sale_amount"] = json!(4000);
            payouts.push(later);
        }
        if !rng.once_in(5) {
            payouts.push(payout);
        }
        lines.extend(own.into_iter().filter(|_| !rng.once_in(12)));
    }
    if rng.once_in(4) && !lines.is_empty() {
        lines.push(rng.one_of(&lines).clone());
    }
    (payouts, lines)
}
