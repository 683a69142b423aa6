//! Judges partitions: the rows of some ids in, findings, balances, link rows and sums out.
//!
//! This is the contract of every engine: pure functions over bytes, the same whatever runs them and however the
//! ids are spread.

mod balance;
mod causes;
mod documents;
mod links;
mod minimize;
mod repairs;
mod repeated_line;
pub mod timeline;
mod totals;
mod transaction;

pub use balance::{Amounts, Balance};
pub use documents::{PartitionResult, Plan, embedded_sessions, judge, ledger_of, session_documents};
pub use links::Linking;
pub use minimize::{Documents, LedgerEvent, Minimizer};
pub use totals::{Aged, CurrencySums, DayMoves, DayOf, Days, NO_CURRENCY, Sums, Today, Totals};
