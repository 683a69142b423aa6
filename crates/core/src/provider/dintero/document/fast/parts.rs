//! Items, splits and fee splits.

use super::walk::{Fast, Here, SeenNames, fronts, place};
use crate::ledger::{Item, Ledger, Span, Split};
use crate::model::money::Sum;
use crate::provider::dintero::document::names::Name;

fronts! {
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

impl<'b> Fast<'b, '_> {
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

    /// Reads an item and pushes it to the ledger.
    #[inline(never)]
    fn item(&self, value: Here, ledger: &mut Ledger<'b>) -> Option<usize> {
        let (mut line, mut amount, mut quantity, mut gross, mut discounts) = (None, None, None, None, None);
        let (mut splits, mut fees) = (Span::default(), Span::default());
        let mut met = SeenNames::default();
        let after = self.members(value, |name| match name.word {
            AMOUNT => place!(self, met, name, Amount, amount, optional_amount),
            QUANTITY if self.is(name, Name::Quantity) => place!(self, met, name, Quantity, quantity, optional_quantity),
            LINE_ID if self.is(name, Name::LineId) => place!(self, met, name, LineId, line, line_id),
            GROSS_AMOUNT if self.is(name, Name::GrossAmount) => {
                place!(self, met, name, GrossAmount, gross, optional_amount)
            }
            DISCOUNT_LINES if self.is(name, Name::DiscountLines) => {
                place!(self, met, name, DiscountLines, discounts, amounts)
            }
            SPLITS => place!(self, met, name, Splits, splits, splits, ledger),
            FEE_SPLIT if self.is(name, Name::FeeSplit) => place!(self, met, name, FeeSplit, fees, fees, ledger),
            _ => self.skip_member(name),
        })?;
        ledger.items.push(Item { line, amount, quantity, gross, discounts, splits, fees, tally: None });
        Some(after)
    }

    /// The sum of the amounts of a list's objects; `None` for an empty list or null.
    #[inline(never)]
    fn amounts(&self, value: Here) -> Option<(Option<Sum>, usize)> {
        if value.byte() == b'n' {
            return Some((None, self.null(value)?));
        }
        let mut sum = None;
        let after = self.elements(value, |value| {
            let (mut met, mut amount) = (SeenNames::default(), None);
            let after = self.members(value, |name| match name.word {
                AMOUNT => place!(self, met, name, Amount, amount, optional_amount),
                _ => self.skip_member(name),
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
            let (mut destination, mut amount, mut met) = ("", 0, SeenNames::default());
            let after = self.members(value, |name| match name.word {
                AMOUNT => place!(self, met, name, Amount, amount, amount),
                PAYOUT_DESTINATION_ID if self.is(name, Name::PayoutDestinationId) => {
                    place!(self, met, name, PayoutDestinationId, destination, text)
                }
                _ => self.skip_member(name),
            })?;
            if !met.has(Name::Amount) || !met.has(Name::PayoutDestinationId) {
                return None;
            }
            ledger.splits.push(Split { destination, amount });
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
        let mut met = SeenNames::default();
        let after = self.members(value, |name| match name.word {
            DESTINATIONS if self.is(name, Name::Destinations) => {
                met.once(Name::Destinations)?;
                let value = self.value(name, Name::Destinations);
                if value.byte() == b'n' {
                    return self.null(value);
                }
                self.elements(value, |value| {
                    let (destination, after) = self.optional_text(value)?;
                    ledger.fees.extend(destination);
                    Some(after)
                })
            }
            _ => self.skip_member(name),
        })?;
        Some((span(start, ledger.fees.len()), after))
    }
}
