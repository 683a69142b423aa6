//! Settlements that say what the payments' entries say, or nearly, and the texts of settlements.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::entries::{IDS, SourceLine};
use super::pools::{CURRENCIES, DAYS, set};
use crate::colliding::balanced::perturb;
use crate::colliding::values::{some_time, without_some_nulls};
use crate::rng::Rng;

pub const REFERENCES: [&str; 9] =
    ["-", "", "R17483", "R17483", "R17483-E4839A", "R174830", "K-90001", "1234", "ABCDEF"];

/// Sums of a payout, each as what it adds.
#[derive(Clone, Copy, Default)]
struct Sums {
    capture: i64,
    refund: i64,
    fee: i64,
}

impl Sums {
    fn of(lines: &[SourceLine]) -> Sums {
        let mut sums = Sums::default();
        for line in lines {
            sums.capture += line.capture;
            sums.refund += line.refund;
            sums.fee += line.fee;
        }
        sums
    }

    fn document(self, signs: (i64, i64), currency: &str) -> Value {
        json!({
            "currency": currency,
            "amount": self.capture + self.refund + self.fee,
            "capture": self.capture,
            "refund": signs.0 * self.refund,
            "fee": signs.1 * self.fee,
        })
    }
}

pub fn documents(rng: &mut Rng, lines: &[SourceLine]) -> Vec<Value> {
    let mut by_payout: BTreeMap<(&str, &str), Vec<SourceLine>> = BTreeMap::new();
    for line in lines {
        by_payout.entry((&line.settlement_id, &line.currency)).or_default().push(line.clone());
    }
    let mut documents = Vec::new();
    for ((id, currency), lines) in by_payout {
        if rng.once_in(5) {
            continue;
        }
        let mut made = Vec::new();
        if !rng.once_in(3) {
            made.push(report(rng, id, currency, &lines));
        }
        if !rng.once_in(3) {
            made.push(list_item(rng, id, currency, Sums::of(&lines)));
        }
        for mut document in made {
            let changes = *rng.one_of(&[0, 0, 0, 1, 2]);
            perturb(rng, &mut document, changes);
            documents.push(document);
        }
    }
    for _ in 0..rng.roll(4) {
        documents.push(small(rng));
    }
    rng.shuffle(&mut documents);
    documents
}

fn signs(rng: &mut Rng) -> (i64, i64) {
    *rng.one_of(&[(1, 1), (1, 1), (-1, -1), (1, -1), (-1, 1)])
}

fn report(rng: &mut Rng, id: &str, currency: &str, lines: &[SourceLine]) -> Value {
    let signs = signs(rng);
    let mut report = Sums::of(lines).document(signs, currency);
    report["dintero_settlement_id"] = json!(id);
    let mut all: Vec<Value> = lines.iter().map(|line| report_line(rng, line, signs)).collect();
    if rng.once_in(6) {
        all.push(json!({"transaction_id": null, "fee": 10, "net_amount": -10}));
    }
    match rng.roll(10) {
        0 => {}
        1 => report["transactions"] = json!([]),
        _ => report["transactions"] = json!(all),
    }
    if rng.once_in(8) {
        report["currency"] = Value::Null;
    }
    without_some_nulls(rng, report)
}

fn report_line(rng: &mut Rng, line: &SourceLine, signs: (i64, i64)) -> Value {
    let net = json!(line.capture + line.refund + line.fee);
    let made = json!({
        "transaction_id": line.transaction_id,
        "capture": line.capture,
        "refund": signs.0 * line.refund,
        "fee": signs.1 * line.fee,
        "net_amount": if rng.once_in(3) { net } else { Value::Null },
        "payment_product_type": rng.maybe(&["-", "vipps", "payex.creditcard"]),
    });
    without_some_nulls(rng, made)
}

/// An item of the settlement list, or a report without lines, of one or more currencies.
fn list_item(rng: &mut Rng, id: &str, currency: &str, sums: Sums) -> Value {
    let mut amounts = vec![sums.document(signs(rng), currency)];
    if rng.once_in(6) {
        let mut header = amounts.remove(0);
        header["dintero_settlement_id"] = json!(id);
        return header;
    }
    for _ in 0..*rng.one_of(&[0, 0, 1, 2]) {
        let other = Sums { capture: *rng.one_of(&[300, 500, 1000]), ..Sums::default() };
        amounts.push(other.document(signs(rng), rng.word(&CURRENCIES)));
    }
    if rng.once_in(8) {
        amounts.clear();
    }
    rng.shuffle(&mut amounts);
    let item = json!({"id": id, "amounts": amounts, "created_at": some_time(rng), "updated_at": some_time(rng)});
    without_some_nulls(rng, item)
}

/// A settlement that no payment names, of an amount that others have, too.
fn small(rng: &mut Rng) -> Value {
    let capture = *rng.one_of(&[0, 200, 300, 300, 500, 500, 1000, -500]);
    let sums = Sums { capture, refund: 0, fee: 0 };
    let id = rng.word(&[IDS[0], IDS[3], IDS[4], IDS[5], "S66001", "S66002", "S66003"]);
    let currency = rng.word(&CURRENCIES);
    if rng.once_in(2) {
        let line = json!({"capture": capture, "transaction_id": rng.maybe(&["t1", "t2", "t9", "-"])});
        let mut report = sums.document((1, 1), currency);
        report["dintero_settlement_id"] = json!(id);
        report["transactions"] = json!([line]);
        return report;
    }
    list_item(rng, id, currency, sums)
}

/// Adds the texts that a settlement may have beside its amounts.
pub fn add_texts(rng: &mut Rng, value: &mut Value) {
    let is_settlement = value.get("dintero_settlement_id").is_some() || value.get("amounts").is_some();
    if !is_settlement || rng.once_in(6) {
        return;
    }
    let time = format!("{}T09:30:00Z", rng.word(&DAYS));
    let texts = json!({
        "settlement_reference": rng.maybe(&REFERENCES),
        "settlement_date": rng.maybe(&["-", DAYS[0], DAYS[2], DAYS[5], DAYS[8]]),
        "settled_at": if rng.once_in(3) { Value::Null } else { json!(time) },
        "payment_status": rng.maybe(&["-", "paid", "paid", "paid", "paid", "postponed"]),
        "provider": rng.maybe(&["-", "payout", "payout", "klarna"]),
        "provider_reference": rng.maybe(&REFERENCES),
        "payout_destination_id": rng.maybe(&["-", "p", "p", "q"]),
    });
    let Value::Object(members) = without_some_nulls(rng, texts) else { return };
    for (name, member) in members {
        set(value, &name, member);
    }
}
