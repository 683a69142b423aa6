//! AV704 settled-differ.

use crate::card;
use crate::ledger::Settled;
use crate::model::finding::Hit;
use crate::model::money::Sum;
use crate::model::settings::Settings;
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
    for (which, ours, theirs) in totals(settled) {
        if fires(settled, ours, theirs, cx.settings) {
            cx.hit(Hit::amounts(ours, theirs).detail(which));
        }
    }
}

/// What was captured and refunded: the name, ours, and as settled.
pub(super) fn totals(settled: &Settled<'_, '_>) -> [(&'static str, Sum, Sum); 2] {
    let transaction = settled.transaction;
    [("captured", transaction.captured, settled.captured), ("refunded", transaction.refunded, settled.refunded)]
}

/// Whether a total makes a finding of this rule.
pub(super) fn fires(settled: &Settled<'_, '_>, ours: Sum, theirs: Sum, settings: &Settings) -> bool {
    settled.lines > 0
        && settled.status == Some(SettlementStatus::Whole)
        && !settled.transaction.has_cards_or_splits
        && (theirs - ours).abs() > settings.tolerance(&CARD)
}
