//! Checkout transactions.

use super::items::{fees, gift_cards, item, items, required, splits};
use super::names::Name;
use super::shape::{Mark, Marks};
use super::{Cursor, Scratch, session};
use crate::document::cursor::{Seen, member};
use crate::document::fault::Read;
use crate::document::{Meta, Transaction};
use crate::ledger::{Event, Ledger};
use crate::model::card::Kind;
use crate::model::event::EventList;
use crate::model::origin::Origin;
use crate::model::status::Status;
use crate::provider::dintero::{events, statuses};

/// Reads a transaction into the scratch's ledger.
///
/// Required members are checked later by [`require`]: the names may show that it is another record.
pub(super) fn read<'b>(
    cur: &mut Cursor<'b>,
    scratch: &mut Scratch<'b>,
    names: &mut Marks,
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
            Name::Id => member!(cur, seen, Id, meta.id => cur.required(Cursor::id)?.unwrap_or_default()),
            Name::Amount => member!(cur, seen, Amount, head.amount => cur.optional_amount()?),
            Name::Currency => member!(cur, seen, Currency, head.currency => cur.optional_text()?),
            Name::Status => member!(cur, seen, Status, head.status_word => cur.optional_text()?),
            Name::Events => cur.once(&mut seen, Name::Events, |cur| {
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
            Name::Items => {
                names.note(name, cur.peek());
                member!(cur, seen, Items, ledger.head.items => items(cur, ledger)?)
            }
            Name::ShippingOption => {
                member!(cur, seen, ShippingOption, ledger.head.shipping => cur.optional(|cur| item(cur, ledger))?)
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
            Name::Store => member!(cur, seen, Store, head.store_seller => cur.optional(store)?.flatten()),
            Name::CreatedAt => member!(cur, seen, CreatedAt, head.created_at => cur.optional_instant()?),
            Name::UpdatedAt => member!(cur, seen, UpdatedAt, meta.updated_at => cur.optional_instant()?),
            Name::Version => member!(cur, seen, Version, meta.version => cur.optional_amount()?),
            Name::Session => cur.once(&mut seen, Name::Session, |cur| {
                if !cur.null()? {
                    embedded = session::read(cur, session, parts, &mut Marks::default(), true)?;
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
pub(super) fn require(transaction: &Transaction<'_>, ledger: &Ledger<'_>, seen: Seen, cur: &Cursor<'_>) -> Read<()> {
    let id = Some(transaction.meta.id).filter(|id| !id.is_empty());
    required(id, seen, Name::Id, cur)?;
    if !transaction.partial {
        required(ledger.head.amount, seen, Name::Amount, cur)?;
        required(ledger.head.currency, seen, Name::Currency, cur)?;
    }
    Ok(())
}

fn store<'b>(cur: &mut Cursor<'b>) -> Read<Option<&'b str>> {
    let mut seen = Seen::default();
    let mut seller = None;
    cur.object(|cur, name| match name {
        Name::PayoutDestinationId => {
            member!(cur, seen, PayoutDestinationId, seller => cur.optional_text()?)
        }
        _ => cur.skip(),
    })?;
    Ok(seller)
}

fn read_event<'b>(cur: &mut Cursor<'b>, ledger: &mut Ledger<'b>, place: u32, origin: Origin) -> Read<Event<'b>> {
    let mut event = Event::empty(EventList::Events, place, origin);
    let mut seen = Seen::default();
    cur.object(|cur, name| match name {
        Name::Event => cur.once(&mut seen, Name::Event, |cur| {
            event.word = cur.optional_text()?.unwrap_or_default();
            event.kind = events::kind(event.word);
            Ok(())
        }),
        Name::Amount => member!(cur, seen, Amount, event.stated => cur.optional_amount()?),
        Name::Success => member!(cur, seen, Success, event.success => cur.optional(|cur| cur.boolean())?),
        Name::TransactionStatus => cur.once(&mut seen, Name::TransactionStatus, |cur| {
            event.status_word = cur.optional_text()?;
            event.status = event.status_word.and_then(statuses::status).filter(|s| *s != Status::Unknown);
            Ok(())
        }),
        Name::CreatedAt => member!(cur, seen, CreatedAt, event.time => cur.optional_instant()?),
        Name::Id => member!(cur, seen, Id, event.id => cur.reference()?),
        Name::Items => member!(cur, seen, Items, event.items => items(cur, ledger)?),
        Name::Splits => member!(cur, seen, Splits, event.splits => splits(cur, ledger, Name::PayoutDestinationId)?),
        Name::FeeSplit => member!(cur, seen, FeeSplit, event.fees => fees(cur, ledger)?),
        Name::GiftCards => member!(cur, seen, GiftCards, event.cards => gift_cards(cur, ledger)?),
        Name::RequestId => member!(cur, seen, RequestId, event.request_id => cur.reference()?),
        Name::CorrelationRequestId => {
            member!(cur, seen, CorrelationRequestId, event.correlation_request_id => cur.reference()?)
        }
        Name::Correction => cur.once(&mut seen, Name::Correction, |cur| {
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
    let [capture, refund, void] = &mut event.correction;
    let mut seen = Seen::default();
    cur.object(|cur, name| match name {
        Name::RemainingCaptureAmount => {
            member!(cur, seen, RemainingCaptureAmount, *capture => cur.optional_amount()?)
        }
        Name::RemainingRefundAmount => {
            member!(cur, seen, RemainingRefundAmount, *refund => cur.optional_amount()?)
        }
        Name::RemainingVoidAmount => {
            member!(cur, seen, RemainingVoidAmount, *void => cur.optional_amount()?)
        }
        _ => cur.skip(),
    })
}
