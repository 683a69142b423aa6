//! AV301 split-unbalanced.

use crate::card;
use crate::ledger::{Ledger, Triggers, splits_sum};
use crate::model::event::EventKind;
use crate::model::finding::Hit;
use crate::rules::{Check, Cx, Rule};

card! {
    /// The splits of a capture or refund do not add up to its amount.
    ///
    /// Splits say which seller gets, or gives back, which part of a movement. When they sum to less, nobody owns
    /// the rest; when they sum to more, somebody is promised money that did not move.
    "AV301" "split-unbalanced" Error [Transaction]
    message: "the splits of {event} sum to {actual}, its amount is {expected}: {delta} apart"
    action: "Compare the splits sent with this capture or refund with its amount, and settle the difference with the sellers it concerns."
    fires: "A capture of 597.00 whose splits are 297.00 and 290.00."
    silent: "A capture of 597.00 whose splits are 297.00 and 300.00, or one without splits of its own."
    needs: Nothing
    window: None
    tolerance: MinorUnits
    repair: Round(EventSplits)
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Ledger(Triggers::SPLITS, check)] };

fn check<'p>(ledger: &Ledger<'p>, cx: &mut Cx<'_, 'p>) {
    if ledger.splits.is_empty() {
        return;
    }
    for event in &ledger.events {
        if event.splits.is_empty() || !(event.is(EventKind::Capture) || event.is(EventKind::Refund)) {
            continue;
        }
        let Some(amount) = event.amount else { continue };
        let shared = splits_sum(ledger.splits(event.splits));
        if cx.differs(shared, amount) {
            cx.hit(Hit::amounts(amount, shared).at(event));
        }
    }
}
