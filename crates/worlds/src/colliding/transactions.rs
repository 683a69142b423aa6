//! Random transactions, most of them inconsistent.

use serde_json::{Value, json};

use super::items::{fee_split, item, splits};
use super::sessions;
use super::values::{
    DocumentTraits, SESSIONS, TRANSACTIONS, currency, rising_times, some_time, with, without_some_nulls,
};
use crate::rng::Rng;

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

fn gift_cards(rng: &mut Rng, traits: &DocumentTraits) -> Value {
    let card =
        |rng: &mut Rng| json!({"card_id": rng.maybe(&["k1", "k1", "k2", "-", ""]), "amount": traits.some_amount(rng)});
    json!(rng.list(2, card))
}

fn event(rng: &mut Rng, traits: &DocumentTraits, kind: &str, time: Value) -> Value {
    let amount = match kind.to_ascii_uppercase().as_str() {
        "VOID" if !rng.once_in(3) => Value::Null,
        _ => traits.some_amount(rng),
    };
    let mut event = json!({"event": kind, "amount": amount, "created_at": time});
    if !rng.once_in(4) {
        let success = if traits.is_odd(rng) { json!(false) } else { json!(true) };
        event = with(event, json!({"success": success}));
    }
    if rng.once_in(3) {
        event = with(event, json!({"transaction_status": rng.maybe(&STATUS)}));
    }
    if rng.once_in(3) {
        event = with(event, json!({"id": rng.maybe(&["v1", "v1", "v2", "v3", "", "-"])}));
    }
    if rng.once_in(3) {
        event = with(event, json!({"items": rng.list(3, |rng| item(rng, traits))}));
    }
    if rng.once_in(4) {
        let splits = splits(rng, traits, &amount);
        event = with(event, json!({"splits": splits}));
    }
    if rng.once_in(6) {
        event = with(event, json!({"fee_split": fee_split(rng)}));
    }
    if rng.once_in(6) {
        event = with(event, json!({"gift_cards": gift_cards(rng, traits)}));
    }
    if rng.once_in(3) {
        let ids = json!({"request_id": rng.maybe(&REQUESTS), "correlation_request_id": rng.maybe(&REQUESTS)});
        event = with(event, ids);
    }
    if rng.once_in(6) {
        let correction = json!({
            "remaining_capture_amount": traits.some_amount(rng),
            "remaining_refund_amount": traits.some_amount(rng),
            "remaining_void_amount": traits.some_amount(rng),
        });
        event = with(event, json!({"correction": correction}));
    }
    without_some_nulls(rng, event)
}

/// Events in the usual order, or in a random one.
fn events(rng: &mut Rng, traits: &DocumentTraits) -> Value {
    let mut kinds: Vec<&'static str> = match rng.roll(6) {
        0 => vec!["AUTHORIZE"],
        1 => vec!["AUTHORIZE", "CAPTURE"],
        2 => vec!["AUTHORIZE", "CAPTURE", "CAPTURE", "REFUND"],
        3 => vec!["AUTHORIZE", "INITIATE_CAPTURE", "CAPTURE", "VOID"],
        4 => vec!["INITIALIZE", "AUTHORIZE", "CAPTURE", "REFUND", "REFUND"],
        _ => rng.list(6, |rng| rng.word(&KINDS)),
    };
    if traits.is_odd(rng) {
        kinds.push(rng.word(&KINDS));
    }
    if traits.is_odd(rng) {
        rng.shuffle(&mut kinds);
    }
    let times: Vec<Value> = if traits.is_odd(rng) {
        kinds.iter().map(|_| some_time(rng)).collect()
    } else {
        rising_times(rng, kinds.len()).into_iter().map(|time| json!(time)).collect()
    };
    let all = kinds.into_iter().zip(times).map(|(kind, time)| event(rng, traits, kind, time));
    json!(all.collect::<Vec<_>>())
}

pub fn transaction(rng: &mut Rng) -> Value {
    let traits = DocumentTraits::new(rng);
    let amount = if traits.is_odd(rng) { traits.amount(rng) } else { *rng.one_of(&[1000, 1000, 10_000, 0]) };
    let mut document = json!({
        "id": rng.word(&TRANSACTIONS),
        "amount": amount,
        "currency": currency(rng),
        "status": rng.maybe(&STATUS),
        "payment_product_type": rng.maybe(&PRODUCTS),
        "merchant_reference": rng.maybe(&["-", "", "o1", "o2", "P12345678.o", "m"]),
        "session_id": rng.maybe(&["-", "", SESSIONS[0], SESSIONS[1], SESSIONS[2], SESSIONS[4]]),
        "created_at": some_time(rng),
        "updated_at": some_time(rng),
        "events": events(rng, &traits),
    });
    if rng.once_in(2) {
        document = with(document, json!({"items": rng.list(4, |rng| item(rng, &traits))}));
    }
    if rng.once_in(3) {
        let option = with(item(rng, &traits), json!({"line_id": rng.maybe(&["ship", "1", "-", ""])}));
        document = with(document, json!({"shipping_option": option}));
    }
    if rng.once_in(3) {
        document = with(document, rarely(rng, &traits));
    }
    if rng.once_in(5) {
        document = with(document, json!({"session": sessions::embedded(rng)}));
    }
    if rng.once_in(3) {
        document = with(document, json!({"version": rng.roll(3)}));
    }
    without_some_nulls(rng, document)
}

fn rarely(rng: &mut Rng, traits: &DocumentTraits) -> Value {
    let mut more = json!({
        "merchant_reference_2": rng.maybe(&["-", "", "second", "=1+1"]),
        "settlement_status": rng.maybe(&["SETTLED", "SETTLED", "NOT_SETTLED", "-", "settled"]),
    });
    if rng.once_in(2) {
        more = with(more, json!({"gift_cards": gift_cards(rng, traits)}));
    }
    if rng.once_in(3) {
        let platform = json!({
            "platform_type": rng.maybe(&["aggregator", "aggregator", "Aggregator", "-"]),
            "payout_destination_id": rng.maybe(&["-", "-", "p", ""]),
            "store": rng.one_of(&[Value::Null, json!({}), json!({"payout_destination_id": "p"}), json!({"payout_destination_id": null})]).clone(),
        });
        more = with(more, platform);
    }
    more
}

/// A transaction without events, as in webhooks.
pub fn partial(rng: &mut Rng) -> Value {
    let mut document = transaction(rng);
    let members = document.as_object_mut().expect("a transaction is an object");
    if rng.once_in(3) {
        members.insert("events".to_owned(), Value::Null);
    } else {
        members.remove("events");
    }
    if rng.once_in(3) {
        members.remove("amount");
    }
    // Without its amount, the status identifies it as a transaction.
    members.insert("status".to_owned(), json!("CAPTURED"));
    document
}

pub fn webhook(rng: &mut Rng) -> Value {
    let inner = match rng.roll(6) {
        0 => Value::Null,
        1 => transaction(rng),
        _ => partial(rng),
    };
    json!({"event": "checkout_transaction", "transaction": inner})
}
