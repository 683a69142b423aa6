//! AV504 currencies-differ.

use crate::card;
use crate::ledger::{OrderFacts, SessionFacts, TransactionFacts};
use crate::model::card::Kind;
use crate::model::finding::Hit;
use crate::rules::{Check, Cx, Rule};

card! {
    /// An order or session and its transaction are in different currencies.
    ///
    /// The same number in two currencies is not the same money, and no amount of one side can be held against the
    /// other. The payer was shown one price and charged another.
    "AV504" "currencies-differ" Error [Order Session]
    message: "the currency is {actual}, that of transaction {detail} is {expected}"
    action: "Find out which currency the payer agreed to, and refund or charge the difference."
    fires: "A session in SEK whose transaction is in NOK."
    silent: "A session in NOK whose transaction is in NOK, or an order that states no currency."
    needs: Nothing
    window: None
    tolerance: None
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::SessionPair(of_session), Check::OrderPair(of_order)] };

fn of_session<'p>(session: &SessionFacts<'p>, transaction: &TransactionFacts<'p>, cx: &mut Cx<'_, 'p>) {
    judge(session.currency, transaction, cx);
}

fn of_order<'p>(order: &OrderFacts<'p>, transaction: &TransactionFacts<'p>, cx: &mut Cx<'_, 'p>) {
    judge(order.currency, transaction, cx);
}

fn judge<'p>(currency: Option<&'p str>, transaction: &TransactionFacts<'p>, cx: &mut Cx<'_, 'p>) {
    let (Some(theirs), Some(ours)) = (transaction.currency, currency) else { return };
    if ours != theirs {
        let hit = Hit::words(theirs, ours).detail(transaction.id);
        cx.hit(hit.partner(Kind::Transaction, transaction.id));
    }
}
