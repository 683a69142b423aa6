//! AV105 void-amount-wrong.

use crate::card;
use crate::ledger::{Ledger, Triggers};
use crate::model::event::EventKind;
use crate::model::finding::Hit;
use crate::model::money::Sum;
use crate::rules::{Check, Cx, Rule};

card! {
    /// A void states another amount than what was left to release.
    ///
    /// A void takes no amount: it releases the whole remainder, what is authorised and neither captured nor released
    /// yet. One that states another amount shows that the provider's books and the record disagree on how much was
    /// left, and so on what was captured.
    "AV105" "void-amount-wrong" Error [Transaction]
    message: "the void at {event} states {actual}, but {expected} was left to release"
    action: "Ask the provider what was captured and released, and look for a capture that the record lacks."
    fires: "Authorised 100.00, captured 60.00, then a void that states 100.00."
    silent: "Authorised 100.00, captured 60.00, then a void that states 40.00, or none."
    needs: Nothing
    window: None
    tolerance: MinorUnits
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Ledger(Triggers::VOID, check)] };

fn check<'p>(ledger: &Ledger<'p>, cx: &mut Cx<'_, 'p>) {
    if !ledger.totals.voided {
        return;
    }
    for (event, step) in ledger.timeline().filter(|(event, _)| event.is(EventKind::Void)) {
        let Some(stated) = event.stated.map(Sum::from) else { continue };
        let left = ledger.left(&step.before);
        if cx.differs(stated, left) {
            cx.hit(Hit::amounts(left, stated).at(event));
        }
    }
}
