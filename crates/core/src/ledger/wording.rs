//! The states that totals can allow, and how a provider writes them.

use crate::model::status::Status::{self, *};

/// The states that totals allow, row by row.
pub static TABLE: [&[Status]; 12] = [
    &[Authorized, Captured, Initiated, AuthorizationVoided, OnHold, Declined, Failed],
    &[AuthorizationVoided],
    &[Authorized, OnHold],
    &[Initiated, OnHold, Declined, Failed],
    &[PartiallyCaptured],
    &[PartiallyCaptured, Captured],
    &[PartiallyCapturedRefunded],
    &[PartiallyCapturedRefunded, PartiallyRefunded],
    &[PartiallyCapturedRefunded, Refunded],
    &[Captured],
    &[PartiallyRefunded],
    &[Refunded],
];

/// A row of the [`TABLE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expected(pub(super) usize);

impl Expected {
    pub fn states(self) -> &'static [Status] {
        TABLE[self.0]
    }
}

/// How reports write what a provider has words for: as it does, so that they can be held against its own pages.
#[derive(Debug)]
pub struct Wording {
    /// The states of a transaction, by their numbers.
    pub statuses: [&'static str; 12],
    /// The rows of the [`TABLE`]; several states are joined by ` or `.
    pub expected: [&'static str; 12],
    /// The payment statuses of an order, by their numbers.
    pub payment_statuses: [&'static str; 5],
    /// The payment status of an order of which nobody knows how much is to be paid.
    pub paid_in_part_or_whole: &'static str,
    /// What a correction states, in the sequence in which events keep it.
    pub corrections: [&'static str; 3],
}

impl Wording {
    /// Those of a ledger that no document was read into.
    pub const NONE: &'static Wording = &Wording {
        statuses: [""; 12],
        expected: [""; 12],
        payment_statuses: [""; 5],
        paid_in_part_or_whole: "",
        corrections: [""; 3],
    };

    /// The word of a state.
    pub fn of(&self, status: Status) -> &'static str {
        self.statuses[status as usize]
    }

    /// The words of the states that are expected.
    pub fn of_expected(&self, expected: Expected) -> &'static str {
        self.expected[expected.0]
    }
}
