//! AV411 events-out-of-order.

use crate::card;
use crate::ledger::{Ledger, Triggers};
use crate::model::finding::Hit;
use crate::rules::{Check, Cx, Rule};

card! {
    /// The events of a transaction do not stand in the order of their times.
    ///
    /// Nothing is wrong with the money: balances are computed in the order of time. But programs that take the last
    /// event of the list for the latest one are misled by such a document.
    "AV411" "events-out-of-order" Info [Transaction]
    message: "the events do not stand in the order of their times"
    action: "Nothing to do for the money; see to it that programs that read this export sort events by `created_at`."
    fires: "A capture of 10:05 stands before the authorization of 10:00."
    silent: "Two events of the same instant, and one without a time between them."
    needs: Nothing
    window: None
    tolerance: None
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Ledger(Triggers::SEQUENCE, check)] };

fn check<'p>(ledger: &Ledger<'p>, cx: &mut Cx<'_, 'p>) {
    if !ledger.is_order() && !ledger.events.iter().filter_map(|event| event.time).is_sorted() {
        cx.hit(Hit::new());
    }
}
