//! `exceptions.csv` and `exceptions.parquet`: one row per finding, built once for both.

use std::io::{self, Write};

use super::delimited::{CsvTable, Dialect};
use super::table::{EXCEPTIONS, Exception, exception_row};
use crate::engine::outcome::Outcome;
use crate::frame::column::Cell;
use crate::frame::{Description, Filled, ParquetTable};

pub const CSV: &str = "exceptions.csv";

pub const PARQUET: &str = "exceptions.parquet";

/// The result of a write; an error comes with the name of its file.
pub type Named<T> = Result<T, (&'static str, io::Error)>;

/// Writes both files; each row is built once.
// A border between stages in benches/instructions, which finds it by its name.
#[inline(never)]
pub fn write<C: Write, P: Write>(
    (csv, parquet): (C, P),
    outcome: &Outcome,
    dialect: Dialect,
) -> Named<(Filled<C>, Filled<P>)> {
    let (of_csv, of_parquet) = (|error| (CSV, error), |error| (PARQUET, error));
    let mut csv = CsvTable::new(csv, EXCEPTIONS, dialect).map_err(of_csv)?;
    let mut parquet = table(parquet, outcome).map_err(of_parquet)?;
    each(outcome, |row| {
        csv.push(row).map_err(of_csv)?;
        parquet.push(row).map_err(of_parquet)
    })?;
    Ok((csv.finish().map_err(of_csv)?, parquet.finish().map_err(of_parquet)?))
}

/// Writes the exceptions as CSV alone.
pub fn csv<W: Write>(out: W, outcome: &Outcome, dialect: Dialect) -> io::Result<Filled<W>> {
    let mut table = CsvTable::new(out, EXCEPTIONS, dialect)?;
    each(outcome, |row| table.push(row))?;
    table.finish()
}

/// Writes the exceptions as Parquet alone.
pub fn parquet<W: Write>(out: W, outcome: &Outcome) -> io::Result<Filled<W>> {
    let mut table = table(out, outcome)?;
    each(outcome, |row| table.push(row))?;
    table.finish()
}

fn table<W: Write>(out: W, outcome: &Outcome) -> io::Result<ParquetTable<W>> {
    let description = Description { table: "exceptions", version: 1, as_of: outcome.as_of, sorted_by: &[] };
    Ok(ParquetTable::new(out, EXCEPTIONS)?.described(description))
}

/// Passes the rows to `take` one by one.
pub fn each<E>(outcome: &Outcome, mut take: impl FnMut(&[Cell<'_>]) -> Result<(), E>) -> Result<(), E> {
    outcome.findings.iter().try_for_each(|finding| take(&exception_row(&Exception::new(&finding, outcome))))
}
