//! Random shopping orders and operations.

use serde_json::{Map, Value, json};

use super::dice::Dice;
use super::values::{ORDERS, Taste, currency, line_id, rising_times, some_time, with, without_some_nulls};

pub const COLLECTIONS: [&str; 4] = ["authorizations", "captures", "refunds", "cancellations"];

fn operation_item(dice: &mut Dice, taste: &Taste) -> Value {
    let mut item = json!({"line_id": line_id(dice), "amount": taste.some_amount(dice)});
    if dice.once_in(3) {
        let destination =
            |dice: &mut Dice| json!({"destination": dice.word(&["p", "q", "p", ""]), "amount": taste.amount(dice)});
        let destinations = json!(dice.list(2, destination));
        let payout =
            dice.one_of(&[json!({"destinations": destinations}), json!({"destinations": null}), json!({})]).clone();
        item = with(item, json!({"payout": payout}));
    }
    without_some_nulls(dice, item)
}

pub fn operation(dice: &mut Dice, taste: &Taste, time: Value) -> Value {
    let mut operation = json!({
        "id": dice.maybe(&["x1", "x2", "x3", "x4", "x1", "-", "", "-"]),
        "amount": taste.some_amount(dice),
        "processed_at": time,
    });
    if dice.once_in(3) {
        operation = with(operation, json!({"items": dice.list(3, |dice| operation_item(dice, taste))}));
    }
    if !dice.once_in(3) {
        let success = if taste.is_odd(dice) { json!(false) } else { json!(true) };
        operation = with(operation, json!({"success": success}));
    }
    if dice.once_in(3) {
        operation = with(operation, json!({"authorization_id": dice.maybe(&["x1", "x2", "x9", "", "-"])}));
    }
    if dice.once_in(3) {
        let id = dice.maybe(&["t1", "t2", "P12345678.1", "t9", "", "-"]);
        let details =
            dice.one_of(&[json!({"payment_id": id}), json!({"payment_id": id}), Value::Null, json!({})]).clone();
        operation = with(operation, json!({"payment_details": details}));
    }
    if dice.once_in(3) {
        let copy = json!({
            "created_at": some_time(dice),
            "updated_at": some_time(dice),
            "version": dice.one_of(&[Value::Null, json!(1), json!(2)]).clone(),
        });
        operation = with(operation, copy);
    }
    without_some_nulls(dice, operation)
}

pub fn operations(dice: &mut Dice, taste: &Taste, longest: u64) -> Value {
    let count = dice.index(longest as usize + 1);
    let times: Vec<Value> = if taste.is_odd(dice) {
        (0..count).map(|_| some_time(dice)).collect()
    } else {
        rising_times(dice, count).into_iter().map(|time| json!(time)).collect()
    };
    json!(times.into_iter().map(|time| operation(dice, taste, time)).collect::<Vec<_>>())
}

pub fn order(dice: &mut Dice) -> Value {
    let taste = Taste::new(dice);
    let id = dice.word(&ORDERS);
    let mut order = json!({
        "currency": if dice.once_in(8) { Value::Null } else { json!(currency(dice)) },
        "payment_status": dice.maybe(&["pending", "partially_paid", "paid", "partially_refunded", "refunded", "Paid", "-"]),
        "gross_amount": if dice.once_in(4) { Value::Null } else { json!(*dice.one_of(&[1000, 600, 1001])) },
        "created_at": some_time(dice),
        "updated_at": some_time(dice),
    });
    if dice.once_in(4) {
        let gross = |dice: &mut Dice| json!({"gross_amount": taste.some_amount(dice)});
        order = with(order, json!({"items": dice.list(2, gross)}));
    }
    for collection in COLLECTIONS {
        match dice.roll(4) {
            0 => {}
            1 if dice.once_in(3) => order[collection] = Value::Null,
            _ => order[collection] = operations(dice, &taste, 2),
        }
    }
    if dice.once_in(4) {
        order = with(order, json!({"version": dice.roll(2)}));
    }
    let mut order = without_some_nulls(dice, order);
    // Its id is `order_id`, else `id`; something must say that it is an order.
    if dice.once_in(5) && order.get("gross_amount").is_some_and(Value::is_number) {
        order["id"] = json!(id);
    } else {
        order["order_id"] = json!(id);
        order["id"] = json!(dice.word(&["uuid-1", "uuid-2"]));
    }
    order
}

/// Lists of operations under an order's id, or without where the path names it.
pub fn envelope(dice: &mut Dice, named: bool) -> Value {
    let taste = Taste::new(dice);
    let mut envelope = Map::new();
    if named {
        envelope.insert("order_id".to_owned(), json!(dice.word(&ORDERS)));
    }
    let first = dice.word(&COLLECTIONS);
    envelope.insert(first.to_owned(), operations(dice, &taste, 3));
    if dice.once_in(3) {
        let second = dice.word(&COLLECTIONS);
        if second != first {
            envelope.insert(second.to_owned(), operations(dice, &taste, 2));
        }
    }
    Value::Object(envelope)
}

/// An operation for a path that says the rest.
pub fn lone_operation(dice: &mut Dice) -> Value {
    let taste = Taste::new(dice);
    let time = some_time(dice);
    let mut operation = operation(dice, &taste, time);
    operation["note"] = Value::Null;
    operation
}
