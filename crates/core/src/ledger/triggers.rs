//! Triggers of trouble: what a first look at a transaction shows, so that a rule which can have nothing to say is not
//! asked.
//!
//! A sign may stand where no rule fires: tolerances, windows and products are the rules' own matter. It may never be
//! missing where one does; `crates/core/src/rules/triggers.rs` holds every rule to that.

use std::ops::BitOrAssign;

/// A set of triggers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Triggers(u32);

impl Triggers {
    /// No sign at all.
    pub const NONE: Triggers = Triggers(0);
    /// The currency is none of the everyday ones with two decimals.
    pub const CURRENCY: Triggers = Triggers(1);
    /// More was captured than authorised, or at some moment more refunded than captured.
    pub const TOTALS: Triggers = Triggers(1 << 1);
    /// A void states another amount than what is left, voids nothing or what a partial capture left; or a capture
    /// comes after one.
    pub const VOID: Triggers = Triggers(1 << 2);
    /// An amount is missing or below zero.
    pub const AMOUNT: Triggers = Triggers(1 << 3);
    /// Two events share an id; or a capture or refund repeats the amount of the one before it.
    pub const REPEATED: Triggers = Triggers(1 << 4);
    /// Items sum to another amount than what they are the items of; or a discount does not fit.
    pub const ITEMS: Triggers = Triggers(1 << 5);
    /// A line is named twice or not known, or more of it was captured or refunded than there was.
    pub const LINES: Triggers = Triggers(1 << 6);
    /// Splits do not sum to what they share, stand on some captures only, name a destination twice, are negative, or
    /// are refunded beyond what was captured; or a fee is for a destination without share.
    pub const SPLITS: Triggers = Triggers(1 << 7);
    /// A transaction of a platform of sellers names no seller.
    pub const SELLER: Triggers = Triggers(1 << 8);
    /// A status is open, unknown, or another than the totals or the last event imply.
    pub const STATUS: Triggers = Triggers(1 << 9);
    /// Money moves before it was authorised, or the last try failed.
    pub const SEQUENCE: Triggers = Triggers(1 << 10);
    /// An operation was asked for by a request that has an id.
    pub const REQUEST: Triggers = Triggers(1 << 11);
    /// The status says authorised or partially captured, and something is left to capture.
    pub const OPEN: Triggers = Triggers(1 << 12);
    /// An event states what remains.
    pub const CORRECTION: Triggers = Triggers(1 << 13);
    /// An event is of a kind we do not know.
    pub const UNKNOWN_EVENT: Triggers = Triggers(1 << 14);
    /// There are gift cards.
    pub const CARDS: Triggers = Triggers(1 << 15);
    /// The look was not finished, and every rule is asked: there are too many rows for a look, or the events are
    /// not in the order of time.
    pub const UNREAD: Triggers = Triggers(1 << 16);

    /// Whether any of these triggers is there. What was not read may bear any sign.
    pub fn has(self, any: Triggers) -> bool {
        self.0 & (any.0 | Triggers::UNREAD.0) != 0
    }

    /// The same without these triggers.
    pub fn without(self, triggers: Triggers) -> Triggers {
        Triggers(self.0 & !triggers.0)
    }

    /// As bytes of a row.
    pub fn bits(self) -> u32 {
        self.0
    }

    /// From bytes of a row.
    pub fn from_bits(bits: u32) -> Triggers {
        Triggers(bits)
    }

    /// Adds triggers where something holds.
    pub fn note(&mut self, holds: bool, triggers: Triggers) {
        self.0 |= if holds { triggers.0 } else { 0 };
    }
}

impl BitOrAssign for Triggers {
    fn bitor_assign(&mut self, other: Triggers) {
        self.0 |= other.0;
    }
}

#[cfg(test)]
mod tests {
    use super::Triggers;

    #[test]
    fn a_sign_that_is_taken_away_leaves_the_others() {
        let mut triggers = Triggers::OPEN;
        triggers |= Triggers::STATUS;
        assert_eq!(triggers.without(Triggers::OPEN), Triggers::STATUS);
        assert_eq!(triggers.without(Triggers::CARDS), triggers);
        assert_eq!(Triggers::OPEN.without(Triggers::OPEN), Triggers::NONE);
    }

    #[test]
    fn a_sign_is_another_than_all_others() {
        use Triggers as S;
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
            assert!(!Triggers::NONE.has(*sign) && sign.has(*sign) && Triggers::UNREAD.has(*sign), "{sign:?}");
            assert!(all[..n].iter().all(|other| !sign.has(*other)), "{sign:?}");
        }
    }
}
