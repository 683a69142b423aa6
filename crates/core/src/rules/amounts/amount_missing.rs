//! AV107 amount-missing.

use crate::card;
use crate::ledger::{Ledger, Triggers};
use crate::model::event::EventKind;
use crate::model::finding::Hit;
use crate::rules::{Check, Cx, Rule};

card! {
    /// A capture or refund, or any operation of an order, says neither how much nor for which items.
    ///
    /// Money moved, and the record does not say how much. It counts as nothing in every sum, so the captured or
    /// refunded total is too low by an amount that nobody can read from the export.
    "AV107" "amount-missing" Error [Transaction Order]
    message: "{event} states neither an amount nor items, and counts as nothing"
    action: "Look up the amount of this event with the provider and fetch the document again."
    fires: "A capture that succeeded, without `amount` and without `items`."
    silent: "A capture without `amount`, with two items of 50.00: it counts as 100.00. A void without amount."
    needs: Nothing
    window: None
    tolerance: None
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Ledger(Triggers::AMOUNT, check)] };

fn check<'p>(ledger: &Ledger<'p>, cx: &mut Cx<'_, 'p>) {
    let is_order = ledger.is_order();
    for event in ledger.events.iter().filter(|e| e.amount.is_none() && e.effective()) {
        if is_order || matches!(event.kind, EventKind::Capture | EventKind::Refund) {
            cx.hit(Hit::new().at(event));
        }
    }
}
