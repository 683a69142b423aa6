//! AV506 cancelled-but-captured.

use crate::card;
use crate::ledger::{SessionFacts, TransactionFacts};
use crate::model::card::Kind;
use crate::model::finding::Hit;
use crate::rules::{Check, Cx, Rule};

card! {
    /// A session was cancelled, and money was captured all the same.
    ///
    /// A cancelled session tells the shop that nothing will be sold: the order is closed, the goods go back to the
    /// shelf. The payer has paid for nothing.
    "AV506" "cancelled-but-captured" Error [Session]
    message: "the session was cancelled, yet {actual} was captured on its transaction {detail}"
    action: "Refund the capture, or reopen the order if the payer still wants it."
    fires: "`cancelled_at` is set, and the session's transaction has a capture of 100.00."
    silent: "`cancelled_at` is set, and the session's transaction was voided."
    needs: Nothing
    window: None
    tolerance: MinorUnits
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::SessionPair(check)] };

fn check<'p>(session: &SessionFacts<'p>, transaction: &TransactionFacts<'p>, cx: &mut Cx<'_, 'p>) {
    if session.cancelled_at.is_some() && cx.more(transaction.captured, 0) {
        let hit = Hit::amounts(0, transaction.captured).detail(transaction.id);
        cx.hit(hit.partner(Kind::Transaction, transaction.id));
    }
}
