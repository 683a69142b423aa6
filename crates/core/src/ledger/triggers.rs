//! Triggers: what a precheck finds on a transaction, so that a rule that cannot fire is not run.
//!
//! A trigger may be set where no rule fires: the rules check tolerances, windows and products. A
//! rule must never fire without its trigger; `crates/core/src/rules/triggers.rs` tests this for
//! every rule.

use std::ops::BitOrAssign;

/// A set of triggers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Triggers(u32);

impl Triggers {
    pub const NONE: Triggers = Triggers(0);
    /// The currency is unknown, or has no decimals and the amount is a multiple of a hundred.
    pub const CURRENCY: Triggers = Triggers(1);
    /// More was captured than authorised, or at some moment more refunded than captured.
    pub const TOTALS: Triggers = Triggers(1 << 1);
    /// A void states an amount other than what is left, releases nothing, or follows a partial
    /// capture though the product cannot void what is left; or a capture follows a void.
    pub const VOID: Triggers = Triggers(1 << 2);
    /// An amount is missing or below zero.
    pub const AMOUNT: Triggers = Triggers(1 << 3);
    /// Two events share an id, or a capture or refund repeats the amount of the previous one.
    pub const REPEATED: Triggers = Triggers(1 << 4);
    /// Items do not sum to the amount they belong to, or a discount does not fit.
    pub const ITEMS: Triggers = Triggers(1 << 5);
    /// A line is named twice or unknown, captured beyond its amount or quantity, or refunded beyond
    /// what was captured.
    pub const LINES: Triggers = Triggers(1 << 6);
    /// Splits do not sum to their amount, exist on some captures only, name a destination twice,
    /// are negative, or are refunded beyond what was captured; or a fee names a destination without
    /// a split.
    pub const SPLITS: Triggers = Triggers(1 << 7);
    /// A transaction of a platform for sellers names no seller.
    pub const SELLER: Triggers = Triggers(1 << 8);
    /// A status is open, unknown, or differs from what the totals or the last event imply.
    pub const STATUS: Triggers = Triggers(1 << 9);
    /// Money was moved before it was authorised, or the last capture or refund failed.
    pub const SEQUENCE: Triggers = Triggers(1 << 10);
    /// An operation was requested with a request id that no event refers to.
    pub const REQUEST: Triggers = Triggers(1 << 11);
    /// The status is authorised or partially captured, and something is left to capture.
    pub const OPEN: Triggers = Triggers(1 << 12);
    /// An event states remaining amounts other than ours.
    pub const CORRECTION: Triggers = Triggers(1 << 13);
    /// An event is of an unknown kind.
    pub const UNKNOWN_EVENT: Triggers = Triggers(1 << 14);
    /// Gift cards exceed the amount, stand beside splits, are refunded, or captured below zero.
    pub const CARDS: Triggers = Triggers(1 << 15);
    /// The precheck was not finished, so every rule runs: too many rows, a negative amount, an
    /// overflow, or events that are not in time order.
    pub const UNREAD: Triggers = Triggers(1 << 16);

    /// An event names settlements, or states a status of them. No rule is asked by it: it tells that the row has them.
    pub const NAMES_SETTLEMENTS: Triggers = Triggers(1 << 17);
    /// There are correlations. No rule is asked by it: it tells that the row has them.
    pub const CORRELATED: Triggers = Triggers(1 << 19);
    /// What tells what the row has.
    pub const OF_ROW: Triggers = Triggers(Triggers::NAMES_SETTLEMENTS.0 | Triggers::CORRELATED.0);
    /// A settled capture or refund was settled with another amount.
    pub const SETTLED: Triggers = Triggers(1 << 18);

    /// Whether an event names settlements, also where the precheck was not finished.
    pub fn names_settlements(self) -> bool {
        self.0 & Triggers::NAMES_SETTLEMENTS.0 != 0
    }

    /// Whether there are correlations, also where the precheck was not finished.
    pub fn is_correlated(self) -> bool {
        self.0 & Triggers::CORRELATED.0 != 0
    }

    /// Whether any of these triggers is set; [`Triggers::UNREAD`] counts as all of them.
    pub fn has(self, any: Triggers) -> bool {
        self.0 & (any.0 | Triggers::UNREAD.0) != 0
    }

    pub fn without(self, triggers: Triggers) -> Triggers {
        Triggers(self.0 & !triggers.0)
    }

    /// As stored in a packed row.
    pub fn bits(self) -> u32 {
        self.0
    }

    /// As stored in a packed row.
    pub fn from_bits(bits: u32) -> Triggers {
        Triggers(bits)
    }

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
    fn without_keeps_other_triggers() {
        let mut triggers = Triggers::OPEN;
        triggers |= Triggers::STATUS;
        assert_eq!(triggers.without(Triggers::OPEN), Triggers::STATUS);
        assert_eq!(triggers.without(Triggers::CARDS), triggers);
        assert_eq!(Triggers::OPEN.without(Triggers::OPEN), Triggers::NONE);
    }

    #[test]
    fn a_trigger_is_another_than_all_others() {
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
            S::SETTLED,
        ];
        for (n, trigger) in all.iter().enumerate() {
            assert!(
                !Triggers::NONE.has(*trigger) && trigger.has(*trigger) && Triggers::UNREAD.has(*trigger),
                "{trigger:?}"
            );
            assert!(all[..n].iter().all(|other| !trigger.has(*other)), "{trigger:?}");
        }
    }
}
