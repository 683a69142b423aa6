//! avstem: offline reconciliation of exported payment data.
//!
//! The program behind the command line, as a library: [`cli`] talks to people, [`generate`] invents exports.

pub mod cli;
pub mod generate;
