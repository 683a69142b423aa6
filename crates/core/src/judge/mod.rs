//! Judges partitions of rows; yields findings, balances, link rows and sums.
//!
//! These are pure functions over bytes: results depend neither on the engine that runs them nor on
//! how ids are partitioned.

mod again;
mod balance;
mod bank;
mod causes;
mod documents;
mod embedded;
mod links;
mod minimize;
mod payouts;
mod remittances;
mod remitted;
mod repairs;
mod repeated_line;
pub mod timeline;
mod totals;
mod transaction;

pub use again::{take_copied, take_copied_or_stale};
pub use balance::{Amounts, Balance, WordNumbers, write_payout};
pub use bank::{PayoutPlan, PayoutResult, judge_payouts};
pub use documents::{PartitionResult, Plan, judge, ledger_of};
pub use embedded::{EmbeddedPlan, EmbeddedResult, embedded_sessions, session_documents};
pub use links::Linking;
pub use minimize::{Documents, LedgerEvent, Minimizer};
pub use payouts::Accounts;
pub use remittances::RemittedAccounts;
pub use totals::{Aged, ByCurrency, CurrencySums, DayMoves, DayOf, Days, NO_CURRENCY, Sums, Today, Totals};
