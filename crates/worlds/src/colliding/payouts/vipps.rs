//! Funds entries of Vipps MobilePay's Report API: ledgers whose balances mostly continue.

use serde_json::{Value, json};

use super::entries::CORRELATIONS;
use super::pools::BANK_DAYS;
use crate::colliding::values::without_some_nulls;
use crate::rng::Rng;

const KINDS: [&str; 8] =
    ["capture", "capture", "capture", "refund", "fees-retained", "correction", "top-up", "capture-fee"];
const PAYOUTS: [&str; 3] = ["payout-scheduled", "scheduled-for-payout", "payout"];

/// The entries of a ledger and currency; `number` tells the payouts of several apart.
pub fn entries(rng: &mut Rng, number: usize) -> Vec<Value> {
    let currency = rng.word(&["NOK", "NOK", "SEK"]);
    let mut balance = *rng.one_of(&[0, 0, 250]);
    let mut day = rng.index(8);
    let mut all = Vec::new();
    for payout in 0..1 + rng.index(3) {
        for line in 0..rng.roll(4) {
            let kind = rng.word(&KINDS);
            let size = *rng.one_of(&[300, 500, 600, 1000]);
            let amount = if ["refund", "fees-retained"].contains(&kind) { -size / 10 } else { size };
            let id = format!("psp-{number}-{payout}-{line}");
            all.push(entry(rng, kind, BANK_DAYS[day], currency, amount, &mut balance, &id));
            day += rng.index(2);
        }
        let paid = if rng.once_in(4) { balance - 100 } else { balance };
        let id = match (number, payout) {
            (0, 0) => "R17483".to_owned(),
            _ => format!("20001{number}{payout}"),
        };
        if paid != 0 {
            let kind = rng.word(&PAYOUTS);
            let mut made = entry(rng, kind, BANK_DAYS[day], currency, -paid, &mut balance, "");
            made["pspReference"] = json!(format!("psp-{id}"));
            made["reference"] = if rng.once_in(6) { Value::Null } else { json!(id) };
            all.push(made);
        }
        if rng.once_in(10) {
            balance += 7;
        }
        day += 1 + rng.index(3);
    }
    rng.shuffle(&mut all);
    if rng.once_in(3) && !all.is_empty() {
        all.push(rng.one_of(&all).clone());
    }
    all
}

fn entry(rng: &mut Rng, kind: &str, day: &str, currency: &str, amount: i64, balance: &mut i64, id: &str) -> Value {
    let before = *balance;
    if kind != "capture-fee" {
        *balance += amount;
    }
    let time = rng.word(&["08:00:00Z", "09:30:00+0100", "09:30:00.5+01:00", "23:59:59-0200", "08:00:00Z"]);
    let made = json!({
        "entryType": kind,
        "ledgerDate": day,
        "currency": currency,
        "amount": amount,
        "pspReference": id,
        "reference": rng.maybe(&CORRELATIONS),
        "time": if rng.once_in(8) { Value::Null } else { json!(format!("{day}T{time}")) },
        "balanceBefore": if rng.once_in(12) { Value::Null } else { json!(before) },
        "balanceAfter": if rng.once_in(12) { Value::Null } else { json!(*balance) },
    });
    without_some_nulls(rng, made)
}
