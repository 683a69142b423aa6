//! Which states a transaction's totals allow, and what a product can do.

use super::{Ledger, Running};
use crate::model::event::EventList;
use crate::model::money::Sum;
use crate::model::status::Status::{self, *};

/// States that totals allow, with the words that reports show for them: several are joined by ` or `.
#[derive(Debug)]
pub struct Expected {
    /// The states.
    pub states: &'static [Status],
    /// The words.
    pub words: &'static str,
}

/// The rows of the table that name a state.
static TABLE: [Expected; 12] = [
    Expected {
        states: &[Authorized, Captured, Initiated, AuthorizationVoided, OnHold, Declined, Failed],
        words: "AUTHORIZED or CAPTURED or INITIATED or AUTHORIZATION_VOIDED or ON_HOLD or DECLINED or FAILED",
    },
    Expected { states: &[AuthorizationVoided], words: "AUTHORIZATION_VOIDED" },
    Expected { states: &[Authorized, OnHold], words: "AUTHORIZED or ON_HOLD" },
    Expected { states: &[Initiated, OnHold, Declined, Failed], words: "INITIATED or ON_HOLD or DECLINED or FAILED" },
    Expected { states: &[PartiallyCaptured], words: "PARTIALLY_CAPTURED" },
    Expected { states: &[PartiallyCaptured, Captured], words: "PARTIALLY_CAPTURED or CAPTURED" },
    Expected { states: &[PartiallyCapturedRefunded], words: "PARTIALLY_CAPTURED_REFUNDED" },
    Expected {
        states: &[PartiallyCapturedRefunded, PartiallyRefunded],
        words: "PARTIALLY_CAPTURED_REFUNDED or PARTIALLY_REFUNDED",
    },
    Expected { states: &[PartiallyCapturedRefunded, Refunded], words: "PARTIALLY_CAPTURED_REFUNDED or REFUNDED" },
    Expected { states: &[Captured], words: "CAPTURED" },
    Expected { states: &[PartiallyRefunded], words: "PARTIALLY_REFUNDED" },
    Expected { states: &[Refunded], words: "REFUNDED" },
];

/// The states that totals allow at a moment, the first row of the table that applies; `None` where the table says
/// nothing.
pub fn expected(authorized: Sum, now: &Running) -> Option<&'static Expected> {
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
    Some(&TABLE[row])
}

/// Product types that can void what a partial capture left.
pub fn can_void_remainder(product_type: &str) -> bool {
    matches!(
        product_type,
        "payex.creditcard"
            | "payex.mobilepay"
            | "payex.vipps"
            | "payex.applepay"
            | "payex.clicktopay"
            | "payex.googlepay"
            | "vipps"
            | "klarna.klarna"
            | "klarna.billie"
    )
}

/// The state that a ledger's totals imply, as reports show it.
pub fn derived(ledger: &Ledger<'_>) -> Option<&'static str> {
    if ledger.is_order() {
        return derived_payment_status(ledger);
    }
    expected(ledger.authorized, &ledger.totals).map(|expected| expected.words)
}

/// An order's payment status by its totals; `None` where captures and refunds are not both given.
fn derived_payment_status(ledger: &Ledger<'_>) -> Option<&'static str> {
    if !ledger.given(EventList::Captures) || !ledger.given(EventList::Refunds) {
        return None;
    }
    let (c, r) = (ledger.totals.captured, ledger.totals.refunded);
    match ledger.head.gross.map(Sum::from).filter(|_| !ledger.head.has_reversed_line) {
        _ if c > 0 && r >= c => Some("refunded"),
        _ if 0 < r && r < c => Some("partially_refunded"),
        _ if r != 0 || c < 0 => None,
        _ if c == 0 => Some("pending"),
        Some(gross) if c >= gross => Some("paid"),
        Some(_) => Some("partially_paid"),
        None => Some("partially_paid or paid"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(captured: Sum, refunded: Sum, voided: bool) -> &'static str {
        let now = Running { captured, refunded, voided, authorized: true, ..Running::default() };
        expected(100, &now).map_or("", |expected| expected.words)
    }

    #[test]
    fn totals_imply_the_states_of_the_table() {
        let in_part = "PARTIALLY_CAPTURED_REFUNDED";
        for voided in [false, true] {
            let either = |usual, after_void| if voided { after_void } else { usual };
            let table = [
                ((0, 0), either("AUTHORIZED or ON_HOLD", "AUTHORIZATION_VOIDED")),
                ((1, 0), either("PARTIALLY_CAPTURED", "PARTIALLY_CAPTURED or CAPTURED")),
                ((99, 0), either("PARTIALLY_CAPTURED", "PARTIALLY_CAPTURED or CAPTURED")),
                ((50, 1), either(in_part, "PARTIALLY_CAPTURED_REFUNDED or PARTIALLY_REFUNDED")),
                ((50, 49), either(in_part, "PARTIALLY_CAPTURED_REFUNDED or PARTIALLY_REFUNDED")),
                ((50, 50), "PARTIALLY_CAPTURED_REFUNDED or REFUNDED"),
                ((50, 51), "PARTIALLY_CAPTURED_REFUNDED or REFUNDED"),
                ((100, 0), "CAPTURED"),
                ((101, 0), "CAPTURED"),
                ((100, 1), "PARTIALLY_REFUNDED"),
                ((100, 99), "PARTIALLY_REFUNDED"),
                ((100, 100), "REFUNDED"),
                ((100, 101), "REFUNDED"),
                ((0, 1), ""),
                ((-1, 0), ""),
                ((50, -1), ""),
                ((100, -1), ""),
            ];
            for ((captured, refunded), expected) in table {
                assert_eq!(words(captured, refunded, voided), expected, "{captured} {refunded} {voided}");
            }
        }
        let nothing = Running::default();
        let of = |authorized, now| expected(authorized, now).map(|expected| expected.words);
        assert_eq!(of(100, &nothing), Some("INITIATED or ON_HOLD or DECLINED or FAILED"));
        assert_eq!(of(0, &nothing), of(0, &Running { captured: 1, refunded: -1, ..nothing }));
    }

    #[test]
    fn the_words_are_those_of_the_states() {
        for row in &TABLE {
            assert_eq!(row.words, row.states.iter().map(|state| state.word()).collect::<Vec<_>>().join(" or "));
        }
    }
}
