//! Writes findings and totals as files and text for people and programs.
//!
//! * [`table`]: the columns of exceptions and balances, defined once
//! * [`exceptions`], [`balances`], [`rejects`], [`control_totals`], [`coverage`], [`rollforward`],
//!   [`resolved`], [`acceptances`], [`waiting`]: one file each
//! * [`payouts`]: payouts and their lines
//! * [`journal`]: payouts as vouchers
//! * [`summary`], [`manifest`]: the run in JSON
//! * [`html`]: the run as a page
//! * [`xlsx`]: the run as a workbook
//! * [`terminal`]: the run on a terminal
//! * [`stake`]: the order of currencies and rules by money
//! * [`tables`]: the tables of a run, for callers that take rows instead of files
//! * [`frames`]: the frames, opened in the run folder and closed again
//! * [`diff`], [`earlier`], [`history`]: earlier runs, read back and compared
//! * [`verify`]: a run folder, and the inputs, compared with its manifest

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
pub mod journal;
mod json;
pub mod manifest;
pub mod message;
mod options;
pub mod payouts;
pub mod rejects;
pub mod resolved;
pub mod rollforward;
#[cfg(any(test, feature = "sample"))]
pub mod sample;
pub mod stake;
pub mod summary;
pub mod table;
pub mod tables;
pub mod terminal;
pub mod verify;
pub mod waiting;
pub mod xlsx;

#[cfg(test)]
mod tests;

use std::fmt::Write as _;
use std::io::{self, Write};

pub use delimited::Dialect;
pub use options::ReportOptions;
pub use summary::summary_json;
pub use terminal::terminal_summary;

pub use crate::io::manifest::RunEnd;

use crate::engine::outcome::Outcome;
use crate::frame::Filled;
use crate::frame::column::{Column, markdown};
use crate::io::output::{OutputError, OutputFile, Staging, Written};
use crate::io::together::{Task, together};

/// Writes every file of the run, the manifest last; `workers` files at a time.
// A border between stages in benches/instructions, which finds it by its name.
#[inline(never)]
pub fn write(
    outcome: &Outcome,
    options: &ReportOptions,
    staging: &Staging,
    workers: usize,
) -> Result<Vec<Written>, OutputError> {
    let folder = Folder { staging };
    let dialect = options.dialect;
    let mut files: Vec<Writer<'_>> = vec![
        Box::new(|| folder.exceptions(outcome, dialect)),
        Box::new(|| folder.table("balances.parquet", |out| balances::parquet(out, outcome))),
    ];
    if options.balances_csv {
        files.push(Box::new(|| folder.table("balances.csv", |out| balances::csv(out, outcome, dialect))));
    }
    files.push(Box::new(|| folder.table("rejects.csv", |out| rejects::csv(out, outcome, dialect))));
    files.push(Box::new(|| folder.table("control_totals.csv", |out| control_totals::csv(out, outcome, dialect))));
    files.push(Box::new(|| folder.table("coverage.csv", |out| coverage::csv(out, outcome, dialect))));
    files.push(Box::new(|| folder.table("rollforward.csv", |out| rollforward::csv(out, outcome, dialect))));
    files.push(Box::new(|| folder.table("waiting.csv", |out| waiting::csv(out, outcome, dialect))));
    if let Some(comparison) = &outcome.comparison {
        files.push(Box::new(move || {
            folder.table("resolved.csv", |out| resolved::csv(out, comparison, outcome, dialect))
        }));
    }
    if !outcome.acceptances.is_empty() {
        files.push(Box::new(|| folder.table("acceptances.csv", |out| acceptances::csv(out, outcome, dialect))));
    }
    if !outcome.payouts.all.is_empty() {
        files.push(Box::new(|| folder.table("payouts.csv", |out| payouts::csv(out, outcome, dialect))));
        files.push(Box::new(|| folder.table("payouts.parquet", |out| payouts::parquet(out, outcome))));
        files.push(Box::new(|| folder.table("payout_lines.parquet", |out| payouts::lines(out, outcome))));
    }
    files.push(Box::new(|| folder.text("summary.json", &summary_json(outcome, options))));
    files.push(Box::new(|| folder.file("report.html", |out| html::write(out, outcome, options))));
    if options.xlsx {
        files.push(Box::new(|| {
            let scratch = staging.scratch()?;
            folder.file("report.xlsx", |out| xlsx::write(out, scratch, staging.workplace(), outcome, options))
        }));
    }
    let written = options.written.iter().cloned().chain(together(&files, workers)?.into_iter().flatten()).collect();
    folder.manifest(outcome, options, written)
}

/// Writes the files beside frames that are not judged: the rejects, the control totals, the
/// manifest.
pub fn write_frames_only(
    outcome: &Outcome,
    options: &ReportOptions,
    staging: &Staging,
) -> Result<Vec<Written>, OutputError> {
    let folder = Folder { staging };
    let mut written = options.written.clone();
    written.extend(folder.table("rejects.csv", |out| rejects::csv(out, outcome, options.dialect))?);
    written.extend(folder.table("control_totals.csv", |out| control_totals::csv(out, outcome, options.dialect))?);
    folder.manifest(outcome, options, written)
}

/// Writes a file, or two files that have the same rows.
type Writer<'w> = Task<'w, Vec<Written>, OutputError>;

#[derive(Clone, Copy)]
struct Folder<'s> {
    staging: &'s Staging,
}

impl Folder<'_> {
    /// Writes a file of rows.
    fn table(
        self,
        name: &'static str,
        fill: impl FnOnce(OutputFile) -> io::Result<Filled<OutputFile>>,
    ) -> Result<Vec<Written>, OutputError> {
        let table = fill(self.staging.writer(name)?).map_err(|error| failed(self.staging, name, error))?;
        Ok(vec![finish(table)?])
    }

    /// Writes the two files of the exceptions.
    fn exceptions(self, outcome: &Outcome, dialect: Dialect) -> Result<Vec<Written>, OutputError> {
        let out = (self.staging.writer(exceptions::CSV)?, self.staging.writer(exceptions::PARQUET)?);
        let written = exceptions::write(out, outcome, dialect);
        let (csv, parquet) = written.map_err(|(name, error)| failed(self.staging, name, error))?;
        Ok(vec![finish(csv)?, finish(parquet)?])
    }

    /// Writes a file that has no rows.
    fn file(
        self,
        name: &'static str,
        fill: impl FnOnce(OutputFile) -> io::Result<OutputFile>,
    ) -> Result<Vec<Written>, OutputError> {
        let file = fill(self.staging.writer(name)?).map_err(|error| failed(self.staging, name, error))?;
        Ok(vec![file.finish()?])
    }

    fn text(self, name: &'static str, text: &str) -> Result<Vec<Written>, OutputError> {
        self.file(name, |mut out| out.write_all(text.as_bytes()).map(|()| out))
    }

    /// Writes the manifest, which names all files written before it.
    fn manifest(
        self,
        outcome: &Outcome,
        options: &ReportOptions,
        mut written: Vec<Written>,
    ) -> Result<Vec<Written>, OutputError> {
        let manifest = manifest::manifest_json(outcome, options, &written);
        written.extend(self.text("manifest.json", &manifest)?);
        Ok(written)
    }
}

/// Finishes the file of a table.
fn finish(table: Filled<OutputFile>) -> Result<Written, OutputError> {
    Ok(Written { rows: Some(table.rows), ..table.writer.finish()? })
}

/// Converts a write error to one that names the file at its final path.
fn failed(staging: &Staging, name: &str, error: io::Error) -> OutputError {
    OutputError::Failed { path: staging.target().join(name), what: "write", error }
}

/// Returns the documentation of all columns of a run folder's tables.
pub fn columns_markdown() -> String {
    let files: [(&str, &[Column], &str); 12] = [
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
        (
            "payouts.csv, payouts.parquet",
            payouts::PAYOUTS,
            "Where there are payouts: one row a payout, by namespace, settlement id and currency.",
        ),
        (
            "payout_lines.parquet",
            payouts::PAYOUT_LINES,
            "Where there are payouts: one row a line of a report, in the order of payouts.",
        ),
        ("acceptances.csv", acceptances::ACCEPTANCES, "One row an `[[accept]]` of the configuration."),
        ("avstem journal --format csv", journal::JOURNAL, "No file of the run: one row a posting, by voucher."),
    ];
    let mut out = String::from("# The columns of a run\n");
    for (file, columns, what) in files {
        // Writing to a String cannot fail.
        let _ = write!(out, "\n## {file}\n\n{what}\n\n{}", markdown(columns));
    }
    out
}
