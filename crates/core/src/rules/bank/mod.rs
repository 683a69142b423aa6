//! Rules on payouts and bank accounts: what should have come, and what came.

pub mod bank_credit_unknown;
pub mod bank_match_ambiguous;
pub mod payout_differs;
pub mod payout_not_received;
pub mod payout_received_twice;
pub mod statement_gap;
pub mod statement_unbalanced;
#[cfg(test)]
mod tests;

use crate::model::settings::{Facts, Settings};
use crate::payout::facts::Received;

/// Whether the credits of a payout come to another amount, with the tolerance of the rule about it.
pub fn is_other_amount(received: &Received<'_>, settings: &Settings) -> bool {
    received.other_amount(settings.tolerance(payout_differs::RULE.card)).is_some()
}

/// Whether a payout should have come, with the tolerance of the rule about it.
pub fn is_overdue(received: &Received<'_>, settings: &Settings, facts: &Facts) -> bool {
    received.is_overdue(facts.as_of, settings.tolerance(payout_not_received::RULE.card))
}
