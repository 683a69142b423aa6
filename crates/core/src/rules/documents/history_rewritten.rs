//! AV002 history-rewritten.

use crate::card;
use crate::ledger::{Copies, Event, Ledger};
use crate::model::event::EventKind;
use crate::model::finding::Hit;
use crate::rules::{Check, Cx, Rule};

card! {
    /// An earlier copy of the document moved money that the kept copy knows nothing of.
    ///
    /// A ledger only grows: what was captured, refunded or released once stays in every later copy. An event that is
    /// gone, or that has another amount now, means that the past was rewritten, or that a copy was filtered or cut.
    /// Books closed on the earlier copy no longer tie to the later one.
    "AV002" "history-rewritten" Error [Transaction Order]
    message: "an earlier copy has {event} over {expected}, which the kept copy does not have"
    action: "Compare the copies with the provider's own view. If the event happened, fetch the document again; if not, correct what was booked on it."
    fires: "Yesterday's export has a refund of 20.00; today's copy of the transaction, with a later update, has none."
    silent: "Today's copy has the refund of 20.00 under the same id, and a second one."
    needs: Nothing
    window: None
    tolerance: None
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Copies(check)] };

fn check<'p>(copies: &Copies<'_, 'p>, cx: &mut Cx<'_, 'p>) {
    let Some(kept) = copies.kept else { return };
    for (n, copy) in copies.superseded.iter().enumerate() {
        let mut hint = 0;
        for event in copy.events.iter().filter(|e| moves_money(e)) {
            if let Some(at) = find(kept, hint, event) {
                hint = at + 1;
            } else if !copies.superseded[..n].iter().any(|earlier| find(earlier, 0, event).is_some()) {
                cx.hit(Hit::amounts(event.sum(), 0).at(event));
            }
        }
    }
}

fn moves_money(event: &Event<'_>) -> bool {
    let kinds = [EventKind::Capture, EventKind::Refund, EventKind::Void, EventKind::Cancel];
    event.effective() && kinds.contains(&event.kind)
}

/// Finds an event in another copy. Copies repeat their events in order, so `hint`, the place after
/// the last one found, is nearly always right.
fn find(copy: &Ledger<'_>, hint: usize, event: &Event<'_>) -> Option<usize> {
    let (before, after) = copy.events.split_at(hint.min(copy.events.len()));
    let same = |other: &Event<'_>| is_same(event, other);
    after.iter().position(same).map(|n| n + before.len()).or_else(|| before.iter().position(same))
}

fn is_same(event: &Event<'_>, other: &Event<'_>) -> bool {
    let same_name = if event.id.is_some() { event.id == other.id } else { event.time == other.time };
    same_name && other.is(event.kind) && event.amount == other.amount
}
