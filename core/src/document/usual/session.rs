//! Sessions inside transactions.

use super::{Here, Met, Usual, firsts, place};
use crate::document::Meta;
use crate::document::names::Name;
use crate::ledger::{Ledger, Session, Span};
use crate::model::card::Kind;
use crate::model::money::Minor;

firsts! {
    ID = Id,
    ORDER = Order,
    TRANSACTION_ID = TransactionId,
    CANCELLED_AT = CancelledAt,
    CREATED_AT = CreatedAt,
    UPDATED_AT = UpdatedAt,
    VERSION = Version,
    EVENTS = Events,
    AMOUNT = Amount,
    CURRENCY = Currency,
    PARTIAL_PAYMENT = PartialPayment,
    MERCHANT_REFERENCE = MerchantReference,
    ITEMS = Items,
    SHIPPING_OPTION = ShippingOption,
}

impl<'b> Usual<'b, '_> {
    /// A session, or null; `parts` is room for what its items are made of. Without id or amount it is no document.
    #[inline(never)]
    pub(super) fn session(
        &self,
        value: Here,
        session: &mut Session<'b>,
        parts: &mut Ledger<'b>,
    ) -> Option<(Option<Meta<'b>>, usize)> {
        if value.byte() == b'n' {
            return Some((None, self.null(value)?));
        }
        let items = std::mem::take(&mut session.items);
        *session = Session { items, ..Session::default() };
        parts.clear(Kind::Session);
        let (mut meta, mut met, mut order) = (Meta::default(), Met::default(), (None, Span::default()));
        let after = self.members(value, |key, value| match key.first {
            ID => {
                place!(met, Id, meta.id, self.optional_text(value).map(|(id, after)| (id.unwrap_or_default(), after)))
            }
            ORDER => place!(met, Order, order, self.order(value, session, parts)),
            TRANSACTION_ID if self.is(key, Name::TransactionId) => {
                place!(met, TransactionId, session.transaction_id, self.reference(value))
            }
            CANCELLED_AT if self.is(key, Name::CancelledAt) => {
                place!(met, CancelledAt, session.cancelled_at, self.optional_instant(value))
            }
            CREATED_AT if self.is(key, Name::CreatedAt) => {
                place!(met, CreatedAt, session.created_at, self.optional_instant(value))
            }
            UPDATED_AT if self.is(key, Name::UpdatedAt) => {
                place!(met, UpdatedAt, meta.updated_at, self.optional_instant(value))
            }
            VERSION => place!(met, Version, meta.version, self.optional_amount(value)),
            EVENTS => place!(met, Events, meta.weight, self.count(value)),
            _ => self.skip(value),
        })?;
        session.items.clear();
        session.items.extend_from_slice(&parts.items[order.1.range()]);
        session.id = meta.id;
        meta.latest = session.created_at.max(meta.updated_at);
        let whole = !meta.id.is_empty() && !meta.id.chars().any(char::is_control);
        let document = order.0.filter(|_| whole).map(|amount| {
            session.amount = amount;
            meta
        });
        Some((document, after))
    }

    /// The session's order, or null: its amount and its items.
    #[inline(always)]
    fn order(
        &self,
        value: Here,
        session: &mut Session<'b>,
        parts: &mut Ledger<'b>,
    ) -> Option<((Option<Minor>, Span), usize)> {
        let (mut amount, mut list, mut met) = (None, Span::default(), Met::default());
        if value.byte() == b'n' {
            return Some(((amount, list), self.null(value)?));
        }
        let after = self.members(value, |key, value| match key.first {
            AMOUNT => place!(met, Amount, amount, self.optional_amount(value)),
            CURRENCY if key.length == 8 => place!(met, Currency, session.currency, self.optional_text(value)),
            PARTIAL_PAYMENT if self.is(key, Name::PartialPayment) => {
                let read = self.optional_boolean(value);
                place!(met, PartialPayment, session.partial_payment, read.map(|(is, at)| (is.unwrap_or(false), at)))
            }
            MERCHANT_REFERENCE if self.is(key, Name::MerchantReference) => {
                place!(met, MerchantReference, session.merchant_reference, self.reference(value))
            }
            MERCHANT_REFERENCE if self.is(key, Name::MerchantReference2) => {
                place!(met, MerchantReference2, session.merchant_reference_2, self.reference(value))
            }
            ITEMS => place!(met, Items, list, self.items(value, parts)),
            SHIPPING_OPTION if self.is(key, Name::ShippingOption) => {
                place!(met, ShippingOption, session.shipping, self.optional_item(value, parts))
            }
            _ => self.skip(value),
        })?;
        Some(((amount, list), after))
    }

    /// How many elements a list has, or null.
    #[inline(never)]
    fn count(&self, value: Here) -> Option<(u32, usize)> {
        if value.byte() == b'n' {
            return Some((0, self.null(value)?));
        }
        let mut count = 0;
        let after = self.elements(value, |value| {
            count += 1;
            self.skip(value)
        })?;
        Some((count, after))
    }
}
