//! `balances.parquet` and `balances.csv`: one row per ledger, written as a stream.

use std::io::{self, Write};

use super::delimited::{CsvTable, Dialect};
use super::table::{BALANCES, BalanceRow, balance_row, fill_balances};
use crate::engine::outcome::Outcome;
use crate::frame::column::Cell;
use crate::frame::{Description, Filled, ParquetTable};

/// Writes the balances as CSV.
pub fn csv<W: Write>(out: W, outcome: &Outcome, dialect: Dialect) -> io::Result<Filled<W>> {
    let mut table = CsvTable::new(out, BALANCES, dialect)?;
    each(outcome, &mut |row| table.push(row))?;
    table.finish()
}

/// Passes the rows to `take` one by one.
pub fn each(outcome: &Outcome, take: &mut dyn FnMut(&[Cell<'_>]) -> io::Result<()>) -> io::Result<()> {
    outcome.balances.visit(&mut |balance| take(&balance_row(&BalanceRow::new(balance, &outcome.sources))))
}

/// Writes the balances as Parquet.
// A border between stages in benches/instructions, which finds it by its name.
#[inline(never)]
pub fn parquet<W: Write>(out: W, outcome: &Outcome) -> io::Result<Filled<W>> {
    let description = Description { table: "balances", version: 1, as_of: outcome.as_of, sorted_by: &["kind", "id"] };
    let mut table = ParquetTable::new(out, BALANCES)?.described(description);
    outcome.balances.batches(&mut |balances| {
        let rows: Vec<_> = balances.iter().map(|balance| BalanceRow::new(balance, &outcome.sources)).collect();
        table.extend(&rows, rows.iter().map(BalanceRow::most_bytes).sum(), |rows, to| fill_balances(rows, to))
    })?;
    table.finish()
}
