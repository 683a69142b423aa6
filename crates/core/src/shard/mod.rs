//! A shard: the rows of some ids in, findings, balances, link rows and sums out.
//!
//! This is the contract of every engine: pure functions over bytes, the same whatever runs them and however the
//! ids are spread.

mod balance;
mod build;
mod doubled;
mod found;
mod judge;
mod links;
mod repairs;
mod retell;
mod roots;
pub mod story;
mod totals;
mod transaction;
mod waiting;

pub use balance::{Amounts, Balance};
pub use build::{Judged, Namer, names_of};
pub use found::{Found, read as read_finding, sorted_finding, write as write_finding};
pub use judge::{Linking, Plan, Shard, embedded_sessions, judge, ledger_of, session_documents};
pub use retell::{Company, Teller, Told};
pub use totals::{Aged, CurrencySums, DayMoves, DayOf, Days, NO_CURRENCY, Sums, Today, Totals};
pub use waiting::{Waiter, Waiting, read as read_waiting, set_aside};
