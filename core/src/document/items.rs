//! Items, splits, fee splits and gift cards: the parts that documents share.

use super::cursor::{Cursor, Seen, member};
use super::fault::{Fault, Read};
use crate::ledger::{GiftCard, Item, Ledger, Span, Split};
use crate::model::money::{Minor, Sum};
use crate::model::reject::RecordReason::{MissingField, NullField};

/// A required member: what was read, or why not.
pub(super) fn required<'b, T: Default>(
    value: Option<T>,
    seen: Seen,
    number: u32,
    name: &'static str,
    cur: &Cursor<'b>,
) -> Read<T> {
    match value {
        Some(value) => Ok(value),
        None if cur.is_forgiving() => Ok(T::default()),
        None => {
            let reason = if seen.has(number) { NullField } else { MissingField };
            Err(Fault::new(reason, cur.at()).within(name))
        }
    }
}

fn span(start: usize, end: usize) -> Span {
    Span { start: start as u32, end: end as u32 }
}

/// A list of items, or null.
pub(super) fn items<'b>(cur: &mut Cursor<'b>, ledger: &mut Ledger<'b>) -> Read<Span> {
    if cur.null()? {
        return Ok(Span::default());
    }
    let start = ledger.items.len();
    cur.array(|cur, _| {
        let item = item(cur, ledger)?;
        ledger.items.push(item);
        Ok(())
    })?;
    Ok(span(start, ledger.items.len()))
}

/// One item of a transaction, a session or an event; or a shipping option.
pub(super) fn item<'b>(cur: &mut Cursor<'b>, ledger: &mut Ledger<'b>) -> Read<Item<'b>> {
    let mut item = Item::default();
    let mut seen = Seen::default();
    cur.object(|cur, name| match name {
        "line_id" => member!(cur, seen, 0, "line_id", item.line => cur.optional(Cursor::line_id)?.flatten()),
        "amount" => member!(cur, seen, 1, "amount", item.amount => cur.optional(Cursor::amount)?),
        "quantity" => member!(cur, seen, 2, "quantity", item.quantity => cur.optional(Cursor::quantity)?),
        "gross_amount" => member!(cur, seen, 3, "gross_amount", item.gross => cur.optional(Cursor::amount)?),
        "discount_lines" => member!(cur, seen, 4, "discount_lines", item.discounts => amounts_of(cur)?),
        "splits" => member!(cur, seen, 5, "splits", item.splits => splits(cur, ledger, "payout_destination_id")?),
        "fee_split" => member!(cur, seen, 6, "fee_split", item.fees => fees(cur, ledger)?),
        _ => cur.skip(),
    })?;
    Ok(item)
}

/// The sum of the amounts of a list's objects; nothing for an empty list.
fn amounts_of(cur: &mut Cursor<'_>) -> Read<Option<Sum>> {
    let mut sum = None;
    if cur.null()? {
        return Ok(sum);
    }
    cur.array(|cur, _| {
        let mut seen = Seen::default();
        let mut amount = None;
        cur.object(|cur, name| match name {
            "amount" => member!(cur, seen, 0, "amount", amount => cur.optional(Cursor::amount)?),
            _ => cur.skip(),
        })?;
        sum = Some(sum.unwrap_or(0) + Sum::from(amount.unwrap_or(0)));
        Ok(())
    })?;
    Ok(sum)
}

/// A list of splits, whose destinations stand under `destination`; or null.
pub(super) fn splits<'b>(cur: &mut Cursor<'b>, ledger: &mut Ledger<'b>, destination: &'static str) -> Read<Span> {
    if cur.null()? {
        return Ok(Span::default());
    }
    let start = ledger.splits.len();
    cur.array(|cur, _| {
        let mut seen = Seen::default();
        let (mut to, mut amount): (Option<&str>, Option<Minor>) = (None, None);
        cur.object(|cur, name| match name {
            "amount" => member!(cur, seen, 0, "amount", amount => cur.required(Cursor::amount)?),
            name if name == destination => cur.once(&mut seen, 1, destination, |cur| {
                to = cur.required(Cursor::text)?;
                Ok(())
            }),
            _ => cur.skip(),
        })?;
        let split = Split {
            destination: required(to, seen, 1, destination, cur)?,
            amount: required(amount, seen, 0, "amount", cur)?,
        };
        ledger.splits.push(split);
        Ok(())
    })?;
    Ok(span(start, ledger.splits.len()))
}

/// The destinations of a `fee_split`, or null.
pub(super) fn fees<'b>(cur: &mut Cursor<'b>, ledger: &mut Ledger<'b>) -> Read<Span> {
    let start = ledger.fees.len();
    let mut seen = Seen::default();
    if cur.null()? {
        return Ok(Span::default());
    }
    cur.object(|cur, name| match name {
        "destinations" => cur.once(&mut seen, 0, "destinations", |cur| {
            if cur.null()? {
                return Ok(());
            }
            cur.array(|cur, _| {
                if let Some(destination) = cur.optional(Cursor::text)? {
                    ledger.fees.push(destination);
                }
                Ok(())
            })
        }),
        _ => cur.skip(),
    })?;
    Ok(span(start, ledger.fees.len()))
}

/// A list of gift cards, or null. A card's id is personal: only a hash of it goes on.
pub(super) fn gift_cards<'b>(cur: &mut Cursor<'b>, ledger: &mut Ledger<'b>) -> Read<Span> {
    if cur.null()? {
        return Ok(Span::default());
    }
    let start = ledger.cards.len();
    cur.array(|cur, _| {
        let mut seen = Seen::default();
        let mut card = GiftCard { card: None, amount: None };
        cur.object(|cur, name| match name {
            "card_id" => cur.once(&mut seen, 0, "card_id", |cur| {
                let id = cur.optional(Cursor::text)?;
                card.card = id.map(|id| hashed(cur, id));
                Ok(())
            }),
            "amount" => member!(cur, seen, 1, "amount", card.amount => cur.optional(Cursor::amount)?),
            _ => cur.skip(),
        })?;
        ledger.cards.push(card);
        Ok(())
    })?;
    Ok(span(start, ledger.cards.len()))
}

fn hashed<'b>(cur: &Cursor<'b>, id: &str) -> &'b str {
    let hash = blake3::hash(id.as_bytes()).to_hex();
    cur.arena().alloc_str(&hash.as_str()[..16])
}
