//! Which states totals allow, and how they are written.

use super::{Ledger, Running};
use crate::model::event::EventList;
use crate::model::money::Sum;
use crate::model::status::PaymentStatus;
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
pub struct Expected(usize);

impl Expected {
    /// Its states.
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

/// The states that totals allow at a moment, the first row of the table that applies; `None` where the table says
/// nothing.
pub fn expected(authorized: Sum, now: &Running) -> Option<Expected> {
    let (a, c, r) = (authorized, now.captured, now.refunded);
    let row = if a == 0 {
        0
    } else if c == 0 && r == 0 {
        match (now.voided, now.authorized) {
            (true, _) => 1,
            (false, true) => 2,
            (false, false) => 3,
        }
    } else if 0 < c && c < a {
        match (r, now.voided) {
            (0, false) => 4,
            (0, true) => 5,
            (r, false) if 0 < r && r < c => 6,
            (r, true) if 0 < r && r < c => 7,
            (r, _) if r >= c => 8,
            _ => return None,
        }
    } else if c >= a {
        match r {
            0 => 9,
            r if 0 < r && r < c => 10,
            r if r >= c => 11,
            _ => return None,
        }
    } else {
        return None;
    };
    Some(Expected(row))
}

/// The state that a ledger's totals imply, as reports show it.
pub fn derived(ledger: &Ledger<'_>) -> Option<&'static str> {
    if ledger.is_order() {
        return derived_payment_status(ledger);
    }
    expected(ledger.authorized, &ledger.totals).map(|expected| ledger.head.words.of_expected(expected))
}

/// An order's payment status by its totals; `None` where captures and refunds are not both given.
fn derived_payment_status(ledger: &Ledger<'_>) -> Option<&'static str> {
    if !ledger.given(EventList::Captures) || !ledger.given(EventList::Refunds) {
        return None;
    }
    let (c, r) = (ledger.totals.captured, ledger.totals.refunded);
    let words = ledger.head.words;
    let status = match ledger.head.gross.map(Sum::from).filter(|_| !ledger.head.has_reversed_line) {
        _ if c > 0 && r >= c => PaymentStatus::Refunded,
        _ if 0 < r && r < c => PaymentStatus::PartiallyRefunded,
        _ if r != 0 || c < 0 => return None,
        _ if c == 0 => PaymentStatus::Pending,
        Some(gross) if c >= gross => PaymentStatus::Paid,
        Some(_) => PaymentStatus::PartiallyPaid,
        None => return Some(words.paid_in_part_or_whole),
    };
    Some(words.payment_statuses[status as usize])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn states(captured: Sum, refunded: Sum, voided: bool) -> &'static [Status] {
        let now = Running { captured, refunded, voided, authorized: true, ..Running::default() };
        expected(100, &now).map_or(&[], Expected::states)
    }

    #[test]
    fn totals_imply_the_states_of_the_table() {
        let in_part: &[Status] = &[PartiallyCapturedRefunded];
        for voided in [false, true] {
            let either =
                |usual: &'static [Status], after_void: &'static [Status]| if voided { after_void } else { usual };
            let table: [(_, &[Status]); 17] = [
                ((0, 0), either(&[Authorized, OnHold], &[AuthorizationVoided])),
                ((1, 0), either(&[PartiallyCaptured], &[PartiallyCaptured, Captured])),
                ((99, 0), either(&[PartiallyCaptured], &[PartiallyCaptured, Captured])),
                ((50, 1), either(in_part, &[PartiallyCapturedRefunded, PartiallyRefunded])),
                ((50, 49), either(in_part, &[PartiallyCapturedRefunded, PartiallyRefunded])),
                ((50, 50), &[PartiallyCapturedRefunded, Refunded]),
                ((50, 51), &[PartiallyCapturedRefunded, Refunded]),
                ((100, 0), &[Captured]),
                ((101, 0), &[Captured]),
                ((100, 1), &[PartiallyRefunded]),
                ((100, 99), &[PartiallyRefunded]),
                ((100, 100), &[Refunded]),
                ((100, 101), &[Refunded]),
                ((0, 1), &[]),
                ((-1, 0), &[]),
                ((50, -1), &[]),
                ((100, -1), &[]),
            ];
            for ((captured, refunded), expected) in table {
                assert_eq!(states(captured, refunded, voided), expected, "{captured} {refunded} {voided}");
            }
        }
        let nothing = Running::default();
        let of = |authorized, now| expected(authorized, now).map(Expected::states);
        assert_eq!(of(100, &nothing), Some(&[Initiated, OnHold, Declined, Failed][..]));
        assert_eq!(of(0, &nothing), of(0, &Running { captured: 1, refunded: -1, ..nothing }));
    }
}
