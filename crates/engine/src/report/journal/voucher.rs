//! Payouts as vouchers.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use avstem_core::model::display::visible;
use avstem_core::model::instant::parse_day;
use avstem_core::model::money::Sum;

use super::stored::{StoredPayout, StoredSums};
use crate::config::JournalConfig;

/// A line of a voucher.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    pub account: String,
    /// Debit is positive.
    pub amount: Sum,
    /// bank, fee, clearing, other, carried or unexplained.
    pub kind: &'static str,
    /// Of clearing only.
    pub product: Option<String>,
}

/// A payout as it is booked; its postings sum to zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voucher {
    /// From 1.
    pub number: u64,
    pub day: i64,
    pub payout: StoredPayout,
    pub postings: Vec<Posting>,
}

/// A payout that has no voucher, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalRefusal {
    payout: [String; 3],
    why: String,
    /// Whether an account in the configuration would help.
    pub lacks_account: bool,
}

/// Which payouts are booked.
#[derive(Clone, Copy, Debug, Default)]
pub struct JournalScope<'s> {
    /// Also those that are not on the bank account, where nothing speaks against it.
    pub all: bool,
    /// Only those of this currency.
    pub currency: Option<&'s str>,
}

#[derive(Clone, Debug, Default)]
pub struct Journal {
    /// By date, namespace, settlement id and currency.
    pub vouchers: Vec<Voucher>,
    pub refused: Vec<JournalRefusal>,
    /// Payouts that wait for the bank, by state.
    pub waiting: BTreeMap<String, u64>,
}

/// States that are booked, that are booked if asked for, and why others are refused.
const BOOKED: [&str; 2] = ["matched", "nothing"];
const WAITING: [&str; 3] = ["unchecked", "expected", "overdue"];
const REFUSED: [(&str, &str); 2] = [
    ("differs", "the bank received another amount or currency"),
    ("ambiguous", "it is not clear which entry of the bank account is its"),
];

impl Journal {
    pub fn new(payouts: Vec<StoredPayout>, config: &JournalConfig, scope: JournalScope<'_>) -> Journal {
        let mut journal = Journal::default();
        for payout in payouts {
            if scope.currency.is_none_or(|currency| currency == payout.currency) {
                journal.add(payout, config, scope.all);
            }
        }
        let order = |voucher: &Voucher| {
            let StoredPayout { namespace, id, currency, .. } = &voucher.payout;
            (voucher.day, namespace.clone(), id.clone(), currency.clone())
        };
        journal.vouchers.sort_by_cached_key(order);
        (1..).zip(&mut journal.vouchers).for_each(|(number, voucher)| voucher.number = number);
        journal
    }

    fn add(&mut self, payout: StoredPayout, config: &JournalConfig, all: bool) {
        let state = payout.state.as_str();
        let refusal = REFUSED.iter().find(|(refused, _)| *refused == state);
        if let Some((_, why)) = refusal {
            self.refuse(&payout, (*why).to_owned(), false);
        } else if BOOKED.contains(&state) || (all && WAITING.contains(&state)) {
            self.book(payout, config);
        } else if WAITING.contains(&state) {
            *self.waiting.entry(payout.state).or_default() += 1;
        }
    }

    fn refuse(&mut self, payout: &StoredPayout, why: String, lacks_account: bool) {
        self.refused.push(JournalRefusal { payout: payout.key(), why, lacks_account });
    }

    fn book(&mut self, payout: StoredPayout, config: &JournalConfig) {
        let Some(sums) = payout.sums else {
            return self.refuse(&payout, "one of its amounts is outside 64 bits".to_owned(), false);
        };
        let parts = [sums.sold, sums.fees, sums.other, sums.carried, sums.unexplained];
        if parts.iter().sum::<Sum>() != sums.amount {
            return self.refuse(&payout, "its parts do not come to its amount".to_owned(), false);
        }
        let amounts = amounts(&payout, &sums);
        if amounts.is_empty() {
            return;
        }
        let Some(day) = payout.bank_date.as_deref().or(payout.settled_on.as_deref()).and_then(parse_day) else {
            return self.refuse(&payout, "it has no day".to_owned(), false);
        };
        let (mut postings, mut missing) = (Vec::new(), BTreeSet::new());
        for (kind, product, amount) in amounts {
            match config.account(&payout.currency, kind, product.as_deref()) {
                Some(account) => postings.push(Posting { account: account.to_owned(), amount, kind, product }),
                None => drop(missing.insert(kind)),
            }
        }
        if !missing.is_empty() {
            let missing: Vec<&str> = missing.into_iter().collect();
            return self.refuse(&payout, format!("no account is configured for {}", missing.join(", ")), true);
        }
        assert_eq!(postings.iter().map(|posting| posting.amount).sum::<Sum>(), 0, "the parts come to the amount");
        self.vouchers.push(Voucher { number: 0, day, payout, postings });
    }

    /// The currencies of the vouchers.
    pub fn currencies(&self) -> BTreeSet<&str> {
        self.vouchers.iter().map(|voucher| voucher.payout.currency.as_str()).collect()
    }
}

/// What is posted, without zeros.
fn amounts(payout: &StoredPayout, sums: &StoredSums) -> Vec<(&'static str, Option<String>, Sum)> {
    let mut amounts = vec![("bank", None, sums.amount), ("fee", None, -sums.fees)];
    let cleared = payout.cleared(sums).into_iter();
    amounts.extend(cleared.map(|(product, sold)| ("clearing", Some(product), -sold)));
    amounts.extend([
        ("other", None, -sums.other),
        ("carried", None, -sums.carried),
        ("unexplained", None, -sums.unexplained),
    ]);
    amounts.retain(|(.., amount)| *amount != 0);
    amounts
}

impl Voucher {
    /// Its text, with the text of the bank transfer.
    pub fn text(&self) -> String {
        let reference = self.payout.reference.as_deref().filter(|reference| !reference.is_empty());
        format!("Utbetalning {}", reference.unwrap_or(&self.payout.id))
    }
}

impl fmt::Display for JournalRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [namespace, id, currency] = &self.payout;
        let currency = if currency.is_empty() { "no currency" } else { currency };
        write!(f, "{} ({}, {}): {}", visible(id), visible(namespace), visible(currency), self.why)
    }
}
