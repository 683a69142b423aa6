//! AV106 void-of-nothing.

use crate::card;
use crate::ledger::{Ledger, Triggers};
use crate::model::event::EventKind;
use crate::model::finding::Hit;
use crate::rules::{Check, Cx, Rule};

card! {
    /// A void when nothing was left to release.
    ///
    /// After everything was captured or released, a void moves no money. Somebody, or a retrying script, believed
    /// that the payment was still open: often the wish was to give money back, and the payer still waits for a refund.
    "AV106" "void-of-nothing" Warning [Transaction]
    message: "the void at {event} released nothing: all was captured or released before it"
    action: "Ask who voided it and what was meant. If the payer should get money back, refund it."
    fires: "Authorised 100.00, captured 100.00, then a void."
    silent: "Authorised 100.00, captured 99.99, then a void."
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
        if event.is(EventKind::Void) && event.stated.is_none() && ledger.left(&step.before) == 0 {
            cx.hit(Hit::amounts(0, 0).at(event));
        }
    }
}
