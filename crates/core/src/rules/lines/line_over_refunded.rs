//! AV203 line-over-refunded.

use crate::card;
use crate::ledger::{Ledger, LineTally, Triggers};
use crate::model::event::{EventKind, EventList};
use crate::model::finding::Hit;
use crate::rules::{Check, Cx, Rule};

card! {
    /// More was refunded on a line than was captured on it.
    ///
    /// The payer got back more for one article than it was paid with, even where the total is still covered by other
    /// lines. Often the same return was refunded twice, once by line and once by hand. The rule speaks only where
    /// every capture says which lines it took.
    "AV203" "line-over-refunded" Error [Transaction Order]
    message: "refunded {actual} on line {line}, of which {expected} was captured: {delta} too much"
    action: "Find the refund that names the line wrongly. Check whether the return was refunded twice."
    fires: "A line captured with 40.00 and refunded with 25.00 and 25.00."
    silent: "A line captured with 40.00 and refunded with 25.00 and 15.00."
    needs: Nothing
    window: None
    tolerance: MinorUnits
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Ledger(Triggers::LINES, check)] };

fn check<'p>(ledger: &Ledger<'p>, cx: &mut Cx<'_, 'p>) {
    let over = |tally: &LineTally<'p>, cx: &Cx<'_, 'p>| cx.beyond(tally.refunded, tally.captured);
    if !ledger.tallies.iter().any(|tally| over(tally, cx)) || !every_capture_has_items(ledger) {
        return;
    }
    for tally in &ledger.tallies {
        if over(tally, cx) {
            cx.hit(Hit::amounts(tally.captured, tally.refunded).line(Some(tally.line)));
        }
    }
}

fn every_capture_has_items(ledger: &Ledger<'_>) -> bool {
    ledger.given(EventList::Captures) && ledger.effective(EventKind::Capture).all(|event| !event.items.is_empty())
}
