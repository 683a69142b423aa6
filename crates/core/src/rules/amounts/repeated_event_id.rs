//! AV110 repeated-event-id.

use std::collections::HashSet;

use crate::card;
use crate::ledger::{Ledger, Triggers};
use crate::model::event::EventKind;
use crate::model::finding::Hit;
use crate::rules::{Check, Cx, Rule};

card! {
    /// Two events of one kind in one transaction bear the same id.
    ///
    /// An id names one event. Two captures under one id are one capture that the record holds twice, by a retry or by
    /// a faulty merge of pages; the captured total is too high by the second.
    "AV110" "repeated-event-id" Error [Transaction]
    message: "{event} repeats the id of an earlier event of its kind and counts {actual} a second time"
    action: "Check with the provider whether the money moved once or twice. If once, fetch the transaction again and correct what was booked."
    fires: "Two captures of 50.00, both with the id cap-1."
    silent: "Captures cap-1 and cap-2; or a capture and a refund that share an id."
    needs: Nothing
    window: None
    tolerance: None
    repair: RemoveEvent
}

/// Up to this many events, comparing all pairs is faster than filling a set.
const FEW: usize = 32;

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Ledger(Triggers::REPEATED, check)] };

/// The timeline indices of the events that this rule reports, ascending.
pub fn repeats(ledger: &Ledger<'_>) -> Vec<usize> {
    let mut repeats = Vec::new();
    if ledger.is_order() {
        return repeats;
    }
    let few = ledger.steps.len() <= FEW;
    let mut seen = HashSet::new();
    for (at, (event, _)) in ledger.timeline().enumerate() {
        if event.id.is_none() || !event.effective() || !is_judged(event.kind) {
            continue;
        }
        let repeated = if few {
            ledger.timeline().take(at).any(|(earlier, _)| earlier.id == event.id && earlier.is(event.kind))
        } else {
            !seen.insert((event.kind, event.id))
        };
        if repeated {
            repeats.push(at);
        }
    }
    repeats
}

fn is_judged(kind: EventKind) -> bool {
    use EventKind::{Authorize, Cancel, Capture, Refund, Void};
    matches!(kind, Authorize | Capture | Refund | Void | Cancel)
}

fn check<'p>(ledger: &Ledger<'p>, cx: &mut Cx<'_, 'p>) {
    for at in repeats(ledger) {
        let event = &ledger.events[ledger.steps[at].event as usize];
        cx.hit(Hit::amounts(0, event.sum()).at(event));
    }
}

#[cfg(test)]
mod tests {
    use super::{FEW, repeats};
    use crate::model::event::EventKind::{Capture, Refund};
    use crate::rules::amounts::testing::{event, transaction};

    #[test]
    fn few_and_many_events_are_judged_alike() {
        let ids: Vec<String> = (0..FEW).map(|n| (n / 3).to_string()).collect();
        let events: Vec<_> = ids.iter().map(|id| event(Capture, 1, None, Some(id))).collect();
        let expected: Vec<usize> = (0..FEW).filter(|n| n % 3 > 0).collect();
        assert_eq!(repeats(&transaction(&events)), expected);
        let more = [events, vec![event(Refund, 1, None, Some("0"))]].concat();
        assert_eq!(repeats(&transaction(&more)), expected);
    }
}
