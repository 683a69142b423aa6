//! Klarna settlements.

use std::collections::BTreeMap;

use serde_json::Value;

use super::account::{Parts, Payout};
use super::providers::{ProviderPayout, is_joined};
use crate::oracle::json;
use crate::oracle::reading::{Place, ProviderRecord};
use crate::oracle::world::World;

struct KlarnaLine<'r> {
    place: Place,
    reference: String,
    currency: String,
    word: String,
    amount: i128,
    value: &'r Value,
}

/// "Effect −amount for RETURN, REVERSAL, FEE, CHARGE, HOLDBACK, TAX."
const NEGATED: [&str; 6] = ["RETURN", "REVERSAL", "FEE", "CHARGE", "HOLDBACK", "TAX"];

fn line(record: &ProviderRecord) -> Option<KlarnaLine<'_>> {
    let value = &record.value;
    Some(KlarnaLine {
        place: record.place,
        reference: json::text(value, "payment_reference")?,
        currency: json::text(value, "currency_code").unwrap_or_default(),
        word: json::text(value, "type")?,
        amount: json::minor(value, "amount")?,
        value,
    })
}

/// The lines of one payout, and whether "amounts as they are".
struct Lines<'l, 'r> {
    all: Vec<&'l KlarnaLine<'r>>,
    is_signed: bool,
}

impl<'l, 'r> Lines<'l, 'r> {
    fn new(all: Vec<&'l KlarnaLine<'r>>) -> Lines<'l, 'r> {
        let is_signed = all.iter().any(|line| NEGATED.contains(&line.word.as_str()) && line.amount < 0);
        Lines { all, is_signed }
    }

    fn effect(&self, line: &KlarnaLine) -> i128 {
        let is_negated = NEGATED.contains(&line.word.as_str()) && !self.is_signed;
        if is_negated { -line.amount } else { line.amount }
    }

    /// "SALE capture, RETURN refund, FEE and FEE_REFUND fee, rest other."
    fn parts(&self) -> Parts {
        let mut parts = Parts::default();
        for line in &self.all {
            let effect = self.effect(line);
            match line.word.as_str() {
                "SALE" => parts.captures += effect,
                "RETURN" => parts.refunds += effect,
                "FEE" | "FEE_REFUND" => parts.fees += effect,
                _ => parts.other += effect,
            }
        }
        parts
    }

    fn joined(&self, world: &World) -> usize {
        let ids =
            |line: &KlarnaLine| ["capture_id", "refund_id", "order_id"].map(|name| json::reference(line.value, name));
        self.all.iter().filter(|line| is_joined(world, &line.currency, &ids(line))).count()
    }
}

/// "`totals.…_amount`, missing 0."
fn total(value: &Value, name: &str) -> i128 {
    let totals = json::field(value, "totals").unwrap_or(&Value::Null);
    json::minor(totals, &format!("{name}_amount")).unwrap_or(0)
}

/// The parts "by type", and as they are.
fn parts_of_totals(value: &Value) -> (Parts, Parts) {
    let of = |name: &str| total(value, name);
    let by_type = Parts {
        captures: of("sale"),
        refunds: -of("return"),
        fees: -of("fee") + of("fee_correction") + of("fee_refund") - of("tax") + of("tax_refund"),
        other: -of("reversal") + of("commission") - of("commission_reversal") - of("charge") + of("credit")
            - of("holdback")
            + of("release"),
        carried_in: -of("repay"),
        carried_out: of("deposit"),
    };
    let signed = Parts {
        captures: of("sale"),
        refunds: of("return"),
        fees: of("fee") + of("fee_correction") + of("fee_refund") + of("tax") + of("tax_refund"),
        other: of("reversal")
            + of("commission")
            + of("commission_reversal")
            + of("charge")
            + of("credit")
            + of("holdback")
            + of("release"),
        carried_in: of("repay"),
        carried_out: of("deposit"),
    };
    (by_type, signed)
}

pub fn payouts(world: &World, payouts: &[ProviderRecord], lines: &[ProviderRecord]) -> Vec<ProviderPayout> {
    let mut kept: BTreeMap<(String, String), &ProviderRecord> = BTreeMap::new();
    for record in payouts {
        let (Some(reference), Some(currency)) =
            (json::text(&record.value, "payment_reference"), json::text(&record.value, "currency_code"))
        else {
            continue;
        };
        // "Copies equal in everything, read or not, count once; of unequal payouts of one reference
        // and currency the later in input order."
        let known = kept.entry((reference, currency)).or_insert(record);
        if known.value != record.value {
            *known = record;
        }
    }
    let mut once: Vec<KlarnaLine> = Vec::new();
    for found in lines.iter().filter_map(line) {
        if !once.iter().any(|known| known.value == found.value) {
            once.push(found);
        }
    }
    let mut by_payout: BTreeMap<(String, String), Vec<&KlarnaLine>> = BTreeMap::new();
    for line in &once {
        by_payout.entry((line.reference.clone(), line.currency.clone())).or_default().push(line);
    }
    let mut all = Vec::new();
    for (key, record) in &kept {
        let lines = Lines::new(by_payout.remove(key).unwrap_or_default());
        all.push(payout(world, key, record, &lines));
    }
    all.extend(by_payout.into_iter().map(|(key, lines)| unseen(world, &key, &Lines::new(lines))));
    all
}

fn begun(reference: &str, currency: &str, origin: &'static str, place: Place) -> Payout {
    let mut payout = Payout::new("klarna", reference, currency, origin, place);
    payout.provider = "klarna".to_owned();
    payout.reference = reference.to_owned();
    payout.tokens = vec![reference.to_owned()];
    payout
}

fn payout(world: &World, key: &(String, String), record: &ProviderRecord, lines: &Lines) -> ProviderPayout {
    let value = &record.value;
    let mut payout = begun(&key.0, &key.1, "klarna", record.place);
    let day: String = json::text(value, "payout_date").unwrap_or_default().chars().take(10).collect();
    payout.amount = total(value, "settlement");
    payout.is_stated = true;
    let (by_type, signed) = parts_of_totals(value);
    // "Convention `by-type` if so; else `signed` if the plain sum of all these totals is; else
    // `none`, parts by type."
    (payout.convention, payout.parts) = if by_type.sum() == payout.amount {
        ("by-type", by_type)
    } else if signed.sum() == payout.amount {
        ("signed", signed)
    } else {
        ("none", by_type)
    };
    payout.settled_on = day.clone();
    payout.lines = lines.all.len();
    payout.joined_lines = lines.joined(world);
    let totals = json::field(value, "totals").unwrap_or(&Value::Null);
    let merchant = json::reference(value, "merchant_id").filter(|_| payout.day().is_some());
    ProviderPayout {
        opening: json::minor(totals, "opening_debt_balance_amount"),
        closing: json::minor(totals, "closing_debt_balance_amount"),
        chain: merchant,
        rank: (day, key.0.clone()),
        line_sums: (!lines.all.is_empty()).then(|| lines.parts()),
        payout,
    }
}

/// "Lines without their payout make one of state `unseen` (origin events), its amount the sum of
/// effects."
fn unseen(world: &World, key: &(String, String), lines: &Lines) -> ProviderPayout {
    let place = lines.all.iter().map(|line| line.place).min().expect("it has a line");
    let mut payout = begun(&key.0, &key.1, "events", place);
    payout.is_unseen = true;
    payout.convention = if lines.is_signed { "signed" } else { "by-type" };
    payout.lines = lines.all.len();
    payout.joined_lines = lines.joined(world);
    payout.parts = lines.parts();
    payout.amount = payout.parts.sum();
    ProviderPayout { payout, opening: None, closing: None, chain: None, rank: Default::default(), line_sums: None }
}
