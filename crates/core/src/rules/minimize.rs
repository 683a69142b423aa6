//! Minimizes a finding: finds the fewest events that still break the rule.
//!
//! Events are removed and the rule runs again on the rest. The result must contain the same
//! finding: same rule, event, line, destination and expected value. So the events that the rule
//! measures by (of a refund beyond what was captured, the captures) stay, and removing events
//! cannot distort the finding.

use super::{Check, Cx, LedgerCheck, Rule, find};
use crate::ledger::Ledger;
use crate::model::finding::{Finding, Hit, Value};
use crate::model::settings::{Facts, Settings};

/// Up to this many events are tried in every combination; more are thinned out first.
const EXACT: usize = 12;

/// Budget of visited events and items for all findings of a page; enough for a ledger of ten
/// thousand events.
pub const EFFORT: usize = 1 << 25;

/// Returns the indices in [`Ledger::events`] of the events that cause a finding, in timeline order.
/// `None` if its rule does not judge a ledger alone, or if the effort is used up.
///
/// An empty result means that the document breaks the rule by itself. Up to twelve events the
/// result is the shortest there is; of more, no single event can be removed from it.
pub fn shortest(
    ledger: &Ledger<'_>,
    finding: &Finding,
    settings: &Settings,
    facts: &Facts,
    effort: &mut usize,
) -> Option<Vec<usize>> {
    let check_of = |check: &Check| match check {
        Check::Ledger(_, check) => Some(*check),
        Check::Order(check) => Some(*check).filter(|_| ledger.is_order()),
        _ => None,
    };
    let checks: Vec<LedgerCheck> = find(finding.card.code)?.checks.iter().filter_map(check_of).collect();
    if checks.is_empty() || (finding.kind, finding.id.as_str()) != (ledger.head.kind, ledger.head.id) {
        return None;
    }
    let mut tried = ledger.clone();
    let events: Vec<usize> = ledger.steps.iter().map(|step| step.event as usize).collect();
    fewest(events, &mut |kept_events| {
        *effort = effort.checked_sub(1 + kept_events.len() + ledger.head.items.len())?;
        restrict_to(&mut tried, ledger, kept_events);
        let mut hits = Vec::new();
        for check in &checks {
            check(&tried, &mut Cx { settings, facts, card: finding.card, hits: &mut hits });
        }
        Some(hits.iter().any(|(_, hit)| !hit.waits() && is_same(hit, finding)))
    })
}

/// Whether a rule fires without events: on what a document states, or on what is missing.
pub fn needs_no_event(rule: &Rule) -> bool {
    let of_document = |check: &Check| {
        matches!(
            check,
            Check::Document(_)
                | Check::Partial(_)
                | Check::Session(_)
                | Check::Settlement(_)
                | Check::MissingTransaction(_)
                | Check::UnknownLine(_)
        )
    };
    rule.checks.iter().all(of_document)
}

/// Whether a rule compares transactions that share a merchant reference.
pub fn is_by_reference(rule: &Rule) -> bool {
    rule.checks.iter().any(|check| matches!(check, Check::SameReference(_)))
}

/// Reduces `tried` to the events of `whole` at these indices; the ledgers are otherwise equal.
pub fn restrict_to<'p>(tried: &mut Ledger<'p>, whole: &Ledger<'p>, kept_events: &[usize]) {
    let mut places = kept_events.to_vec();
    places.sort_unstable();
    tried.events.clear();
    tried.events.extend(places.iter().map(|&at| whole.events[at]));
    tried.settle();
}

/// Returns the fewest events for which `breaks` holds; `None` if it does not hold for all of them,
/// or if it returns `None`.
pub fn fewest(all: Vec<usize>, breaks: &mut dyn FnMut(&[usize]) -> Option<bool>) -> Option<Vec<usize>> {
    if !breaks(&all)? {
        return None;
    }
    let kept_events = if all.len() > EXACT { thinned(all, breaks)? } else { all };
    if kept_events.len() > EXACT {
        return Some(kept_events);
    }
    for count in 0..kept_events.len() {
        let mut chosen: Vec<usize> = (0..count).collect();
        loop {
            let choice: Vec<usize> = chosen.iter().map(|&at| kept_events[at]).collect();
            if breaks(&choice)? {
                return Some(choice);
            }
            if !advance(&mut chosen, kept_events.len()) {
                break;
            }
        }
    }
    Some(kept_events)
}

/// Removes halves, quarters and so on, down to single events, the latest first, until no single one
/// can go.
fn thinned(mut kept_events: Vec<usize>, breaks: &mut dyn FnMut(&[usize]) -> Option<bool>) -> Option<Vec<usize>> {
    let mut size = kept_events.len() / 2;
    loop {
        let before = kept_events.len();
        let mut end = kept_events.len();
        while end > 0 {
            let start = end.saturating_sub(size);
            let rest = [&kept_events[..start], &kept_events[end..]].concat();
            if breaks(&rest)? {
                kept_events = rest;
            }
            end = start;
        }
        if size == 1 && kept_events.len() == before {
            return Some(kept_events);
        }
        size = (size / 2).max(1);
    }
}

/// Advances to the next combination out of `from` items, in lexicographic order; false after the last.
fn advance(chosen: &mut [usize], from: usize) -> bool {
    let count = chosen.len();
    let Some(at) = (0..count).rev().find(|&at| chosen[at] < from - count + at) else { return false };
    chosen[at] += 1;
    for next in at + 1..count {
        chosen[next] = chosen[next - 1] + 1;
    }
    true
}

/// Whether a hit is the same finding. If nothing is expected, the actual values must be equal.
fn is_same(hit: &Hit<'_>, finding: &Finding) -> bool {
    let event = finding.event.as_ref().map(|event| (event.list, event.place));
    let text = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
    let of_value = if finding.expected == Value::None { hit.actual == finding.actual } else { true };
    hit.event.map(|event| (event.list, event.place)) == event
        && text(hit.line) == finding.line
        && text(hit.destination) == finding.destination
        && hit.detail == finding.detail
        && hit.expected == finding.expected
        && of_value
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::{Event, Item, Span};
    use crate::model::card::{Card, Kind};
    use crate::model::event::{EventKind, EventList};
    use crate::model::finding::{EventAt, Subject};
    use crate::model::origin::Origin;

    /// The minimized events of a rule's first finding on a transaction.
    fn kept_events(rule: &str, amount: i64, events: &[(EventKind, i64)]) -> Option<Vec<usize>> {
        let (ledger, finding) = broken(rule, amount, events);
        shortest(&ledger, &finding, &Settings::default(), &Facts::default(), &mut EFFORT.clone())
    }

    /// A transaction of this amount with these events, and a rule's first finding on it.
    fn broken(rule: &str, amount: i64, events: &[(EventKind, i64)]) -> (Ledger<'static>, Finding) {
        let mut ledger = Ledger::new();
        ledger.head.id = "t";
        ledger.head.amount = Some(amount);
        for (place, (kind, amount)) in (0..).zip(events) {
            let event = Event::empty(EventList::Events, place, Origin::default());
            ledger.events.push(Event { kind: *kind, stated: Some(*amount), ..event });
        }
        ledger.settle();
        let card: &'static Card = find(rule).unwrap().card;
        let (settings, facts) = (Settings::default(), Facts::default());
        let mut hits = Vec::new();
        let mut cx = Cx { settings: &settings, facts: &facts, card, hits: &mut hits };
        let [Check::Ledger(_, check)] = find(rule).unwrap().checks else { panic!("{rule}") };
        check(&ledger, &mut cx);
        let (_, hit) = hits.first().expect("the rule is broken");
        let finding = Finding {
            card,
            severity: card.severity,
            kind: Kind::Transaction,
            id: "t".to_owned(),
            subject: Subject::default(),
            event: hit.event.map(|e| EventAt { list: e.list, place: e.place, time: e.time, key: String::new() }),
            line: hit.line.map(str::to_owned),
            destination: hit.destination.map(str::to_owned),
            expected: hit.expected.clone().into_owned(),
            actual: hit.actual.clone().into_owned(),
            detail: hit.detail.clone().into_owned(),
            candidates: String::new(),
            origin: Origin::default(),
            accepted: false,
            due: None,
            root: None,
            ordinal: 0,
            exception_id: String::new(),
            evidence: String::new(),
        };
        (ledger, finding)
    }

    #[test]
    fn what_does_not_matter_is_left_out() {
        use EventKind::*;
        let events = [(Initialize, 0), (Authorize, 100), (Capture, 30), (Refund, 30), (Capture, 80), (Capture, 5)];
        assert_eq!(kept_events("AV101", 100, &events), Some(vec![2, 4]));
        assert_eq!(kept_events("AV101", 50, &[(Capture, 80), (Authorize, 50)]), Some(vec![0]));
        assert_eq!(
            kept_events("AV404", 100, &[(Capture, 10), (Void, 90), (Refund, 1), (Capture, 5)]),
            Some(vec![1, 3])
        );
        assert_eq!(kept_events("AV108", -5, &[(Authorize, 5)]), Some(vec![]), "the document alone");
    }

    #[test]
    fn what_a_rule_measures_by_stays() {
        use EventKind::*;
        // A refund alone would exceed the captures too, but with another expected value.
        let events = [(Authorize, 100), (Capture, 40), (Refund, 5), (Capture, 20), (Refund, 60), (Refund, 1)];
        assert_eq!(kept_events("AV102", 100, &events), Some(vec![1, 2, 3, 4]));
    }

    #[test]
    fn a_long_ledger_is_thinned_out_first() {
        use EventKind::*;
        let mut events = vec![(Authorize, 1000)];
        events.extend((0..400).map(|n| if n % 2 == 0 { (Capture, 1) } else { (Settlement, 0) }));
        events.push((Capture, 900));
        let story = kept_events("AV101", 1000, &events).unwrap();
        // The last event breaks the rule, together with 101 captures of one.
        assert_eq!(story.len(), 102);
        assert_eq!(story.last(), Some(&401));
        assert!(story[..101].iter().all(|at| events[*at].0 == Capture));
    }

    #[test]
    fn only_its_own_ledger_tells_a_finding() {
        let (mut ledger, finding) = broken("AV101", 50, &[(EventKind::Capture, 80)]);
        let kept_events = |ledger: &Ledger<'_>| {
            shortest(ledger, &finding, &Settings::default(), &Facts::default(), &mut EFFORT.clone())
        };
        assert_eq!(kept_events(&ledger), Some(vec![0]));
        ledger.head.id = "another";
        assert_eq!(kept_events(&ledger), None);
    }

    #[test]
    fn every_event_and_item_that_is_looked_at_takes_effort() {
        let (mut ledger, finding) = broken("AV101", 50, &[(EventKind::Capture, 80), (EventKind::Authorize, 50)]);
        let kept_events = |ledger: &Ledger<'_>, mut effort: usize| {
            shortest(ledger, &finding, &Settings::default(), &Facts::default(), &mut effort)
                .map(|kept_events| (kept_events, effort))
        };
        // Three tries: with both events, with none, with the first.
        assert_eq!(kept_events(&ledger, 3 + 3), Some((vec![0], 0)));
        assert_eq!(kept_events(&ledger, 3 + 3 - 1), None);
        ledger.items.extend([Item::default(); 2]);
        ledger.head.items = Span { start: 0, end: 2 };
        assert_eq!(kept_events(&ledger, 3 + 3 + 3 * 2), Some((vec![0], 0)));
    }

    #[test]
    fn a_hit_is_a_finding_again_when_all_but_the_amount_found_is_the_same() {
        let (_, finding) = broken("AV101", 50, &[(EventKind::Capture, 80)]);
        let event = Event::empty(EventList::Events, 0, Origin::default());
        let hit = Hit::amounts(50, 81).at(&event);
        assert!(is_same(&hit, &finding));
        assert!(is_same(&hit.clone().line(Some("")), &finding), "an empty text is none");
        let elsewhere = Event::empty(EventList::Events, 1, Origin::default());
        for other in [
            hit.clone().at(&elsewhere),
            hit.clone().line(Some("1")),
            hit.clone().destination("seller"),
            hit.clone().detail("captured"),
            Hit::amounts(51, 80).at(&event),
        ] {
            assert!(!is_same(&other, &finding), "{other:?}");
        }
        // If nothing is expected, the actual value decides.
        let bare = Finding { expected: Value::None, actual: Value::Amount(80), ..finding };
        assert!(is_same(&Hit::actual(80).at(&event), &bare) && !is_same(&Hit::actual(81).at(&event), &bare));
    }

    #[test]
    fn an_order_tells_the_findings_of_rules_on_orders() {
        let list = EventList::Captures;
        let mut ledger = Ledger::new();
        ledger.clear(Kind::Order);
        ledger.head.id = "o";
        ledger.head.given = [true; 4];
        for (place, (list, amount)) in [(EventList::Authorizations, 10), (list, -5)].into_iter().enumerate() {
            let event = Event::empty(list, place as u32, Origin::default());
            ledger.events.push(Event { kind: list.kind(), stated: Some(amount), ..event });
        }
        ledger.settle();
        let (_, of_transaction) = broken("AV108", -5, &[]);
        let card = find("AV109").unwrap().card;
        let (expected, actual) = (Value::Amount(0), Value::Amount(-5));
        let [Check::Order(check)] = find("AV109").unwrap().checks else { panic!("it judges orders") };
        let (settings, facts, mut hits) = (Settings::default(), Facts::default(), Vec::new());
        check(&ledger, &mut Cx { settings: &settings, facts: &facts, card, hits: &mut hits });
        let detail = hits[0].1.detail.clone().into_owned();
        let (kind, id) = (Kind::Order, "o".to_owned());
        let finding = Finding { card, kind, id, expected, actual, detail, ..of_transaction };
        assert_eq!(shortest(&ledger, &finding, &settings, &facts, &mut EFFORT.clone()), Some(vec![1]));
    }

    #[test]
    fn rules_on_what_a_document_states_need_no_event() {
        let are = |is: fn(&Rule) -> bool, codes: &[&str]| codes.iter().all(|code| is(find(code).unwrap()));
        assert!(are(needs_no_event, &["AV003", "AV006", "AV505", "AV601", "AV701"]));
        assert!(are(|rule| !needs_no_event(rule), &["AV101", "AV109", "AV501", "AV510", "AV602", "AV704"]));
        assert!(are(is_by_reference, &["AV510"]));
        assert!(are(|rule| !is_by_reference(rule), &["AV101", "AV501", "AV704"]));
    }

    #[test]
    fn of_a_long_story_no_single_event_can_be_left_out() {
        // Event 15 can go only after event 0, which is tried later; no larger group can be removed.
        let mut breaks = |kept_events: &[usize]| {
            Some(
                (1..=14).all(|at| kept_events.contains(&at))
                    && (!kept_events.contains(&0) || kept_events.contains(&15)),
            )
        };
        assert_eq!(fewest((0..16).collect(), &mut breaks), Some((1..=14).collect()));
    }

    #[test]
    fn every_choice_comes_once_in_order() {
        let mut chosen = vec![0, 1];
        let mut all = vec![chosen.clone()];
        while advance(&mut chosen, 4) {
            all.push(chosen.clone());
        }
        assert_eq!(all, [[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3]]);
        assert!(!advance(&mut [], 4) && !advance(&mut [0], 1));
    }

    #[test]
    fn up_to_twelve_events_every_choice_is_tried() {
        // Events 0 to 2 break the rule together, event 11 does alone: thinning out keeps the first three.
        let of = |events: usize| {
            let mut breaks = |kept_events: &[usize]| {
                Some(kept_events.contains(&11) || [0, 1, 2].iter().all(|at| kept_events.contains(at)))
            };
            fewest((0..events).collect(), &mut breaks)
        };
        assert_eq!(of(12), Some(vec![11]));
        assert_eq!(of(13), Some(vec![0, 1, 2]));
    }
}
