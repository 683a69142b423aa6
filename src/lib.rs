//! avstem: offline reconciliation of exported payment data.
//!
//! The program as a library: [`cli`] is the command line, `parts` are the rows between the steps of a run as Arrow, and
//! `query`, behind the feature of that name, runs SQL over the tables of a run.

pub mod cli;
pub mod parts;
#[cfg(feature = "query")]
pub mod query;
