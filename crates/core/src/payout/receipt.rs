//! What matching found, by payout and by credit.

use std::collections::BTreeMap;

use super::claim::Credit;
use crate::model::evidence::MOST_DOCUMENTS;
use crate::model::money::Sum;

/// The step that matched, or found no single match.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MatchedBy {
    Reference,
    Amount,
    Sum,
}

impl MatchedBy {
    /// The word in outputs.
    pub const fn word(self) -> &'static str {
        match self {
            MatchedBy::Reference => "reference",
            MatchedBy::Amount => "amount",
            MatchedBy::Sum => "sum",
        }
    }
}

/// What was found of a payout. Numbers are places in the list of credits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Receipt {
    #[default]
    Nothing,
    Matched {
        by: MatchedBy,
        /// By day, account, id.
        credits: Vec<usize>,
        /// The sum of the credits, or the payout's amount where one credit pays several.
        received: Sum,
        /// Credits that repeat the first, in the same order.
        repeats: Vec<usize>,
    },
    Ambiguous {
        by: MatchedBy,
        /// How many ambiguous credits may pay it.
        candidates: usize,
    },
    /// Its token stands in credits of another currency; the first of them.
    OtherCurrency(usize),
}

/// What a credit was taken for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Use {
    #[default]
    None,
    Matched(MatchedBy),
    /// It repeats a credit that paid the whole.
    Repeat,
    /// The number of its [`Candidates`].
    Ambiguous(usize),
    /// It bears the token of a payout of another currency.
    OtherCurrency,
}

/// The payouts that an ambiguous credit may pay.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Candidates {
    /// The first of them by namespace, id, currency, as places in the list of claims.
    pub first: Vec<usize>,
    pub count: usize,
}

impl Candidates {
    /// Takes claims that are in order of their names.
    pub fn of(claims: impl ExactSizeIterator<Item = usize>) -> Candidates {
        Candidates { count: claims.len(), first: claims.take(MOST_DOCUMENTS).collect() }
    }
}

/// The credits of a currency by what they were taken for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CreditTotals {
    pub credits: Sum,
    pub matched: Sum,
    pub ambiguous: Sum,
    pub repeats: Sum,
    /// Those of no payout, and those of a payout of another currency.
    pub unmatched: Sum,
    /// How often the payouts in reach of a credit were too many to search for a sum.
    pub sum_skipped: u64,
}

/// What matching found.
#[derive(Clone, Debug, Default)]
pub struct Matches {
    /// By claim.
    pub receipts: Vec<Receipt>,
    /// By credit.
    pub uses: Vec<Use>,
    /// What [`Use::Ambiguous`] refers to.
    pub candidates: Vec<Candidates>,
    /// By currency; those of credits and those of claims that were not searched.
    pub totals: BTreeMap<String, CreditTotals>,
}

impl Matches {
    /// Adds the credits to the totals of their currencies.
    pub(super) fn total(&mut self, credits: &[Credit<'_>]) {
        for (credit, used) in credits.iter().zip(&self.uses) {
            let of = self.totals.entry(credit.entry.currency.clone()).or_default();
            of.credits += credit.amount();
            *match used {
                Use::Matched(_) => &mut of.matched,
                Use::Ambiguous(_) => &mut of.ambiguous,
                Use::Repeat => &mut of.repeats,
                Use::None | Use::OtherCurrency => &mut of.unmatched,
            } += credit.amount();
        }
    }

    pub(super) fn set_ambiguous(&mut self, candidates: Candidates, credits: impl Iterator<Item = usize>) {
        let number = self.candidates.len();
        self.candidates.push(candidates);
        credits.for_each(|credit| self.uses[credit] = Use::Ambiguous(number));
    }

    /// One credit pays one claim.
    pub(super) fn pair(&mut self, by: MatchedBy, claim: usize, credit: usize, received: Sum) {
        self.receipts[claim] = Receipt::Matched { by, credits: vec![credit], received, repeats: Vec::new() };
        self.uses[credit] = Use::Matched(by);
    }
}
