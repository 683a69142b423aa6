//! avstem: offline reconciliation of exported payment data.
//!
//! The program behind the command line, as a library: [`io`] reads and writes, [`engine`] runs the core over the
//! machine's cores, [`report`] and [`frame`] write what was found, [`cli`] talks to people.

pub mod cli;
pub mod config;
pub mod engine;
pub mod frame;
pub mod io;
pub mod night;
pub mod report;
