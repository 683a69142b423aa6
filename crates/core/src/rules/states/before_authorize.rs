//! AV405 before-authorize.

use crate::card;
use crate::ledger::{Ledger, Triggers};
use crate::model::event::EventKind;
use crate::model::finding::Hit;
use crate::rules::{Check, Cx, Rule};

card! {
    /// Money was taken or released before anything was authorised.
    ///
    /// Nothing can be captured or released that was not reserved first. Either times are wrong, so that every
    /// rule about sequence is blind, or the movement belongs to another authorization that the export does not have.
    "AV405" "before-authorize" Error [Transaction Order]
    message: "{event} comes before the first authorization"
    action: "Check the time of this event and look for an earlier authorization that the export lacks, for instance at the edge of its date range."
    fires: "Captured at 10:00:00, authorised at 10:00:01."
    silent: "Authorised and captured in the same instant, the authorization first in the document."
    needs: Nothing
    window: None
    tolerance: None
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Ledger(Triggers::SEQUENCE, check)] };

fn check<'p>(ledger: &Ledger<'p>, cx: &mut Cx<'_, 'p>) {
    if !ledger.totals.authorized {
        return;
    }
    for (event, _) in ledger.timeline().take_while(|(_, step)| !step.after.authorized) {
        if event.effective() && matches!(event.kind, EventKind::Capture | EventKind::Void | EventKind::Cancel) {
            cx.hit(Hit::new().at(event));
        }
    }
}
