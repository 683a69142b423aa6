//! Signs of trouble: what a first look at a transaction shows, so that a rule which can have nothing to say is not
//! asked.
//!
//! A sign may stand where no rule fires: tolerances, windows and products are the rules' own matter. It may never be
//! missing where one does; `crates/core/src/rules/gates.rs` holds every rule to that.

use std::ops::BitOrAssign;

/// A set of signs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Signs(u32);

impl Signs {
    /// No sign at all.
    pub const NONE: Signs = Signs(0);
    /// The currency is none of the everyday ones with two decimals.
    pub const CURRENCY: Signs = Signs(1);
    /// More was captured than authorised, or at some moment more refunded than captured.
    pub const TOTALS: Signs = Signs(1 << 1);
    /// A void states another amount than what is left, voids nothing or what a partial capture left; or a capture
    /// comes after one.
    pub const VOID: Signs = Signs(1 << 2);
    /// An amount is missing or below zero.
    pub const AMOUNT: Signs = Signs(1 << 3);
    /// Two events share an id; or a capture or refund repeats the amount of the one before it.
    pub const REPEATED: Signs = Signs(1 << 4);
    /// Items sum to another amount than what they are the items of; or a discount does not fit.
    pub const ITEMS: Signs = Signs(1 << 5);
    /// A line is named twice or not known, or more of it was captured or refunded than there was.
    pub const LINES: Signs = Signs(1 << 6);
    /// Splits do not sum to what they share, stand on some captures only, name a destination twice, are negative, or
    /// are refunded beyond what was captured; or a fee is for a destination without share.
    pub const SPLITS: Signs = Signs(1 << 7);
    /// A transaction of a platform of sellers names no seller.
    pub const SELLER: Signs = Signs(1 << 8);
    /// A status is open, unknown, or another than the totals or the last event imply.
    pub const STATUS: Signs = Signs(1 << 9);
    /// Money moves before it was authorised, or the last try failed.
    pub const SEQUENCE: Signs = Signs(1 << 10);
    /// An operation was asked for by a request that has an id.
    pub const REQUEST: Signs = Signs(1 << 11);
    /// The status says authorised or partially captured, and something is left to capture.
    pub const OPEN: Signs = Signs(1 << 12);
    /// An event states what remains.
    pub const CORRECTION: Signs = Signs(1 << 13);
    /// An event is of a kind we do not know.
    pub const UNKNOWN_EVENT: Signs = Signs(1 << 14);
    /// There are gift cards.
    pub const CARDS: Signs = Signs(1 << 15);
    /// The look was not finished, and every rule is asked: there are too many rows for a look, or the events are
    /// not in the order of time.
    pub const UNREAD: Signs = Signs(1 << 16);

    /// Whether any of these signs is there. What was not read may bear any sign.
    pub fn has(self, any: Signs) -> bool {
        self.0 & (any.0 | Signs::UNREAD.0) != 0
    }

    /// The same without these signs.
    pub fn without(self, signs: Signs) -> Signs {
        Signs(self.0 & !signs.0)
    }

    /// As bytes of a row.
    pub fn bits(self) -> u32 {
        self.0
    }

    /// From bytes of a row.
    pub fn from_bits(bits: u32) -> Signs {
        Signs(bits)
    }

    /// Adds signs where something holds.
    pub fn note(&mut self, holds: bool, signs: Signs) {
        self.0 |= if holds { signs.0 } else { 0 };
    }
}

impl BitOrAssign for Signs {
    fn bitor_assign(&mut self, other: Signs) {
        self.0 |= other.0;
    }
}

#[cfg(test)]
mod tests {
    use super::Signs;

    #[test]
    fn a_sign_that_is_taken_away_leaves_the_others() {
        let mut signs = Signs::OPEN;
        signs |= Signs::STATUS;
        assert_eq!(signs.without(Signs::OPEN), Signs::STATUS);
        assert_eq!(signs.without(Signs::CARDS), signs);
        assert_eq!(Signs::OPEN.without(Signs::OPEN), Signs::NONE);
    }

    #[test]
    fn a_sign_is_another_than_all_others() {
        use Signs as S;
        let all = [
            S::CURRENCY,
            S::TOTALS,
            S::VOID,
            S::AMOUNT,
            S::REPEATED,
            S::ITEMS,
            S::LINES,
            S::SPLITS,
            S::SELLER,
            S::STATUS,
            S::SEQUENCE,
            S::REQUEST,
            S::OPEN,
            S::CORRECTION,
            S::UNKNOWN_EVENT,
            S::CARDS,
        ];
        for (n, sign) in all.iter().enumerate() {
            assert!(!Signs::NONE.has(*sign) && sign.has(*sign) && Signs::UNREAD.has(*sign), "{sign:?}");
            assert!(all[..n].iter().all(|other| !sign.has(*other)), "{sign:?}");
        }
    }
}
