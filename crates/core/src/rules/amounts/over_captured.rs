//! AV101 over-captured.

use crate::card;
use crate::ledger::{Ledger, Triggers};
use crate::model::event::{EventKind, EventList};
use crate::model::finding::{EventRef, Hit};
use crate::rules::{Check, Cx, Rule};

card! {
    /// More was captured than was authorised.
    ///
    /// The payer agreed to the authorised amount. What is captured beyond it is money that nobody agreed to:
    /// a doubled capture call, a capture of the wrong order, or an authorization that was lowered later.
    "AV101" "over-captured" Error [Transaction Order]
    message: "captured {actual} of {expected} authorised: {delta} too much"
    action: "Find the capture that should not be (the event named here is the first beyond the limit) and refund the difference."
    fires: "Authorised 100.00, captured 60.00 and 50.00: the second capture is 10.00 too much."
    silent: "Authorised 100.00, captured 60.00 and 40.00."
    needs: Nothing
    window: None
    tolerance: MinorUnits
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Ledger(Triggers::TOTALS, check)] };

/// Whether the rule fires; other rules are silent then.
pub fn fires(ledger: &Ledger<'_>, cx: &Cx<'_, '_>) -> bool {
    ledger.given(EventList::Authorizations) && ledger.totals.captured > ledger.authorized + cx.settings.tolerance(&CARD)
}

fn check<'p>(ledger: &Ledger<'p>, cx: &mut Cx<'_, 'p>) {
    if !fires(ledger, cx) {
        return;
    }
    let first = ledger
        .timeline()
        .find(|(event, step)| event.is(EventKind::Capture) && step.after.captured > ledger.authorized)
        .map(|(event, _)| EventRef::from(event));
    cx.hit(Hit::amounts(ledger.authorized, ledger.totals.captured).at_some(first));
}
