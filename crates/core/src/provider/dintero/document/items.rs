//! Items, splits, fee splits and gift cards: the parts that documents share.

use super::names::Name;
use crate::document::cursor::{Seen, member};
use crate::document::reader::{Reader, required};
use crate::ledger::{GiftCard, Item, Ledger, Span, Split};
use crate::model::money::{Minor, Sum};

/// An empty list is one that is not there.
fn span(start: usize, end: usize) -> Span {
    if start == end { Span::default() } else { Span { start: start as u32, end: end as u32 } }
}

/// A list of items, or null; `read` reads one and pushes it to the ledger.
#[inline(always)]
fn items_with<'b, R: Reader<'b, Name>>(
    cur: &mut R,
    ledger: &mut Ledger<'b>,
    mut read: impl FnMut(&mut R, &mut Ledger<'b>) -> Result<(), R::Fault>,
) -> Result<Span, R::Fault> {
    if cur.null()? {
        return Ok(Span::default());
    }
    let start = ledger.items.len();
    cur.array(|cur, _| read(cur, ledger))?;
    Ok(span(start, ledger.items.len()))
}

/// A list of items, or null.
#[inline(never)]
pub(super) fn items<'b, R: Reader<'b, Name>>(cur: &mut R, ledger: &mut Ledger<'b>) -> Result<Span, R::Fault> {
    items_with(cur, ledger, |cur, ledger| push_item(cur, ledger).map(|_| ()))
}

/// A transaction's own items, or null; those of its events may repeat them.
#[inline(never)]
pub(super) fn own_items<'b, R: Reader<'b, Name>>(cur: &mut R, ledger: &mut Ledger<'b>) -> Result<Span, R::Fault> {
    items_with(cur, ledger, |cur, ledger| {
        let start = cur.at();
        let end = push_item(cur, ledger)?;
        cur.remember(start, end.saturating_sub(start));
        Ok(())
    })
}

/// The items of an event, or null. Most repeat how an item of the transaction begins.
#[inline(never)]
pub(super) fn event_items<'b, R: Reader<'b, Name>>(cur: &mut R, ledger: &mut Ledger<'b>) -> Result<Span, R::Fault> {
    let (own, mut next) = (ledger.head.items.start as usize, 0);
    items_with(cur, ledger, |cur, ledger| match cur.recall(next) {
        Some(number) => {
            next = number.wrapping_add(1);
            let Item { line, amount, quantity, .. } = ledger.items[own + number];
            ledger.items.push(Item { line, amount, quantity, ..Item::default() });
            Ok(())
        }
        None => push_item(cur, ledger).map(|_| ()),
    })
}

/// Reads an item and pushes it to the ledger; returns the position behind its line, amount and quantity, or 0 if others
/// that are read stand among them.
#[inline(never)]
fn push_item<'b, R: Reader<'b, Name>>(cur: &mut R, ledger: &mut Ledger<'b>) -> Result<usize, R::Fault> {
    let place = ledger.items.len();
    ledger.items.push(Item::default());
    let Item { line, amount, quantity, gross, discounts, splits, fees, tally: _ } = &mut ledger.items[place];
    let (mut seen, mut end, mut has_more) = (Seen::default(), 0, false);
    cur.object(|cur, name| {
        match name {
            Name::LineId => member!(cur, seen, LineId, *line => cur.optional_line_id()?)?,
            Name::Amount => member!(cur, seen, Amount, *amount => cur.optional_amount()?)?,
            Name::Quantity => member!(cur, seen, Quantity, *quantity => cur.optional_quantity()?)?,
            Name::GrossAmount | Name::DiscountLines | Name::Splits | Name::FeeSplit => {
                has_more = true;
                return match name {
                    Name::GrossAmount => member!(cur, seen, GrossAmount, *gross => cur.optional_amount()?),
                    Name::DiscountLines => member!(cur, seen, DiscountLines, *discounts => amounts_of(cur)?),
                    Name::Splits => member!(cur, seen, Splits, *splits => read_splits(cur, &mut ledger.splits)?),
                    _ => member!(cur, seen, FeeSplit, *fees => read_fees(cur, &mut ledger.fees)?),
                };
            }
            _ => return cur.skip(),
        }
        end = if has_more { 0 } else { cur.at() };
        Ok(())
    })?;
    Ok(end)
}

/// A shipping option, or null.
#[inline(never)]
pub(super) fn optional_item<'b, R: Reader<'b, Name>>(
    cur: &mut R,
    ledger: &mut Ledger<'b>,
) -> Result<Option<Item<'b>>, R::Fault> {
    Ok(cur.optional(|cur| push_item(cur, ledger))?.and_then(|_| ledger.items.pop()))
}

/// Reads a list of splits whose destinations have the name `$destination`.
macro_rules! list_of_splits {
    ($cur:ident, $splits:ident, $destination:ident) => {{
        if $cur.null()? {
            return Ok(Span::default());
        }
        let start = $splits.len();
        $cur.array(|cur, _| {
            let mut seen = Seen::default();
            let (mut to, mut amount): (Option<&str>, Option<Minor>) = (None, None);
            cur.object(|cur, name| match name {
                Name::$destination => member!(cur, seen, $destination, to => cur.required(R::text)?),
                Name::Amount => member!(cur, seen, Amount, amount => cur.required(R::amount)?),
                _ => cur.skip(),
            })?;
            $splits.push(Split {
                destination: required(to, seen, Name::$destination, cur)?,
                amount: required(amount, seen, Name::Amount, cur)?,
            });
            Ok(())
        })?;
        Ok(span(start, $splits.len()))
    }};
}

/// The sum of the amounts of a list's objects; `None` for an empty list or null.
#[inline(never)]
fn amounts_of<'b, R: Reader<'b, Name>>(cur: &mut R) -> Result<Option<Sum>, R::Fault> {
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

/// A list of splits, or null.
#[inline(never)]
pub(super) fn read_splits<'b, R: Reader<'b, Name>>(cur: &mut R, splits: &mut Vec<Split<'b>>) -> Result<Span, R::Fault> {
    list_of_splits!(cur, splits, PayoutDestinationId)
}

/// A list of an order's splits, or null.
pub(super) fn read_splits_of_order<'b, R: Reader<'b, Name>>(
    cur: &mut R,
    splits: &mut Vec<Split<'b>>,
) -> Result<Span, R::Fault> {
    list_of_splits!(cur, splits, Destination)
}

/// The destinations of a `fee_split`, or null.
#[inline(never)]
pub(super) fn read_fees<'b, R: Reader<'b, Name>>(cur: &mut R, fees: &mut Vec<&'b str>) -> Result<Span, R::Fault> {
    let start = fees.len();
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
                    fees.push(destination);
                }
                Ok(())
            })
        }),
        _ => cur.skip(),
    })?;
    Ok(span(start, fees.len()))
}

/// A list of gift cards, or null. A card's id is personal data: only a hash of it is kept.
#[inline(never)]
pub(super) fn gift_cards<'b, R: Reader<'b, Name>>(cur: &mut R, ledger: &mut Ledger<'b>) -> Result<Span, R::Fault> {
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

fn hashed<'b, R: Reader<'b, Name>>(cur: &R, id: &str) -> &'b str {
    let hash = blake3::hash(id.as_bytes()).to_hex();
    cur.arena().alloc_str(&hash.as_str()[..16])
}
