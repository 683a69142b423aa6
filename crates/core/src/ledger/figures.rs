//! The figures of an account that balances, sums and joins use.

use super::{Ledger, Running};
use crate::model::event::EventKind;
use crate::model::instant::Instant;
use crate::model::money::Sum;

/// An effective event that moves, reserves or releases money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// One of [`Move::KINDS`].
    pub kind: EventKind,
    /// Index in the event's list.
    pub place: u32,
    pub time: Option<Instant>,
    /// For a void, what it released; for an authorize, zero.
    pub amount: Sum,
}

impl Move {
    /// The kinds of events that are moves; `kind as u8` is the index here.
    pub const KINDS: [EventKind; 5] =
        [EventKind::Authorize, EventKind::Capture, EventKind::Refund, EventKind::Void, EventKind::Cancel];
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// A: the authorised amount.
    pub authorized: Sum,
    /// The final totals.
    pub totals: Running,
    /// How many events, effective or not.
    pub events: u64,
    /// Time of the last event, effective or not.
    pub last_event_at: Option<Instant>,
    /// The sum of the ledger's lines; `None` if none has an amount.
    pub lines: Option<Sum>,
    /// Sum of the splits of effective captures; `None` without splits.
    pub split_captured: Option<Sum>,
    /// Sum of the splits of effective refunds; `None` without splits.
    pub split_refunded: Option<Sum>,
    /// Whether it or an event has gift cards, or an item, the shipping option or an event has splits.
    pub has_cards_or_splits: bool,
    /// Time of the first effective authorize; the outer `None` if there is none.
    pub granted_at: Option<Option<Instant>>,
    /// Time of the last effective authorize; the outer `None` if there is none.
    pub last_authorize: Option<Option<Instant>>,
    /// The last effective capture: its index in the events, and its time.
    pub last_capture: Option<(u32, Option<Instant>)>,
}

/// What an account counts as in totals and in its balance row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    pub authorized: Sum,
    pub released: Sum,
    pub open: Sum,
    /// A of an account on which nothing was ever authorised or captured; such money is neither authorised nor open.
    pub not_authorized: Sum,
}

impl Figures {
    pub fn counted(&self) -> Counted {
        if self.never_authorized() {
            return Counted { not_authorized: self.authorized, ..Counted::default() };
        }
        Counted { authorized: self.authorized, released: self.totals.released, open: self.open(), not_authorized: 0 }
    }

    /// O = A − C − V.
    pub fn open(&self) -> Sum {
        self.authorized - self.totals.captured - self.totals.released
    }

    /// N = C − R.
    pub fn net(&self) -> Sum {
        self.totals.captured - self.totals.refunded
    }

    /// Whether nothing was ever authorised or captured: declined, failed, only initiated.
    pub fn never_authorized(&self) -> bool {
        !self.totals.authorized && self.totals.captured == 0
    }

    /// Keeps of the next move of the timeline what the totals do not tell.
    pub fn mark(&mut self, step: &Move) {
        match step.kind {
            EventKind::Authorize => {
                self.granted_at.get_or_insert(step.time);
                self.last_authorize = Some(step.time);
            }
            EventKind::Capture => self.last_capture = Some((step.place, step.time)),
            _ => {}
        }
    }

    /// Adds the next move of the timeline.
    pub fn add(&mut self, step: &Move) {
        self.mark(step);
        let now = &mut self.totals;
        match step.kind {
            EventKind::Authorize => now.authorized = true,
            EventKind::Capture => now.captured += step.amount,
            EventKind::Refund => now.refunded += step.amount,
            EventKind::Void => {
                now.voided = true;
                now.released += step.amount;
            }
            _ => now.released += step.amount,
        }
    }

    /// The figures of a settled ledger; fills `moves`.
    pub fn of(ledger: &Ledger<'_>, moves: &mut Vec<Move>) -> Figures {
        moves.clear();
        let mut figures = Figures {
            authorized: ledger.authorized,
            events: ledger.events.len() as u64,
            last_event_at: ledger.events.iter().filter_map(|event| event.time).max(),
            lines: sum_of(ledger.tallies.iter().filter(|tally| tally.on_ledger).filter_map(|tally| tally.amount)),
            split_captured: splits(ledger, EventKind::Capture),
            split_refunded: splits(ledger, EventKind::Refund),
            has_cards_or_splits: !ledger.cards.is_empty() || !ledger.splits.is_empty(),
            ..Figures::default()
        };
        for (event, step) in ledger.timeline() {
            if event.effective() && Move::KINDS.contains(&event.kind) {
                let amount = match event.kind {
                    EventKind::Authorize => 0,
                    EventKind::Void => step.after.released - step.before.released,
                    _ => event.sum(),
                };
                let step = Move { kind: event.kind, place: event.place, time: event.time, amount };
                figures.add(&step);
                moves.push(step);
            }
        }
        figures
    }
}

fn sum_of(amounts: impl Iterator<Item = Sum>) -> Option<Sum> {
    amounts.reduce(|a, b| a + b)
}

fn splits(ledger: &Ledger<'_>, kind: EventKind) -> Option<Sum> {
    if ledger.splits.is_empty() {
        return None;
    }
    sum_of(ledger.effective(kind).flat_map(|event| ledger.splits_of(event)).map(|split| Sum::from(split.amount)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_and_the_last_authorize_and_the_last_capture_are_kept() {
        let time = |seconds| Some(Instant { seconds, nanos: 0 });
        let mut figures = Figures::default();
        for (place, kind) in (0..).zip([0, 1, 0, 1, 2, 3].map(|kind| Move::KINDS[kind])) {
            figures.mark(&Move { kind, place, time: time(place.into()), amount: 1 });
        }
        assert_eq!((figures.granted_at, figures.last_authorize), (Some(time(0)), Some(time(2))));
        assert_eq!(figures.last_capture, Some((3, time(3))));
    }

    #[test]
    fn a_kind_is_a_place_among_moves() {
        assert!((0u8..).zip(Move::KINDS).all(|(place, kind)| kind as u8 == place));
    }
}
