//! The engine of avstem: runs the core over files with several threads, and writes the results.
//!
//! [`io`] reads and writes files, [`config`] parses the configuration file, [`engine`] runs the
//! core, [`history`] compares runs, [`report`] and [`frame`] write the results.

pub mod config;
pub mod engine;
pub mod frame;
pub mod history;
pub mod io;
pub mod report;

/// Program name recorded in run manifests.
pub const TOOL: &str = "avstem";

/// Version shared by all crates of the workspace.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
