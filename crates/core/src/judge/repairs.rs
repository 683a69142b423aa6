//! Candidate repairs: ledger changes that each undo one possible cause of findings.

use crate::ledger::{Event, Ledger};
use crate::model::cause::{Cause, Repair};
use crate::model::event::{EventKind, EventList};
use crate::model::finding::{EventRef, Hit, RuleHit};
use crate::model::money::{Minor, Sum, minor};

/// The place of an event that a repair adds; no document has that many events.
const ADDED: u32 = u32::MAX;

/// A candidate repair of a ledger.
#[derive(Clone, Debug)]
pub struct Attempt<'p> {
    /// The cause that it undoes.
    pub cause: Cause,
    change: Change<'p>,
}

#[derive(Clone, Debug)]
enum Change<'p> {
    /// Removes an event.
    Remove(usize),
    /// Counts a failed event as successful.
    Count(usize),
    /// Flips the sign of an event's stated amount.
    Sign(usize),
    /// Moves items to another line.
    Line(Vec<usize>, &'p str),
    /// Moves a split to another destination.
    Destination(usize, &'p str),
    /// Inserts an event at this index.
    Add(usize, Box<Event<'p>>),
}

impl<'p> Attempt<'p> {
    /// Applies the change; the caller must settle the ledger afterwards.
    pub fn apply(&self, ledger: &mut Ledger<'p>) {
        match &self.change {
            Change::Remove(at) => drop(ledger.events.remove(*at)),
            Change::Count(at) => ledger.events[*at].success = Some(true),
            Change::Sign(at) => ledger.events[*at].stated = ledger.events[*at].stated.map(Minor::saturating_neg),
            Change::Line(items, line) => items.iter().for_each(|at| ledger.items[*at].line = Some(line)),
            Change::Destination(at, destination) => ledger.splits[*at].destination = destination,
            Change::Add(at, event) => ledger.events.insert(*at, **event),
        }
    }

    /// Whether a hit is on the event that the repair added. Its details are unknown, so such hits
    /// do not count as new.
    pub fn is_about(&self, hit: &Hit<'_>) -> bool {
        hit.event.is_some_and(|event| event.place == ADDED)
    }
}

/// Candidate repairs, likeliest first.
pub fn attempts<'p>(ledger: &Ledger<'p>, hits: &[RuleHit<'p>]) -> Vec<Attempt<'p>> {
    let mut found = Vec::new();
    let mut add = |cause, change| found.push(Attempt { cause, change });
    for (card, hit) in hits {
        let event = hit.event.and_then(|event| number(ledger, &event));
        match (card.repair, event) {
            (Repair::RemoveEvent, Some(at)) => add(Cause::DuplicateEvent, Change::Remove(at)),
            (Repair::FlipSign, Some(at)) => add(Cause::Sign, Change::Sign(at)),
            (Repair::MoveItems, Some(at)) => {
                wrong_line(ledger, at, hit).into_iter().for_each(|change| add(Cause::WrongLine, change));
            }
            (Repair::MoveSplit, _) => {
                wrong_destination(ledger, hit).into_iter().for_each(|c| add(Cause::WrongDestination, c))
            }
            _ => {}
        }
    }
    let failed = |event: &Event<'_>| !event.effective() && moves(event.kind);
    for (at, _) in ledger.events.iter().enumerate().filter(|(_, event)| failed(event)) {
        add(Cause::FailedEventCounted, Change::Count(at));
    }
    if !ledger.is_order() {
        let doubted = hits.iter().find(|(card, _)| card.repair == Repair::InsertEvent);
        let doubted = doubted.and_then(|(_, hit)| number(ledger, &hit.event?));
        missing(ledger, doubted).into_iter().for_each(|change| add(Cause::MissingEvent, change));
    }
    found
}

fn number(ledger: &Ledger<'_>, event: &EventRef<'_>) -> Option<usize> {
    ledger.events.iter().position(|other| (other.list, other.place) == (event.list, event.place))
}

fn moves(kind: EventKind) -> bool {
    matches!(kind, EventKind::Capture | EventKind::Refund | EventKind::Void | EventKind::Cancel)
}

/// Moves an event's items from an unknown line to the only line that lacks exactly their amount.
fn wrong_line<'p>(ledger: &Ledger<'p>, at: usize, hit: &Hit<'p>) -> Option<Change<'p>> {
    let (event, amount) = (&ledger.events[at], hit.actual.amount()?);
    let short = |tally: &&crate::ledger::LineTally<'p>| {
        let room = match event.kind {
            EventKind::Capture => tally.amount.map(|whole| whole - tally.captured),
            EventKind::Refund => Some(tally.captured - tally.refunded),
            _ => None,
        };
        tally.on_ledger && room == Some(amount)
    };
    let mut lines = ledger.tallies.iter().filter(short);
    let (Some(line), None) = (lines.next(), lines.next()) else { return None };
    let items: Vec<usize> = event.items.range().filter(|item| ledger.items[*item].line == hit.line).collect();
    Some(Change::Line(items, line.line))
}

/// Moves a refund's split from a destination that gave back too much to the only other one with enough left.
fn wrong_destination<'p>(ledger: &Ledger<'p>, hit: &Hit<'p>) -> Option<Change<'p>> {
    let over = hit.actual.amount()? - hit.expected.amount()?;
    let room = |tally: &&crate::ledger::DestinationTally<'p>| {
        Some(tally.destination) != hit.destination && tally.captured - tally.refunded >= over
    };
    let mut others = ledger.destinations.iter().filter(room);
    let (Some(other), None) = (others.next(), others.next()) else { return None };
    let refunds = ledger.events.iter().filter(|event| event.is(EventKind::Refund));
    let spans = refunds.flat_map(|event| {
        let of_items = ledger.items(event.items).iter().map(|item| item.splits);
        std::iter::once(event.splits).chain(of_items)
    });
    let is_it = |at: &usize| {
        let split = &ledger.splits[*at];
        Some(split.destination) == hit.destination && Sum::from(split.amount) == over
    };
    let at = spans.flat_map(|span| span.range()).find(is_it)?;
    Some(Change::Destination(at, other.destination))
}

/// The missing events that would close a transaction's totals: at the end, before the first refund
/// if more was refunded than captured, or before the doubted event.
fn missing<'p>(ledger: &Ledger<'p>, doubted: Option<usize>) -> Vec<Change<'p>> {
    let (open, net) = (ledger.open(), ledger.net());
    let end = ledger.events.len();
    let first_refund = ledger.events.iter().position(|event| event.is(EventKind::Refund));
    let mut found = Vec::new();
    let mut add = |at: usize, kind, amount: Sum| found.extend(added(ledger, at, kind, amount));
    if let Some(at) = first_refund.filter(|_| net < 0) {
        add(at, EventKind::Capture, -net);
    }
    if open > 0 {
        doubted.into_iter().for_each(|at| add(at, EventKind::Capture, open));
        add(end, EventKind::Capture, open);
        add(end, EventKind::Void, open);
    }
    if net > 0 {
        add(end, EventKind::Refund, net);
    }
    found
}

fn added<'p>(ledger: &Ledger<'p>, at: usize, kind: EventKind, amount: Sum) -> Option<Change<'p>> {
    let time = match ledger.events.get(at) {
        Some(next) => next.time,
        None => ledger.events.iter().filter_map(|event| event.time).max(),
    };
    let event = Event {
        kind,
        success: Some(true),
        stated: if kind == EventKind::Void { None } else { Some(minor(amount)?) },
        status: if at == ledger.events.len() { ledger.status() } else { None },
        time,
        ..Event::empty(EventList::Events, ADDED, ledger.head.origin)
    };
    Some(Change::Add(at, Box::new(event)))
}
