//! Options of the report writers.

use super::delimited::Dialect;
use crate::history::continuity::Notice;
use crate::io::manifest::RunEnd;
use crate::io::output::Written;

#[derive(Clone, Debug)]
pub struct ReportOptions {
    pub dialect: Dialect,
    /// Whether balances are also written as CSV.
    pub balances_csv: bool,
    /// Whether the workbook is also written.
    pub xlsx: bool,
    /// The resolved configuration as stored in the manifest, without settings that cannot affect
    /// the result.
    pub configuration: serde_json::Value,
    /// Whether the input was complete and the control totals tie.
    pub complete: bool,
    pub exit: RunEnd,
    /// What does not continue the baseline's input, or is empty.
    pub continuity: Vec<Notice>,
    /// Files that the configuration excludes, by name.
    pub excluded: Vec<String>,
    /// How inputs were hashed: `blake3`, `sha256` or `none`.
    pub input_hash: &'static str,
    /// Files of the run that were written before, like the frames.
    pub written: Vec<Written>,
}
