//! AV201 items-unbalanced.

use crate::card;
use crate::ledger::{Ledger, Triggers, items_sum};
use crate::model::event::EventKind;
use crate::model::finding::Hit;
use crate::model::money::Sum;
use crate::rules::{Check, Cx, Rule};

card! {
    /// The items of a capture or refund, or of any operation of an order, do not sum to its amount.
    ///
    /// The amount is what the payer pays or gets back; the items say what for. Where the two differ, revenue, tax and
    /// stock by line are booked on other amounts than the bank sees. Usual causes are rounding in the shop, a
    /// forgotten shipping line, or a discount that is missing on one side.
    "AV201" "items-unbalanced" Error [Transaction Order]
    message: "the items of {event} sum to {actual}, its amount is {expected}: {delta} apart"
    action: "Compare the items with the shop's order. Correct how the shop builds the items of its calls (rounding, shipping, discounts)."
    fires: "A capture of 100.00 with items of 60.00 and 39.99."
    silent: "A capture of 100.00 with items of 60.00 and 40.00, or without any items."
    needs: Nothing
    window: None
    tolerance: MinorUnits
    repair: Round(EventItems)
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Ledger(Triggers::ITEMS, check)] };

fn check<'p>(ledger: &Ledger<'p>, cx: &mut Cx<'_, 'p>) {
    let is_order = ledger.is_order();
    for event in ledger.events.iter().filter(|e| !e.items.is_empty() && e.effective()) {
        let Some(stated) = event.stated.map(Sum::from) else { continue };
        if !is_order && !matches!(event.kind, EventKind::Capture | EventKind::Refund) {
            continue;
        }
        let sum = items_sum(ledger.items(event.items));
        if cx.differs(sum, stated) {
            cx.hit(Hit::amounts(stated, sum).at(event));
        }
    }
}
