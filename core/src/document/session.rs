//! Checkout sessions, on their own or inside a transaction.

use super::Meta;
use super::cursor::{Cursor, Seen, member};
use super::fault::Read;
use super::items::{item, items, required};
use super::shape::Names;
use crate::ledger::{Ledger, Session, Span};
use crate::model::card::Kind;
use crate::model::money::Minor;

/// Reads a session; `parts` is room for what its items are made of.
///
/// Without `id` or `order.amount` an embedded session is no document: `None`.
pub(super) fn read<'b>(
    cur: &mut Cursor<'b>,
    session: &mut Session<'b>,
    parts: &mut Ledger<'b>,
    names: &mut Names,
    embedded: bool,
) -> Read<Option<Meta<'b>>> {
    let items = std::mem::take(&mut session.items);
    *session = Session { items, ..Session::default() };
    let mut meta = Meta::default();
    let mut seen = Seen::default();
    let mut order = Order::default();
    parts.clear(Kind::Session);
    cur.object(|cur, name| {
        names.note(name, cur.peek());
        match name {
            "id" => cur.once(&mut seen, 0, "id", |cur| {
                let id = if embedded { cur.optional(Cursor::text)? } else { cur.required(Cursor::id)? };
                meta.id = id.unwrap_or_default();
                Ok(())
            }),
            "order" => cur.once(&mut seen, 1, "order", |cur| {
                if cur.null()? {
                    return Ok(());
                }
                read_order(cur, parts, session, &mut order, embedded)
            }),
            "transaction_id" => member!(cur, seen, 2, "transaction_id", session.transaction_id => cur.reference()?),
            "cancelled_at" => {
                member!(cur, seen, 3, "cancelled_at", session.cancelled_at => cur.optional(Cursor::instant)?)
            }
            "created_at" => member!(cur, seen, 4, "created_at", session.created_at => cur.optional(Cursor::instant)?),
            "updated_at" => member!(cur, seen, 5, "updated_at", meta.updated_at => cur.optional(Cursor::instant)?),
            "version" => member!(cur, seen, 6, "version", meta.version => cur.optional(Cursor::amount)?),
            "events" => cur.once(&mut seen, 7, "events", |cur| {
                if cur.null()? {
                    return Ok(());
                }
                cur.array(|cur, number| {
                    meta.weight = number as u32 + 1;
                    cur.skip()
                })
            }),
            _ => cur.skip(),
        }
    })?;
    session.items.clear();
    session.items.extend_from_slice(&parts.items[order.items.range()]);
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
        required(None::<()>, seen, 0, "id", cur)?;
    }
    session.amount =
        required(order.amount, Seen::default(), 0, "amount", cur).map_err(|fault| fault.within("order"))?;
    Ok(Some(meta))
}

#[derive(Default)]
struct Order {
    amount: Option<Minor>,
    items: Span,
}

fn read_order<'b>(
    cur: &mut Cursor<'b>,
    parts: &mut Ledger<'b>,
    session: &mut Session<'b>,
    order: &mut Order,
    embedded: bool,
) -> Read<()> {
    let mut seen = Seen::default();
    cur.object(|cur, name| match name {
        "amount" => cur.once(&mut seen, 0, "amount", |cur| {
            order.amount = if embedded { cur.optional(Cursor::amount)? } else { cur.required(Cursor::amount)? };
            Ok(())
        }),
        "currency" => member!(cur, seen, 1, "currency", session.currency => cur.optional(Cursor::text)?),
        "partial_payment" => member!(cur, seen, 2, "partial_payment", session.partial_payment => cur.optional(Cursor::boolean)?.unwrap_or(false)),
        "merchant_reference" => member!(cur, seen, 3, "merchant_reference", session.merchant_reference => cur.reference()?),
        "merchant_reference_2" => member!(cur, seen, 4, "merchant_reference_2", session.merchant_reference_2 => cur.reference()?),
        "items" => member!(cur, seen, 5, "items", order.items => items(cur, parts)?),
        "shipping_option" => member!(cur, seen, 6, "shipping_option", session.shipping => cur.optional(|cur| item(cur, parts))?),
        _ => cur.skip(),
    })
}
