//! Consistent documents that refer to each other, and small changes that break them.

use serde_json::{Value, json};

use super::values::{time, with};
use crate::rng::Rng;

/// A transaction that is authorized, captured in one or two parts, and sometimes refunded.
pub fn transaction(rng: &mut Rng) -> Value {
    let mut events = vec![
        json!({"event": "AUTHORIZE", "amount": 1000, "success": true, "created_at": "2026-01-01T12:00:00Z", "transaction_status": "AUTHORIZED"}),
    ];
    let in_parts = rng.once_in(2);
    let (first, second) = (item("1", 600, 2), item("2", 400, 1));
    if in_parts {
        events.push(capture("v1", "2026-01-02T12:00:00Z", 600, &[&first]));
        events.push(capture("v2", "2026-01-03T12:00:00Z", 400, &[&second]));
    } else {
        events.push(capture("v1", "2026-01-02T12:00:00Z", 1000, &[&first, &second]));
    }
    let mut status = "CAPTURED";
    if rng.once_in(3) {
        let mut refund = capture("v3", "2026-01-10T12:00:00Z", 400, &[&second]);
        refund["event"] = json!("REFUND");
        events.push(refund);
        status = "PARTIALLY_REFUNDED";
    }
    let document = json!({
        "id": rng.word(&["t1", "t2", "t3", "P12345678.1", "P12345678.2"]),
        "amount": 1000,
        "currency": "NOK",
        "status": status,
        "settlement_status": rng.maybe(&["SETTLED", "NOT_SETTLED", "-"]),
        "payment_product_type": "payex.creditcard",
        "merchant_reference": rng.word(&["o1", "o2", "m"]),
        "session_id": rng.maybe(&["s1", "s2", "-"]),
        "items": [first, second],
        "events": events,
        "created_at": time(rng),
        "updated_at": time(rng),
    });
    if rng.once_in(3) { with_splits(document) } else { document }
}

fn item(line: &str, amount: i64, quantity: i64) -> Value {
    json!({"line_id": line, "amount": amount, "quantity": quantity})
}

fn capture(id: &str, time: &str, amount: i64, items: &[&Value]) -> Value {
    json!({"event": "CAPTURE", "id": id, "amount": amount, "success": true, "created_at": time, "items": items})
}

/// Splits every capture and refund between two sellers.
fn with_splits(mut document: Value) -> Value {
    let events = document["events"].as_array_mut().expect("the events are a list");
    for event in events.iter_mut().skip(1) {
        let amount = event["amount"].as_i64().expect("each event states its amount");
        event["splits"] = json!([
            {"payout_destination_id": "p", "amount": amount - 100},
            {"payout_destination_id": "q", "amount": 100},
        ]);
        event["fee_split"] = json!({"destinations": ["p"]});
        event["gift_cards"] = json!([{"card_id": "k1", "amount": 100}]);
    }
    document
}

/// An order with two fully used authorizations, which the transactions above pay.
pub fn order(rng: &mut Rng) -> Value {
    let lines = |one: i64, two: i64| json!([{"line_id": "1", "amount": one}, {"line_id": "2", "amount": two}]);
    let operation = |id: &str, time: &str, amount: i64, items: Value, by: &str| {
        json!({
            "id": id, "amount": amount, "items": items, "success": true, "processed_at": time,
            "authorization_id": by,
        })
    };
    let mut order = json!({
        "order_id": rng.word(&["o1", "o2"]),
        "id": "uuid-1",
        "currency": "NOK",
        "payment_status": "paid",
        "gross_amount": 900,
        "authorizations": [
            operation("x1", "2026-01-01T12:00:00Z", 600, lines(400, 200), ""),
            operation("x2", "2026-01-01T13:00:00Z", 400, lines(200, 200), ""),
        ],
        "captures": [
            operation("x3", "2026-01-02T12:00:00Z", 500, lines(300, 200), "x1"),
            operation("x4", "2026-01-02T13:00:00Z", 400, lines(200, 200), "x2"),
        ],
        "cancellations": [operation("x5", "2026-01-03T12:00:00Z", 100, lines(100, 0), "x1")],
        "refunds": [],
        "updated_at": time(rng),
    });
    if rng.once_in(2) {
        let named = rng.word(&["t1", "t2", "P12345678.1"]);
        order["captures"][0]["payment_details"] = json!({"payment_id": named});
    }
    order
}

pub fn session(rng: &mut Rng) -> Value {
    let session = json!({
        "id": rng.word(&["s1", "s2"]),
        "transaction_id": rng.maybe(&["t1", "t2", "t3", "-"]),
        "order": {
            "amount": 1000, "currency": "NOK",
            "items": [
                {"line_id": "1", "amount": 600, "gross_amount": 700, "discount_lines": [{"amount": 100}]},
                {"line_id": "2", "amount": 300},
            ],
            "shipping_option": {"line_id": "ship", "amount": 100},
        },
        "created_at": time(rng),
    });
    if rng.once_in(3) { with(session, json!({"cancelled_at": time(rng)})) } else { session }
}

pub fn report(rng: &mut Rng) -> Value {
    let named = rng.word(&["t1", "t2", "t3"]);
    json!({
        "dintero_settlement_id": rng.word(&["e1", "e2"]),
        "currency": "NOK", "amount": 1940, "capture": 2000, "refund": 0, "fee": 60,
        "transactions": [
            {"transaction_id": named, "capture": 1000, "refund": 0, "fee": 30},
            {"transaction_id": "t1", "capture": 1000, "fee": 30},
        ],
    })
}

/// Changes a random number, flag or member in the value, `times` times.
pub fn perturb(rng: &mut Rng, value: &mut Value, times: u64) {
    for _ in 0..times {
        perturb_once(rng, value, 0);
    }
}

fn perturb_once(rng: &mut Rng, value: &mut Value, depth: u32) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            let name = members.keys().nth(rng.index(members.len())).expect("one of its own").clone();
            let is_plain = !members[&name].is_object() && !members[&name].is_array();
            let is_needed = depth == 0 || ["payout_destination_id", "destination"].contains(&name.as_str());
            if is_plain && !is_needed && name != "amount" && rng.once_in(2) {
                members.remove(&name);
            } else if let Some(member) = members.get_mut(&name) {
                perturb_once(rng, member, depth + 1);
            }
        }
        Value::Array(list) if !list.is_empty() => {
            let at = rng.index(list.len());
            match rng.roll(8) {
                0 => {
                    list.remove(at);
                }
                1 => list.push(list[at].clone()),
                _ => perturb_once(rng, &mut list[at], depth + 1),
            }
        }
        Value::Number(number) => {
            let old = number.as_i64().unwrap_or(0);
            let one_off =
                [old.saturating_add(1), old.saturating_sub(1), old.saturating_add(100), old.saturating_sub(100)];
            let others = [old.saturating_mul(2), old.saturating_neg(), 0];
            *value = if rng.once_in(2) { json!(*rng.one_of(&one_off)) } else { json!(*rng.one_of(&others)) };
        }
        Value::Bool(flag) => *flag = !*flag,
        _ => {}
    }
}
