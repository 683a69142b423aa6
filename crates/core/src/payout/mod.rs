//! Payouts: what a provider paid or says that it paid, held against what bank accounts received.

mod account;
pub mod claim;
pub mod coverage;
pub mod detail;
pub mod evidence;
pub mod facts;
pub mod matching;
pub mod receipt;
mod remitted;
mod rows;
pub mod statements;
pub mod words;

pub use account::{BankSide, JoinedBy, LineTerms, Origins, Payout, PayoutState, SettledTwice, SettlementPair};
pub use remitted::{JoinedLine, LineJoins, RemittedKey, write_join, write_remittance};
pub use rows::{PayoutEntry, PayoutKey, PayoutLine, PayoutRow, SealedPayoutRow, read, write};
