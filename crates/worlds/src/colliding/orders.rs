//! Random shopping orders and operations.

use serde_json::{Map, Value, json};

use super::values::{DocumentTraits, ORDERS, currency, line_id, rising_times, some_time, with, without_some_nulls};
use crate::rng::Rng;

pub const COLLECTIONS: [&str; 4] = ["authorizations", "captures", "refunds", "cancellations"];

fn operation_item(rng: &mut Rng, traits: &DocumentTraits) -> Value {
    let mut item = json!({"line_id": line_id(rng), "amount": traits.some_amount(rng)});
    if rng.once_in(3) {
        let destination =
            |rng: &mut Rng| json!({"destination": rng.word(&["p", "q", "p", ""]), "amount": traits.amount(rng)});
        let destinations = json!(rng.list(2, destination));
        let payout =
            rng.one_of(&[json!({"destinations": destinations}), json!({"destinations": null}), json!({})]).clone();
        item = with(item, json!({"payout": payout}));
    }
    without_some_nulls(rng, item)
}

pub fn operation(rng: &mut Rng, traits: &DocumentTraits, time: Value) -> Value {
    let mut operation = json!({
        "id": rng.maybe(&["x1", "x2", "x3", "x4", "x1", "-", "", "-"]),
        "amount": traits.some_amount(rng),
        "processed_at": time,
    });
    if rng.once_in(3) {
        operation = with(operation, json!({"items": rng.list(3, |rng| operation_item(rng, traits))}));
    }
    if !rng.once_in(3) {
        let success = if traits.is_odd(rng) { json!(false) } else { json!(true) };
        operation = with(operation, json!({"success": success}));
    }
    if rng.once_in(3) {
        operation = with(operation, json!({"authorization_id": rng.maybe(&["x1", "x2", "x9", "", "-"])}));
    }
    if rng.once_in(3) {
        let id = rng.maybe(&["t1", "t2", "P12345678.1", "t9", "", "-"]);
        let details =
            rng.one_of(&[json!({"payment_id": id}), json!({"payment_id": id}), Value::Null, json!({})]).clone();
        operation = with(operation, json!({"payment_details": details}));
    }
    if rng.once_in(3) {
        let copy = json!({
            "created_at": some_time(rng),
            "updated_at": some_time(rng),
            "version": rng.one_of(&[Value::Null, json!(1), json!(2)]).clone(),
        });
        operation = with(operation, copy);
    }
    without_some_nulls(rng, operation)
}

pub fn operations(rng: &mut Rng, traits: &DocumentTraits, longest: u64) -> Value {
    let count = rng.index(longest as usize + 1);
    let times: Vec<Value> = if traits.is_odd(rng) {
        (0..count).map(|_| some_time(rng)).collect()
    } else {
        rising_times(rng, count).into_iter().map(|time| json!(time)).collect()
    };
    json!(times.into_iter().map(|time| operation(rng, traits, time)).collect::<Vec<_>>())
}

pub fn order(rng: &mut Rng) -> Value {
    let traits = DocumentTraits::new(rng);
    let id = rng.word(&ORDERS);
    let mut order = json!({
        "currency": if rng.once_in(8) { Value::Null } else { json!(currency(rng)) },
        "payment_status": rng.maybe(&["pending", "partially_paid", "paid", "partially_refunded", "refunded", "Paid", "-"]),
        "gross_amount": if rng.once_in(4) { Value::Null } else { json!(*rng.one_of(&[1000, 600, 1001])) },
        "created_at": some_time(rng),
        "updated_at": some_time(rng),
    });
    if rng.once_in(4) {
        let gross = |rng: &mut Rng| json!({"gross_amount": traits.some_amount(rng)});
        order = with(order, json!({"items": rng.list(2, gross)}));
    }
    for collection in COLLECTIONS {
        match rng.roll(4) {
            0 => {}
            1 if rng.once_in(3) => order[collection] = Value::Null,
            _ => order[collection] = operations(rng, &traits, 2),
        }
    }
    if rng.once_in(4) {
        order = with(order, json!({"version": rng.roll(2)}));
    }
    let mut order = without_some_nulls(rng, order);
    // Without `order_id`, the gross amount identifies it as an order.
    if rng.once_in(5) && order.get("gross_amount").is_some_and(Value::is_number) {
        order["id"] = json!(id);
    } else {
        order["order_id"] = json!(id);
        order["id"] = json!(rng.word(&["uuid-1", "uuid-2"]));
    }
    order
}

/// Lists of operations; with `named` they contain the order id, otherwise the path states it.
pub fn envelope(rng: &mut Rng, named: bool) -> Value {
    let traits = DocumentTraits::new(rng);
    let mut envelope = Map::new();
    if named {
        envelope.insert("order_id".to_owned(), json!(rng.word(&ORDERS)));
    }
    let first = rng.word(&COLLECTIONS);
    envelope.insert(first.to_owned(), operations(rng, &traits, 3));
    if rng.once_in(3) {
        let second = rng.word(&COLLECTIONS);
        if second != first {
            envelope.insert(second.to_owned(), operations(rng, &traits, 2));
        }
    }
    Value::Object(envelope)
}

/// An operation whose order and collection the path states.
pub fn single_operation(rng: &mut Rng) -> Value {
    let traits = DocumentTraits::new(rng);
    let time = some_time(rng);
    let mut operation = operation(rng, &traits, time);
    operation["note"] = Value::Null;
    operation
}
