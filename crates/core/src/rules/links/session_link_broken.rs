//! AV509 session-link-broken.

use crate::card;
use crate::ledger::{SessionFacts, TransactionFacts};
use crate::model::card::Kind;
use crate::model::finding::Hit;
use crate::rules::{Check, Cx, Rule};

card! {
    /// A session names a transaction that names another session.
    ///
    /// A session produces at most one transaction, and both name each other. Where they do not, a payment is about
    /// to be booked on the wrong order: the shop that follows the session and the one that follows the transaction
    /// arrive at different carts.
    "AV509" "session-link-broken" Error [Session]
    message: "the session names a transaction that belongs to another session"
    action: "Compare references and amounts of both sessions with the transaction's, and book the payment on the order it was made for."
    fires: "The session's transaction has the `session_id` of another session."
    silent: "The session's transaction has no `session_id`, or this session's."
    needs: Nothing
    window: None
    tolerance: None
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::SessionPair(check)] };

fn check<'p>(session: &SessionFacts<'p>, transaction: &TransactionFacts<'p>, cx: &mut Cx<'_, 'p>) {
    let names_another = transaction.session_id.is_some_and(|id| !id.is_empty() && id != session.id);
    if names_another && session.transaction_id == Some(transaction.id) {
        cx.hit(Hit::new().partner(Kind::Transaction, transaction.id));
    }
}
