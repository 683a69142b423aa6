//! AV711 over-settled.

use super::settled_differ;
use crate::card;
use crate::ledger::Settled;
use crate::model::finding::Hit;
use crate::rules::{Check, Cx, Rule};

card! {
    /// The settlement reports settle more of a payment than it moved.
    ///
    /// More paid out than was captured is money that will be taken back; more refunds taken off than were made is
    /// money that is missing.
    "AV711" "over-settled" Error [Transaction]
    message: "{expected} was {detail}, the settlement reports of it come to {actual}: {delta} too much"
    action: "Look for a line that is there twice, in this report or in another; ask the provider to correct it."
    fires: "Captured 100.00, status PARTIALLY_SETTLED; two reports have a line of 60.00 each."
    silent: "Captured 100.00; two reports have a line of 50.00 each."
    needs: Nothing
    window: None
    tolerance: MinorUnits
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Settled(check)] };

fn check<'p>(settled: &Settled<'_, 'p>, cx: &mut Cx<'_, 'p>) {
    for (which, ours, theirs) in settled_differ::totals(settled) {
        if cx.more(theirs, ours.max(0)) && !settled_differ::fires(settled, ours, theirs, cx.settings) {
            cx.hit(Hit::amounts(ours, theirs).detail(which));
        }
    }
}
