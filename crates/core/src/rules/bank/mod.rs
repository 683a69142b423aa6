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
