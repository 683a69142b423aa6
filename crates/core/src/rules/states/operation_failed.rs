//! AV409 operation-failed.

use crate::card;
use crate::ledger::{Ledger, Triggers};
use crate::model::event::EventKind;
use crate::model::finding::Hit;
use crate::rules::{Check, Cx, Rule};

card! {
    /// The last try to capture, or to refund, failed, and none succeeded after it.
    ///
    /// A failed capture means goods that may be on their way without being paid; a failed refund means a payer who
    /// was promised money and did not get it. Failures before a success are harmless and left alone.
    "AV409" "operation-failed" Warning [Transaction Order]
    message: "{event} over {actual} failed, and nothing after it succeeded"
    action: "Read the error of this event at the provider, then repeat the operation or settle it with the payer another way."
    fires: "A refund of 50.00 that failed, and no other one since."
    silent: "A capture that failed twice and succeeded the third time."
    needs: Nothing
    window: None
    tolerance: None
    repair: CountEvent
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Ledger(Triggers::SEQUENCE, check)] };

fn check<'p>(ledger: &Ledger<'p>, cx: &mut Cx<'_, 'p>) {
    if ledger.events.iter().all(|event| event.effective()) {
        return;
    }
    for kind in [EventKind::Capture, EventKind::Refund] {
        let last = ledger.timeline().rev().map(|(event, _)| event).find(|event| event.kind == kind);
        if let Some(event) = last.filter(|event| !event.effective()) {
            cx.hit(Hit::actual(event.sum()).at(event));
        }
    }
}
