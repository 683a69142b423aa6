//! The packed timeline of a ledger, stored with its balance so that reports can show it.

use crate::ledger::{Ledger, Move, Running};
use crate::model::event::{EventKind, EventList};
use crate::model::instant::Instant;
use crate::model::money::Sum;
use crate::rows::{PackedMoves, Unpacker, Wire};

/// One event of a timeline, with the totals after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    pub list: EventList,
    /// The event's place in the list.
    pub place: u32,
    pub kind: EventKind,
    /// Whether the event took effect: only a stated failure does not.
    pub effective: bool,
    pub time: Option<Instant>,
    pub amount: Option<Sum>,
    pub after: Running,
}

/// The timeline of a balance, packed.
#[derive(Clone, Copy, Debug)]
pub enum Timeline<'p> {
    /// All events, as [`write()`] packs them.
    Events(&'p [u8]),
    /// The moves alone, of a transaction whose ledger was not unpacked, because nothing triggered a check.
    Moves(PackedMoves<'p>),
}

/// Flags in an event's first byte, above the bits of its list.
const EFFECTIVE: u8 = 1 << 4;
const AMOUNT: u8 = 1 << 5;
const LIST: u8 = EFFECTIVE - 1;

pub fn write(ledger: &Ledger<'_>, out: &mut Vec<u8>) {
    for (event, _) in ledger.timeline() {
        let effective = if event.effective() { EFFECTIVE } else { 0 };
        let amount = if event.amount.is_some() { AMOUNT } else { 0 };
        out.byte(event.list as u8 | effective | amount);
        out.byte(event.kind as u8);
        out.number(u64::from(event.place));
        out.opt_instant(event.time);
        event.amount.into_iter().for_each(|amount| out.sum(amount));
    }
}

/// Reads a timeline in order of time; `authorized` is the ledger's authorised amount, which voids need.
pub fn moments(timeline: Timeline<'_>, authorized: Sum) -> impl Iterator<Item = Moment> {
    let mut timeline = timeline;
    let mut now = Running::default();
    std::iter::from_fn(move || {
        let mut moment = match &mut timeline {
            Timeline::Moves(moves) => moved(moves.next()?),
            Timeline::Events([]) => return None,
            Timeline::Events(events) => read(events),
        };
        if moment.effective {
            now.move_money(moment.kind, moment.amount.unwrap_or(0), authorized);
        }
        moment.after = now;
        Some(moment)
    })
}

fn moved(Move { kind, place, time, amount }: Move) -> Moment {
    let is_stated = !matches!(kind, EventKind::Authorize | EventKind::Void);
    let (list, after) = (EventList::Events, Running::default());
    Moment { list, place, kind, effective: true, time, amount: is_stated.then_some(amount), after }
}

/// Reads the first of packed events, and moves behind it.
fn read(events: &mut &[u8]) -> Moment {
    let mut values = Unpacker::new(events);
    let first = values.byte();
    let moment = Moment {
        list: EventList::from_code(first & LIST).expect("a list in a story is one of ours"),
        kind: EventKind::ALL[usize::from(values.byte())],
        place: values.number() as u32,
        effective: first & EFFECTIVE != 0,
        time: values.opt_instant(),
        amount: (first & AMOUNT != 0).then(|| values.sum()),
        after: Running::default(),
    };
    *events = values.rest();
    moment
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::{Event, Figures};
    use crate::model::card::Kind;
    use crate::model::origin::Origin;
    use crate::rows::{read_figures, write_figures};

    fn event(place: u32, kind: EventKind, stated: Option<i64>, success: Option<bool>, time: &str) -> Event<'static> {
        Event {
            kind,
            stated,
            success,
            time: Instant::parse(time),
            ..Event::empty(EventList::Events, place, Origin::default())
        }
    }

    #[test]
    fn a_story_is_the_timeline() {
        let mut ledger = Ledger::new();
        ledger.clear(Kind::Transaction);
        ledger.head.amount = Some(10_000);
        ledger.events.extend([
            event(0, EventKind::Authorize, None, None, "2026-11-01T10:00:00Z"),
            event(1, EventKind::Refund, Some(-5), Some(true), "2026-11-04T10:00:00.25Z"),
            event(2, EventKind::Capture, Some(i64::MAX), Some(false), "2026-11-03T10:00:00Z"),
            event(3, EventKind::Capture, Some(6_000), None, "2026-11-02T10:00:00Z"),
            event(4, EventKind::Void, None, None, "2026-11-05T10:00:00Z"),
            event(5, EventKind::Other, Some(1), None, "2026-11-05T10:00:00Z"),
        ]);
        ledger.settle();
        let mut timeline = Vec::new();
        write(&ledger, &mut timeline);
        let read: Vec<Moment> = moments(Timeline::Events(&timeline), ledger.authorized).collect();
        let lived: Vec<Moment> = ledger
            .timeline()
            .map(|(event, step)| Moment {
                list: event.list,
                place: event.place,
                kind: event.kind,
                effective: event.effective(),
                time: event.time,
                amount: event.amount,
                after: step.after,
            })
            .collect();
        assert_eq!(read, lived);
        assert_eq!(read.iter().map(|moment| moment.place).collect::<Vec<_>>(), [0, 3, 2, 1, 4, 5]);
        assert_eq!(read.last().map(|moment| moment.after.released), Some(4_000));
    }

    #[test]
    fn what_was_not_unpacked_is_told_by_its_moves() {
        let time = Instant::parse("2026-11-01T10:00:00Z");
        let moved = |kind, place, amount| Move { kind, place, time, amount };
        let moves =
            [moved(EventKind::Authorize, 0, 0), moved(EventKind::Capture, 2, 60), moved(EventKind::Void, 3, 40)];
        let mut packed = Vec::new();
        write_figures(&mut packed, &Figures::default(), &moves);
        let (_, moves) = read_figures(&mut Unpacker::new(&packed));
        let read: Vec<_> = moments(Timeline::Moves(moves), 100)
            .map(|m| (m.place, m.amount, m.after.captured, m.after.released))
            .collect();
        assert_eq!(read, [(0, None, 0, 0), (2, Some(60), 60, 0), (3, None, 60, 40)]);
    }

    #[test]
    fn every_kind_has_its_number() {
        for (number, kind) in EventKind::ALL.into_iter().enumerate() {
            assert_eq!(kind as usize, number);
        }
    }
}
