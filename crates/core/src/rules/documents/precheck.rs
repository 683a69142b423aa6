//! Prechecks the currency.

use crate::ledger::{Head, Triggers};
use crate::model::currency::exponent;

pub fn triggers_of_currency(head: &Head<'_>) -> Triggers {
    let mut triggers = Triggers::NONE;
    let is_usual = |currency| is_usual(currency, head.amount.unwrap_or(0));
    triggers.note(!head.currency.is_some_and(is_usual), Triggers::CURRENCY);
    triggers
}

/// Whether a currency is known, and the amount not a multiple of a hundred where there are no decimals.
fn is_usual(currency: &str, amount: i64) -> bool {
    // The currencies of most exports need not be looked up.
    matches!(currency, "NOK" | "SEK" | "DKK" | "EUR" | "USD" | "GBP" | "PLN" | "CHF")
        || exponent(currency).is_some_and(|exponent| exponent != 0 || amount % 100 != 0)
}
