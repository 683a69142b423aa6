//! AV508 session-amount-differs.

use crate::card;
use crate::ledger::{SessionFacts, TransactionFacts};
use crate::model::card::Kind;
use crate::model::finding::Hit;
use crate::rules::{Check, Cx, Rule};

card! {
    /// A session asked for another amount than its transaction has.
    ///
    /// What the payer saw at checkout is the session's order; what can be captured is the transaction's amount. A
    /// difference means that the session was changed after payment began, that the authorization was updated later,
    /// or that the shop rounds differently than it says.
    "AV508" "session-amount-differs" Warning [Session]
    message: "the session's order is {actual}, its transaction {detail} is {expected}: {delta} apart"
    action: "Find out which amount the payer agreed to; if shops of yours round, set a tolerance for this rule."
    fires: "The session's order is 722.00, its transaction 723.00."
    silent: "The session's order is 722.00, its transaction 722.00, of which a part was captured."
    needs: Nothing
    window: None
    tolerance: MinorUnits
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::SessionPair(check)] };

fn check<'p>(session: &SessionFacts<'p>, transaction: &TransactionFacts<'p>, cx: &mut Cx<'_, 'p>) {
    if cx.differs(session.amount, transaction.authorized) {
        let hit = Hit::amounts(transaction.authorized, session.amount).detail(transaction.id);
        cx.hit(hit.partner(Kind::Transaction, transaction.id));
    }
}
