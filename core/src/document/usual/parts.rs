//! Items, splits and fee splits.

use super::{Here, Met, Usual, firsts, place};
use crate::document::names::Name;
use crate::ledger::{Item, Ledger, Span, Split};
use crate::model::money::{Minor, Sum};

firsts! {
    AMOUNT = Amount,
    LINE_ID = LineId,
    QUANTITY = Quantity,
    GROSS_AMOUNT = GrossAmount,
    DISCOUNT_LINES = DiscountLines,
    SPLITS = Splits,
    FEE_SPLIT = FeeSplit,
    PAYOUT_DESTINATION_ID = PayoutDestinationId,
    DESTINATIONS = Destinations,
}

fn span(start: usize, end: usize) -> Span {
    Span { start: start as u32, end: end as u32 }
}

impl<'b> Usual<'b, '_> {
    /// A list of items, or null.
    #[inline(never)]
    pub(super) fn items(&self, value: Here, ledger: &mut Ledger<'b>) -> Option<(Span, usize)> {
        if value.byte() == b'n' {
            return Some((Span::default(), self.null(value)?));
        }
        let start = ledger.items.len();
        let after = self.elements(value, |value| self.item(value, ledger))?;
        Some((span(start, ledger.items.len()), after))
    }

    /// An item, or null.
    #[inline(never)]
    pub(super) fn optional_item(&self, value: Here, ledger: &mut Ledger<'b>) -> Option<(Option<Item<'b>>, usize)> {
        match self.null(value) {
            Some(after) => Some((None, after)),
            None => self.item(value, ledger).map(|after| (ledger.items.pop(), after)),
        }
    }

    /// Puts an item behind the others.
    #[inline(never)]
    fn item(&self, value: Here, ledger: &mut Ledger<'b>) -> Option<usize> {
        let (mut line, mut amount, mut quantity, mut gross, mut discounts) = (None, None, None, None, None);
        let (mut splits, mut fees) = (Span::default(), Span::default());
        let mut met = Met::default();
        let after = self.members(value, |key, value| match key.first {
            AMOUNT => place!(met, Amount, amount, self.optional_amount(value)),
            QUANTITY if key.length == 8 => place!(met, Quantity, quantity, self.optional_quantity(value)),
            LINE_ID => place!(met, LineId, line, self.line_id(value)),
            GROSS_AMOUNT if self.is(key, Name::GrossAmount) => {
                place!(met, GrossAmount, gross, self.optional_amount(value))
            }
            DISCOUNT_LINES if self.is(key, Name::DiscountLines) => {
                place!(met, DiscountLines, discounts, self.amounts(value))
            }
            SPLITS => place!(met, Splits, splits, self.splits(value, ledger)),
            FEE_SPLIT if self.is(key, Name::FeeSplit) => place!(met, FeeSplit, fees, self.fees(value, ledger)),
            _ => self.skip(value),
        })?;
        ledger.items.push(Item { line, amount, quantity, gross, discounts, splits, fees, tally: None });
        Some(after)
    }

    /// The sum of the amounts of a list's objects; nothing for an empty list, or null.
    #[inline(never)]
    fn amounts(&self, value: Here) -> Option<(Option<Sum>, usize)> {
        if value.byte() == b'n' {
            return Some((None, self.null(value)?));
        }
        let mut sum = None;
        let after = self.elements(value, |value| {
            let (mut met, mut amount) = (Met::default(), None);
            let after = self.members(value, |key, value| match key.first {
                AMOUNT => place!(met, Amount, amount, self.optional_amount(value)),
                _ => self.skip(value),
            })?;
            sum = Some(sum.unwrap_or(0) + Sum::from(amount.unwrap_or(0)));
            Some(after)
        })?;
        Some((sum, after))
    }

    /// A list of splits, or null.
    #[inline(never)]
    pub(super) fn splits(&self, value: Here, ledger: &mut Ledger<'b>) -> Option<(Span, usize)> {
        if value.byte() == b'n' {
            return Some((Span::default(), self.null(value)?));
        }
        let start = ledger.splits.len();
        let after = self.elements(value, |value| {
            let (mut to, mut amount): (Option<&str>, Option<Minor>) = (None, None);
            let mut met = Met::default();
            let after = self.members(value, |key, value| match key.first {
                AMOUNT => place!(met, Amount, amount, self.amount(value).map(|(value, after)| (Some(value), after))),
                PAYOUT_DESTINATION_ID if self.is(key, Name::PayoutDestinationId) => {
                    place!(met, PayoutDestinationId, to, self.text(value).map(|(text, after)| (Some(text), after)))
                }
                _ => self.skip(value),
            })?;
            ledger.splits.push(Split { destination: to?, amount: amount? });
            Some(after)
        })?;
        Some((span(start, ledger.splits.len()), after))
    }

    /// The destinations of a fee split, or null.
    #[inline(never)]
    pub(super) fn fees(&self, value: Here, ledger: &mut Ledger<'b>) -> Option<(Span, usize)> {
        if value.byte() == b'n' {
            return Some((Span::default(), self.null(value)?));
        }
        let start = ledger.fees.len();
        let mut met = Met::default();
        let after = self.members(value, |key, value| match key.first {
            DESTINATIONS if self.is(key, Name::Destinations) => {
                met.once(Name::Destinations)?;
                if value.byte() == b'n' {
                    return self.null(value);
                }
                self.elements(value, |value| {
                    let (destination, after) = self.optional_text(value)?;
                    ledger.fees.extend(destination);
                    Some(after)
                })
            }
            _ => self.skip(value),
        })?;
        Some((span(start, ledger.fees.len()), after))
    }
}
