//! What the pictures share: the currencies they show, and the length of what stands for an amount.

use avstem_core::model::money::Sum;

use crate::engine::outcome::{Outcome, Totals};
use crate::report::html::markup::{Markup, html};

/// Currencies that have pictures; the others are in the tables.
pub const CURRENCIES: usize = 6;

/// The length of a bar that stands for everything.
const WHOLE: Sum = 1000;

/// The currencies of transactions, those of most ledgers first.
pub fn currencies(outcome: &Outcome) -> Vec<(&str, &Totals)> {
    let mut all: Vec<(&str, &Totals)> = outcome.totals.iter().map(|(code, totals)| (code.as_str(), totals)).collect();
    all.sort_by_key(|(code, totals)| (u64::MAX - totals.ledgers, *code));
    all
}

/// How long a bar is for a part of the whole; what is there at all can be seen.
pub fn length(part: Sum, whole: Sum, most: Sum) -> Sum {
    if part <= 0 || whole <= 0 {
        return 0;
    }
    // Amounts beyond any currency's are brought within reach of a product first.
    let shift = (Sum::BITS - whole.leading_zeros()).saturating_sub(40);
    let (part, whole) = (part >> shift, (whole >> shift).max(1));
    (part.min(whole) * most / whole).max(1)
}

/// A horizontal bar for the eye alone: the number stands beside it.
pub fn bar(part: Sum, whole: Sum, class: &'static str, out: &mut Markup) {
    html!(out; "<svg class=\"bar " [class] "\" viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
        "<rect width=\"" [length(part, whole, WHOLE)] "\" height=\"10\"/></svg>");
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
