//! Payouts: what a provider paid, or says that it paid, under one id in one currency.

mod account;
mod rows;

pub use account::{BankSide, LineTerms, Origins, Payout, PayoutState, SettledTwice, SettlementPair};
pub use rows::{PayoutEntry, PayoutKey, PayoutLine, PayoutRow, read, write};
