//! Entries of bank accounts that pay the payouts of a world: whole, in parts, twice, together, in
//! another currency, under another name.

use serde_json::Value;

use crate::colliding::ExportFile;
use crate::colliding::payouts::pools::{BANK_DAYS, DAYS};
use crate::rng::Rng;

/// An entry before it is written.
#[derive(Clone, Debug)]
pub struct Booked {
    pub day: &'static str,
    pub currency: &'static str,
    /// Positive for a credit.
    pub amount: i64,
    pub text: String,
    pub debtor: &'static str,
    pub reference: &'static str,
    pub own_reference: &'static str,
    pub reversal: &'static str,
    pub status: &'static str,
    /// The account that it is on: both for a few.
    account: &'static str,
}

impl Booked {
    pub fn is_booked(&self) -> bool {
        self.status.is_empty() || self.status == "BOOK"
    }

    pub fn goes_to(&self, account: &str, currency: &str) -> bool {
        self.account == "both" || (self.account == account && self.currency == currency)
    }
}

/// What a settlement states, for the bank to pay.
struct Payable {
    currency: &'static str,
    amount: i64,
    day: &'static str,
    tokens: Vec<String>,
    /// Who pays it out, and to whom.
    sender: String,
}

fn known(text: &str, pool: &[&'static str]) -> Option<&'static str> {
    pool.iter().copied().find(|known| *known == text)
}

/// A document's settlement, its first currency, or a provider's payout.
fn payable(rng: &mut Rng, value: &Value) -> Option<Payable> {
    let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or("");
    let first = value.get("amounts").and_then(|amounts| amounts.get(rng.index(2))).unwrap_or(value);
    let stated = |of: &Value, name: &str| of.get(name).and_then(Value::as_str).unwrap_or("").to_owned();
    let total = value.get("totals").and_then(|totals| totals.get("settlement_amount"));
    let amount = total.or(first.get("amount")).and_then(Value::as_i64)?;
    let is_funds = value.get("entryType").is_some();
    let currency = [stated(first, "currency"), stated(value, "currency_code")].concat();
    let ids = ["dintero_settlement_id", "settlement_reference", "provider_reference", "payment_reference", "reference"];
    let mut tokens: Vec<String> = ids.iter().map(|name| text(name).to_owned()).collect();
    if value.get("amounts").is_some() {
        tokens.push(text("id").to_owned());
    }
    tokens.retain(|token| !token.is_empty());
    let is_payable = value.get("dintero_settlement_id").is_some()
        || value.get("amounts").is_some()
        || total.is_some()
        || (is_funds && amount < 0);
    let day: String = ["settled_at", "settlement_date", "payout_date", "ledgerDate"]
        .iter()
        .map(|name| text(name))
        .find(|found| !found.is_empty())
        .map_or(String::new(), |found| found.chars().take(10).collect());
    Some(Payable {
        currency: known(&currency, &["NOK", "SEK", "JPY"]).unwrap_or("NOK"),
        amount: if is_funds { -amount } else { amount }.clamp(-1 << 40, 1 << 40),
        sender: match (total.is_some(), is_funds) {
            (true, _) => "klarna".to_owned(),
            (_, true) => "vipps".to_owned(),
            _ => format!("{} {}", text("provider"), text("payout_destination_id")),
        },
        day: known(&day, &BANK_DAYS).unwrap_or(DAYS[0]),
        tokens,
    })
    .filter(|_| is_payable)
}

const TEXTS: [&str; 8] = [
    "",
    "Dintero payout",
    "overforing",
    "Swedbank Pay, utbet.",
    "VIPPS MOBILEPAY",
    "swedbank",
    "Ref 4711",
    "klarnabank",
];

fn draft(rng: &mut Rng, of: &Payable, amount: i64) -> Booked {
    let at = BANK_DAYS.iter().position(|day| *day == of.day).unwrap_or(0);
    let later = *rng.one_of(&[0, 0, 1, 1, 1, 2, 6, 7, 8, 30]);
    let day = if rng.once_in(12) { at.saturating_sub(1 + rng.index(2)) } else { (at + later).min(BANK_DAYS.len() - 1) };
    Booked {
        day: BANK_DAYS[day],
        currency: of.currency,
        amount,
        text: rng.word(&TEXTS).to_owned(),
        debtor: rng.word(&["", "", "Dintero AS", "Ola & Kari"]),
        reference: rng.word(&["", "A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8", "A9"]),
        own_reference: rng.word(&["", "", "N1", "N2"]),
        reversal: if rng.once_in(20) { "true" } else { rng.word(&["", "", "", "false", "0"]) },
        status: if rng.once_in(20) { "PDNG" } else { rng.word(&["", "BOOK", "BOOK"]) },
        account: if rng.once_in(15) { "both" } else { rng.word(&["IBAN", "IBAN", "Othr"]) },
    }
}

/// The entry with a token of the payout in its text, in one of several spellings.
fn bearing(rng: &mut Rng, mut entry: Booked, of: &Payable) -> Booked {
    if of.tokens.is_empty() {
        return entry;
    }
    let token = rng.one_of(&of.tokens).clone();
    let spelt = match rng.roll(5) {
        0 => token.to_lowercase(),
        1 => token.replace(['-', '.'], " "),
        2 => token.replace(['-', '.'], ""),
        3 => format!("{token}0"),
        _ => token,
    };
    entry.text = format!("{} {spelt}", entry.text);
    entry
}

fn pay(rng: &mut Rng, of: &Payable, all: &mut Vec<Booked>) {
    let with_token = !rng.once_in(3);
    let mut add = |rng: &mut Rng, amount: i64, with_token: bool| {
        let entry = draft(rng, of, amount);
        all.push(if with_token { bearing(rng, entry, of) } else { entry });
    };
    match rng.roll(10) {
        0 => {
            add(rng, of.amount - 100, true);
            add(rng, 100, true);
        }
        1 => {
            add(rng, of.amount, true);
            add(rng, of.amount, true);
        }
        2 => {
            add(rng, of.amount, true);
            add(rng, 100, true);
        }
        3 => add(rng, of.amount - 10, with_token),
        4 => {}
        5 => {
            let other = Payable { currency: "SEK", tokens: Vec::new(), sender: String::new(), ..*of };
            let entry = draft(rng, &other, of.amount);
            all.push(bearing(rng, entry, of));
        }
        _ => add(rng, of.amount, with_token),
    }
}

/// One entry for two payouts, after both.
fn pay_together(rng: &mut Rng, one: &Payable, other: &Payable, all: &mut Vec<Booked>) {
    let later = if one.day < other.day { other } else { one };
    let mut entry = draft(rng, later, one.amount + other.amount);
    if rng.once_in(3) {
        entry = bearing(rng, entry, one);
        entry = bearing(rng, entry, other);
    }
    all.push(entry);
}

pub fn entries(rng: &mut Rng, files: &[ExportFile]) -> Vec<Booked> {
    let values: Vec<&Value> = files.iter().flat_map(|file| &file.values).collect();
    let payables: Vec<Payable> = values.into_iter().filter_map(|value| payable(rng, value)).collect();
    let mut all = Vec::new();
    let mut left = payables;
    rng.shuffle(&mut left);
    while let Some(of) = left.pop() {
        let is_like = |other: &Payable| other.currency == of.currency && other.sender == of.sender;
        let other = left.iter().position(is_like).filter(|_| rng.once_in(3));
        match other.map(|at| left.remove(at)) {
            Some(other) => pay_together(rng, &of, &other, &mut all),
            None if of.amount != 0 => pay(rng, &of, &mut all),
            None => {}
        }
    }
    for _ in 0..rng.roll(3) {
        let noise =
            Payable { currency: "NOK", amount: 0, day: rng.word(&DAYS), tokens: Vec::new(), sender: String::new() };
        let amount = *rng.one_of(&[500, 300, 800, -500, 1000]);
        all.push(draft(rng, &noise, amount));
    }
    all.retain(|entry| entry.amount != 0);
    rng.shuffle(&mut all);
    all.truncate(20);
    all
}
