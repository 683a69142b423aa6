//! AV507 cancelled-but-open.

use crate::card;
use crate::ledger::{SessionFacts, TransactionFacts};
use crate::model::card::Kind;
use crate::model::finding::Hit;
use crate::rules::{Check, Cx, Rule};

card! {
    /// A session was cancelled, and its transaction still holds the payer's money.
    ///
    /// Cancelling a session voids what was authorised. Where that did not happen, the payer's money stays blocked,
    /// and a job that captures whatever is authorised will take it.
    "AV507" "cancelled-but-open" Error [Session]
    message: "the session was cancelled, yet {actual} is still reserved on its transaction {detail}"
    action: "Void the transaction."
    fires: "`cancelled_at` is set, and the session's transaction of 100.00 is authorised and neither captured nor voided."
    silent: "`cancelled_at` is set, and the session's transaction was voided, or was never authorised."
    needs: Nothing
    window: None
    tolerance: MinorUnits
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::SessionPair(check)] };

fn check<'p>(session: &SessionFacts<'p>, transaction: &TransactionFacts<'p>, cx: &mut Cx<'_, 'p>) {
    if session.cancelled_at.is_none() || !transaction.has_authorize || transaction.captured != 0 {
        return;
    }
    let open = transaction.open();
    if cx.more(open, 0) {
        let hit = Hit::amounts(0, open).detail(transaction.id);
        cx.hit(hit.partner(Kind::Transaction, transaction.id));
    }
}
