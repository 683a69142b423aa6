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
