//! The transaction itself and its events.

use super::{Here, Met, Usual, firsts, place};
use crate::document::names::Name;
use crate::document::shape::{Names, Sign};
use crate::document::transaction::Transaction;
use crate::document::{Meta, Scratch};
use crate::ledger::{Event, Ledger, Span};
use crate::model::card::Kind;
use crate::model::event::{EventKind, EventList};
use crate::model::origin::Origin;
use crate::model::status::Status;

firsts! {
    ID = Id,
    AMOUNT = Amount,
    CURRENCY = Currency,
    STATUS = Status,
    EVENTS = Events,
    ITEMS = Items,
    SHIPPING_OPTION = ShippingOption,
    GIFT_CARDS = GiftCards,
    SETTLEMENT_STATUS = SettlementStatus,
    PAYMENT_PRODUCT_TYPE = PaymentProductType,
    PLATFORM_TYPE = PlatformType,
    MERCHANT_REFERENCE = MerchantReference,
    SESSION_ID = SessionId,
    PAYOUT_DESTINATION_ID = PayoutDestinationId,
    STORE = Store,
    CREATED_AT = CreatedAt,
    UPDATED_AT = UpdatedAt,
    VERSION = Version,
    SESSION = Session,
    EVENT = Event,
    SUCCESS = Success,
    TRANSACTION_STATUS = TransactionStatus,
    SPLITS = Splits,
    FEE_SPLIT = FeeSplit,
    REQUEST_ID = RequestId,
    CORRELATION_REQUEST_ID = CorrelationRequestId,
    CORRECTION = Correction,
}

/// Reads a transaction that has all it must have into the scratch's ledger; with the place after it. What it notes of
/// names stands only when it is one.
pub(in crate::document) fn read<'b>(
    usual: &Usual<'b, '_>,
    scratch: &mut Scratch<'b>,
    names: &mut Names,
    origin: Origin,
) -> Option<(Transaction<'b>, usize)> {
    let Scratch { ledger, session, parts, .. } = scratch;
    ledger.clear(Kind::Transaction);
    ledger.head.has_document = true;
    ledger.head.origin = origin;
    let (mut meta, mut met) = (Meta::default(), Met::default());
    let (mut embedded, mut has_events) = (None, false);
    let after = usual.members(usual.here(0), |key, value| {
        let head = &mut ledger.head;
        match key.first {
            ID => place!(met, Id, meta.id, usual.id(value)),
            AMOUNT => place!(met, Amount, head.amount, usual.optional_amount(value)),
            CURRENCY if key.length == 8 => place!(met, Currency, head.currency, usual.optional_text(value)),
            STATUS => place!(met, Status, head.status_word, usual.optional_text(value)),
            EVENTS => place!(met, Events, has_events, usual.events(value, ledger, origin)),
            ITEMS => {
                names.note(Name::Items, value.byte());
                place!(met, Items, ledger.head.items, usual.items(value, ledger))
            }
            SHIPPING_OPTION if usual.is(key, Name::ShippingOption) => {
                place!(met, ShippingOption, ledger.head.shipping, usual.optional_item(value, ledger))
            }
            GIFT_CARDS if usual.is(key, Name::GiftCards) => place!(met, GiftCards, head.cards, usual.no_cards(value)),
            SETTLEMENT_STATUS if usual.is(key, Name::SettlementStatus) => {
                place!(met, SettlementStatus, head.settlement_status, usual.optional_text(value))
            }
            PAYMENT_PRODUCT_TYPE if usual.is(key, Name::PaymentProductType) => {
                place!(met, PaymentProductType, head.product_type, usual.optional_text(value))
            }
            PLATFORM_TYPE if usual.is(key, Name::PlatformType) => {
                place!(met, PlatformType, head.platform_type, usual.optional_text(value))
            }
            MERCHANT_REFERENCE if usual.is(key, Name::MerchantReference) => {
                place!(met, MerchantReference, head.merchant_reference, usual.reference(value))
            }
            MERCHANT_REFERENCE if usual.is(key, Name::MerchantReference2) => {
                place!(met, MerchantReference2, head.merchant_reference_2, usual.reference(value))
            }
            SESSION_ID if usual.is(key, Name::SessionId) => {
                place!(met, SessionId, head.session_id, usual.reference(value))
            }
            PAYOUT_DESTINATION_ID if usual.is(key, Name::PayoutDestinationId) => {
                place!(met, PayoutDestinationId, head.seller, usual.optional_text(value))
            }
            STORE => place!(met, Store, head.store_seller, usual.store(value)),
            CREATED_AT if usual.is(key, Name::CreatedAt) => {
                place!(met, CreatedAt, head.created_at, usual.optional_instant(value))
            }
            UPDATED_AT if usual.is(key, Name::UpdatedAt) => {
                place!(met, UpdatedAt, meta.updated_at, usual.optional_instant(value))
            }
            VERSION => place!(met, Version, meta.version, usual.optional_amount(value)),
            SESSION => place!(met, Session, embedded, usual.session(value, session, parts)),
            _ => {
                names.note(Name::at(usual.text, key.start, key.length), value.byte());
                usual.skip(value)
            }
        }
    })?;
    let head = &mut ledger.head;
    if meta.id.is_empty() || head.amount.is_none() || head.currency.is_none() || !has_events {
        return None;
    }
    for sign in [Sign::Other, Sign::Id, Sign::Amount, Sign::Currency, Sign::Events] {
        names.met(sign, true);
    }
    names.met(Sign::Status, head.status_word.is_some());
    names.met(Sign::OfOrder, head.created_at.is_some());
    head.id = meta.id;
    let times = ledger.events.iter().map(|event| event.time);
    meta.latest = times.max().flatten().max(head.created_at).max(meta.updated_at);
    meta.weight = ledger.events.len() as u32;
    Some((Transaction { meta, partial: false, session: embedded }, after))
}

impl<'b> Usual<'b, '_> {
    /// The list of events.
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
        let mut met = Met::default();
        let (mut kind, mut word, mut success, mut stated) = (EventKind::Other, "", None, None);
        let (mut status_word, mut time, mut id) = (None, None, None);
        let (mut request_id, mut correlation_request_id) = (None, None);
        let (mut items, mut splits, mut fees, mut cards) = Default::default();
        let after = self.members(value, |key, value| match key.first {
            EVENT => {
                met.once(Name::Event)?;
                let (text, after) = self.optional_text(value)?;
                word = text.unwrap_or_default();
                kind = EventKind::of(word);
                Some(after)
            }
            AMOUNT => place!(met, Amount, stated, self.optional_amount(value)),
            SUCCESS => place!(met, Success, success, self.optional_boolean(value)),
            TRANSACTION_STATUS if self.is(key, Name::TransactionStatus) => {
                place!(met, TransactionStatus, status_word, self.optional_text(value))
            }
            CREATED_AT if self.is(key, Name::CreatedAt) => place!(met, CreatedAt, time, self.optional_instant(value)),
            ID => place!(met, Id, id, self.reference(value)),
            ITEMS => place!(met, Items, items, self.items(value, ledger)),
            SPLITS => place!(met, Splits, splits, self.splits(value, ledger)),
            FEE_SPLIT if self.is(key, Name::FeeSplit) => place!(met, FeeSplit, fees, self.fees(value, ledger)),
            GIFT_CARDS if self.is(key, Name::GiftCards) => place!(met, GiftCards, cards, self.no_cards(value)),
            REQUEST_ID if self.is(key, Name::RequestId) => place!(met, RequestId, request_id, self.reference(value)),
            CORRELATION_REQUEST_ID if self.is(key, Name::CorrelationRequestId) => {
                place!(met, CorrelationRequestId, correlation_request_id, self.reference(value))
            }
            CORRECTION if self.is(key, Name::Correction) => {
                met.once(Name::Correction)?;
                self.null(value)
            }
            _ => self.skip(value),
        })?;
        let status = status_word.and_then(Status::of).filter(|status| *status != Status::Unknown);
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

    /// An empty list of gift cards, or null.
    #[inline(never)]
    fn no_cards(&self, value: Here) -> Option<(Span, usize)> {
        let after = if value.byte() == b'n' { self.null(value) } else { self.elements(value, |_| None) };
        Some((Span::default(), after?))
    }

    /// The seller that a store names; or null.
    #[inline(never)]
    fn store(&self, value: Here) -> Option<(Option<&'b str>, usize)> {
        if value.byte() == b'n' {
            return Some((None, self.null(value)?));
        }
        let (mut met, mut seller) = (Met::default(), None);
        let after = self.members(value, |key, value| match key.first {
            PAYOUT_DESTINATION_ID if self.is(key, Name::PayoutDestinationId) => {
                place!(met, PayoutDestinationId, seller, self.optional_text(value))
            }
            _ => self.skip(value),
        })?;
        Some((seller, after))
    }
}
