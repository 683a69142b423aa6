//! AV102 over-refunded.

use crate::card;
use crate::ledger::{Ledger, Triggers};
use crate::model::event::{EventKind, EventList};
use crate::model::finding::{EventRef, Hit};
use crate::rules::{Check, Cx, Rule};

card! {
    /// More was refunded than was ever captured.
    ///
    /// A refund gives back money that was taken. What goes beyond it is paid from the merchant's own pocket: a refund
    /// sent twice after a timeout, a refund of the wrong order, or a capture that is missing from the record.
    "AV102" "over-refunded" Error [Transaction Order]
    message: "refunded {actual} of {expected} captured: {delta} too much"
    action: "Check with the payer and the provider whether the refund named here was paid out. If it was, claim the difference back; if not, correct the record."
    fires: "Captured 100.00, refunded 60.00 and 50.00: the second refund is 10.00 too much."
    silent: "Captured 100.00, refunded 60.00 and 40.00."
    needs: Nothing
    window: None
    tolerance: MinorUnits
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Ledger(Triggers::TOTALS, check)] };

/// Whether the rule fires; other rules are silent then.
pub fn fires(ledger: &Ledger<'_>, cx: &Cx<'_, '_>) -> bool {
    ledger.given(EventList::Captures) && ledger.totals.refunded > ledger.totals.captured + cx.settings.tolerance(&CARD)
}

fn check<'p>(ledger: &Ledger<'p>, cx: &mut Cx<'_, 'p>) {
    if !fires(ledger, cx) {
        return;
    }
    let captured = ledger.totals.captured;
    let first = ledger
        .timeline()
        .find(|(event, step)| event.is(EventKind::Refund) && step.after.refunded > captured)
        .map(|(event, _)| EventRef::from(event));
    cx.hit(Hit::amounts(captured, ledger.totals.refunded).at_some(first));
}
