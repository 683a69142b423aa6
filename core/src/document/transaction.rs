//! Checkout transactions.

use super::cursor::{Cursor, Seen, member};
use super::fault::Read;
use super::items::{fees, gift_cards, item, items, required, splits};
use super::shape::{Name, Names};
use super::{Meta, Scratch, session};
use crate::ledger::{Event, Ledger};
use crate::model::card::Kind;
use crate::model::event::{EventKind, EventList};
use crate::model::origin::Origin;
use crate::model::status::Status;

/// What a transaction is, beside its ledger.
#[derive(Clone, Copy, Debug)]
pub struct Transaction<'b> {
    /// Its id, times and weight.
    pub meta: Meta<'b>,
    /// Without an `events` list: a trimmed copy, as webhooks carry.
    pub partial: bool,
    /// The session inside, when it is a document; its rows are in the scratch.
    pub session: Option<Meta<'b>>,
}

/// Reads a transaction into the scratch's ledger.
///
/// What is required of it is asked for last: the names may say that it is something else.
pub(super) fn read<'b>(
    cur: &mut Cursor<'b>,
    scratch: &mut Scratch<'b>,
    names: &mut Names,
    origin: Origin,
) -> Read<(Transaction<'b>, Seen)> {
    let Scratch { ledger, session, parts, .. } = scratch;
    ledger.clear(Kind::Transaction);
    ledger.head.has_document = true;
    ledger.head.origin = origin;
    let mut meta = Meta::default();
    let mut seen = Seen::default();
    let mut has_events = false;
    let mut embedded = None;
    cur.object(|cur, name| {
        let head = &mut ledger.head;
        match name {
            "id" => member!(cur, seen, 0, "id", meta.id => cur.required(Cursor::id)?.unwrap_or_default()),
            "amount" => member!(cur, seen, 1, "amount", head.amount => cur.optional(Cursor::amount)?),
            "currency" => member!(cur, seen, 2, "currency", head.currency => cur.optional(Cursor::text)?),
            "status" => member!(cur, seen, 3, "status", head.status_word => cur.optional(Cursor::text)?),
            "events" => cur.once(&mut seen, 4, "events", |cur| {
                if cur.null()? {
                    return Ok(());
                }
                has_events = true;
                cur.array(|cur, place| {
                    let event = read_event(cur, ledger, place as u32, origin)?;
                    meta.latest = meta.latest.max(event.time);
                    ledger.events.push(event);
                    Ok(())
                })
            }),
            "items" => {
                names.note(name, cur.peek());
                member!(cur, seen, 5, "items", ledger.head.items => items(cur, ledger)?)
            }
            "shipping_option" => {
                member!(cur, seen, 6, "shipping_option", ledger.head.shipping => cur.optional(|cur| item(cur, ledger))?)
            }
            "gift_cards" => member!(cur, seen, 7, "gift_cards", ledger.head.cards => gift_cards(cur, ledger)?),
            "settlement_status" => {
                member!(cur, seen, 8, "settlement_status", head.settlement_status => cur.optional(Cursor::text)?)
            }
            "payment_product_type" => {
                member!(cur, seen, 9, "payment_product_type", head.product_type => cur.optional(Cursor::text)?)
            }
            "platform_type" => {
                member!(cur, seen, 10, "platform_type", head.platform_type => cur.optional(Cursor::text)?)
            }
            "merchant_reference" => {
                member!(cur, seen, 11, "merchant_reference", head.merchant_reference => cur.reference()?)
            }
            "merchant_reference_2" => {
                member!(cur, seen, 12, "merchant_reference_2", head.merchant_reference_2 => cur.reference()?)
            }
            "session_id" => member!(cur, seen, 13, "session_id", head.session_id => cur.reference()?),
            "payout_destination_id" => {
                member!(cur, seen, 14, "payout_destination_id", head.seller => cur.optional(Cursor::text)?)
            }
            "store" => member!(cur, seen, 15, "store", head.store_seller => cur.optional(store)?.flatten()),
            "created_at" => member!(cur, seen, 16, "created_at", head.created_at => cur.optional(Cursor::instant)?),
            "updated_at" => member!(cur, seen, 17, "updated_at", meta.updated_at => cur.optional(Cursor::instant)?),
            "version" => member!(cur, seen, 18, "version", meta.version => cur.optional(Cursor::amount)?),
            "session" => cur.once(&mut seen, 19, "session", |cur| {
                if !cur.null()? {
                    embedded = session::read(cur, session, parts, &mut Names::default(), true)?;
                }
                Ok(())
            }),
            _ => {
                names.note(name, cur.peek());
                cur.skip()
            }
        }
    })?;
    note_known(names, seen, &meta, ledger, has_events);
    ledger.head.id = meta.id;
    meta.latest = meta.latest.max(ledger.head.created_at).max(meta.updated_at);
    meta.weight = ledger.events.len() as u32;
    Ok((Transaction { meta, partial: !has_events, session: embedded }, seen))
}

/// Notes the names that were read here; doing it for each on its way would be for nothing nearly always.
fn note_known(names: &mut Names, seen: Seen, meta: &Meta<'_>, ledger: &Ledger<'_>, has_events: bool) {
    const ITEMS: u32 = 5;
    let head = &ledger.head;
    names.met(Name::Other, (0..20).any(|number| number != ITEMS && seen.has(number)));
    names.met(Name::Id, !meta.id.is_empty());
    names.met(Name::Amount, head.amount.is_some());
    names.met(Name::Currency, head.currency.is_some());
    names.met(Name::Status, head.status_word.is_some());
    names.met(Name::Events, has_events);
    names.met(Name::OrderSign, head.created_at.is_some());
}

/// What a transaction must have; asked once it is known to be one.
pub(super) fn require(transaction: &Transaction<'_>, ledger: &Ledger<'_>, seen: Seen, cur: &Cursor<'_>) -> Read<()> {
    let id = Some(transaction.meta.id).filter(|id| !id.is_empty());
    required(id, seen, 0, "id", cur)?;
    if !transaction.partial {
        required(ledger.head.amount, seen, 1, "amount", cur)?;
        required(ledger.head.currency, seen, 2, "currency", cur)?;
    }
    Ok(())
}

fn store<'b>(cur: &mut Cursor<'b>) -> Read<Option<&'b str>> {
    let mut seen = Seen::default();
    let mut seller = None;
    cur.object(|cur, name| match name {
        "payout_destination_id" => {
            member!(cur, seen, 0, "payout_destination_id", seller => cur.optional(Cursor::text)?)
        }
        _ => cur.skip(),
    })?;
    Ok(seller)
}

fn read_event<'b>(cur: &mut Cursor<'b>, ledger: &mut Ledger<'b>, place: u32, origin: Origin) -> Read<Event<'b>> {
    let mut event = Event::empty(EventList::Events, place, origin);
    let mut seen = Seen::default();
    cur.object(|cur, name| match name {
        "event" => cur.once(&mut seen, 0, "event", |cur| {
            event.word = cur.optional(Cursor::text)?.unwrap_or_default();
            event.kind = EventKind::of(event.word);
            Ok(())
        }),
        "amount" => member!(cur, seen, 1, "amount", event.stated => cur.optional(Cursor::amount)?),
        "success" => member!(cur, seen, 2, "success", event.success => cur.optional(Cursor::boolean)?),
        "transaction_status" => cur.once(&mut seen, 3, "transaction_status", |cur| {
            event.status_word = cur.optional(Cursor::text)?;
            event.status = event.status_word.and_then(Status::of).filter(|s| *s != Status::Unknown);
            Ok(())
        }),
        "created_at" => member!(cur, seen, 4, "created_at", event.time => cur.optional(Cursor::instant)?),
        "id" => member!(cur, seen, 5, "id", event.id => cur.reference()?),
        "items" => member!(cur, seen, 6, "items", event.items => items(cur, ledger)?),
        "splits" => member!(cur, seen, 7, "splits", event.splits => splits(cur, ledger, "payout_destination_id")?),
        "fee_split" => member!(cur, seen, 8, "fee_split", event.fees => fees(cur, ledger)?),
        "gift_cards" => member!(cur, seen, 9, "gift_cards", event.cards => gift_cards(cur, ledger)?),
        "request_id" => member!(cur, seen, 10, "request_id", event.request_id => cur.reference()?),
        "correlation_request_id" => {
            member!(cur, seen, 11, "correlation_request_id", event.correlation_request_id => cur.reference()?)
        }
        "correction" => cur.once(&mut seen, 12, "correction", |cur| {
            if cur.null()? {
                return Ok(());
            }
            correction(cur, &mut event)
        }),
        _ => cur.skip(),
    })?;
    Ok(event)
}

fn correction<'b>(cur: &mut Cursor<'b>, event: &mut Event<'b>) -> Read<()> {
    const FIELDS: [&str; 3] = ["remaining_capture_amount", "remaining_refund_amount", "remaining_void_amount"];
    let mut seen = Seen::default();
    cur.object(|cur, name| match FIELDS.iter().position(|field| *field == name) {
        Some(n) => cur.once(&mut seen, n as u32, FIELDS[n], |cur| {
            event.correction[n] = cur.optional(Cursor::amount)?;
            Ok(())
        }),
        None => cur.skip(),
    })
}
