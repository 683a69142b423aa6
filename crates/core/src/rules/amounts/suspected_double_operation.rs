//! AV111 suspected-double-operation.

use super::repeated_event_id;
use crate::card;
use crate::ledger::{Event, Item, Ledger, Triggers};
use crate::model::event::EventKind;
use crate::model::finding::Hit;
use crate::model::money::Minor;
use crate::rules::{Check, Cx, Rule};

card! {
    /// Two captures or two refunds in a row, equal in amount and items, within minutes.
    ///
    /// Capture and refund calls carry no key against repetition: a call that is sent again after a timeout moves the
    /// money twice. Equal operations within a few minutes (10, unless configured) are rarely meant. Where the totals
    /// still allow both, only a look at the order tells.
    "AV111" "suspected-double-operation" Warning [Transaction Order]
    message: "{event} repeats the operation before it, over {actual}, within minutes"
    action: "Check with the order whether both were meant. If not, refund the second capture, or claim the second refund back."
    fires: "Two captures of 50.00 on the same line, 12 seconds apart."
    silent: "The same two captures 11 minutes apart; or 12 seconds apart on different lines."
    needs: Nothing
    window: Seconds { key: "double_operation", default: 600 }
    tolerance: None
    repair: RemoveEvent
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Ledger(Triggers::REPEATED, check)] };

fn check<'p>(ledger: &Ledger<'p>, cx: &mut Cx<'_, 'p>) {
    // Computed lazily: what the other rule reports matters only once there is a candidate.
    let mut named = None;
    for kind in [EventKind::Capture, EventKind::Refund] {
        let mut before: Option<&Event<'p>> = None;
        for (at, (event, _)) in ledger.timeline().enumerate().filter(|(_, (event, _))| event.is(kind)) {
            if before.replace(event).is_some_and(|earlier| is_double(ledger, earlier, event, cx)) {
                let named = named.get_or_insert_with(|| repeated_event_id::repeats(ledger));
                if named.binary_search(&at).is_err() {
                    cx.hit(Hit::amounts(0, event.sum()).at(event));
                }
            }
        }
    }
}

fn is_double(ledger: &Ledger<'_>, earlier: &Event<'_>, event: &Event<'_>, cx: &Cx<'_, '_>) -> bool {
    let (Some(from), Some(to)) = (earlier.time, event.time) else { return false };
    // An event without time leaves the whole timeline in document order, so the later one may come first.
    let (from, to) = (from.min(to), from.max(to));
    earlier.amount == event.amount
        && !to.is_later_by_more_than(from, cx.window())
        && equal_items(ledger.items(earlier.items), ledger.items(event.items))
}

/// Whether both have the same items, in any order.
fn equal_items(a: &[Item<'_>], b: &[Item<'_>]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    a.iter().map(key).eq(b.iter().map(key)) || sorted_keys(a) == sorted_keys(b)
}

fn key<'p>(item: &Item<'p>) -> (Option<&'p str>, Option<Minor>) {
    (item.line, item.amount)
}

fn sorted_keys<'p>(items: &[Item<'p>]) -> Vec<(Option<&'p str>, Option<Minor>)> {
    let mut keys: Vec<_> = items.iter().map(key).collect();
    keys.sort_unstable();
    keys
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::event::EventKind::{Capture, Other};
    use crate::model::settings::Settings;
    use crate::rules::amounts::testing::{event, hits, transaction};

    #[test]
    fn the_window_counts_both_ways_where_the_document_gives_the_order() {
        let timeless = event(Other, 0, None, None);
        let doubles = |seconds| [event(Capture, 5, Some(seconds), None), event(Capture, 5, Some(0), None), timeless];
        let settings = Settings::default();
        assert_eq!(hits(&RULE, &transaction(&doubles(600)), &settings).len(), 1);
        assert!(hits(&RULE, &transaction(&doubles(601)), &settings).is_empty());
    }

    #[test]
    fn a_repeated_id_is_another_rules_matter() {
        let capture = |id| event(Capture, 5, Some(0), Some(id));
        let named = transaction(&[capture("a"), capture("b"), capture("b"), capture("c")]);
        let places: Vec<_> =
            hits(&RULE, &named, &Settings::default()).iter().filter_map(|hit| hit.event.map(|e| e.place)).collect();
        assert_eq!(places, [1, 3]);
    }
}
