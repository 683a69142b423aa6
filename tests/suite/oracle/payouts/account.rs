//! "The payout account. One per namespace, settlement id and currency. What adds to the money paid
//! is positive."

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::oracle::documents::Header;
use crate::oracle::reading::Place;

/// "`captures + refunds + fees + other + carried_in + carried_out + unexplained = amount`"
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Parts {
    pub captures: i128,
    pub refunds: i128,
    pub fees: i128,
    pub other: i128,
    pub carried_in: i128,
    pub carried_out: i128,
}

impl Parts {
    pub fn sum(&self) -> i128 {
        self.captures + self.refunds + self.fees + self.other + self.carried_in + self.carried_out
    }

    pub fn add(&mut self, more: Parts) {
        self.captures += more.captures;
        self.refunds += more.refunds;
        self.fees += more.fees;
        self.other += more.other;
        self.carried_in += more.carried_in;
        self.carried_out += more.carried_out;
    }
}

#[derive(Clone, Debug)]
pub struct Payout {
    pub namespace: &'static str,
    pub id: String,
    /// Empty: none is stated.
    pub currency: String,
    pub origin: &'static str,
    pub provider: String,
    pub destination: String,
    pub reference: String,
    pub settled_on: String,
    pub convention: &'static str,
    pub tokens: Vec<String>,
    /// "Only payments or lines name it."
    pub is_unseen: bool,
    /// `payment_status`.
    pub is_postponed: bool,
    pub lines: usize,
    pub joined_lines: usize,
    pub payments: BTreeSet<String>,
    pub parts: Parts,
    pub amount: i128,
    /// Whether a document states the amount.
    pub is_stated: bool,
    pub place: Place,
}

impl Payout {
    pub fn new(namespace: &'static str, id: &str, currency: &str, origin: &'static str, place: Place) -> Payout {
        Payout {
            namespace,
            id: id.to_owned(),
            currency: currency.to_owned(),
            origin,
            provider: String::new(),
            destination: String::new(),
            reference: String::new(),
            settled_on: String::new(),
            convention: "",
            tokens: Vec::new(),
            is_unseen: false,
            is_postponed: false,
            lines: 0,
            joined_lines: 0,
            payments: BTreeSet::new(),
            parts: Parts::default(),
            amount: 0,
            is_stated: false,
            place,
        }
    }

    /// Whether a document of Dintero under this id states it.
    pub fn is_of_dintero(&self, id: &str) -> bool {
        self.namespace == "dintero" && self.id == id && !self.is_unseen
    }

    pub fn unexplained(&self) -> i128 {
        self.amount - self.parts.sum()
    }

    pub fn day(&self) -> Option<NaiveDate> {
        NaiveDate::parse_from_str(&self.settled_on, "%Y-%m-%d").ok()
    }

    /// "Payouts of amount > 0, not unseen, not postponed."
    pub fn is_matched_with_the_bank(&self) -> bool {
        self.amount > 0 && !self.is_unseen && !self.is_postponed
    }

    /// "Detail of kind payout: namespace, currency, then as told."
    pub fn detail(&self, told: &str) -> String {
        let all = [self.namespace, &self.currency, told];
        all.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }
}

/// How a document's signs are read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Signs {
    pub word: &'static str,
    /// Of refund and fee. None: both are taken as magnitudes that were kept back.
    factors: Option<(i128, i128)>,
}

/// "`capture-refund-fee`, `capture+refund-fee`, `capture+refund+fee`, `capture-refund+fee`."
const CONVENTIONS: [(&str, i128, i128); 4] = [
    ("capture-refund-fee", -1, -1),
    ("capture+refund-fee", 1, -1),
    ("capture+refund+fee", 1, 1),
    ("capture-refund+fee", -1, 1),
];

impl Signs {
    /// "The first that holds." Without an amount none does.
    pub fn that_hold(header: &Header) -> Option<Signs> {
        let amount = header.amount?;
        let (capture, refund, fee) = stated(header);
        let (word, refund, fee) = CONVENTIONS
            .into_iter()
            .find(|(_, of_refund, of_fee)| capture + of_refund * refund + of_fee * fee == amount)?;
        Some(Signs { word, factors: Some((refund, fee)) })
    }

    /// "None: refund and fee count as −|refund|, −|fee|; the word is `refund-not-taken` when
    /// refund ≠ 0 and amount = capture − |fee|, else `none`."
    pub fn of(header: &Header) -> Signs {
        if let Some(signs) = Signs::that_hold(header) {
            return signs;
        }
        let (capture, refund, fee) = stated(header);
        let is_not_taken = refund != 0 && header.amount == Some(capture - fee.abs());
        Signs { word: if is_not_taken { "refund-not-taken" } else { "none" }, factors: None }
    }

    pub fn refund(self, refund: i128) -> i128 {
        self.factors.map_or(-refund.abs(), |(factor, _)| factor * refund)
    }

    pub fn fee(self, fee: i128) -> i128 {
        self.factors.map_or(-fee.abs(), |(_, factor)| factor * fee)
    }

    pub fn parts(self, header: &Header) -> Parts {
        let (capture, refund, fee) = stated(header);
        Parts { captures: capture, refunds: self.refund(refund), fees: self.fee(fee), ..Parts::default() }
    }
}

fn stated(header: &Header) -> (i128, i128, i128) {
    (header.capture.unwrap_or(0), header.refund.unwrap_or(0), header.fee.unwrap_or(0))
}
