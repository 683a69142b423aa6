//! AV202 line-over-captured.

use crate::card;
use crate::ledger::{Ledger, Triggers};
use crate::model::event::EventList;
use crate::model::finding::Hit;
use crate::rules::{Check, Cx, Rule};

card! {
    /// More was captured on a line than the line amounts to.
    ///
    /// The total can be right while a line is not: the payer then paid one line twice and another not at all, and the
    /// refund of the wrong line will be refused or paid out twice. On a line of negative amount (a gift card of the
    /// shop, a reversal) too much means further below zero.
    "AV202" "line-over-captured" Error [Transaction Order]
    message: "captured {actual} on line {line}, which amounts to {expected}: {delta} too much"
    action: "Find the capture that names the line once too often, and refund or rebook it to the line that was meant."
    fires: "A line of 60.00, captured with 60.00 and once more with 20.00."
    silent: "A line of 60.00, captured with 40.00 and 20.00."
    needs: Nothing
    window: None
    tolerance: MinorUnits
    repair: MakeRoom
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Ledger(Triggers::LINES, check)] };

fn check<'p>(ledger: &Ledger<'p>, cx: &mut Cx<'_, 'p>) {
    if !ledger.given(EventList::Authorizations) {
        return;
    }
    for tally in ledger.tallies.iter().filter(|tally| tally.on_ledger) {
        let Some(amount) = tally.amount else { continue };
        if cx.beyond(tally.captured, amount) {
            cx.hit(Hit::amounts(amount, tally.captured).line(Some(tally.line)));
        }
    }
}
