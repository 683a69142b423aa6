//! AV402 last-status-mismatch.

use crate::card;
use crate::ledger::{Ledger, Triggers};
use crate::model::finding::Hit;
use crate::model::status::Status;
use crate::rules::{Check, Cx, Rule};

card! {
    /// The last event left the transaction in another state than the one it shows.
    ///
    /// Every event says what state the transaction is in after it. When the last one disagrees with the transaction
    /// itself, an event is missing from the export or one side was not updated, and shops act on a wrong state.
    /// A transaction that was declined or failed is left alone: the event that says so did not succeed.
    "AV402" "last-status-mismatch" Warning [Transaction]
    message: "the status is {actual}, while the last event, {event}, left it {expected}"
    action: "Fetch the transaction again; if the difference stays, compare its events with the provider's back office and look for one that is missing."
    fires: "The last capture says CAPTURED, the transaction says PARTIALLY_CAPTURED."
    silent: "The last capture says `captured`, the transaction says CAPTURED; a failed refund after it says nothing."
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
    let Some(status) = ledger.status().filter(|s| !matches!(s, Status::Declined | Status::Failed)) else { return };
    let effective = ledger.timeline().rev().map(|(event, _)| event).filter(|event| event.effective());
    let Some((event, last)) = effective.filter_map(|event| Some((event, event.status?))).next() else { return };
    if last != status {
        let words = ledger.head.words;
        cx.hit(Hit::words(words.of(last), words.of(status)).at(event));
    }
}
