//! `acceptances.csv`: every `[[accept]]` of the configuration, and whether it still holds.

use std::io::{self, Write};

use super::delimited::{CsvTable, Dialect};
use crate::engine::outcome::{Acceptance, Outcome};
use crate::frame::column::{Cell, Filled, columns};

columns! {
    /// The columns of `acceptances.csv`.
    pub const ACCEPTANCES, fn row<'r>(a: &'r Acceptance);
    "line" Integer "The entry's line in the configuration file." => Cell::count(a.entry.line as u64);
    "state" Text "holds, expired, changed (its finding says something else than when it was accepted), exceeded, or unused (it means nothing that was found)." => Cell::raw(a.stand().word());
    "exception" Text "The exception it means." => Cell::raw(a.meaning().exception);
    "rule" Text "The rule it means." => Cell::raw(a.meaning().rule);
    "id" Text "The ledger or document it means." => Cell::id(a.meaning().id);
    "merchant_reference" Text "The merchant reference it means; card numbers are masked." => Cell::free(a.meaning().reference);
    "owner" Text "Who answers for it." => Cell::free(a.entry.owner.as_deref());
    "reason" Text "Why." => Cell::free(a.entry.reason.as_deref());
    "expires" Time "The last instant at which it holds." => Cell::time(a.entry.expires);
    "max_amount_minor" Integer "The largest amount it covers." => a.entry.max_amount.map_or(Cell::Empty, Cell::count);
    "meant" Integer "How many findings it means." => Cell::count(a.meant);
    "accepted" Integer "How many of them it accepts." => Cell::count(a.accepted);
    "exceeded" Integer "How many are larger." => Cell::count(a.exceeded);
    "changed" Integer "How many have changed since they were accepted." => Cell::count(a.changed);
}

/// Writes the acceptances, in the order of the configuration.
pub fn csv<W: Write>(out: W, outcome: &Outcome, dialect: Dialect) -> io::Result<Filled<W>> {
    let mut table = CsvTable::new(out, ACCEPTANCES, dialect)?;
    for acceptance in &outcome.acceptances {
        table.push(&row(acceptance))?;
    }
    table.finish()
}
