//! What the writers need to know beside what was found.

use super::delimited::Dialect;
use crate::io::manifest::RunEnd;
use crate::io::output::Written;

/// What the writers need to know beside what was found.
#[derive(Clone, Debug)]
pub struct ReportOptions {
    /// How CSV files are written.
    pub dialect: Dialect,
    /// Whether balances are written as CSV too.
    pub balances_csv: bool,
    /// Whether the workbook is written too.
    pub xlsx: bool,
    /// The resolved configuration as the manifest repeats it: without what may not matter.
    pub configuration: serde_json::Value,
    /// Whether the input was complete and the control totals tie.
    pub complete: bool,
    /// How the run ends.
    pub exit: RunEnd,
    /// How inputs were hashed: `blake3`, `sha256` or `none`.
    pub input_hash: &'static str,
    /// Files of the run that others wrote.
    pub written: Vec<Written>,
}
