//! AV404 capture-after-void.

use crate::card;
use crate::ledger::{Ledger, Triggers};
use crate::model::event::EventKind;
use crate::model::finding::Hit;
use crate::rules::{Check, Cx, Rule};

card! {
    /// Money was captured after the reservation was released.
    ///
    /// A void releases all that was still reserved. A capture after it takes money that the payer was told is free
    /// again, and nothing guarantees that the payer's bank will honour it.
    "AV404" "capture-after-void" Error [Transaction]
    message: "{event} captures {actual} after the rest was voided"
    action: "Find out which of the two was meant: refund the capture if the void was, or ask the provider whether the captured money really arrives."
    fires: "Authorised 100.00, voided, and 60.00 captured a minute later."
    silent: "Authorised 100.00, 60.00 captured, and the rest voided a minute later."
    needs: Nothing
    window: None
    tolerance: None
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Ledger(Triggers::VOID, check)] };

fn check<'p>(ledger: &Ledger<'p>, cx: &mut Cx<'_, 'p>) {
    if !ledger.totals.voided {
        return;
    }
    for (event, step) in ledger.timeline() {
        if step.before.voided && event.is(EventKind::Capture) {
            cx.hit(Hit::amounts(0, event.sum()).at(event));
        }
    }
}
