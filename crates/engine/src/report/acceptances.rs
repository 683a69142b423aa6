//! `acceptances.csv`: every `[[accept]]` of the configuration, and whether it still holds.

use std::io::{self, Write};

use super::delimited::{CsvTable, Dialect};
use crate::engine::outcome::{Acceptance, Outcome};
use crate::frame::column::{Filled, cell, columns};

columns! {
    /// The columns of `acceptances.csv`.
    pub const ACCEPTANCES, fn row<'r>(a: Acceptance);
    "line" Integer "The entry's line in the configuration file." => cell::count(a.entry.line as u64);
    "state" Text "holds, expired, changed (its finding says something else than when it was accepted), exceeded, or unused (it means nothing that was found)." => cell::raw(a.stand().word());
    "exception" Text "The exception it means." => cell::raw(a.meaning().exception);
    "rule" Text "The rule it means." => cell::raw(a.meaning().rule);
    "id" Text "The ledger or document it means." => cell::id(a.meaning().id);
    "merchant_reference" Text "The merchant reference it means; card numbers are masked." => cell::free(a.meaning().reference);
    "owner" Text "Who answers for it." => cell::free(a.entry.owner.as_deref());
    "reason" Text "Why." => cell::free(a.entry.reason.as_deref());
    "expires" Time "The last instant at which it holds." => cell::time(a.entry.expires);
    "max_amount_minor" Integer "The largest amount it covers." => a.entry.max_amount.and_then(cell::count);
    "meant" Integer "How many findings it means." => cell::count(a.meant);
    "accepted" Integer "How many of them it accepts." => cell::count(a.accepted);
    "exceeded" Integer "How many are larger." => cell::count(a.exceeded);
    "changed" Integer "How many have changed since they were accepted." => cell::count(a.changed);
}

/// Writes the acceptances, in the order of the configuration.
pub fn csv<W: Write>(out: W, outcome: &Outcome, dialect: Dialect) -> io::Result<Filled<W>> {
    let mut table = CsvTable::new(out, ACCEPTANCES, dialect)?;
    for acceptance in &outcome.acceptances {
        table.push(&row(acceptance))?;
    }
    table.finish()
}
