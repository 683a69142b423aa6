//! AV704 settled-differ.

use crate::card;
use crate::ledger::Settled;
use crate::model::finding::Hit;
use crate::model::status::SettlementStatus;
use crate::rules::{Check, Cx, Rule};

card! {
    /// A transaction that calls itself settled was settled with other amounts than it moved.
    ///
    /// All of its money should be in the reports: every capture paid out, every refund taken off. A difference is
    /// money that is still owed, or that was taken off twice. Payments with gift cards or splits are left alone,
    /// since parts of theirs are paid out elsewhere.
    "AV704" "settled-differ" Error [Transaction]
    message: "{expected} was {detail}, the settlement reports of it come to {actual}: {delta} apart"
    action: "Check that the reports of the whole time are in the input; if they are, claim the difference from the provider."
    fires: "Status SETTLED, captured 100.00; the only report line that names it captures 90.00."
    silent: "Status SETTLED, captured 100.00, refunded 20.00; one line captures 100.00, one of a later report refunds 20.00."
    needs: Nothing
    window: None
    tolerance: MinorUnits
    repair: AddMove
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Settled(check)] };

fn check<'p>(settled: &Settled<'_, 'p>, cx: &mut Cx<'_, 'p>) {
    let transaction = settled.transaction;
    if settled.lines == 0 || settled.status != Some(SettlementStatus::Whole) || transaction.has_cards_or_splits {
        return;
    }
    let totals =
        [("captured", transaction.captured, settled.captured), ("refunded", transaction.refunded, settled.refunded)];
    for (which, ours, theirs) in totals {
        if cx.differs(theirs, ours) {
            cx.hit(Hit::amounts(ours, theirs).detail(which));
        }
    }
}
