//! `coverage.csv`: what each rule tested, even if it found nothing.

use std::io::{self, Write};

use avstem_core::model::card::Severity;

use super::delimited::{CsvTable, Dialect};
use crate::engine::outcome::{Coverage, CoverageCounts, Outcome};
use crate::frame::column::{Cell, Filled, cell, columns};

struct Row<'r> {
    rule: &'r Coverage,
    currency: Option<&'r str>,
    counts: &'r CoverageCounts,
}

columns! {
    /// The columns of `coverage.csv`.
    pub const COVERAGE, fn row<'r>(c: Row<'r>);
    "rule" Text "The rule's code." => cell::raw(c.rule.card.code);
    "name" Text "The rule's name." => cell::raw(c.rule.card.name);
    "severity" Text "error, warning, info, or off, after configuration." => cell::raw(c.rule.severity.map_or("off", Severity::word));
    "currency" Text "Empty for all currencies together; XXX for subjects without one." => cell::free(c.currency);
    "tested" Integer "Subjects of the rule's kinds." => cell::count(c.counts.tested);
    "not_applicable" Integer "Other subjects." => cell::count(c.counts.not_applicable);
    "findings" Integer "Findings." => cell::count(c.counts.findings);
    "abs_delta_minor" Integer "The sum of the magnitudes of their differences in minor units, of any size." => cell::exact(c.counts.abs_delta);
    "accepted" Integer "Those of the findings that are accepted." => cell::count(c.counts.accepted);
    "accepted_abs_delta_minor" Integer "The sum of the magnitudes of their differences." => cell::exact(c.counts.accepted_abs_delta);
}

/// Writes the coverage: one row per rule, then one for each of its currencies.
pub fn csv<W: Write>(out: W, outcome: &Outcome, dialect: Dialect) -> io::Result<Filled<W>> {
    let mut table = CsvTable::new(out, COVERAGE, dialect)?;
    each(outcome, &mut |row| table.push(row))?;
    table.finish()
}

/// Passes the rows to `take` one by one.
pub fn each(outcome: &Outcome, take: &mut dyn FnMut(&[Cell<'_>]) -> io::Result<()>) -> io::Result<()> {
    for rule in &outcome.coverage {
        take(&row(&Row { rule, currency: None, counts: &rule.all }))?;
        for (currency, counts) in &rule.by_currency {
            take(&row(&Row { rule, currency: Some(currency), counts }))?;
        }
    }
    Ok(())
}
