//! The states that totals can allow, and how a provider writes them.

use crate::model::status::Status::{self, *};

/// The states that totals allow, row by row.
pub const TABLE: [&[Status]; 12] = [
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

/// The states of each row of the [`TABLE`], a bit for each.
const STATES: [u16; 12] = {
    let (mut bits, mut row) = ([0; 12], 0);
    while row < bits.len() {
        let mut n = 0;
        while n < TABLE[row].len() {
            bits[row] |= 1 << TABLE[row][n] as u16;
            n += 1;
        }
        row += 1;
    }
    bits
};

impl Expected {
    /// Whether the row has a state.
    pub fn allows(self, status: Status) -> bool {
        STATES[self.0] >> status as u16 & 1 == 1
    }

    pub fn states(self) -> &'static [Status] {
        TABLE[self.0]
    }
}

/// The provider's own words, used in reports so that they can be compared with its pages.
#[derive(Debug)]
pub struct Wording {
    /// The statuses of a transaction, indexed by [`Status`].
    pub statuses: [&'static str; 12],
    /// The rows of the [`TABLE`]; several states are joined by ` or `.
    pub expected: [&'static str; 12],
    /// The payment statuses of an order, indexed by `PaymentStatus`.
    pub payment_statuses: [&'static str; 5],
    /// The payment status of an order whose amount to pay is unknown.
    pub paid_in_part_or_whole: &'static str,
    /// The fields of a correction, in the order of `Event::correction`.
    pub corrections: [&'static str; 3],
}

impl Wording {
    /// For a ledger without a document.
    pub const NONE: &'static Wording = &Wording {
        statuses: [""; 12],
        expected: [""; 12],
        payment_statuses: [""; 5],
        paid_in_part_or_whole: "",
        corrections: [""; 3],
    };

    pub fn of(&self, status: Status) -> &'static str {
        self.statuses[status as usize]
    }

    pub fn of_expected(&self, expected: Expected) -> &'static str {
        self.expected[expected.0]
    }
}
