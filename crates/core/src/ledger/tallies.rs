//! The totals of each line and each payout destination.

use crate::model::money::Sum;
use crate::model::quantity::Quantity;

/// One line of the ledger, or one that only events name.
#[derive(Clone, Copy, Debug)]
pub struct LineTally<'p> {
    pub line: &'p str,
    /// Whether the ledger has it (a transaction's items and shipping, an order's authorizations).
    pub on_ledger: bool,
    /// Its amount, when one of its items has one.
    pub amount: Option<Sum>,
    /// Its quantity, when all of its items have one.
    pub quantity: Option<Quantity>,
    /// Captured by effective captures.
    pub captured: Sum,
    /// Refunded by effective refunds.
    pub refunded: Sum,
    /// Released by effective cancellations.
    pub cancelled: Sum,
    /// Whether an effective cancellation names it.
    pub named_by_cancel: bool,
    /// The captured quantity, when all of its effectively captured items have one; none captured: zero.
    pub captured_quantity: Option<Quantity>,
}

/// One payout destination that effective captures or refunds name.
#[derive(Clone, Copy, Debug)]
pub struct DestinationTally<'p> {
    pub destination: &'p str,
    /// Its splits of effective captures.
    pub captured: Sum,
    /// Its splits of effective refunds.
    pub refunded: Sum,
}

impl<'p> LineTally<'p> {
    pub(super) fn new(line: &'p str) -> Self {
        LineTally {
            line,
            on_ledger: false,
            amount: None,
            quantity: Some(Quantity(0)),
            captured: 0,
            refunded: 0,
            cancelled: 0,
            named_by_cancel: false,
            captured_quantity: Some(Quantity(0)),
        }
    }
}
