//! Shopping orders and the operations recorded on them.

use super::Meta;
use super::cursor::{Cursor, Seen, member};
use super::fault::Read;
use super::items::{required, splits};
use super::shape::Names;
use crate::ledger::{Event, Item, Ledger, Span};
use crate::model::card::Kind;
use crate::model::event::EventList;
use crate::model::instant::Instant;
use crate::model::origin::Origin;

/// Reads an order into the ledger, its own collections included.
pub(super) fn read<'b>(
    cur: &mut Cursor<'b>,
    ledger: &mut Ledger<'b>,
    names: &mut Names,
    origin: Origin,
) -> Read<Meta<'b>> {
    ledger.clear(Kind::Order);
    ledger.head.has_document = true;
    ledger.head.origin = origin;
    let mut meta = Meta::default();
    let mut seen = Seen::default();
    let mut own_id = None;
    cur.object(|cur, name| {
        let head = &mut ledger.head;
        names.note(name, cur.peek());
        if let Some(list) = EventList::collection_named(name) {
            return cur.once(&mut seen, 16 + list as u32, list.name(), |cur| {
                if cur.null()? {
                    return Ok(());
                }
                collection(cur, ledger, list, origin, &mut meta.latest)
            });
        }
        match name {
            "order_id" => member!(cur, seen, 0, "order_id", meta.id => cur.optional(Cursor::id)?.unwrap_or_default()),
            "id" => member!(cur, seen, 1, "id", own_id => cur.optional(Cursor::id)?),
            "currency" => member!(cur, seen, 2, "currency", head.currency => cur.optional(Cursor::text)?),
            "payment_status" => {
                member!(cur, seen, 3, "payment_status", head.status_word => cur.optional(Cursor::text)?)
            }
            "gross_amount" => member!(cur, seen, 4, "gross_amount", head.gross => cur.optional(Cursor::amount)?),
            "items" => member!(cur, seen, 5, "items", head.has_reversed_line => reversed_line(cur)?),
            "created_at" => member!(cur, seen, 6, "created_at", head.created_at => cur.optional(Cursor::instant)?),
            "updated_at" => member!(cur, seen, 7, "updated_at", meta.updated_at => cur.optional(Cursor::instant)?),
            "version" => member!(cur, seen, 8, "version", meta.version => cur.optional(Cursor::amount)?),
            _ => cur.skip(),
        }
    })?;
    if meta.id.is_empty() {
        meta.id = required(own_id, seen, 1, "id", cur)?;
    }
    ledger.head.id = meta.id;
    ledger.events.sort_by_key(|event| event.list);
    meta.latest = meta.latest.max(ledger.head.created_at).max(meta.updated_at);
    meta.weight = ledger.events.len() as u32;
    Ok(meta)
}

/// Whether an item of the order has a gross amount below zero: a line that was reversed.
fn reversed_line(cur: &mut Cursor<'_>) -> Read<bool> {
    let mut reversed = false;
    if cur.null()? {
        return Ok(false);
    }
    cur.array(|cur, _| {
        let mut seen = Seen::default();
        let mut gross = None;
        cur.object(|cur, name| match name {
            "gross_amount" => member!(cur, seen, 0, "gross_amount", gross => cur.optional(Cursor::amount)?),
            _ => cur.skip(),
        })?;
        reversed |= gross.is_some_and(|g| g < 0);
        Ok(())
    })?;
    Ok(reversed)
}

/// Reads one collection onto the ledger, and marks it given.
pub(super) fn collection<'b>(
    cur: &mut Cursor<'b>,
    ledger: &mut Ledger<'b>,
    list: EventList,
    origin: Origin,
    latest: &mut Option<Instant>,
) -> Read<()> {
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

/// One operation, beside the rows it has put on the ledger.
pub(super) struct Operation<'b> {
    pub event: Event<'b>,
    pub latest: Option<Instant>,
}

/// Reads one operation; its items and splits go to the ledger.
pub(super) fn operation<'b>(
    cur: &mut Cursor<'b>,
    ledger: &mut Ledger<'b>,
    list: EventList,
    place: u32,
    origin: Origin,
) -> Read<Operation<'b>> {
    let mut event = Event::empty(list, place, origin);
    let (mut processed, mut created) = (None, None);
    let mut seen = Seen::default();
    cur.object(|cur, name| match name {
        "id" => member!(cur, seen, 0, "id", event.id => cur.reference()?),
        "amount" => member!(cur, seen, 1, "amount", event.stated => cur.optional(Cursor::amount)?),
        "success" => member!(cur, seen, 2, "success", event.success => cur.optional(Cursor::boolean)?),
        "items" => member!(cur, seen, 3, "items", event.items => operation_items(cur, ledger)?),
        "authorization_id" => {
            member!(cur, seen, 4, "authorization_id", event.authorization_id => cur.reference()?)
        }
        "payment_details" => {
            member!(cur, seen, 5, "payment_details", event.payment_id => cur.optional(payment_id)?.flatten())
        }
        "processed_at" => member!(cur, seen, 6, "processed_at", processed => cur.optional(Cursor::instant)?),
        "created_at" => member!(cur, seen, 7, "created_at", created => cur.optional(Cursor::instant)?),
        "updated_at" => member!(cur, seen, 8, "updated_at", event.updated_at => cur.optional(Cursor::instant)?),
        "version" => member!(cur, seen, 9, "version", event.version => cur.optional(Cursor::amount)?),
        _ => cur.skip(),
    })?;
    event.time = processed.or(created);
    event.created_at = created;
    Ok(Operation { event, latest: processed.max(created) })
}

fn payment_id<'b>(cur: &mut Cursor<'b>) -> Read<Option<&'b str>> {
    let mut seen = Seen::default();
    let mut id = None;
    cur.object(|cur, name| match name {
        "payment_id" => member!(cur, seen, 0, "payment_id", id => cur.reference()?),
        _ => cur.skip(),
    })?;
    Ok(id)
}

fn operation_items<'b>(cur: &mut Cursor<'b>, ledger: &mut Ledger<'b>) -> Read<Span> {
    if cur.null()? {
        return Ok(Span::default());
    }
    let start = ledger.items.len() as u32;
    cur.array(|cur, _| {
        let mut item = Item::default();
        let mut seen = Seen::default();
        cur.object(|cur, name| match name {
            "line_id" => member!(cur, seen, 0, "line_id", item.line => cur.optional(Cursor::line_id)?.flatten()),
            "amount" => member!(cur, seen, 1, "amount", item.amount => cur.optional(Cursor::amount)?),
            "payout" => {
                member!(cur, seen, 2, "payout", item.splits => cur.optional(|cur| payout(cur, ledger))?.unwrap_or_default())
            }
            _ => cur.skip(),
        })?;
        ledger.items.push(item);
        Ok(())
    })?;
    Ok(Span { start, end: ledger.items.len() as u32 })
}

fn payout<'b>(cur: &mut Cursor<'b>, ledger: &mut Ledger<'b>) -> Read<Span> {
    let mut seen = Seen::default();
    let mut destinations = Span::default();
    cur.object(|cur, name| match name {
        "destinations" => {
            member!(cur, seen, 0, "destinations", destinations => splits(cur, ledger, "destination")?)
        }
        _ => cur.skip(),
    })?;
    Ok(destinations)
}
