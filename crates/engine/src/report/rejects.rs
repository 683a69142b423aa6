//! `rejects.csv`: every record that could not become a document, and every refused file.

use std::io::{self, Write};

use avstem_core::document::Rejected;
use avstem_core::model::reject::{FileFault, RecordReason};
use avstem_core::provider::Provider;
use avstem_core::provider::active::Active;

use super::delimited::{CsvTable, Dialect};
use crate::engine::outcome::{Outcome, SourceOutcome};
use crate::frame::column::{Cell, Filled, cell, columns};

/// A refused file, or a rejected record.
enum Reject<'r> {
    File(&'r FileFault),
    Record(Rejected),
}

struct Row<'r> {
    source: &'r str,
    reject: Reject<'r>,
}

impl<'r> Row<'r> {
    fn record(&self) -> Option<&Rejected> {
        match &self.reject {
            Reject::Record(record) => Some(record),
            Reject::File(_) => None,
        }
    }

    fn code(&self) -> &'static str {
        match &self.reject {
            Reject::File(fault) => fault.reason.code(),
            Reject::Record(record) => record.reason.code(),
        }
    }

    fn reason(&self) -> String {
        match &self.reject {
            Reject::File(fault) => fault.sentence(),
            Reject::Record(record) => sentence(record),
        }
    }
}

columns! {
    /// The columns of `rejects.csv`.
    pub const REJECTS, fn row<'r>(r: Row<'r>);
    "source" Text "The file." => cell::id(r.source);
    "byte_offset" Integer "The record's first byte in the decoded file; empty for a refused file." => r.record().and_then(|record| cell::count(record.origin.offset));
    "line" Integer "The record's line, from 1, where the file is made of lines." => r.record().and_then(|record| record.line).and_then(cell::count);
    "length" Integer "The record's length in bytes; empty for a refused file." => cell::integer(r.record().map(|record| i64::from(record.origin.length)));
    "reason_code" Text "Why, in one word." => cell::raw(r.code());
    "path" Text "The field at fault, like `events[2].amount`; empty for the record as a whole." => cell::id(r.record().map(|record| &*record.path));
    "reason" Text "Why, in a sentence that quotes no value of the input." => cell::made(Some(r.reason()));
}

/// Returns the rejects in input order, then by offset; a refused file has one row.
fn rows(outcome: &Outcome) -> impl Iterator<Item = Row<'_>> {
    let mut sources = (0..).zip(&outcome.sources);
    let mut records = outcome.rejects.iter().peekable();
    let mut source: Option<(u32, &SourceOutcome)> = None;
    std::iter::from_fn(move || {
        loop {
            if let Some((file, source)) = source
                && let Some(record) = records.next_if(|record| record.origin.file == file)
            {
                return Some(Row { source: &source.name, reject: Reject::Record(record) });
            }
            source = sources.next();
            let Some((_, source)) = source else {
                assert!(records.peek().is_none(), "rejected records come in the order of the sources");
                return None;
            };
            if let Some(fault) = &source.fault {
                return Some(Row { source: &source.name, reject: Reject::File(fault) });
            }
        }
    })
}

/// Writes the rejects.
pub fn csv<W: Write>(out: W, outcome: &Outcome, dialect: Dialect) -> io::Result<Filled<W>> {
    let mut table = CsvTable::new(out, REJECTS, dialect)?;
    each(outcome, &mut |row| table.push(row))?;
    table.finish()
}

/// Passes the rows to `take` one by one.
pub fn each(outcome: &Outcome, take: &mut dyn FnMut(&[Cell<'_>]) -> io::Result<()>) -> io::Result<()> {
    rows(outcome).try_for_each(|reject| take(&row(&reject)))
}

/// Returns the first row of `rejects.csv` for display: the file with the record's line or byte and the
/// field, the reason, and how many rows follow.
pub fn first(outcome: &Outcome) -> Option<(String, String, u64)> {
    let first = rows(outcome).next()?;
    let mut place = match first.record() {
        None => first.source.to_owned(),
        Some(Rejected { line: Some(line), .. }) => format!("{}, line {line}", first.source),
        Some(record) => format!("{}, byte {}", first.source, record.origin.offset),
    };
    if let Some(record) = first.record().filter(|record| !record.path.is_empty()) {
        place = format!("{place}: {}", record.path);
    }
    let refused = outcome.sources.iter().filter(|source| source.fault.is_some()).count();
    Some((place, first.reason(), (refused + outcome.rejects.len() - 1) as u64))
}

/// Returns why a record was rejected: with the expected value if it helps, and the position if
/// there is no path.
fn sentence(record: &Rejected) -> String {
    let mut out = match record.found() {
        Some(found) => format!("the field is {found}"),
        None => record.reason.words().to_owned(),
    };
    let wants = matches!(record.reason, RecordReason::WrongType | RecordReason::MissingField | RecordReason::NullField);
    if let Some(wanted) = Active::wanted(&record.path).filter(|_| wants) {
        out.push_str("; it must be ");
        out.push_str(wanted);
    }
    if record.path.is_empty() && record.at > record.origin.offset {
        // Relative to the record, so that it does not depend on compression or framing of the file.
        out.push_str(&format!(" (at byte {} of the record)", record.at - record.origin.offset));
    }
    out
}
