//! Random checkout sessions, on their own or inside a transaction.

use serde_json::{Value, json};

use super::dice::Dice;
use super::transactions::item;
use super::values::{SESSIONS, TRANSACTIONS, Taste, some_time, with, without_some_nulls};

pub fn session(dice: &mut Dice) -> Value {
    let taste = Taste::new(dice);
    let amount = if taste.is_odd(dice) { taste.amount(dice) } else { 1000 };
    let mut order = json!({
        "amount": amount,
        "currency": dice.maybe(&["NOK", "NOK", "SEK", "-", "", "nok"]),
        "merchant_reference": dice.maybe(&["-", "", "o1", "m"]),
        "merchant_reference_2": dice.maybe(&["-", "", "second"]),
        "partial_payment": dice.one_of(&[Value::Null, Value::Null, json!(true), json!(false)]).clone(),
    });
    if dice.once_in(2) {
        order = with(order, json!({"items": dice.list(3, |dice| item(dice, &taste))}));
    }
    if dice.once_in(3) {
        let option = with(item(dice, &taste), json!({"line_id": dice.maybe(&["ship", "1", "-", ""])}));
        order = with(order, json!({"shipping_option": option}));
    }
    let mut session = json!({
        "id": dice.word(&SESSIONS),
        "order": without_some_nulls(dice, order),
        "transaction_id": dice.maybe(&["-", "", "t1", "t2", "P12345678.1", "T12345678.1", "t9"]),
        "cancelled_at": if dice.once_in(3) { some_time(dice) } else { Value::Null },
        "created_at": some_time(dice),
        "updated_at": some_time(dice),
    });
    if dice.once_in(3) {
        session = with(session, json!({"version": dice.roll(3)}));
    }
    if dice.once_in(4) {
        session = with(session, json!({"events": dice.list(3, |_| json!({"name": "VISITED"}))}));
    }
    without_some_nulls(dice, session)
}

/// A session inside a transaction: now and then it is no document.
pub fn embedded(dice: &mut Dice) -> Value {
    let mut session = session(dice);
    match dice.roll(8) {
        0 => with(session, json!({"id": dice.one_of(&[Value::Null, json!("")]).clone()})),
        1 => {
            with(session, json!({"order": dice.one_of(&[Value::Null, json!({}), json!({"currency": "NOK"})]).clone()}))
        }
        2 => {
            session["transaction_id"] = json!(dice.word(&TRANSACTIONS));
            session
        }
        3 => Value::Null,
        _ => session,
    }
}
