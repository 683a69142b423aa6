//! `control_totals.csv`: counts and sums of each stage, and the identities between them.

use std::io::{self, Write};

use super::delimited::{CsvTable, Dialect};
use crate::engine::outcome::{ControlTotal, Outcome};
use crate::frame::column::{Cell, Filled, cell, columns};

columns! {
    /// The columns of `control_totals.csv`.
    pub const CONTROL_TOTALS, fn row<'r>(t: ControlTotal);
    "source" Text "The file; empty for all of them." => cell::id(&*t.source);
    "stage" Text "Where in the run it was taken." => cell::raw(t.stage);
    "measure" Text "What is counted or summed; of an identity, its name." => cell::raw(t.measure);
    "currency" Text "The currency of an amount." => cell::free(t.currency.as_deref());
    "value" Integer "The count, or the amount in minor units, of any size." => cell::exact(t.value);
    "identity" Text "What the value must equal, in words; of an identity only." => cell::id(t.identity.as_deref());
    "holds" Flag "Whether the identity holds." => cell::flag(t.holds);
}

/// Writes the control totals.
pub fn csv<W: Write>(out: W, outcome: &Outcome, dialect: Dialect) -> io::Result<Filled<W>> {
    let mut table = CsvTable::new(out, CONTROL_TOTALS, dialect)?;
    each(outcome, &mut |row| table.push(row))?;
    table.finish()
}

/// Passes the rows to `take` one by one.
pub fn each(outcome: &Outcome, take: &mut dyn FnMut(&[Cell<'_>]) -> io::Result<()>) -> io::Result<()> {
    outcome.control_totals.iter().try_for_each(|total| take(&row(total)))
}
