//! Checkout transactions.

use super::items::{event_items, gift_cards, optional_item, own_items, read_fees, read_splits};
use super::names::Name;
use super::shape::{Mark, Marks};
use super::{Scratch, session};
use crate::document::cursor::{Seen, member};
use crate::document::reader::{Reader, required};
use crate::document::{Meta, Transaction};
use crate::ledger::{Correlation, Event, EventSettlements, Ledger, SettlementEntry, Span};
use crate::model::card::Kind;
use crate::model::event::EventList;
use crate::model::money::Minor;
use crate::model::origin::Origin;
use crate::provider::dintero::{events, statuses};

/// Reads a transaction into the scratch's ledger.
///
/// Required members are checked later by [`require`]: the names may show that it is another record.
pub(super) fn read<'b, R: Reader<'b, Name>>(
    cur: &mut R,
    scratch: &mut Scratch<'b>,
    names: &mut Marks,
    origin: Origin,
) -> Result<(Transaction<'b>, Seen), R::Fault> {
    let Scratch { ledger, session, parts, .. } = scratch;
    ledger.clear(Kind::Transaction);
    ledger.head.has_document = true;
    ledger.head.origin = origin;
    let mut meta = Meta::default();
    let mut seen = Seen::default();
    let mut has_events = false;
    let (mut embedded, mut correlation) = (None, None);
    cur.object(|cur, name| {
        let head = &mut ledger.head;
        match name {
            Name::Id => member!(cur, seen, Id, meta.id => cur.required(R::id)?.unwrap_or_default()),
            Name::Amount => member!(cur, seen, Amount, head.amount => cur.optional_amount()?),
            Name::Currency => member!(cur, seen, Currency, head.currency => cur.optional_text()?),
            Name::Status => member!(cur, seen, Status, head.status_word => cur.optional_text()?),
            Name::Events => cur.once(&mut seen, Name::Events, |cur| {
                if cur.null()? {
                    return Ok(());
                }
                has_events = true;
                read_events(cur, ledger, origin)
            }),
            Name::Items => {
                names.note(name, cur.first()?);
                member!(cur, seen, Items, ledger.head.items => own_items(cur, ledger)?)
            }
            Name::ShippingOption => {
                member!(cur, seen, ShippingOption, ledger.head.shipping => optional_item(cur, ledger)?)
            }
            Name::GiftCards => member!(cur, seen, GiftCards, ledger.head.cards => gift_cards(cur, ledger)?),
            Name::SettlementStatus => {
                member!(cur, seen, SettlementStatus, head.settlement_status => cur.optional_text()?)
            }
            Name::PaymentProductType => {
                member!(cur, seen, PaymentProductType, head.product_type => cur.optional_text()?)
            }
            Name::PlatformType => {
                member!(cur, seen, PlatformType, head.platform_type => cur.optional_text()?)
            }
            Name::MerchantReference => {
                member!(cur, seen, MerchantReference, head.merchant_reference => cur.reference()?)
            }
            Name::MerchantReference2 => {
                member!(cur, seen, MerchantReference2, head.merchant_reference_2 => cur.reference()?)
            }
            Name::SessionId => member!(cur, seen, SessionId, head.session_id => cur.reference()?),
            Name::PayoutDestinationId => {
                member!(cur, seen, PayoutDestinationId, head.seller => cur.optional_text()?)
            }
            Name::Store => member!(cur, seen, Store, head.store_seller => store(cur)?),
            Name::CreatedAt => member!(cur, seen, CreatedAt, head.created_at => cur.optional_instant()?),
            Name::UpdatedAt => member!(cur, seen, UpdatedAt, meta.updated_at => cur.optional_instant()?),
            Name::Version => member!(cur, seen, Version, meta.version => cur.optional_amount()?),
            Name::Metadata => member!(cur, seen, Metadata, correlation => metadata(cur)?),
            Name::Session => cur.once(&mut seen, Name::Session, |cur| {
                if !cur.null()? {
                    embedded = session::read(cur, session, parts, true)?;
                }
                Ok(())
            }),
            _ => {
                names.note(name, cur.first()?);
                cur.leave_if(names.suggests_other_shape())?;
                cur.skip()
            }
        }
    })?;
    note_known(names, seen, &meta, ledger, has_events);
    if let Some(id) = correlation {
        ledger.correlations.insert(0, Correlation { event: None, id });
    }
    ledger.head.id = meta.id;
    meta.latest = ledger.head.created_at.max(meta.updated_at);
    for event in &ledger.events {
        if event.time > meta.latest {
            meta.latest = event.time;
        }
    }
    meta.weight = ledger.events.len() as u32;
    Ok((Transaction { meta, partial: !has_events, session: embedded }, seen))
}

/// Notes the names that were read. Noting each one while reading is almost always wasted work.
fn note_known(names: &mut Marks, seen: Seen, meta: &Meta<'_>, ledger: &Ledger<'_>, has_events: bool) {
    let head = &ledger.head;
    names.met(Mark::Other, seen.has_other_than(Name::Items));
    names.met(Mark::Id, !meta.id.is_empty());
    names.met(Mark::Amount, head.amount.is_some());
    names.met(Mark::Currency, head.currency.is_some());
    names.met(Mark::Status, head.status_word.is_some());
    names.met(Mark::Events, has_events);
    names.met(Mark::OfOrder, head.created_at.is_some());
}

/// Checks a transaction's required members, once it is known to be one.
pub(super) fn require<'b, R: Reader<'b, Name>>(
    transaction: &Transaction<'_>,
    ledger: &Ledger<'_>,
    seen: Seen,
    cur: &R,
) -> Result<(), R::Fault> {
    let id = Some(transaction.meta.id).filter(|id| !id.is_empty());
    required(id, seen, Name::Id, cur)?;
    if !transaction.partial {
        required(ledger.head.amount, seen, Name::Amount, cur)?;
        required(ledger.head.currency, seen, Name::Currency, cur)?;
    }
    Ok(())
}

#[inline(never)]
fn store<'b, R: Reader<'b, Name>>(cur: &mut R) -> Result<Option<&'b str>, R::Fault> {
    let (mut seen, mut seller) = (Seen::default(), None);
    if cur.null()? {
        return Ok(None);
    }
    cur.object(|cur, name| match name {
        Name::PayoutDestinationId => {
            member!(cur, seen, PayoutDestinationId, seller => cur.optional_text()?)
        }
        _ => cur.skip(),
    })?;
    Ok(seller)
}

#[inline(never)]
fn read_events<'b, R: Reader<'b, Name>>(cur: &mut R, ledger: &mut Ledger<'b>, origin: Origin) -> Result<(), R::Fault> {
    let mut events = std::mem::take(&mut ledger.events);
    cur.array(|cur, place| {
        events.push(Event::empty(EventList::Events, place as u32, origin));
        read_event(cur, &mut events[place], ledger)
    })?;
    ledger.events = events;
    Ok(())
}

#[inline(always)]
fn read_event<'b, R: Reader<'b, Name>>(
    cur: &mut R,
    event: &mut Event<'b>,
    ledger: &mut Ledger<'b>,
) -> Result<(), R::Fault> {
    let (mut seen, mut word, mut status, mut correlation) = (Seen::default(), None, None, None);
    cur.object(|cur, name| match name {
        Name::Id => member!(cur, seen, Id, event.id => cur.reference()?),
        Name::Event => member!(cur, seen, Event, word => cur.optional_text()?),
        Name::TransactionStatus => member!(cur, seen, TransactionStatus, status => cur.optional_text()?),
        Name::Amount => member!(cur, seen, Amount, event.stated => cur.optional_amount()?),
        Name::CreatedAt => member!(cur, seen, CreatedAt, event.time => cur.optional_instant()?),
        Name::Items => member!(cur, seen, Items, event.items => event_items(cur, ledger)?),
        Name::Splits => member!(cur, seen, Splits, event.splits => read_splits(cur, &mut ledger.splits)?),
        Name::FeeSplit => member!(cur, seen, FeeSplit, event.fees => read_fees(cur, &mut ledger.fees)?),
        Name::GiftCards => member!(cur, seen, GiftCards, event.cards => gift_cards(cur, ledger)?),
        Name::RequestId => member!(cur, seen, RequestId, event.request_id => cur.reference()?),
        Name::CorrelationRequestId => {
            member!(cur, seen, CorrelationRequestId, event.correlation_request_id => cur.reference()?)
        }
        Name::Success => member!(cur, seen, Success, event.success => cur.optional_boolean()?),
        Name::Metadata => member!(cur, seen, Metadata, correlation => metadata(cur)?),
        Name::Settlements => member!(cur, seen, Settlements, event.settlements => settlements(cur, ledger)?),
        Name::Correction => member!(cur, seen, Correction, event.correction => correction(cur)?),
        _ => cur.skip(),
    })?;
    if let Some(id) = correlation {
        ledger.correlations.push(Correlation { event: Some(event.place), id });
    }
    if let Some(word) = word {
        (event.kind, event.word) = events::read(word);
    }
    if let Some(word) = status {
        (event.status, event.status_word) = statuses::read(word);
    }
    Ok(())
}

/// The id in metadata by which others may name a transaction or an event. Metadata is free: it need not be an object,
/// and has numbers as texts or as numbers.
#[inline(never)]
fn metadata<'b, R: Reader<'b, Name>>(cur: &mut R) -> Result<Option<&'b str>, R::Fault> {
    let (mut seen, mut id) = (Seen::default(), None);
    if cur.first()? != b'{' {
        return cur.skip().map(|()| None);
    }
    cur.object(|cur, name| match name {
        Name::PayoutCorrelationId => member!(cur, seen, PayoutCorrelationId, id => cur.optional_line_id()?),
        _ => cur.skip(),
    })?;
    Ok(id)
}

/// The settlements that an event names.
#[inline(never)]
fn settlements<'b, R: Reader<'b, Name>>(
    cur: &mut R,
    ledger: &mut Ledger<'b>,
) -> Result<EventSettlements<'b>, R::Fault> {
    let (mut seen, mut stated) = (Seen::default(), EventSettlements::default());
    if cur.null()? {
        return Ok(stated);
    }
    let start = ledger.entries.len() as u32;
    cur.object(|cur, name| match name {
        Name::SettlementStatus => member!(cur, seen, SettlementStatus, stated.word => cur.optional_text()?),
        Name::Events => cur.once(&mut seen, Name::Events, |cur| {
            if cur.null()? {
                return Ok(());
            }
            cur.array(|cur, _| {
                let entry = entry(cur)?;
                ledger.entries.push(entry);
                Ok(())
            })
        }),
        _ => cur.skip(),
    })?;
    stated.status = stated.word.and_then(statuses::settlement_status);
    stated.entries = Span { start, end: ledger.entries.len() as u32 };
    Ok(stated)
}

fn entry<'b, R: Reader<'b, Name>>(cur: &mut R) -> Result<SettlementEntry<'b>, R::Fault> {
    let (mut entry, mut settlement, mut seen) = (SettlementEntry::default(), None, Seen::default());
    cur.object(|cur, name| match name {
        Name::SettlementId => member!(cur, seen, SettlementId, settlement => cur.required(R::id)?),
        Name::Amount => member!(cur, seen, Amount, entry.amount => cur.optional_amount()?),
        Name::Capture => member!(cur, seen, Capture, entry.capture => cur.optional_amount()?),
        Name::Refund => member!(cur, seen, Refund, entry.refund => cur.optional_amount()?),
        Name::Fee => member!(cur, seen, Fee, entry.fee => cur.optional_amount()?),
        Name::ProviderReference => {
            member!(cur, seen, ProviderReference, entry.provider_reference => cur.reference()?)
        }
        Name::EventCorrelationId => {
            member!(cur, seen, EventCorrelationId, entry.correlation => cur.reference()?)
        }
        _ => cur.skip(),
    })?;
    entry.settlement = required(settlement, seen, Name::SettlementId, cur)?;
    Ok(entry)
}

/// The amounts that a correction states as remaining to capture, to refund and to void.
#[inline(never)]
fn correction<'b, R: Reader<'b, Name>>(cur: &mut R) -> Result<[Option<Minor>; 3], R::Fault> {
    let [mut capture, mut refund, mut void] = [None; 3];
    let mut seen = Seen::default();
    if cur.null()? {
        return Ok([None; 3]);
    }
    cur.object(|cur, name| match name {
        Name::RemainingCaptureAmount => {
            member!(cur, seen, RemainingCaptureAmount, capture => cur.optional_amount()?)
        }
        Name::RemainingRefundAmount => {
            member!(cur, seen, RemainingRefundAmount, refund => cur.optional_amount()?)
        }
        Name::RemainingVoidAmount => {
            member!(cur, seen, RemainingVoidAmount, void => cur.optional_amount()?)
        }
        _ => cur.skip(),
    })?;
    Ok([capture, refund, void])
}
