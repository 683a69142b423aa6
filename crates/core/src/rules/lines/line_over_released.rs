//! AV206 line-over-released.

use crate::card;
use crate::ledger::Ledger;
use crate::model::event::EventList;
use crate::model::finding::Hit;
use crate::rules::{Check, Cx, Rule};

card! {
    /// A cancellation releases more of an order's line than its captures left.
    ///
    /// A line can be captured or cancelled, once. Where both come to more, the payer paid for an article that is
    /// cancelled in the books, or it was cancelled twice: a refund is due, or the stock is wrong.
    "AV206" "line-over-released" Error [Order]
    message: "cancelled {actual} of line {line}, of which captures left only {expected}: {delta} too much"
    action: "Check whether the line was delivered. If not, refund what was captured; else correct the cancellation."
    fires: "A line authorised with 60.00, captured with 40.00 and cancelled with 30.00."
    silent: "A line authorised with 60.00, captured with 40.00 and cancelled with 20.00."
    needs: Nothing
    window: None
    tolerance: MinorUnits
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Order(check)] };

fn check<'p>(ledger: &Ledger<'p>, cx: &mut Cx<'_, 'p>) {
    if !ledger.is_order() || !ledger.given(EventList::Authorizations) {
        return;
    }
    for tally in ledger.tallies.iter().filter(|tally| tally.on_ledger && tally.named_by_cancel) {
        let Some(authorized) = tally.amount else { continue };
        if cx.beyond(tally.captured + tally.cancelled, authorized) && !cx.beyond(tally.captured, authorized) {
            cx.hit(Hit::amounts(authorized - tally.captured, tally.cancelled).line(Some(tally.line)));
        }
    }
}
