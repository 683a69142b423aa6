//! AV413 unknown-event.

use crate::card;
use crate::ledger::{Ledger, Triggers};
use crate::model::event::EventKind;
use crate::model::finding::Hit;
use crate::rules::{Check, Cx, Rule};

card! {
    /// A transaction has an event of a kind that is not known.
    ///
    /// It may move money that no balance here counts: a new kind of operation, or a misspelt one. Every total of the
    /// transaction is to be read with that in mind.
    "AV413" "unknown-event" Warning [Transaction]
    message: "{event} is of a kind that is not known and counts in no balance"
    action: "Look up in the provider's documentation what this event does; if it moves money, correct the balance by hand and report the kind as missing here."
    fires: "An event `CHARGEBACK`."
    silent: "An event `initiate`, which is the older spelling of `INITIALIZE`."
    needs: Nothing
    window: None
    tolerance: None
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Ledger(Triggers::UNKNOWN_EVENT, check)] };

fn check<'p>(ledger: &Ledger<'p>, cx: &mut Cx<'_, 'p>) {
    if ledger.is_order() {
        return;
    }
    for event in ledger.events.iter().filter(|event| event.kind == EventKind::Other) {
        cx.hit(Hit::new().at(event));
    }
}
