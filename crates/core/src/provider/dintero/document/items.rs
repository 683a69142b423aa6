//! Items, splits, fee splits and gift cards: the parts that documents share.

use super::Cursor;
use super::names::Name;
use crate::document::cursor::{Seen, member};
use crate::document::fault::{Fault, Read};
use crate::document::names::MemberName;
use crate::ledger::{GiftCard, Item, Ledger, Span, Split};
use crate::model::money::{Minor, Sum};
use crate::model::reject::RecordReason::{MissingField, NullField};

/// Returns a required member, or a fault if it is missing or null; a forgiving cursor gets a
/// default.
pub(super) fn required<'b, T: Default>(value: Option<T>, seen: Seen, name: Name, cur: &Cursor<'b>) -> Read<T> {
    match value {
        Some(value) => Ok(value),
        None if cur.is_forgiving() => Ok(T::default()),
        None => {
            let reason = if seen.has(name) { NullField } else { MissingField };
            Err(Fault::new(reason, cur.at()).within(name.text()))
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
        Name::LineId => member!(cur, seen, LineId, item.line => cur.optional(|cur| cur.line_id())?.flatten()),
        Name::Amount => member!(cur, seen, Amount, item.amount => cur.optional_amount()?),
        Name::Quantity => member!(cur, seen, Quantity, item.quantity => cur.optional(|cur| cur.quantity())?),
        Name::GrossAmount => member!(cur, seen, GrossAmount, item.gross => cur.optional_amount()?),
        Name::DiscountLines => member!(cur, seen, DiscountLines, item.discounts => amounts_of(cur)?),
        Name::Splits => member!(cur, seen, Splits, item.splits => splits(cur, ledger, Name::PayoutDestinationId)?),
        Name::FeeSplit => member!(cur, seen, FeeSplit, item.fees => fees(cur, ledger)?),
        _ => cur.skip(),
    })?;
    Ok(item)
}

/// The sum of the amounts of a list's objects; `None` for an empty list or null.
fn amounts_of(cur: &mut Cursor<'_>) -> Read<Option<Sum>> {
    let mut sum = None;
    if cur.null()? {
        return Ok(sum);
    }
    cur.array(|cur, _| {
        let mut seen = Seen::default();
        let mut amount = None;
        cur.object(|cur, name| match name {
            Name::Amount => member!(cur, seen, Amount, amount => cur.optional_amount()?),
            _ => cur.skip(),
        })?;
        sum = Some(sum.unwrap_or(0) + Sum::from(amount.unwrap_or(0)));
        Ok(())
    })?;
    Ok(sum)
}

/// A list of splits, or null; `destination` is the name of the destination's member.
pub(super) fn splits<'b>(cur: &mut Cursor<'b>, ledger: &mut Ledger<'b>, destination: Name) -> Read<Span> {
    if cur.null()? {
        return Ok(Span::default());
    }
    let start = ledger.splits.len();
    cur.array(|cur, _| {
        let mut seen = Seen::default();
        let (mut to, mut amount): (Option<&str>, Option<Minor>) = (None, None);
        cur.object(|cur, name| match name {
            Name::Amount => member!(cur, seen, Amount, amount => cur.required(Cursor::amount)?),
            name if name == destination => cur.once(&mut seen, destination, |cur| {
                to = cur.required(Cursor::text)?;
                Ok(())
            }),
            _ => cur.skip(),
        })?;
        let split = Split {
            destination: required(to, seen, destination, cur)?,
            amount: required(amount, seen, Name::Amount, cur)?,
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
        Name::Destinations => cur.once(&mut seen, Name::Destinations, |cur| {
            if cur.null()? {
                return Ok(());
            }
            cur.array(|cur, _| {
                if let Some(destination) = cur.optional_text()? {
                    ledger.fees.push(destination);
                }
                Ok(())
            })
        }),
        _ => cur.skip(),
    })?;
    Ok(span(start, ledger.fees.len()))
}

/// A list of gift cards, or null. A card's id is personal data: only a hash of it is kept.
pub(super) fn gift_cards<'b>(cur: &mut Cursor<'b>, ledger: &mut Ledger<'b>) -> Read<Span> {
    if cur.null()? {
        return Ok(Span::default());
    }
    let start = ledger.cards.len();
    cur.array(|cur, _| {
        let mut seen = Seen::default();
        let mut card = GiftCard { card: None, amount: None };
        cur.object(|cur, name| match name {
            Name::CardId => cur.once(&mut seen, Name::CardId, |cur| {
                let id = cur.optional_text()?;
                card.card = id.map(|id| hashed(cur, id));
                Ok(())
            }),
            Name::Amount => member!(cur, seen, Amount, card.amount => cur.optional_amount()?),
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
