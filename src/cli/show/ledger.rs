//! The account of a ledger for a page, read from the input or from frames.

use std::collections::BTreeMap;

use avstem_core::ledger::{Event, Ledger};
use avstem_core::model::display::{shown, visible};
use avstem_core::model::event::EventKind;
use avstem_core::model::instant::Instant;
use avstem_core::model::money::Sum;
use avstem_core::model::origin::Origin;
use avstem_core::model::settings::Facts;

use super::page::{RecordPlace, Scene, ShownEvent, ShownLedger, ShownMovement, ShownShare};
use avstem_engine::engine::{Documents, LedgerEvent};

/// Converts an origin for display.
pub type PlaceOf<'p> = &'p dyn Fn(Origin) -> RecordPlace;

/// Facts for judging existing findings again: their rules have fired, so the input had what they
/// need.
pub fn whole(as_of: Option<Instant>) -> Facts {
    Facts {
        as_of,
        has_production: true,
        has_transactions: true,
        has_reports: true,
        has_settlements: true,
        has_entries: true,
        has_statements: true,
        has_provider_payouts: true,
    }
}

pub fn account(ledger: &Ledger<'_>, place: PlaceOf<'_>) -> ShownLedger {
    let not_authorized = Some(ledger.authorized).filter(|_| ledger.never_authorized());
    let counted = |event: ShownEvent| match not_authorized {
        Some(_) => ShownEvent { authorized: 0, released: 0, ..event },
        None => event,
    };
    let mut authorized = if ledger.is_order() { 0 } else { ledger.authorized };
    let timeline = ledger.timeline().map(|(event, step)| {
        if ledger.is_order() && event.is(EventKind::Authorize) {
            authorized += event.sum();
        }
        let after = &step.after;
        let after =
            ShownEvent { authorized, captured: after.captured, refunded: after.refunded, released: after.released };
        moved(event, counted(after), place)
    });
    let totals = &ledger.totals;
    ShownLedger {
        timeline: timeline.collect(),
        totals: counted(ShownEvent {
            authorized: ledger.authorized,
            captured: totals.captured,
            refunded: totals.refunded,
            released: totals.released,
        }),
        not_authorized,
        lines: lines(ledger),
        destinations: destinations(ledger),
    }
}

/// The scenes of a story: the events of each ledger involved.
pub fn scenes(documents: &Documents<'_>, story: &[LedgerEvent], place: PlaceOf<'_>) -> Vec<Scene> {
    let scene = |part: &[LedgerEvent]| {
        let ledger = &documents.ledgers[part[0].0];
        Scene {
            kind: ledger.head.kind,
            id: visible(ledger.head.id).into_owned(),
            currency: ledger.head.currency.map(|text| shown(text).into_owned()),
            events: part.iter().map(|(_, at)| moved(&ledger.events[*at], ShownEvent::default(), place)).collect(),
        }
    };
    story.chunk_by(|a, b| a.0 == b.0).map(scene).collect()
}

fn moved(event: &Event<'_>, after: ShownEvent, place: PlaceOf<'_>) -> ShownMovement {
    ShownMovement {
        event: format!("{}[{}]", event.list.name(), event.place),
        kind: event.kind.word().to_owned(),
        word: Some(event.word).filter(|word| !word.is_empty()).map(|word| shown(word).into_owned()),
        effective: event.effective(),
        time: event.time.map(|time| time.to_string()),
        amount: event.amount,
        id: event.id.map(|id| visible(id).into_owned()),
        after,
        place: place(event.origin),
    }
}

fn lines(ledger: &Ledger<'_>) -> Vec<ShownShare> {
    let line = |tally: &avstem_core::ledger::LineTally<'_>| ShownShare {
        name: visible(tally.line).into_owned(),
        authorized: tally.amount,
        captured: tally.captured,
        refunded: tally.refunded,
        released: ledger.is_order().then_some(tally.cancelled),
    };
    ledger.tallies.iter().map(line).collect()
}

/// Captured, refunded and expected amounts per payout destination, sorted by name.
fn destinations(ledger: &Ledger<'_>) -> Vec<ShownShare> {
    let mut shares: BTreeMap<&str, ShownShare> = BTreeMap::new();
    let fresh = |name: &str| ShownShare { name: visible(name).into_owned(), ..ShownShare::default() };
    for tally in &ledger.destinations {
        let share = shares.entry(tally.destination).or_insert_with(|| fresh(tally.destination));
        (share.captured, share.refunded) = (tally.captured, tally.refunded);
    }
    let of_events = ledger.effective(EventKind::Authorize).filter(|_| ledger.is_order());
    let promised = of_events.flat_map(|event| ledger.splits_of(event));
    for split in promised.chain(ledger.own_items().flat_map(|item| ledger.splits(item.splits))) {
        let share = shares.entry(split.destination).or_insert_with(|| fresh(split.destination));
        share.authorized = Some(share.authorized.unwrap_or(0) + Sum::from(split.amount));
    }
    shares.into_values().collect()
}
