//! AV505 transaction-missing.

use crate::card;
use crate::model::card::Kind;
use crate::model::finding::Hit;
use crate::rules::{Check, Cx, Rule};

card! {
    /// An order or session names a transaction that the input does not have.
    ///
    /// What was authorised, captured and refunded on it is in no balance here, so a total of this run is not the
    /// total of the shop. Mostly the export ends a day before the session, or a page of it is missing.
    "AV505" "transaction-missing" Warning [Order Session]
    message: "transaction {detail} is named, and the input does not have it"
    action: "Export this transaction too (widen the date range, fetch the missing page) and run again."
    fires: "A session's `transaction_id` is in none of the transaction files."
    silent: "A session names a transaction of which only a webhook is there; or the input has no transactions at all."
    needs: Transactions
    window: None
    tolerance: None
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::MissingTransaction(check)] };

fn check<'p>(missing: &'p str, cx: &mut Cx<'_, 'p>) {
    cx.hit(Hit::new().detail(missing).partner(Kind::Transaction, missing));
}
