//! AV403 event-status-mismatch.

use crate::card;
use crate::ledger::states::expected;
use crate::ledger::{Ledger, Triggers};
use crate::model::event::EventKind;
use crate::model::finding::Hit;
use crate::rules::{Check, Cx, Rule};

card! {
    /// An event says that it left the transaction in a state that the amounts up to it do not imply.
    ///
    /// It shows where the history went wrong: an event before it is missing, has another amount than the provider
    /// counted, or was counted though it failed.
    "AV403" "event-status-mismatch" Warning [Transaction]
    message: "{event} says that it left the transaction {actual}, the amounts up to it imply {expected}"
    action: "Compare the events up to this one with the provider's back office: amounts first, then whether one is missing."
    fires: "A capture of 50.00 of 100.00 that says CAPTURED."
    silent: "A capture of 50.00 of 100.00 that says PARTIALLY_CAPTURED, and one of the other 50.00 that says CAPTURED."
    needs: Nothing
    window: None
    tolerance: None
    repair: InsertEvent
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Ledger(Triggers::STATUS, check)] };

fn check<'p>(ledger: &Ledger<'p>, cx: &mut Cx<'_, 'p>) {
    if ledger.is_order() {
        return;
    }
    for (event, step) in ledger.timeline() {
        let moves =
            matches!(event.kind, EventKind::Authorize | EventKind::Capture | EventKind::Refund | EventKind::Void);
        let Some(status) = event.status.filter(|_| moves && event.effective()) else { continue };
        let Some(expected) = expected(ledger.authorized, &step.after) else { continue };
        if !expected.states().contains(&status) {
            let words = ledger.head.words;
            cx.hit(Hit::words(words.of_expected(expected), words.of(status)).at(event));
        }
    }
}
