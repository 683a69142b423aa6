//! `exceptions.csv` and `exceptions.parquet`: a row a finding.

use std::io::{self, Write};

use super::delimited::{CsvTable, Dialect};
use super::table::{EXCEPTIONS, Exception, exception_row};
use crate::engine::outcome::Outcome;
use crate::frame::{Filled, ParquetTable};

/// Writes the exceptions as CSV.
pub fn csv<W: Write>(out: W, outcome: &Outcome, dialect: Dialect) -> io::Result<Filled<W>> {
    let mut table = CsvTable::new(out, EXCEPTIONS, dialect)?;
    for finding in &outcome.findings {
        table.push(&exception_row(&Exception::new(&finding, outcome)))?;
    }
    table.finish()
}

/// Writes the exceptions as Parquet.
pub fn parquet<W: Write>(out: W, outcome: &Outcome) -> io::Result<Filled<W>> {
    let mut table = ParquetTable::new(out, EXCEPTIONS)?;
    for finding in &outcome.findings {
        table.push(&exception_row(&Exception::new(&finding, outcome)))?;
    }
    table.finish()
}
