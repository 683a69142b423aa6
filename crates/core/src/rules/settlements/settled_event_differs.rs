//! AV708 settled-event-differs.

use crate::card;
use crate::ledger::{Event, Ledger, Triggers};
use crate::model::event::EventKind;
use crate::model::finding::Hit;
use crate::model::money::Sum;
use crate::model::status::SettlementStatus;
use crate::rules::{Check, Cx, Rule};

card! {
    /// A capture or refund was settled with another amount than it moved.
    ///
    /// What an event was settled with may be less as long as it is not settled whole, but never more. Payments with
    /// gift cards are left alone, since parts of theirs are settled elsewhere.
    "AV708" "settled-event-differs" Error [Transaction]
    message: "{event} is over {expected}, its settlements come to {actual}: {delta} apart"
    action: "Ask the provider for the settlements of this payment; claim the difference, or wait for the rest."
    fires: "A settled capture of 100.00 whose settlements come to 90.00."
    silent: "A capture of 100.00 that is settled in part, with 60.00 so far."
    needs: Entries
    window: None
    tolerance: MinorUnits
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Ledger(Triggers::SETTLED, check)] };

fn check<'p>(ledger: &Ledger<'p>, cx: &mut Cx<'_, 'p>) {
    if !ledger.cards.is_empty() {
        return;
    }
    for event in ledger.events.iter().filter(|event| event.effective()) {
        let (Some(amount), Some(settled)) = (event.amount, settled(ledger, event)) else { continue };
        let is_whole = event.settlements.status == Some(SettlementStatus::Whole);
        if cx.more(settled, amount) || (is_whole && cx.more(amount, settled)) {
            cx.hit(Hit::amounts(amount, settled).at(event));
        }
    }
}

/// What the settlements that an event names come to; `None` if it names none, or moves no money that is settled.
fn settled(ledger: &Ledger<'_>, event: &Event<'_>) -> Option<Sum> {
    let entries = &ledger.entries[event.settlements.entries.range()];
    let parts = entries.iter().map(|entry| entry.parts(&ledger.head.conventions));
    match event.kind {
        _ if entries.is_empty() => None,
        EventKind::Capture => Some(parts.map(|parts| parts.captures).sum()),
        EventKind::Refund => Some(parts.map(|parts| -parts.refunds).sum()),
        _ => None,
    }
}
