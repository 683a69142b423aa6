//! Sessions inside transactions.

use super::walk::{Fast, Here, SeenNames, fronts, place};
use crate::document::Meta;
use crate::ledger::{Ledger, Session, Span};
use crate::model::card::Kind;
use crate::model::money::Minor;
use crate::provider::dintero::document::names::Name;

fronts! {
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
    SHIPPING_OPTION = ShippingOption,
}

impl<'b> Fast<'b, '_> {
    /// A session, or null; `parts` receives the rows of its items. The inner `None` is null, or a
    /// session without a valid id or without an amount.
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
        let (mut meta, mut met) = (Meta::default(), SeenNames::default());
        let (mut id, mut order) = (None, (None, Span::default()));
        let after = self.members(value, |name| match name.word {
            TRANSACTION_ID if self.is(name, Name::TransactionId) => {
                place!(self, met, name, TransactionId, session.transaction_id, reference)
            }
            CANCELLED_AT if self.is(name, Name::CancelledAt) => {
                place!(self, met, name, CancelledAt, session.cancelled_at, optional_instant)
            }
            CREATED_AT if self.is(name, Name::CreatedAt) => {
                place!(self, met, name, CreatedAt, session.created_at, optional_instant)
            }
            UPDATED_AT if self.is(name, Name::UpdatedAt) => {
                place!(self, met, name, UpdatedAt, meta.updated_at, optional_instant)
            }
            VERSION if self.is(name, Name::Version) => place!(self, met, name, Version, meta.version, optional_amount),
            EVENTS => place!(self, met, name, Events, meta.weight, count),
            _ if self.is(name, Name::Id) => place!(self, met, name, Id, id, optional_text),
            _ if self.is(name, Name::Order) => place!(self, met, name, Order, order, order, session, parts),
            _ => self.skip_member(name),
        })?;
        meta.id = id.unwrap_or_default();
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
        let (mut amount, mut list, mut partial, mut met) = (None, Span::default(), None, SeenNames::default());
        if value.byte() == b'n' {
            return Some(((amount, list), self.null(value)?));
        }
        let after = self.members(value, |name| match name.word {
            AMOUNT => place!(self, met, name, Amount, amount, optional_amount),
            CURRENCY if self.is(name, Name::Currency) => {
                place!(self, met, name, Currency, session.currency, optional_text)
            }
            PARTIAL_PAYMENT if self.is(name, Name::PartialPayment) => {
                place!(self, met, name, PartialPayment, partial, optional_boolean)
            }
            MERCHANT_REFERENCE if self.is(name, Name::MerchantReference) => {
                place!(self, met, name, MerchantReference, session.merchant_reference, reference)
            }
            MERCHANT_REFERENCE if self.is(name, Name::MerchantReference2) => {
                place!(self, met, name, MerchantReference2, session.merchant_reference_2, reference)
            }
            SHIPPING_OPTION if self.is(name, Name::ShippingOption) => {
                place!(self, met, name, ShippingOption, session.shipping, optional_item, parts)
            }
            _ if self.is(name, Name::Items) => place!(self, met, name, Items, list, items, parts),
            _ => self.skip_member(name),
        })?;
        session.partial_payment = partial.unwrap_or(false);
        Some(((amount, list), after))
    }

    /// The length of a list; 0 for null.
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
