//! Which states totals allow, and how they are written.

use super::wording::Expected;
use super::{Ledger, Running};
use crate::model::event::EventList;
use crate::model::money::Sum;
use crate::model::status::PaymentStatus;

/// The states that totals allow at a moment: the first row of the table that applies; `None` where
/// no row does.
pub fn expected(authorized: Sum, now: &Running) -> Option<Expected> {
    row(authorized, now.captured, now.refunded, now.voided, now.authorized)
}

/// See [`expected`]; the amounts may have 64 bits.
pub fn row<T: Copy + Ord + From<bool>>(a: T, c: T, r: T, voided: bool, authorized: bool) -> Option<Expected> {
    let zero = T::from(false);
    let row = if a == zero {
        0
    } else if c == zero && r == zero {
        match (voided, authorized) {
            (true, _) => 1,
            (false, true) => 2,
            (false, false) => 3,
        }
    } else if zero < c && c < a {
        match (r == zero, voided) {
            (true, false) => 4,
            (true, true) => 5,
            (_, false) if zero < r && r < c => 6,
            (_, true) if zero < r && r < c => 7,
            _ if r >= c => 8,
            _ => return None,
        }
    } else if c >= a {
        match r {
            _ if r == zero => 9,
            _ if zero < r && r < c => 10,
            _ if r >= c => 11,
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

/// An order's payment status by its totals; `None` unless captures and refunds are both given and
/// the totals fit a status.
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
    use crate::model::status::Status::{self, *};

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
