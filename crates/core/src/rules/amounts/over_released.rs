//! AV104 over-released.

use crate::card;
use crate::ledger::Ledger;
use crate::model::event::EventList;
use crate::model::finding::Hit;
use crate::model::money::Sum;
use crate::rules::{Check, Cx, Rule};

card! {
    /// An order's cancellations release more than its captures left.
    ///
    /// What is authorised can be captured or released, once. Where both together come to more, a part was released
    /// that had been captured already, or was cancelled twice: the order looks smaller than what the payer paid for.
    "AV104" "over-released" Error [Order]
    message: "released {actual}, when captures left only {expected}: {delta} too much"
    action: "Compare the order's cancellations with its captures, and correct the one that should not be."
    fires: "Authorised 100.00, captured 60.00, cancelled 50.00."
    silent: "Authorised 100.00, captured 60.00, cancelled 40.00."
    needs: Nothing
    window: None
    tolerance: MinorUnits
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Order(check)] };

/// Whether the rule fires; other rules are silent then.
pub fn fires(ledger: &Ledger<'_>, cx: &Cx<'_, '_>) -> bool {
    let left = left(ledger);
    ledger.is_order()
        && ledger.given(EventList::Authorizations)
        && left >= 0
        && ledger.totals.released > left + cx.settings.tolerance(&CARD)
}

/// What the captures leave to release: A − C.
fn left(ledger: &Ledger<'_>) -> Sum {
    ledger.authorized - ledger.totals.captured
}

fn check<'p>(ledger: &Ledger<'p>, cx: &mut Cx<'_, 'p>) {
    if fires(ledger, cx) {
        cx.hit(Hit::amounts(left(ledger), ledger.totals.released));
    }
}
