//! The tables of a run, for callers that take rows instead of files.

use std::io;

use super::{balances, control_totals, coverage, exceptions, payouts, rejects, table};
use crate::engine::outcome::Outcome;
use crate::frame::column::{Cell, Column};

/// A table of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunTable {
    Exceptions,
    Balances,
    Rejects,
    ControlTotals,
    Coverage,
    Payouts,
    PayoutLines,
}

impl RunTable {
    pub const ALL: [RunTable; 7] = [
        RunTable::Exceptions,
        RunTable::Balances,
        RunTable::Rejects,
        RunTable::ControlTotals,
        RunTable::Coverage,
        RunTable::Payouts,
        RunTable::PayoutLines,
    ];

    /// The name of its file without ending.
    pub fn name(self) -> &'static str {
        match self {
            RunTable::Exceptions => "exceptions",
            RunTable::Balances => "balances",
            RunTable::Rejects => "rejects",
            RunTable::ControlTotals => "control_totals",
            RunTable::Coverage => "coverage",
            RunTable::Payouts => "payouts",
            RunTable::PayoutLines => "payout_lines",
        }
    }

    pub fn columns(self) -> &'static [Column] {
        match self {
            RunTable::Exceptions => table::EXCEPTIONS,
            RunTable::Balances => table::BALANCES,
            RunTable::Rejects => rejects::REJECTS,
            RunTable::ControlTotals => control_totals::CONTROL_TOTALS,
            RunTable::Coverage => coverage::COVERAGE,
            RunTable::Payouts => payouts::PAYOUTS,
            RunTable::PayoutLines => payouts::PAYOUT_LINES,
        }
    }

    /// Whether a run has it: those of payouts are there where there are payouts.
    pub fn is_of(self, outcome: &Outcome) -> bool {
        !matches!(self, RunTable::Payouts | RunTable::PayoutLines) || !outcome.payouts.all.is_empty()
    }

    /// Passes the rows of its file to `take` one by one.
    pub fn each(self, outcome: &Outcome, take: &mut dyn FnMut(&[Cell<'_>]) -> io::Result<()>) -> io::Result<()> {
        match self {
            RunTable::Exceptions => exceptions::each(outcome, take),
            RunTable::Balances => balances::each(outcome, take),
            RunTable::Rejects => rejects::each(outcome, take),
            RunTable::ControlTotals => control_totals::each(outcome, take),
            RunTable::Coverage => coverage::each(outcome, take),
            RunTable::Payouts => payouts::each(outcome, &mut |_, row| take(row)),
            RunTable::PayoutLines => payouts::each_line(outcome, false, take),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::sample::outcome;
    use super::*;
    use crate::frame::column::Type;

    #[test]
    fn cells_are_of_the_types_that_their_columns_declare() {
        let outcome = outcome();
        for table in RunTable::ALL {
            let mut met = BTreeSet::new();
            table
                .each(&outcome, &mut |row| {
                    assert_eq!(row.len(), table.columns().len());
                    for (cell, column) in row.iter().zip(table.columns()) {
                        let fits = match cell {
                            Cell::Empty => true,
                            Cell::Text(_) => matches!(column.kind, Type::Text | Type::Number),
                            // Outside 64 bits also in a column of integers.
                            Cell::Number(_) => matches!(column.kind, Type::Number | Type::Integer),
                            Cell::Integer(_) => column.kind == Type::Integer,
                            Cell::Flag(_) => column.kind == Type::Flag,
                            Cell::Time(_) => column.kind == Type::Time,
                        };
                        assert!(fits, "{}.{}: {cell:?}", table.name(), column.name);
                    }
                    met.insert(table.name());
                    Ok(())
                })
                .unwrap();
            assert_eq!(met.is_empty(), !table.is_of(&outcome), "{}", table.name());
        }
    }

    #[test]
    fn what_takes_the_rows_can_stop() {
        let mut rows = 0;
        let stopped = RunTable::Exceptions.each(&outcome(), &mut |_| {
            rows += 1;
            Err(io::ErrorKind::Interrupted.into())
        });
        assert_eq!((stopped.unwrap_err().kind(), rows), (io::ErrorKind::Interrupted, 1));
    }
}
