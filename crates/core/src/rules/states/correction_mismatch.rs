//! AV414 correction-mismatch.

use crate::card;
use crate::ledger::{Ledger, Triggers};
use crate::model::finding::Hit;
use crate::model::money::Sum;
use crate::rules::{Check, Cx, Rule};

card! {
    /// A correction states another remaining amount than the events add up to.
    ///
    /// After it repaired a failed operation the provider states what can still be captured, refunded and voided.
    /// That is its own account of the payment: where it differs from the events, one of the two does not know of a
    /// movement of money.
    "AV414" "correction-mismatch" Error [Transaction]
    message: "the correction of {event} states {actual} as {detail}, the events leave {expected}: {delta} apart"
    action: "Ask the provider which events its correction counts, and compare them with the export: one of them is missing or has another amount."
    fires: "Authorised 100.00, captured 60.00; the correction states 50.00 as `remaining_capture_amount`."
    silent: "Authorised 100.00, captured 60.00; the correction states 40.00, and 0.00 as `remaining_void_amount` where the product cannot void a rest."
    needs: Nothing
    window: None
    tolerance: MinorUnits
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Ledger(Triggers::CORRECTION, check)] };

fn check<'p>(ledger: &Ledger<'p>, cx: &mut Cx<'_, 'p>) {
    let fields = ledger.head.words.corrections;
    for (event, step) in ledger.timeline() {
        if event.correction == [None; 3] {
            continue;
        }
        let remaining = step.after.remaining(ledger.authorized, ledger.can_void_remainder());
        for ((stated, ours), field) in event.correction.into_iter().zip(remaining).zip(fields) {
            let Some(stated) = stated else { continue };
            if cx.differs(Sum::from(stated), ours) {
                cx.hit(Hit::amounts(ours, stated).at(event).detail(field));
            }
        }
    }
}
