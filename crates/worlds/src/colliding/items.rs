//! Random lines of transactions and sessions, and their splits.

use serde_json::{Value, json};

use super::values::{DocumentTraits, line_id, quantity, with, without_some_nulls};
use crate::rng::Rng;

fn split(rng: &mut Rng, traits: &DocumentTraits) -> Value {
    json!({"payout_destination_id": rng.word(&["p", "p", "q", ""]), "amount": traits.amount(rng)})
}

/// Splits that usually sum to the amount.
pub fn splits(rng: &mut Rng, traits: &DocumentTraits, amount: &Value) -> Value {
    let Some(amount) = amount.as_i64() else { return json!(rng.list(2, |rng| split(rng, traits))) };
    if traits.is_odd(rng) {
        return json!(rng.list(3, |rng| split(rng, traits)));
    }
    let part = amount / 2;
    json!([
        {"payout_destination_id": "p", "amount": part},
        {"payout_destination_id": "q", "amount": amount.saturating_sub(part)},
    ])
}

pub fn fee_split(rng: &mut Rng) -> Value {
    json!({"destinations": rng.list(2, |rng| rng.word(&["p", "q", "x", ""])), "type": "proportional"})
}

pub fn item(rng: &mut Rng, traits: &DocumentTraits) -> Value {
    let amount = traits.some_amount(rng);
    let mut item = json!({"line_id": line_id(rng), "amount": amount});
    if rng.once_in(2) {
        item = with(item, json!({"quantity": quantity(rng)}));
    }
    if rng.once_in(4) {
        let discounts = rng.list(2, |rng| json!({"amount": traits.some_amount(rng)}));
        item = with(item, json!({"gross_amount": traits.some_amount(rng), "discount_lines": discounts}));
    }
    if rng.once_in(4) {
        let splits = splits(rng, traits, &amount);
        item = with(item, json!({"splits": splits}));
    }
    if rng.once_in(5) {
        item = with(item, json!({"fee_split": fee_split(rng)}));
    }
    without_some_nulls(rng, item)
}
