//! The transaction itself and its events.

use super::walk::{Fast, Here, SeenNames, fronts, place};
use crate::document::names::MemberName;
use crate::document::{Meta, Transaction};
use crate::ledger::{Event, Ledger, Span};
use crate::model::card::Kind;
use crate::model::event::EventList;
use crate::model::origin::Origin;
use crate::model::status::Status;
use crate::provider::dintero::document::Scratch;
use crate::provider::dintero::document::names::Name;
use crate::provider::dintero::document::shape::{Mark, Marks};
use crate::provider::dintero::{events, statuses};

fronts! {
    AMOUNT = Amount,
    CURRENCY = Currency,
    STATUS = Status,
    EVENTS = Events,
    SHIPPING_OPTION = ShippingOption,
    GIFT_CARDS = GiftCards,
    SETTLEMENT_STATUS = SettlementStatus,
    PAYMENT_PRODUCT_TYPE = PaymentProductType,
    PLATFORM_TYPE = PlatformType,
    MERCHANT_REFERENCE = MerchantReference,
    SESSION_ID = SessionId,
    PAYOUT_DESTINATION_ID = PayoutDestinationId,
    CREATED_AT = CreatedAt,
    UPDATED_AT = UpdatedAt,
    VERSION = Version,
    SESSION = Session,
    SUCCESS = Success,
    TRANSACTION_STATUS = TransactionStatus,
    SPLITS = Splits,
    FEE_SPLIT = FeeSplit,
    REQUEST_ID = RequestId,
    CORRELATION_REQUEST_ID = CorrelationRequestId,
    CORRECTION = Correction,
}

/// Reads a transaction with all required members into the scratch's ledger; also returns the
/// position after it. `names` is valid only if it returns `Some`.
pub(in crate::provider::dintero::document) fn read<'b>(
    fast: &Fast<'b, '_>,
    scratch: &mut Scratch<'b>,
    names: &mut Marks,
    origin: Origin,
) -> Option<(Transaction<'b>, usize)> {
    let Scratch { ledger, session, parts, .. } = scratch;
    ledger.clear(Kind::Transaction);
    ledger.head.has_document = true;
    ledger.head.origin = origin;
    let (mut meta, mut met) = (Meta::default(), SeenNames::default());
    let (mut embedded, mut has_events) = (None, false);
    let after = fast.members(fast.here(0), |name| {
        let head = &mut ledger.head;
        match name.word {
            AMOUNT => place!(fast, met, name, Amount, head.amount, optional_amount),
            CURRENCY if fast.is(name, Name::Currency) => {
                place!(fast, met, name, Currency, head.currency, optional_text)
            }
            STATUS => place!(fast, met, name, Status, head.status_word, optional_text),
            EVENTS => place!(fast, met, name, Events, has_events, events, ledger, origin),
            SHIPPING_OPTION if fast.is(name, Name::ShippingOption) => {
                place!(fast, met, name, ShippingOption, ledger.head.shipping, optional_item, ledger)
            }
            GIFT_CARDS if fast.is(name, Name::GiftCards) => place!(fast, met, name, GiftCards, head.cards, empty_cards),
            SETTLEMENT_STATUS if fast.is(name, Name::SettlementStatus) => {
                place!(fast, met, name, SettlementStatus, head.settlement_status, optional_text)
            }
            PAYMENT_PRODUCT_TYPE if fast.is(name, Name::PaymentProductType) => {
                place!(fast, met, name, PaymentProductType, head.product_type, optional_text)
            }
            PLATFORM_TYPE if fast.is(name, Name::PlatformType) => {
                place!(fast, met, name, PlatformType, head.platform_type, optional_text)
            }
            MERCHANT_REFERENCE if fast.is(name, Name::MerchantReference) => {
                place!(fast, met, name, MerchantReference, head.merchant_reference, reference)
            }
            MERCHANT_REFERENCE if fast.is(name, Name::MerchantReference2) => {
                place!(fast, met, name, MerchantReference2, head.merchant_reference_2, reference)
            }
            SESSION_ID if fast.is(name, Name::SessionId) => {
                place!(fast, met, name, SessionId, head.session_id, reference)
            }
            PAYOUT_DESTINATION_ID if fast.is(name, Name::PayoutDestinationId) => {
                place!(fast, met, name, PayoutDestinationId, head.seller, optional_text)
            }
            CREATED_AT if fast.is(name, Name::CreatedAt) => {
                place!(fast, met, name, CreatedAt, head.created_at, optional_instant)
            }
            UPDATED_AT if fast.is(name, Name::UpdatedAt) => {
                place!(fast, met, name, UpdatedAt, meta.updated_at, optional_instant)
            }
            VERSION if fast.is(name, Name::Version) => {
                place!(fast, met, name, Version, meta.version, optional_amount)
            }
            SESSION if fast.is(name, Name::Session) => {
                place!(fast, met, name, Session, embedded, session, session, parts)
            }
            _ if fast.is(name, Name::Id) => place!(fast, met, name, Id, meta.id, id),
            _ if fast.is(name, Name::Store) => place!(fast, met, name, Store, head.store_seller, store),
            _ if fast.is(name, Name::Items) => {
                names.note(Name::Items, fast.value(name, Name::Items).byte());
                place!(fast, met, name, Items, ledger.head.items, items, ledger)
            }
            _ => {
                let (value, length) = fast.other_value(name)?;
                // Unknown names are noted once, after the walk.
                match Name::at(fast.text, name.at, length) {
                    Name::Other => {}
                    known => names.note(known, value.byte()),
                }
                if names.suggests_other_shape() { None } else { fast.skip(value) }
            }
        }
    })?;
    let head = &mut ledger.head;
    if meta.id.is_empty() || head.amount.is_none() || head.currency.is_none() || !has_events {
        return None;
    }
    for mark in [Mark::Other, Mark::Id, Mark::Amount, Mark::Currency, Mark::Events] {
        names.met(mark, true);
    }
    names.met(Mark::Status, head.status_word.is_some());
    names.met(Mark::OfOrder, head.created_at.is_some());
    head.id = meta.id;
    let times = ledger.events.iter().map(|event| event.time);
    meta.latest = times.max().flatten().max(head.created_at).max(meta.updated_at);
    meta.weight = ledger.events.len() as u32;
    Some((Transaction { meta, partial: false, session: embedded }, after))
}

impl<'b> Fast<'b, '_> {
    #[inline(never)]
    fn events(&self, value: Here, ledger: &mut Ledger<'b>, origin: Origin) -> Option<(bool, usize)> {
        let mut place = 0;
        let after = self.elements(value, |value| {
            let after = self.event(value, ledger, place, origin)?;
            place += 1;
            Some(after)
        })?;
        Some((true, after))
    }

    #[inline(always)]
    fn event(&self, value: Here, ledger: &mut Ledger<'b>, place: u32, origin: Origin) -> Option<usize> {
        let mut met = SeenNames::default();
        let (mut word, mut success, mut stated) = (None, None, None);
        let (mut status_word, mut time, mut id) = (None, None, None);
        let (mut request_id, mut correlation_request_id) = (None, None);
        let (mut items, mut splits, mut fees, mut cards) = Default::default();
        let after = self.members(value, |name| match name.word {
            AMOUNT => place!(self, met, name, Amount, stated, optional_amount),
            SUCCESS if self.is(name, Name::Success) => place!(self, met, name, Success, success, optional_boolean),
            TRANSACTION_STATUS if self.is(name, Name::TransactionStatus) => {
                place!(self, met, name, TransactionStatus, status_word, optional_text)
            }
            CREATED_AT if self.is(name, Name::CreatedAt) => place!(self, met, name, CreatedAt, time, optional_instant),
            SPLITS => place!(self, met, name, Splits, splits, splits, ledger),
            FEE_SPLIT if self.is(name, Name::FeeSplit) => place!(self, met, name, FeeSplit, fees, fees, ledger),
            GIFT_CARDS if self.is(name, Name::GiftCards) => place!(self, met, name, GiftCards, cards, empty_cards),
            REQUEST_ID if self.is(name, Name::RequestId) => place!(self, met, name, RequestId, request_id, reference),
            CORRELATION_REQUEST_ID if self.is(name, Name::CorrelationRequestId) => {
                place!(self, met, name, CorrelationRequestId, correlation_request_id, reference)
            }
            CORRECTION if self.is(name, Name::Correction) => {
                met.once(Name::Correction)?;
                self.null(self.value(name, Name::Correction))
            }
            _ if self.is(name, Name::Event) => place!(self, met, name, Event, word, optional_text),
            _ if self.is(name, Name::Id) => place!(self, met, name, Id, id, reference),
            _ if self.is(name, Name::Items) => place!(self, met, name, Items, items, items, ledger),
            _ => self.skip_member(name),
        })?;
        let word = word.unwrap_or_default();
        let (kind, word) = events::frequent(word).unwrap_or_else(|| (events::kind(word), word));
        let (status, status_word) = match status_word.map(|word| (statuses::frequent(word), word)) {
            Some((Some((status, own)), _)) => (Some(status), Some(own)),
            Some((None, word)) => (statuses::status(word).filter(|status| *status != Status::Unknown), Some(word)),
            None => (None, None),
        };
        ledger.events.push(Event {
            kind,
            word,
            success,
            stated,
            status_word,
            status,
            time,
            id,
            request_id,
            correlation_request_id,
            items,
            splits,
            fees,
            cards,
            ..Event::empty(EventList::Events, place, origin)
        });
        Some(after)
    }

    /// Accepts only an empty list of gift cards, or null.
    #[inline(never)]
    fn empty_cards(&self, value: Here) -> Option<(Span, usize)> {
        let after = if value.byte() == b'n' { self.null(value) } else { self.elements(value, |_| None) };
        Some((Span::default(), after?))
    }

    /// The seller that a store names; or null.
    #[inline(never)]
    fn store(&self, value: Here) -> Option<(Option<&'b str>, usize)> {
        if value.byte() == b'n' {
            return Some((None, self.null(value)?));
        }
        let (mut met, mut seller) = (SeenNames::default(), None);
        let after = self.members(value, |name| match name.word {
            PAYOUT_DESTINATION_ID if self.is(name, Name::PayoutDestinationId) => {
                place!(self, met, name, PayoutDestinationId, seller, optional_text)
            }
            _ => self.skip_member(name),
        })?;
        Some((seller, after))
    }
}
