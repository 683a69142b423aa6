//! AV406 void-unsupported.

use crate::card;
use crate::ledger::{Ledger, Triggers};
use crate::model::event::EventKind;
use crate::model::finding::Hit;
use crate::rules::{Check, Cx, Rule};

card! {
    /// The rest of a partly captured payment was voided, with a product that cannot do that.
    ///
    /// Only some payment products release what a partial capture left. With the others such a void may be recorded
    /// while the payer's money stays reserved, or the rest may even be captured later.
    "AV406" "void-unsupported" Warning [Transaction]
    message: "{event} voids what a partial capture left, which this payment product does not support"
    action: "Ask the provider whether the rest was really released; if not, tell the payer when the reservation ends."
    fires: "With `bambora.creditcard`: authorised 100.00, captured 60.00, then voided."
    silent: "The same with `payex.creditcard`, or a void before any capture."
    needs: Nothing
    window: None
    tolerance: None
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Ledger(Triggers::VOID, check)] };

fn check<'p>(ledger: &Ledger<'p>, cx: &mut Cx<'_, 'p>) {
    if !ledger.totals.voided || ledger.can_void_remainder() {
        return;
    }
    for (event, step) in ledger.timeline().filter(|(event, _)| event.is(EventKind::Void)) {
        if 0 < step.before.captured && step.before.captured < ledger.authorized {
            cx.hit(Hit::new().at(event));
        }
    }
}
