//! AV303 destination-over-refunded.

use crate::card;
use crate::ledger::{Ledger, Triggers};
use crate::model::event::{EventKind, EventList};
use crate::model::finding::Hit;
use crate::rules::{Check, Cx, Rule};

card! {
    /// A payout destination gives back more than it got.
    ///
    /// The total may balance while one seller pays for another's refund: the splits of the refunds take more from
    /// this destination than the splits of the captures gave it. Judged only where every capture says how it was
    /// split, since the share of the others is not known.
    "AV303" "destination-over-refunded" Error [Transaction Order]
    message: "{destination} got {expected} of the captures and gives back {actual} by the refunds: {delta} too much"
    action: "Find the refund that was split wrongly, and move the difference back to this destination from the sellers that should have paid."
    fires: "Captured 300.00 for one seller and 200.00 for another, then refunded 250.00 from the second."
    silent: "Captured 300.00 for one seller and 200.00 for another, then refunded 200.00 from the second."
    needs: Nothing
    window: None
    tolerance: MinorUnits
    repair: MoveSplit
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Ledger(Triggers::SPLITS, check)] };

fn check<'p>(ledger: &Ledger<'p>, cx: &mut Cx<'_, 'p>) {
    let beyond = |cx: &Cx<'_, '_>| ledger.destinations.iter().any(|d| cx.beyond(d.refunded, d.captured));
    if !beyond(cx) || !ledger.given(EventList::Captures) {
        return;
    }
    if !ledger.effective(EventKind::Capture).all(|capture| ledger.has_splits(capture)) {
        return;
    }
    for tally in &ledger.destinations {
        if cx.beyond(tally.refunded, tally.captured) {
            cx.hit(Hit::amounts(tally.captured, tally.refunded).destination(tally.destination));
        }
    }
}
