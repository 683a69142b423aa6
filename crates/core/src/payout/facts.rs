//! Payouts and credits with what matching found of them, as rules see them.

use super::claim::{Claim, Credit};
use super::coverage::CoveredDays;
use super::receipt::{Candidates, MatchedBy, Matches, Receipt, Use};
use super::words::Payers;
use crate::model::instant::Instant;
use crate::model::money::Sum;

/// The message of an ambiguous credit names no more payouts than this.
const MOST_NAMED: usize = 10;

/// A payout that takes part in matching.
#[derive(Clone, Copy, Debug)]
pub struct Received<'p> {
    pub claim: &'p Claim<'p>,
    pub receipt: &'p Receipt,
    pub credits: &'p [Credit<'p>],
    /// The last day of its reach, and an account whose statements cover every day up to it.
    pub covered: Option<(i64, &'p str)>,
}

impl<'p> Received<'p> {
    /// Brings together what is known of a claim.
    pub fn new(
        (claim, receipt): (&'p Claim<'p>, &'p Receipt),
        credits: &'p [Credit<'p>],
        days: &CoveredDays<'p>,
        window: u64,
    ) -> Self {
        let covered = claim.day.and_then(|day| {
            let last = day.saturating_add_unsigned(window);
            Some((last, days.covering(claim.currency, day, last)?.masked.as_str()))
        });
        Received { claim, receipt, credits, covered }
    }

    /// Expected and received, where the payout's own credits came to another amount.
    pub fn other_amount(&self, tolerance: Sum) -> Option<(Sum, Sum)> {
        match self.receipt {
            Receipt::Matched { by: MatchedBy::Reference, received, .. }
                if (received - self.claim.amount).abs() > tolerance =>
            {
                Some((self.claim.amount, *received))
            }
            _ => None,
        }
    }

    /// The currency of the first credit that bears its token, where that is another.
    pub fn other_currency(&self) -> Option<&'p str> {
        match self.receipt {
            Receipt::OtherCurrency(credit) => Some(&self.credits[*credit].entry.currency),
            _ => None,
        }
    }

    /// Credits that repeat the one that paid the whole.
    pub fn repeats(&self) -> impl Iterator<Item = &'p Credit<'p>> {
        let repeats = match self.receipt {
            Receipt::Matched { repeats, .. } => repeats.as_slice(),
            _ => &[],
        };
        repeats.iter().map(|credit| &self.credits[*credit])
    }

    /// Whether nothing came though statements cover all days on which it should have come.
    pub fn is_overdue(&self, as_of: Option<Instant>, tolerance: Sum) -> bool {
        let is_over = |(last, _): (i64, &str)| as_of.is_some_and(|as_of| last < as_of.day());
        *self.receipt == Receipt::Nothing && self.claim.amount > tolerance && self.covered.is_some_and(is_over)
    }
}

/// A credit that takes part in matching.
#[derive(Clone, Copy, Debug)]
pub struct Credited<'p> {
    pub credit: Credit<'p>,
    pub used: Use,
    /// Whether its texts or debtors name a payer of payouts.
    pub names_payer: bool,
    pub candidates: Option<&'p Candidates>,
    pub claims: &'p [Claim<'p>],
}

impl<'p> Credited<'p> {
    /// Brings together what is known of a credit.
    pub fn new(
        (credit, used): (&Credit<'p>, Use),
        claims: &'p [Claim<'p>],
        matches: &'p Matches,
        payers: &Payers,
    ) -> Self {
        let candidates = match used {
            Use::Ambiguous(number) => matches.candidates.get(number),
            _ => None,
        };
        // Only of an unknown credit it matters who paid it.
        let names_payer = used == Use::None && payers.pay(credit.entry.texts.iter().chain(&credit.entry.debtors));
        Credited { credit: *credit, used, names_payer, candidates, claims }
    }

    /// The candidates in words.
    pub fn candidate_names(&self) -> String {
        let Some(candidates) = self.candidates else { return String::new() };
        let first = candidates.first.iter().take(MOST_NAMED).map(|claim| {
            let (namespace, id, currency) = self.claims[*claim].name();
            format!("{namespace} {id} {currency}")
        });
        let mut names = first.collect::<Vec<_>>().join(", ");
        if candidates.count > MOST_NAMED {
            names.push_str(&format!(" and {} more", candidates.count - MOST_NAMED));
        }
        names
    }
}
