//! Sums what was captured, refunded and released by line, and captured and refunded by payout
//! destination.

use std::collections::HashMap;

use super::tallies::{DestinationTally, LineTally};
use super::{Event, Ledger};
use crate::model::event::EventKind;
use crate::model::money::Sum;
use crate::model::quantity::Quantity;

/// Adds a quantity; the sum becomes `None` as soon as a part has none.
fn add_quantity(sum: &mut Option<Quantity>, part: Option<Quantity>) {
    *sum = match (*sum, part) {
        (Some(Quantity(a)), Some(Quantity(b))) => Some(Quantity(a + b)),
        _ => None,
    };
}

/// Finds names in a list. Documents repeat their lines in order, so the place after the last one
/// found is tried first; a long list has a map.
#[derive(Default)]
struct Places<'p> {
    hint: usize,
    map: HashMap<&'p str, usize>,
}

/// A list of at least this length is looked up in a map.
const SHORT: usize = 24;

impl<'p> Places<'p> {
    /// The index of a name; the list's length if it is not there.
    fn of<T>(&mut self, list: &[T], name: &'p str, name_of: impl Fn(&T) -> &'p str) -> usize {
        let at = match list.get(self.hint) {
            Some(next) if name_of(next) == name => self.hint,
            _ if list.len() < SHORT => list.iter().position(|t| name_of(t) == name).unwrap_or(list.len()),
            _ => {
                if self.map.is_empty() {
                    self.map.extend(list.iter().enumerate().map(|(n, t)| (name_of(t), n)));
                }
                *self.map.entry(name).or_insert(list.len())
            }
        };
        self.hint = at + 1;
        at
    }
}

struct Lines<'l, 'p> {
    tallies: &'l mut Vec<LineTally<'p>>,
    places: Places<'p>,
}

impl<'p> Lines<'_, 'p> {
    fn of(&mut self, line: Option<&'p str>) -> Option<usize> {
        let line = line?;
        let at = self.places.of(self.tallies, line, |t| t.line);
        if at == self.tallies.len() {
            self.tallies.push(LineTally::new(line));
        }
        Some(at)
    }
}

/// Fills [`Ledger::tallies`] and sets every item's index into it.
pub(super) fn lines(ledger: &mut Ledger<'_>) {
    ledger.tallies.clear();
    let is_order = ledger.is_order();
    let shipping_is_an_item = ledger.shipping_is_an_item();
    let Ledger { head, events, items, tallies, .. } = ledger;
    let mut lines = Lines { tallies, places: Places::default() };
    let own = |lines: &mut Lines<'_, '_>, at: usize, amount: Option<i64>, quantity: Option<Quantity>| {
        let tally = &mut lines.tallies[at];
        tally.on_ledger = true;
        if let Some(amount) = amount {
            tally.amount = Some(tally.amount.unwrap_or(0) + Sum::from(amount));
        }
        add_quantity(&mut tally.quantity, quantity);
    };
    if !is_order {
        for item in &mut items[head.items.range()] {
            if let Some(at) = lines.of(item.line) {
                item.tally = Some(at as u32);
                own(&mut lines, at, item.amount, item.quantity);
            }
        }
        if let Some(shipping) = head.shipping.as_mut().filter(|s| !shipping_is_an_item && s.amount.is_some())
            && let Some(at) = lines.of(shipping.line)
        {
            shipping.tally = Some(at as u32);
            own(&mut lines, at, shipping.amount, shipping.quantity);
        }
    }
    let authorizations = events.iter().filter(|e| is_order && e.kind == EventKind::Authorize);
    for event in authorizations {
        for item in &mut items[event.items.range()] {
            let Some(at) = lines.of(item.line) else { continue };
            item.tally = Some(at as u32);
            // A failed authorization names the line, but adds no amount to it.
            let granted = if event.effective() { item.amount } else { item.amount.map(|_| 0) };
            own(&mut lines, at, granted, item.quantity);
        }
    }
    for event in events.iter().filter(|e| e.effective()) {
        lines.places.hint = 0;
        moved(&mut lines, event, items);
    }
}

fn moved<'p>(lines: &mut Lines<'_, 'p>, event: &Event<'p>, items: &mut [super::Item<'p>]) {
    if !matches!(event.kind, EventKind::Capture | EventKind::Refund | EventKind::Cancel) {
        return;
    }
    for item in &mut items[event.items.range()] {
        let Some(at) = lines.of(item.line) else { continue };
        item.tally = Some(at as u32);
        let amount = Sum::from(item.amount.unwrap_or(0));
        let tally = &mut lines.tallies[at];
        match event.kind {
            EventKind::Capture => {
                tally.captured += amount;
                add_quantity(&mut tally.captured_quantity, item.quantity);
            }
            EventKind::Refund => tally.refunded += amount,
            _ => {
                tally.cancelled += amount;
                tally.named_by_cancel = true;
            }
        }
    }
}

/// Fills [`Ledger::destinations`].
pub(super) fn destinations(ledger: &mut Ledger<'_>) {
    let mut destinations = std::mem::take(&mut ledger.destinations);
    destinations.clear();
    let mut places = Places::default();
    if !ledger.splits.is_empty() {
        for event in &ledger.events {
            let refund = event.is(EventKind::Refund);
            if !refund && !event.is(EventKind::Capture) {
                continue;
            }
            places.hint = 0;
            for split in ledger.splits_of(event) {
                let at = places.of(&destinations, split.destination, |d: &DestinationTally<'_>| d.destination);
                if at == destinations.len() {
                    destinations.push(DestinationTally { destination: split.destination, captured: 0, refunded: 0 });
                }
                let tally = &mut destinations[at];
                *(if refund { &mut tally.refunded } else { &mut tally.captured }) += Sum::from(split.amount);
            }
        }
    }
    ledger.destinations = destinations;
}
