//! Random settlement reports and entries of the settlement list.

use serde_json::{Value, json};

use super::values::{DocumentTraits, SETTLEMENTS, some_time, with, without_some_nulls};
use crate::rng::Rng;

/// A header that balances by one of the sign conventions, or not at all.
fn header(rng: &mut Rng, traits: &DocumentTraits) -> Value {
    let (capture, refund, fee) = (traits.amount(rng), traits.amount(rng), *rng.one_of(&[0, 30, -30]));
    let (capture, refund) = (capture.clamp(-1 << 40, 1 << 40), refund.clamp(-1 << 40, 1 << 40));
    let amount = match rng.roll(6) {
        0 => Value::Null,
        1 => json!(capture + refund - fee),
        2 => json!(capture + refund + fee),
        3 => json!(capture - refund + fee),
        4 => json!(capture - refund - fee + *rng.one_of(&[0, 1, -1])),
        _ => json!(capture - refund - fee),
    };
    json!({
        "currency": rng.maybe(&["NOK", "NOK", "SEK", "-", ""]),
        "amount": amount,
        "capture": if rng.once_in(6) { Value::Null } else { json!(capture) },
        "refund": if rng.once_in(3) { Value::Null } else { json!(refund) },
        "fee": if rng.once_in(3) { Value::Null } else { json!(fee) },
    })
}

fn line(rng: &mut Rng, traits: &DocumentTraits) -> Value {
    let line = json!({
        "transaction_id": rng.maybe(&["t1", "t2", "t3", "P12345678.1", "t9", "", "-"]),
        "capture": traits.some_amount(rng),
        "refund": traits.some_amount(rng),
        "fee": rng.one_of(&[Value::Null, json!(0), json!(30)]).clone(),
        "amount": if rng.once_in(4) { traits.some_amount(rng) } else { Value::Null },
        "net_amount": if rng.once_in(4) { traits.some_amount(rng) } else { Value::Null },
    });
    without_some_nulls(rng, line)
}

pub fn report(rng: &mut Rng) -> Value {
    let traits = DocumentTraits::new(rng);
    let mut report = header(rng, &traits);
    report["dintero_settlement_id"] = json!(rng.word(&SETTLEMENTS));
    match rng.roll(8) {
        0 => {}
        1 => report["transactions"] = Value::Null,
        // One line with the header's amounts, so that it balances if the header does.
        2 => {
            let parts = json!({"transaction_id": "t1", "capture": report["capture"], "refund": report["refund"], "fee": report["fee"]});
            report["transactions"] = json!([parts]);
        }
        _ => report["transactions"] = json!(rng.list(3, |rng| line(rng, &traits))),
    }
    if rng.once_in(4) {
        report = with(report, json!({"updated_at": some_time(rng), "id": "another"}));
    }
    without_some_nulls(rng, report)
}

pub fn list_item(rng: &mut Rng) -> Value {
    let traits = DocumentTraits::new(rng);
    let item = json!({
        "id": rng.word(&SETTLEMENTS),
        "amounts": rng.list(3, |rng| header(rng, &traits)),
        "created_at": some_time(rng),
        "updated_at": some_time(rng),
        "version": rng.one_of(&[Value::Null, json!(1)]).clone(),
    });
    without_some_nulls(rng, item)
}
