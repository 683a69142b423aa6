//! Shared by the charts: the currencies that they show, and the lengths that stand for amounts.

use avstem_core::model::money::Sum;

use crate::engine::outcome::{Outcome, Totals};
use crate::report::html::markup::{Markup, html};
use crate::report::stake;

/// Maximum number of currencies with charts; the others are in the tables.
pub const CURRENCIES: usize = 6;

/// The length of a full bar.
const WHOLE: Sum = 1000;

/// Returns the currencies of transactions, the one with most at stake first.
pub fn currencies(outcome: &Outcome) -> Vec<(&str, &Totals)> {
    stake::currencies(outcome, &outcome.totals)
}

/// Returns the length of a bar for a part of the whole; at least 1 for any positive part.
pub fn length(part: Sum, whole: Sum, most: Sum) -> Sum {
    if part <= 0 || whole <= 0 {
        return 0;
    }
    // Shifts large amounts, so that the product below cannot overflow.
    let shift = (Sum::BITS - whole.leading_zeros()).saturating_sub(40);
    let (part, whole) = (part >> shift, (whole >> shift).max(1));
    (part.min(whole) * most / whole).max(1)
}

/// Draws a horizontal bar, hidden from screen readers: the number is beside it.
pub fn bar(part: Sum, whole: Sum, class: &'static str, out: &mut Markup) {
    html!(out; "<svg class=\"bar " [class] "\" viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
        "<rect width=\"" [length(part, whole, WHOLE)] "\" height=\"10\"/></svg>");
}

/// Draws a bar between two amounts of a range.
pub fn step((from, to): (Sum, Sum), (low, high): (Sum, Sum), class: &'static str, out: &mut Markup) {
    let whole = high.saturating_sub(low);
    let start = length(from.min(to).saturating_sub(low), whole, WHOLE);
    let end = length(from.max(to).saturating_sub(low), whole, WHOLE);
    html!(out; "<svg class=\"bar " [class] "\" viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
        "<rect x=\"" [start] "\" width=\"" [(end - start).max(1)] "\" height=\"10\"/></svg>");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_in_proportion_whatever_the_amounts() {
        assert_eq!(
            (length(1, 2, 1000), length(2, 2, 1000), length(0, 2, 1000), length(-1, 2, 1000)),
            (500, 1000, 0, 0)
        );
        assert_eq!((length(1, 1_000_000, 1000), length(5, 2, 1000), length(1, 0, 1000)), (1, 1000, 0));
        assert_eq!((length(Sum::MAX / 2, Sum::MAX, 1000), length(Sum::MAX, Sum::MAX, 1000)), (499, 1000));
    }
}
