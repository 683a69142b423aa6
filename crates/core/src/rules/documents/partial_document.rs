//! AV006 partial-document.

use crate::card;
use crate::ledger::Ledger;
use crate::model::finding::Hit;
use crate::rules::{Check, Cx, Rule};

card! {
    /// A transaction of which the input has only a partial document, without events.
    ///
    /// Webhooks carry a trimmed transaction that does not say what was captured or refunded. It proves that the
    /// transaction exists and nothing more: no other rule judges it, and its amount stands in no total.
    "AV006" "partial-document" Info [Transaction]
    message: "of transaction {id} the input has only a partial document without events, so nothing of it was judged"
    action: "Add the full transaction to the export: fetch it by its id."
    fires: "A stored webhook names a transaction that no export file holds."
    silent: "The same webhook, and the transaction with its events in another file."
    needs: Nothing
    window: None
    tolerance: None
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Partial(check)] };

fn check<'p>(_: &Ledger<'p>, cx: &mut Cx<'_, 'p>) {
    cx.hit(Hit::new());
}
