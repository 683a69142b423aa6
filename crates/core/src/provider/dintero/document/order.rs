//! Shopping orders and the operations recorded on them.

use super::items::read_splits_of_order;
use super::names::Name;
use crate::document::Meta;
use crate::document::cursor::{Seen, member};
use crate::document::reader::{Reader, required};
use crate::ledger::{Event, Item, Ledger, Span};
use crate::model::card::Kind;
use crate::model::event::EventList;
use crate::model::instant::Instant;
use crate::model::origin::Origin;

/// Reads an order into the ledger, its own collections included.
pub(super) fn read<'b, R: Reader<'b, Name>>(
    cur: &mut R,
    ledger: &mut Ledger<'b>,
    origin: Origin,
) -> Result<Meta<'b>, R::Fault> {
    ledger.clear(Kind::Order);
    ledger.head.has_document = true;
    ledger.head.origin = origin;
    let mut meta = Meta::default();
    let mut seen = Seen::default();
    let mut own_id = None;
    cur.object(|cur, name| {
        let head = &mut ledger.head;
        if let Some(list) = collection_named(name) {
            return cur.once(&mut seen, name, |cur| {
                if cur.null()? {
                    return Ok(());
                }
                collection(cur, ledger, list, origin, &mut meta.latest)
            });
        }
        match name {
            Name::OrderId => member!(cur, seen, OrderId, meta.id => cur.optional(|cur| cur.id())?.unwrap_or_default()),
            Name::Id => member!(cur, seen, Id, own_id => cur.optional(|cur| cur.id())?),
            Name::Currency => member!(cur, seen, Currency, head.currency => cur.optional_text()?),
            Name::PaymentStatus => {
                member!(cur, seen, PaymentStatus, head.status_word => cur.optional_text()?)
            }
            Name::GrossAmount => member!(cur, seen, GrossAmount, head.gross => cur.optional_amount()?),
            Name::Items => member!(cur, seen, Items, head.has_reversed_line => reversed_line(cur)?),
            Name::CreatedAt => member!(cur, seen, CreatedAt, head.created_at => cur.optional_instant()?),
            Name::UpdatedAt => member!(cur, seen, UpdatedAt, meta.updated_at => cur.optional_instant()?),
            Name::Version => member!(cur, seen, Version, meta.version => cur.optional_amount()?),
            _ => cur.skip(),
        }
    })?;
    if meta.id.is_empty() {
        meta.id = required(own_id, seen, Name::Id, cur)?;
    }
    ledger.head.id = meta.id;
    ledger.events.sort_by_key(|event| event.list);
    meta.latest = meta.latest.max(ledger.head.created_at).max(meta.updated_at);
    meta.weight = ledger.events.len() as u32;
    Ok(meta)
}

/// Whether an item of the order has a gross amount below zero: a line that was reversed.
fn reversed_line<'b, R: Reader<'b, Name>>(cur: &mut R) -> Result<bool, R::Fault> {
    let mut reversed = false;
    if cur.null()? {
        return Ok(false);
    }
    cur.array(|cur, _| {
        let mut seen = Seen::default();
        let mut gross = None;
        cur.object(|cur, name| match name {
            Name::GrossAmount => member!(cur, seen, GrossAmount, gross => cur.optional_amount()?),
            _ => cur.skip(),
        })?;
        reversed |= gross.is_some_and(|g| g < 0);
        Ok(())
    })?;
    Ok(reversed)
}

#[inline(always)]
pub(super) fn collection_named(name: Name) -> Option<EventList> {
    match name {
        Name::Authorizations => Some(EventList::Authorizations),
        Name::Cancellations => Some(EventList::Cancellations),
        Name::Captures => Some(EventList::Captures),
        Name::Refunds => Some(EventList::Refunds),
        _ => None,
    }
}

/// Reads one collection into the ledger, and marks it given.
pub(super) fn collection<'b, R: Reader<'b, Name>>(
    cur: &mut R,
    ledger: &mut Ledger<'b>,
    list: EventList,
    origin: Origin,
    latest: &mut Option<Instant>,
) -> Result<(), R::Fault> {
    if let Some(n) = list.collection() {
        ledger.head.given[n] = true;
    }
    cur.array(|cur, place| {
        let operation = operation(cur, ledger, list, place as u32, origin)?;
        *latest = (*latest).max(operation.latest);
        ledger.events.push(operation.event);
        Ok(())
    })
}

/// One operation; its items and splits are already in the ledger.
pub(super) struct Operation<'b> {
    pub event: Event<'b>,
    pub latest: Option<Instant>,
}

/// Reads one operation; its items and splits go to the ledger.
pub(super) fn operation<'b, R: Reader<'b, Name>>(
    cur: &mut R,
    ledger: &mut Ledger<'b>,
    list: EventList,
    place: u32,
    origin: Origin,
) -> Result<Operation<'b>, R::Fault> {
    let mut event = Event::empty(list, place, origin);
    let (mut processed, mut created) = (None, None);
    let mut seen = Seen::default();
    cur.object(|cur, name| match name {
        Name::Id => member!(cur, seen, Id, event.id => cur.reference()?),
        Name::Amount => member!(cur, seen, Amount, event.stated => cur.optional_amount()?),
        Name::Success => member!(cur, seen, Success, event.success => cur.optional_boolean()?),
        Name::Items => member!(cur, seen, Items, event.items => operation_items(cur, ledger)?),
        Name::AuthorizationId => {
            member!(cur, seen, AuthorizationId, event.authorization_id => cur.reference()?)
        }
        Name::PaymentDetails => {
            member!(cur, seen, PaymentDetails, event.payment_id => cur.optional(payment_id)?.flatten())
        }
        Name::ProcessedAt => member!(cur, seen, ProcessedAt, processed => cur.optional_instant()?),
        Name::CreatedAt => member!(cur, seen, CreatedAt, created => cur.optional_instant()?),
        Name::UpdatedAt => member!(cur, seen, UpdatedAt, event.updated_at => cur.optional_instant()?),
        Name::Version => member!(cur, seen, Version, event.version => cur.optional_amount()?),
        _ => cur.skip(),
    })?;
    event.time = processed.or(created);
    event.created_at = created;
    Ok(Operation { event, latest: processed.max(created) })
}

fn payment_id<'b, R: Reader<'b, Name>>(cur: &mut R) -> Result<Option<&'b str>, R::Fault> {
    let mut seen = Seen::default();
    let mut id = None;
    cur.object(|cur, name| match name {
        Name::PaymentId => member!(cur, seen, PaymentId, id => cur.reference()?),
        _ => cur.skip(),
    })?;
    Ok(id)
}

fn operation_items<'b, R: Reader<'b, Name>>(cur: &mut R, ledger: &mut Ledger<'b>) -> Result<Span, R::Fault> {
    if cur.null()? {
        return Ok(Span::default());
    }
    let start = ledger.items.len() as u32;
    cur.array(|cur, _| {
        let mut item = Item::default();
        let mut seen = Seen::default();
        cur.object(|cur, name| match name {
            Name::LineId => member!(cur, seen, LineId, item.line => cur.optional_line_id()?),
            Name::Amount => member!(cur, seen, Amount, item.amount => cur.optional_amount()?),
            Name::Payout => {
                member!(cur, seen, Payout, item.splits => cur.optional(|cur| payout(cur, ledger))?.unwrap_or_default())
            }
            _ => cur.skip(),
        })?;
        ledger.items.push(item);
        Ok(())
    })?;
    Ok(Span { start, end: ledger.items.len() as u32 })
}

fn payout<'b, R: Reader<'b, Name>>(cur: &mut R, ledger: &mut Ledger<'b>) -> Result<Span, R::Fault> {
    let mut seen = Seen::default();
    let mut destinations = Span::default();
    cur.object(|cur, name| match name {
        Name::Destinations => {
            member!(cur, seen, Destinations, destinations => read_splits_of_order(cur, &mut ledger.splits)?)
        }
        _ => cur.skip(),
    })?;
    Ok(destinations)
}
