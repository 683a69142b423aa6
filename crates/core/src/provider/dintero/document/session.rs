//! Checkout sessions, on their own or inside a transaction.

use super::items::{items, optional_item};
use super::names::Name;
use crate::document::Meta;
use crate::document::cursor::{Seen, member};
use crate::document::reader::{Reader, required};
use crate::ledger::{Item, Ledger, Session, Span};
use crate::model::card::Kind;
use crate::model::money::Minor;

/// Reads a session; `parts` receives the rows of its items.
///
/// Returns `None` for an embedded session without a valid `id` or without `order.amount`.
#[inline(never)]
pub(super) fn read<'b, R: Reader<'b, Name>>(
    cur: &mut R,
    session: &mut Session<'b>,
    parts: &mut Ledger<'b>,
    embedded: bool,
) -> Result<Option<Meta<'b>>, R::Fault> {
    let items = std::mem::take(&mut session.items);
    *session = Session { items, ..Session::default() };
    let mut meta = Meta::default();
    let mut seen = Seen::default();
    let mut order = Order::default();
    parts.clear(Kind::Session);
    cur.object(|cur, name| match name {
        Name::Id => cur.once(&mut seen, Name::Id, |cur| {
            let id = if embedded { cur.optional_text()? } else { cur.required(R::id)? };
            meta.id = id.unwrap_or_default();
            Ok(())
        }),
        Name::Order => cur.once(&mut seen, Name::Order, |cur| {
            if cur.null()? {
                return Ok(());
            }
            read_order(cur, parts, session, &mut order, embedded)
        }),
        Name::TransactionId => member!(cur, seen, TransactionId, session.transaction_id => cur.reference()?),
        Name::CancelledAt => {
            member!(cur, seen, CancelledAt, session.cancelled_at => cur.optional_instant()?)
        }
        Name::CreatedAt => member!(cur, seen, CreatedAt, session.created_at => cur.optional_instant()?),
        Name::UpdatedAt => member!(cur, seen, UpdatedAt, meta.updated_at => cur.optional_instant()?),
        Name::Version => member!(cur, seen, Version, meta.version => cur.optional_amount()?),
        Name::Events => cur.once(&mut seen, Name::Events, |cur| {
            if cur.null()? {
                return Ok(());
            }
            cur.array(|cur, number| {
                meta.weight = number as u32 + 1;
                cur.skip()
            })
        }),
        _ => cur.skip(),
    })?;
    session.items.clear();
    // The rules on sessions read no splits or fees.
    let alone = |item: &Item<'b>| Item { splits: Span::default(), fees: Span::default(), ..*item };
    session.items.extend(parts.items[order.items.range()].iter().map(alone));
    session.shipping = session.shipping.as_ref().map(alone);
    session.id = meta.id;
    meta.latest = session.created_at.max(meta.updated_at);
    if embedded {
        let whole = !meta.id.is_empty() && !meta.id.chars().any(char::is_control);
        return Ok(order.amount.filter(|_| whole).map(|amount| {
            session.amount = amount;
            meta
        }));
    }
    if meta.id.is_empty() {
        required(None::<()>, seen, Name::Id, cur)?;
    }
    session.amount =
        required(order.amount, Seen::default(), Name::Amount, cur).map_err(|fault| R::within(fault, "order"))?;
    Ok(Some(meta))
}

#[derive(Default)]
struct Order {
    amount: Option<Minor>,
    items: Span,
}

fn read_order<'b, R: Reader<'b, Name>>(
    cur: &mut R,
    parts: &mut Ledger<'b>,
    session: &mut Session<'b>,
    order: &mut Order,
    embedded: bool,
) -> Result<(), R::Fault> {
    let mut seen = Seen::default();
    cur.object(|cur, name| match name {
        Name::Amount => cur.once(&mut seen, Name::Amount, |cur| {
            order.amount = if embedded { cur.optional_amount()? } else { cur.required(R::amount)? };
            Ok(())
        }),
        Name::Currency => member!(cur, seen, Currency, session.currency => cur.optional_text()?),
        Name::PartialPayment => {
            member!(cur, seen, PartialPayment, session.partial_payment => cur.optional_boolean()?.unwrap_or(false))
        }
        Name::MerchantReference => {
            member!(cur, seen, MerchantReference, session.merchant_reference => cur.reference()?)
        }
        Name::MerchantReference2 => {
            member!(cur, seen, MerchantReference2, session.merchant_reference_2 => cur.reference()?)
        }
        Name::Items => member!(cur, seen, Items, order.items => items(cur, parts)?),
        Name::ShippingOption => member!(cur, seen, ShippingOption, session.shipping => optional_item(cur, parts)?),
        _ => cur.skip(),
    })
}
