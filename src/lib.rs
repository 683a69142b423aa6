//! avstem: offline reconciliation of exported payment data.
//!
//! The program behind the command line, as a library: [`cli`] talks to people, and `query`, behind the feature of that
//! name, asks runs with SQL.

pub mod cli;
#[cfg(feature = "query")]
pub mod query;
