//! Findings and totals become files and text that people and programs read.
//!
//! * [`table`]: the columns of exceptions and balances, once
//! * [`exceptions`], [`balances`], [`rejects`], [`control_totals`], [`coverage`], [`rollforward`], [`resolved`],
//!   [`acceptances`], [`waiting`]: a file each
//! * [`summary`], [`manifest`]: the run in JSON
//! * [`html`]: the run for people, as a page
//! * [`xlsx`]: the run for finance, as a workbook
//! * [`terminal`]: the run on a screen
//! * [`frames`]: the frames, opened in the run folder and closed again
//! * [`diff`], [`earlier`], [`history`]: earlier runs, read back and held against each other
//! * [`verify`]: a run folder, and the inputs, held against its manifest

pub mod acceptances;
pub mod balances;
pub mod control_totals;
pub mod coverage;
pub mod delimited;
pub mod diff;
pub mod earlier;
pub mod exceptions;
pub mod frames;
pub mod history;
pub mod html;
pub mod manifest;
pub mod message;
mod options;
pub mod rejects;
pub mod resolved;
pub mod rollforward;
pub mod summary;
pub mod table;
pub mod terminal;
pub mod verify;
pub mod waiting;
pub mod xlsx;

#[cfg(test)]
mod tests;

use std::fmt::Write as _;
use std::io::{self, Write};

use serde::Serialize;

pub use delimited::Dialect;
pub use options::{Exit, ReportOptions, TOOL, VERSION};
pub use summary::summary_json;
pub use terminal::terminal_summary;

use crate::engine::outcome::Outcome;
use crate::frame::Filled;
use crate::frame::column::{Column, markdown};
use crate::io::output::{OutputError, OutputFile, Staging, Written};

/// Writes every file of the run, the manifest last. To be called from the main thread, like everything that writes
/// Parquet.
pub fn write(outcome: &Outcome, options: &ReportOptions, staging: &Staging) -> Result<Vec<Written>, OutputError> {
    let mut folder = Folder { staging, written: options.written.clone() };
    let dialect = options.dialect;
    folder.exceptions(outcome, dialect)?;
    folder.table("balances.parquet", |out| balances::parquet(out, outcome))?;
    if options.balances_csv {
        folder.table("balances.csv", |out| balances::csv(out, outcome, dialect))?;
    }
    folder.table("rejects.csv", |out| rejects::csv(out, outcome, dialect))?;
    folder.table("control_totals.csv", |out| control_totals::csv(out, outcome, dialect))?;
    folder.table("coverage.csv", |out| coverage::csv(out, outcome, dialect))?;
    folder.table("rollforward.csv", |out| rollforward::csv(out, outcome, dialect))?;
    folder.table("waiting.csv", |out| waiting::csv(out, outcome, dialect))?;
    if let Some(comparison) = &outcome.comparison {
        folder.table("resolved.csv", |out| resolved::csv(out, comparison, outcome, dialect))?;
    }
    if !outcome.acceptances.is_empty() {
        folder.table("acceptances.csv", |out| acceptances::csv(out, outcome, dialect))?;
    }
    folder.text("summary.json", &summary_json(outcome, options))?;
    folder.file("report.html", |out| html::write(out, outcome, options))?;
    if options.xlsx {
        let scratch = staging.scratch()?;
        folder.file("report.xlsx", |out| xlsx::write(out, scratch, staging.workplace(), outcome, options))?;
    }
    let manifest = manifest::manifest_json(outcome, options, &folder.written);
    folder.text("manifest.json", &manifest)?;
    Ok(folder.written)
}

/// Writes what stands beside frames that are not judged: what could not be read, the control totals, the manifest.
pub fn write_frames_only(
    outcome: &Outcome,
    options: &ReportOptions,
    staging: &Staging,
) -> Result<Vec<Written>, OutputError> {
    let mut folder = Folder { staging, written: options.written.clone() };
    folder.table("rejects.csv", |out| rejects::csv(out, outcome, options.dialect))?;
    folder.table("control_totals.csv", |out| control_totals::csv(out, outcome, options.dialect))?;
    let manifest = manifest::manifest_json(outcome, options, &folder.written);
    folder.text("manifest.json", &manifest)?;
    Ok(folder.written)
}

/// The run folder, and what was written to it.
struct Folder<'s> {
    staging: &'s Staging,
    written: Vec<Written>,
}

impl Folder<'_> {
    /// A file of rows.
    fn table(
        &mut self,
        name: &'static str,
        fill: impl FnOnce(OutputFile) -> io::Result<Filled<OutputFile>>,
    ) -> Result<(), OutputError> {
        let table = fill(self.staging.writer(name)?).map_err(|error| failed(self.staging, name, error))?;
        self.written.push(finish(table)?);
        Ok(())
    }

    /// The two files of the exceptions.
    fn exceptions(&mut self, outcome: &Outcome, dialect: Dialect) -> Result<(), OutputError> {
        let out = (self.staging.writer(exceptions::CSV)?, self.staging.writer(exceptions::PARQUET)?);
        let written = exceptions::write(out, outcome, dialect);
        let (csv, parquet) = written.map_err(|(name, error)| failed(self.staging, name, error))?;
        self.written.extend([finish(csv)?, finish(parquet)?]);
        Ok(())
    }

    /// A file that has no rows.
    fn file(
        &mut self,
        name: &'static str,
        fill: impl FnOnce(OutputFile) -> io::Result<OutputFile>,
    ) -> Result<(), OutputError> {
        let file = fill(self.staging.writer(name)?).map_err(|error| failed(self.staging, name, error))?;
        self.written.push(file.finish()?);
        Ok(())
    }

    fn text(&mut self, name: &'static str, text: &str) -> Result<(), OutputError> {
        self.file(name, |mut out| out.write_all(text.as_bytes()).map(|()| out))
    }
}

/// Ends the file of a table.
fn finish(table: Filled<OutputFile>) -> Result<Written, OutputError> {
    Ok(Written { rows: Some(table.rows), ..table.writer.finish()? })
}

/// An error of writing as one that names the file where people will look for it.
fn failed(staging: &Staging, name: &str, error: io::Error) -> OutputError {
    OutputError::Failed { path: staging.target().join(name), what: "write", error }
}

/// A value as indented JSON with a last line end.
fn json_text(value: &impl Serialize) -> String {
    // Only maps whose keys are no texts, and writers that fail, can make this fail; there are neither.
    let mut text = serde_json::to_string_pretty(value).expect("a report is always JSON");
    text.push('\n');
    text
}

/// The documentation of all columns of a run folder's tables.
pub fn columns_markdown() -> String {
    let files: [(&str, &[Column], &str); 9] = [
        ("exceptions.csv, exceptions.parquet", table::EXCEPTIONS, "One row a finding, worst first."),
        ("balances.parquet, balances.csv", table::BALANCES, "One row a ledger, by kind, then id."),
        ("rejects.csv", rejects::REJECTS, "One row a rejected record or a refused file, in input order."),
        (
            "control_totals.csv",
            control_totals::CONTROL_TOTALS,
            "One row a count, a sum, or an identity that ties some.",
        ),
        ("coverage.csv", coverage::COVERAGE, "One row a rule, then one for each of its currencies."),
        ("rollforward.csv", rollforward::ROLLFORWARD, "One row a currency and day."),
        (
            "waiting.csv",
            waiting::WAITING,
            "One row for what a rule about time will say later, by rule, then transaction.",
        ),
        (
            "resolved.csv",
            resolved::RESOLVED,
            "With `--baseline`: one row a finding that the baseline had and this run has not.",
        ),
        ("acceptances.csv", acceptances::ACCEPTANCES, "One row an `[[accept]]` of the configuration."),
    ];
    let mut out = String::from("# The columns of a run\n");
    for (file, columns, what) in files {
        // Writing to a String cannot fail.
        let _ = write!(out, "\n## {file}\n\n{what}\n\n{}", markdown(columns));
    }
    out
}
