//! A payment's own record of its payouts: the settlements that an event names.

use super::Span;
use super::settlement::{Conventions, SettlementAmounts};
use crate::model::money::{Minor, Sum};
use crate::model::status::SettlementStatus;

/// What an event states about its settlements.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EventSettlements<'p> {
    /// The status as written.
    pub word: Option<&'p str>,
    /// The meaning of `word`; `None` for an unknown one.
    pub status: Option<SettlementStatus>,
    /// Into the ledger's entries.
    pub entries: Span,
}

/// The share of one settlement in an event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SettlementEntry<'p> {
    pub settlement: &'p str,
    pub amount: Option<Minor>,
    pub capture: Option<Minor>,
    pub refund: Option<Minor>,
    pub fee: Option<Minor>,
    pub provider_reference: Option<&'p str>,
    pub correlation: Option<&'p str>,
}

/// The parts of a payout, signed by what they add to the money paid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PayoutParts {
    pub captures: Sum,
    pub refunds: Sum,
    pub fees: Sum,
}

impl PayoutParts {
    pub fn sum(&self) -> Sum {
        self.captures + self.refunds + self.fees
    }

    pub fn add(&mut self, other: &PayoutParts) {
        self.captures += other.captures;
        self.refunds += other.refunds;
        self.fees += other.fees;
    }
}

impl SettlementEntry<'_> {
    /// Its parts in the convention that its own amount shows.
    pub fn parts(&self, conventions: &Conventions) -> PayoutParts {
        let amounts = SettlementAmounts {
            currency: None,
            amount: self.amount,
            capture: self.capture,
            refund: self.refund,
            fee: self.fee,
        };
        amounts.parts(conventions.of(&amounts))
    }
}
