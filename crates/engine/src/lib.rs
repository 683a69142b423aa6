//! The engine of avstem: it runs the core over the files and processors of this machine, and writes what was found.
//!
//! [`io`] reads and writes, [`config`] is what the configuration file says, [`engine`] runs the core, [`history`] holds
//! runs against each other, [`report`] and [`frame`] write what was found.

pub mod config;
pub mod engine;
pub mod frame;
pub mod history;
pub mod io;
pub mod report;

/// The program that a run folder names as its writer.
pub const TOOL: &str = "avstem";

/// The version of all crates of the workspace.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
