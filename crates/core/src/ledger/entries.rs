//! A payment's own record of its payouts: the settlements that an event names.

use super::settlement::{Conventions, PayoutParts, SettlementAmounts};
use crate::model::money::Minor;

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

/// An id by which a provider that pays out itself may name a transaction, or one of its events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Correlation<'p> {
    /// The index of the event that states it; `None` for the transaction.
    pub event: Option<u32>,
    pub id: &'p str,
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
