//! Random documents of any kind, and copies of them.

use serde_json::{Value, json};

use super::{balanced, orders, sessions, settlements, transactions, values};
use crate::rng::Rng;

/// A consistent document with up to three small changes.
fn nearly_balanced(rng: &mut Rng) -> Value {
    let mut value = match rng.roll(8) {
        0..=3 => balanced::transaction(rng),
        4 | 5 => balanced::order(rng),
        6 => balanced::session(rng),
        _ => balanced::report(rng),
    };
    let changes = rng.roll(4);
    balanced::perturb(rng, &mut value, changes);
    value
}

pub fn document(rng: &mut Rng) -> Value {
    if rng.once_in(2) {
        return nearly_balanced(rng);
    }
    match rng.roll(20) {
        0..=7 => transactions::transaction(rng),
        8 => transactions::partial(rng),
        9 => transactions::webhook(rng),
        10..=12 => orders::order(rng),
        13..=14 => orders::envelope(rng, true),
        15..=16 => sessions::session(rng),
        17..=18 => settlements::report(rng),
        _ => settlements::list_item(rng),
    }
}

/// A copy of a document: equal, changed in one place, or with another date.
pub fn copy_of(rng: &mut Rng, value: &Value) -> Value {
    let mut copy = value.clone();
    let Some(members) = copy.as_object_mut() else { return copy };
    match rng.roll(9) {
        0 | 1 => {}
        2 => {
            members.insert("updated_at".to_owned(), json!(values::time(rng)));
        }
        3 => {
            members.insert("version".to_owned(), json!(rng.roll(3)));
        }
        4 => {
            let names: Vec<String> = members
                .keys()
                .filter(|name| !name.contains("id") && *name != "order" && *name != "amount")
                .cloned()
                .collect();
            if !names.is_empty() {
                members.remove(&names[rng.index(names.len())]);
            }
        }
        5..=7 => balanced::perturb(rng, &mut copy, 1),
        _ => {
            let other = document(rng);
            for name in ["status", "currency", "events", "items", "captures", "created_at"] {
                if let (Some(mine), Some(value)) = (members.get_mut(name), other.get(name)) {
                    *mine = value.clone();
                }
            }
        }
    }
    // The copy must still be recognised as a document of its kind.
    if is_still_a_document(&copy) { copy } else { value.clone() }
}

fn is_still_a_document(value: &Value) -> bool {
    let has = |name: &str| value.get(name).is_some_and(|member| !member.is_null());
    if has("order") || has("dintero_settlement_id") || has("amounts") {
        return true;
    }
    if has("event") {
        return value.get("transaction").is_some_and(|inner| inner.is_null() || is_still_a_document(inner));
    }
    let is_envelope = orders::COLLECTIONS.iter().any(|name| value.get(*name).is_some_and(Value::is_array));
    if (has("order_id") && (is_envelope || has("id"))) || (has("id") && has("gross_amount")) {
        return true;
    }
    let is_partial = !value.get("events").is_some_and(Value::is_array);
    has("id") && if is_partial { has("status") } else { has("amount") && has("currency") }
}
