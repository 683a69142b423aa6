//! Random checkout sessions, standalone or inside a transaction.

use serde_json::{Value, json};

use super::items::item;
use super::values::{DocumentTraits, SESSIONS, TRANSACTIONS, some_time, with, without_some_nulls};
use crate::rng::Rng;

pub fn session(rng: &mut Rng) -> Value {
    let traits = DocumentTraits::new(rng);
    let amount = if traits.is_odd(rng) { traits.amount(rng) } else { 1000 };
    let mut order = json!({
        "amount": amount,
        "currency": rng.maybe(&["NOK", "NOK", "SEK", "-", "", "nok"]),
        "merchant_reference": rng.maybe(&["-", "", "o1", "m"]),
        "merchant_reference_2": rng.maybe(&["-", "", "second"]),
        "partial_payment": rng.one_of(&[Value::Null, Value::Null, json!(true), json!(false)]).clone(),
    });
    if rng.once_in(2) {
        order = with(order, json!({"items": rng.list(3, |rng| item(rng, &traits))}));
    }
    if rng.once_in(3) {
        let option = with(item(rng, &traits), json!({"line_id": rng.maybe(&["ship", "1", "-", ""])}));
        order = with(order, json!({"shipping_option": option}));
    }
    let mut session = json!({
        "id": rng.word(&SESSIONS),
        "order": without_some_nulls(rng, order),
        "transaction_id": rng.maybe(&["-", "", "t1", "t2", "P12345678.1", "T12345678.1", "t9"]),
        "cancelled_at": if rng.once_in(3) { some_time(rng) } else { Value::Null },
        "created_at": some_time(rng),
        "updated_at": some_time(rng),
    });
    if rng.once_in(3) {
        session = with(session, json!({"version": rng.roll(3)}));
    }
    if rng.once_in(4) {
        session = with(session, json!({"events": rng.list(3, |_| json!({"name": "VISITED"}))}));
    }
    without_some_nulls(rng, session)
}

/// A session inside a transaction; sometimes it is not a valid document.
pub fn embedded(rng: &mut Rng) -> Value {
    let mut session = session(rng);
    match rng.roll(8) {
        0 => with(session, json!({"id": rng.one_of(&[Value::Null, json!("")]).clone()})),
        1 => with(session, json!({"order": rng.one_of(&[Value::Null, json!({}), json!({"currency": "NOK"})]).clone()})),
        2 => {
            session["transaction_id"] = json!(rng.word(&TRANSACTIONS));
            session
        }
        3 => Value::Null,
        _ => session,
    }
}
