//! AV407 money-on-dead-transaction.

use crate::card;
use crate::ledger::{Ledger, Triggers};
use crate::model::finding::Hit;
use crate::model::status::Status;
use crate::rules::{Check, Cx, Rule};

card! {
    /// Money moved on a transaction that says nothing came of it.
    ///
    /// Shops treat declined, failed and merely initiated payments as unpaid: the goods are not sent, or the payer
    /// is asked to pay again. Money captured on such a transaction was taken for nothing.
    "AV407" "money-on-dead-transaction" Error [Transaction]
    message: "{actual} moved although the status says that nothing was paid"
    action: "Find out whether the payer's money was really taken; if so refund it, or deliver what it paid for, and have the status corrected."
    fires: "Status FAILED, and a capture of 100.00 that succeeded."
    silent: "Status FAILED, and a capture of 100.00 that failed."
    needs: Nothing
    window: None
    tolerance: MinorUnits
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Ledger(Triggers::STATUS, check)] };

fn check<'p>(ledger: &Ledger<'p>, cx: &mut Cx<'_, 'p>) {
    let totals = [ledger.totals.captured, ledger.totals.refunded];
    let Some(moved) = totals.into_iter().find(|total| cx.more(*total, 0)) else { return };
    if ledger.is_order() {
        return;
    }
    if let Some(Status::Declined | Status::Failed | Status::Initiated) = ledger.status() {
        cx.hit(Hit::amounts(0, moved));
    }
}
