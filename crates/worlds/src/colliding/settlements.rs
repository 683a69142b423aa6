//! Random settlement reports and items of the settlement list.

use serde_json::{Value, json};

use super::dice::Dice;
use super::values::{SETTLEMENTS, Taste, some_time, with, without_some_nulls};

/// A header that balances by one of the conventions, or by none.
fn header(dice: &mut Dice, taste: &Taste) -> Value {
    let (capture, refund, fee) = (taste.amount(dice), taste.amount(dice), *dice.one_of(&[0, 30, -30]));
    let (capture, refund) = (capture.clamp(-1 << 40, 1 << 40), refund.clamp(-1 << 40, 1 << 40));
    let amount = match dice.roll(6) {
        0 => Value::Null,
        1 => json!(capture + refund - fee),
        2 => json!(capture + refund + fee),
        3 => json!(capture - refund + fee),
        4 => json!(capture - refund - fee + *dice.one_of(&[0, 1, -1])),
        _ => json!(capture - refund - fee),
    };
    json!({
        "currency": dice.maybe(&["NOK", "NOK", "SEK", "-", ""]),
        "amount": amount,
        "capture": if dice.once_in(6) { Value::Null } else { json!(capture) },
        "refund": if dice.once_in(3) { Value::Null } else { json!(refund) },
        "fee": if dice.once_in(3) { Value::Null } else { json!(fee) },
    })
}

fn line(dice: &mut Dice, taste: &Taste) -> Value {
    let line = json!({
        "transaction_id": dice.maybe(&["t1", "t2", "t3", "P12345678.1", "t9", "", "-"]),
        "capture": taste.some_amount(dice),
        "refund": taste.some_amount(dice),
        "fee": dice.one_of(&[Value::Null, json!(0), json!(30)]).clone(),
        "amount": if dice.once_in(4) { taste.some_amount(dice) } else { Value::Null },
        "net_amount": if dice.once_in(4) { taste.some_amount(dice) } else { Value::Null },
    });
    without_some_nulls(dice, line)
}

pub fn report(dice: &mut Dice) -> Value {
    let taste = Taste::new(dice);
    let mut report = header(dice, &taste);
    report["dintero_settlement_id"] = json!(dice.word(&SETTLEMENTS));
    match dice.roll(8) {
        0 => {}
        1 => report["transactions"] = Value::Null,
        // One line with the header's own parts: it adds up when the header does.
        2 => {
            let parts = json!({"transaction_id": "t1", "capture": report["capture"], "refund": report["refund"], "fee": report["fee"]});
            report["transactions"] = json!([parts]);
        }
        _ => report["transactions"] = json!(dice.list(3, |dice| line(dice, &taste))),
    }
    if dice.once_in(4) {
        report = with(report, json!({"updated_at": some_time(dice), "id": "another"}));
    }
    without_some_nulls(dice, report)
}

pub fn list_item(dice: &mut Dice) -> Value {
    let taste = Taste::new(dice);
    let item = json!({
        "id": dice.word(&SETTLEMENTS),
        "amounts": dice.list(3, |dice| header(dice, &taste)),
        "created_at": some_time(dice),
        "updated_at": some_time(dice),
        "version": dice.one_of(&[Value::Null, json!(1)]).clone(),
    });
    without_some_nulls(dice, item)
}
