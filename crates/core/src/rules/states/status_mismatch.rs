//! AV401 status-mismatch.

use crate::card;
use crate::ledger::states::expected;
use crate::ledger::{Ledger, Triggers};
use crate::model::finding::{Hit, Value};
use crate::rules::{Check, Cx, Rule};

card! {
    /// The transaction's status is not what its amounts imply.
    ///
    /// Shops decide by the status whether to ship, to capture the rest or to refund. A transaction that calls itself
    /// captured while a part is not leaves that part to expire; one that calls itself authorised after a capture
    /// invites a second one.
    "AV401" "status-mismatch" Error [Transaction]
    message: "the status is {actual}, its events amount to {expected}"
    action: "Compare the events with the provider's back office: either an event is missing from the export, or the status was never updated and whoever relies on it must be told."
    fires: "Amount 722.00, captured 683.00, status CAPTURED."
    silent: "Amount 722.00, captured 683.00, the rest voided, status CAPTURED."
    needs: Nothing
    window: None
    tolerance: None
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Ledger(Triggers::STATUS, check)] };

fn check<'p>(ledger: &Ledger<'p>, cx: &mut Cx<'_, 'p>) {
    if ledger.is_order() {
        return;
    }
    let Some(status) = ledger.status() else { return };
    let Some(expected) = expected(ledger.authorized, &ledger.totals) else { return };
    if expected.states().contains(&status) {
        return;
    }
    let words = ledger.head.words;
    cx.hit(Hit {
        expected: Value::Both(words.of_expected(expected).into(), ledger.authorized),
        actual: Value::Both(words.of(status).into(), ledger.totals.captured),
        ..Hit::new()
    });
}
