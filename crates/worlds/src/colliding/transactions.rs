//! Random transactions: some that nearly add up, some that hardly do.

use serde_json::{Value, json};

use super::dice::Dice;
use super::sessions;
use super::values::{
    SESSIONS, TRANSACTIONS, Taste, currency, line_id, quantity, rising_times, some_time, with, without_some_nulls,
};

const STATUS: [&str; 18] = [
    "AUTHORIZED",
    "authorized",
    "CAPTURED",
    "PARTIALLY_CAPTURED",
    "PARTICALLY_CAPTURED_REFUNDED",
    "PARTIALLY_CAPTURED_REFUNDED",
    "REFUNDED",
    "PARTIALLY_REFUNDED",
    "AUTHORIZATION_VOIDED",
    "INITIATED",
    "INITIALIZED",
    "DECLINED",
    "REJECTED",
    "FAILED",
    "ON_HOLD",
    "UNKNOWN",
    "SOMETHING",
    "-",
];

const KINDS: [&str; 20] = [
    "AUTHORIZE",
    "AUTHORIZE",
    "authorize",
    "CAPTURE",
    "CAPTURE",
    "Capture",
    "CAPTURE",
    "REFUND",
    "REFUND",
    "refund",
    "VOID",
    "void",
    "INITIATE_CAPTURE",
    "INITIATE_REFUND",
    "INITIATE_VOID",
    "INITIALIZE",
    "INITIATE",
    "SETTLEMENT",
    "CHARGEBACK",
    "CANCEL",
];

const PRODUCTS: [&str; 11] = [
    "payex.creditcard",
    "vipps",
    "klarna.klarna",
    "klarna.invoice",
    "collector.invoice",
    "swish.swish",
    "dintero.zero",
    "dintero.external",
    "payex.swish",
    "-",
    "instabank.finance",
];

const REQUESTS: [&str; 6] = ["-", "-", "", "Ab-1", "ab1", "c2"];

pub fn split(dice: &mut Dice, taste: &Taste) -> Value {
    json!({"payout_destination_id": dice.word(&["p", "p", "q", ""]), "amount": taste.amount(dice)})
}

/// Splits that sum to the amount, or nearly.
fn splits_of(dice: &mut Dice, taste: &Taste, amount: i64) -> Value {
    if taste.is_odd(dice) {
        return json!(dice.list(3, |dice| split(dice, taste)));
    }
    let part = amount / 2;
    json!([
        {"payout_destination_id": "p", "amount": part},
        {"payout_destination_id": "q", "amount": amount.saturating_sub(part)},
    ])
}

fn fee_split(dice: &mut Dice) -> Value {
    json!({"destinations": dice.list(2, |dice| dice.word(&["p", "q", "x", ""])), "type": "proportional"})
}

pub fn item(dice: &mut Dice, taste: &Taste) -> Value {
    let amount = taste.some_amount(dice);
    let mut item = json!({"line_id": line_id(dice), "amount": amount});
    if dice.once_in(2) {
        item = with(item, json!({"quantity": quantity(dice)}));
    }
    if dice.once_in(4) {
        let discounts = dice.list(2, |dice| json!({"amount": taste.some_amount(dice)}));
        item = with(item, json!({"gross_amount": taste.some_amount(dice), "discount_lines": discounts}));
    }
    if dice.once_in(4) {
        let splits = match amount.as_i64() {
            Some(amount) => splits_of(dice, taste, amount),
            None => json!(dice.list(2, |dice| split(dice, taste))),
        };
        item = with(item, json!({"splits": splits}));
    }
    if dice.once_in(5) {
        item = with(item, json!({"fee_split": fee_split(dice)}));
    }
    without_some_nulls(dice, item)
}

fn gift_cards(dice: &mut Dice, taste: &Taste) -> Value {
    let card = |dice: &mut Dice| json!({"card_id": dice.maybe(&["k1", "k1", "k2", "-", ""]), "amount": taste.some_amount(dice)});
    json!(dice.list(2, card))
}

fn event(dice: &mut Dice, taste: &Taste, kind: &str, time: Value) -> Value {
    let amount = match kind.to_ascii_uppercase().as_str() {
        "VOID" if !dice.once_in(3) => Value::Null,
        _ => taste.some_amount(dice),
    };
    let mut event = json!({"event": kind, "amount": amount, "created_at": time});
    if !dice.once_in(4) {
        let success = if taste.is_odd(dice) { json!(false) } else { json!(true) };
        event = with(event, json!({"success": success}));
    }
    if dice.once_in(3) {
        event = with(event, json!({"transaction_status": dice.maybe(&STATUS)}));
    }
    if dice.once_in(3) {
        event = with(event, json!({"id": dice.maybe(&["v1", "v1", "v2", "v3", "", "-"])}));
    }
    if dice.once_in(3) {
        event = with(event, json!({"items": dice.list(3, |dice| item(dice, taste))}));
    }
    if dice.once_in(4) {
        let splits = match amount.as_i64() {
            Some(amount) => splits_of(dice, taste, amount),
            None => json!(dice.list(2, |dice| split(dice, taste))),
        };
        event = with(event, json!({"splits": splits}));
    }
    if dice.once_in(6) {
        event = with(event, json!({"fee_split": fee_split(dice)}));
    }
    if dice.once_in(6) {
        event = with(event, json!({"gift_cards": gift_cards(dice, taste)}));
    }
    if dice.once_in(3) {
        let ids = json!({"request_id": dice.maybe(&REQUESTS), "correlation_request_id": dice.maybe(&REQUESTS)});
        event = with(event, ids);
    }
    if dice.once_in(6) {
        let correction = json!({
            "remaining_capture_amount": taste.some_amount(dice),
            "remaining_refund_amount": taste.some_amount(dice),
            "remaining_void_amount": taste.some_amount(dice),
        });
        event = with(event, json!({"correction": correction}));
    }
    without_some_nulls(dice, event)
}

/// Events in the usual sequence, or in any.
fn events(dice: &mut Dice, taste: &Taste) -> Value {
    let mut kinds: Vec<&'static str> = match dice.roll(6) {
        0 => vec!["AUTHORIZE"],
        1 => vec!["AUTHORIZE", "CAPTURE"],
        2 => vec!["AUTHORIZE", "CAPTURE", "CAPTURE", "REFUND"],
        3 => vec!["AUTHORIZE", "INITIATE_CAPTURE", "CAPTURE", "VOID"],
        4 => vec!["INITIALIZE", "AUTHORIZE", "CAPTURE", "REFUND", "REFUND"],
        _ => dice.list(6, |dice| dice.word(&KINDS)),
    };
    if taste.is_odd(dice) {
        kinds.push(dice.word(&KINDS));
    }
    if taste.is_odd(dice) {
        dice.shuffle(&mut kinds);
    }
    let times: Vec<Value> = if taste.is_odd(dice) {
        kinds.iter().map(|_| some_time(dice)).collect()
    } else {
        rising_times(dice, kinds.len()).into_iter().map(|time| json!(time)).collect()
    };
    let all = kinds.into_iter().zip(times).map(|(kind, time)| event(dice, taste, kind, time));
    json!(all.collect::<Vec<_>>())
}

pub fn transaction(dice: &mut Dice) -> Value {
    let taste = Taste::new(dice);
    let amount = if taste.is_odd(dice) { taste.amount(dice) } else { *dice.one_of(&[1000, 1000, 10_000, 0]) };
    let mut document = json!({
        "id": dice.word(&TRANSACTIONS),
        "amount": amount,
        "currency": currency(dice),
        "status": dice.maybe(&STATUS),
        "payment_product_type": dice.maybe(&PRODUCTS),
        "merchant_reference": dice.maybe(&["-", "", "o1", "o2", "P12345678.o", "m"]),
        "session_id": dice.maybe(&["-", "", SESSIONS[0], SESSIONS[1], SESSIONS[2], SESSIONS[4]]),
        "created_at": some_time(dice),
        "updated_at": some_time(dice),
        "events": events(dice, &taste),
    });
    if dice.once_in(2) {
        document = with(document, json!({"items": dice.list(4, |dice| item(dice, &taste))}));
    }
    if dice.once_in(3) {
        let option = with(item(dice, &taste), json!({"line_id": dice.maybe(&["ship", "1", "-", ""])}));
        document = with(document, json!({"shipping_option": option}));
    }
    if dice.once_in(3) {
        document = with(document, rarely(dice, &taste));
    }
    if dice.once_in(5) {
        document = with(document, json!({"session": sessions::embedded(dice)}));
    }
    if dice.once_in(3) {
        document = with(document, json!({"version": dice.roll(3)}));
    }
    without_some_nulls(dice, document)
}

fn rarely(dice: &mut Dice, taste: &Taste) -> Value {
    let mut more = json!({
        "merchant_reference_2": dice.maybe(&["-", "", "second", "=1+1"]),
        "settlement_status": dice.maybe(&["SETTLED", "SETTLED", "NOT_SETTLED", "-", "settled"]),
    });
    if dice.once_in(2) {
        more = with(more, json!({"gift_cards": gift_cards(dice, taste)}));
    }
    if dice.once_in(3) {
        let platform = json!({
            "platform_type": dice.maybe(&["aggregator", "aggregator", "Aggregator", "-"]),
            "payout_destination_id": dice.maybe(&["-", "-", "p", ""]),
            "store": dice.one_of(&[Value::Null, json!({}), json!({"payout_destination_id": "p"}), json!({"payout_destination_id": null})]).clone(),
        });
        more = with(more, platform);
    }
    more
}

/// A transaction without events, as webhooks carry.
pub fn partial(dice: &mut Dice) -> Value {
    let mut document = transaction(dice);
    let members = document.as_object_mut().expect("a transaction is an object");
    if dice.once_in(3) {
        members.insert("events".to_owned(), Value::Null);
    } else {
        members.remove("events");
    }
    if dice.once_in(3) {
        members.remove("amount");
    }
    // Two of the names must be there for it to be a transaction at all.
    members.insert("status".to_owned(), json!("CAPTURED"));
    document
}

pub fn webhook(dice: &mut Dice) -> Value {
    let inner = match dice.roll(6) {
        0 => Value::Null,
        1 => transaction(dice),
        _ => partial(dice),
    };
    json!({"event": "checkout_transaction", "transaction": inner})
}
