//! avstem: offline reconciliation of exported payment data.
//!
//! The program as a library: [`cli`] is the command line, and `query`, behind the feature of that
//! name, runs SQL over the tables of a run.

pub mod cli;
#[cfg(feature = "query")]
pub mod query;
