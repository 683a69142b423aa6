//! `resolved.csv`: findings that the baseline had and this run does not have, and why.

use std::io::{self, Write};

use avstem_core::model::instant::Instant;
use avstem_core::model::money::Sum;

use super::delimited::{CsvTable, Dialect};
use crate::engine::outcome::{Comparison, Gone, Outcome};
use crate::frame::column::{Filled, TextCell, cell, columns};
use crate::history::Field;

struct Row<'r> {
    gone: &'r Gone<'r>,
    as_of: Option<Instant>,
    as_of_day: Option<i64>,
}

impl<'r> Row<'r> {
    /// Returns a text of the earlier report, in which invisible characters are escaped already.
    fn text(&self, column: Field) -> TextCell<'r> {
        cell::raw(self.gone.row.text(column))
    }

    fn number(&self, column: Field) -> Option<Sum> {
        self.gone.row.number(column)
    }

    fn age(&self) -> Option<i64> {
        Some(self.as_of?.days_since(self.gone.row.time(Field::Since)?))
    }

    fn open(&self) -> Option<i64> {
        Some(self.as_of_day? - self.gone.first_day?)
    }
}

columns! {
    /// The columns of `resolved.csv`.
    pub const RESOLVED, fn row<'r>(r: Row<'r>);
    "exception_id" Text "The finding's stable name." => r.text(Field::ExceptionId);
    "state" Text "resolved, or unseen: what it is about is not in this input, so nobody can tell. Unseen ones are kept in mind for the next night." => cell::raw(r.gone.reason.fate().word());
    "reason" Text "balanced, baseline_incomplete (balanced now, but that run did not see its whole input), waiting (not due yet), rule_off, rule_changed (tolerance or window), not_in_input." => cell::raw(r.gone.reason.word());
    "severity" Text "As it was." => r.text(Field::Severity);
    "rule" Text "The rule's code." => r.text(Field::Rule);
    "name" Text "The rule's name." => r.text(Field::Name);
    "message" Text "What was found." => r.text(Field::Message);
    "kind" Text "What the finding was about: transaction, order, session, settlement, payout or bank." => r.text(Field::Kind);
    "id" Text "The id of that ledger or document." => r.text(Field::Id);
    "order_id" Text "The order." => r.text(Field::OrderId);
    "transaction_id" Text "The transaction." => r.text(Field::TransactionId);
    "session_id" Text "The session." => r.text(Field::SessionId);
    "merchant_reference" Text "The merchant's reference; card numbers are masked." => r.text(Field::MerchantReference);
    "status_derived" Text "The status that the amounts implied." => r.text(Field::StatusDerived);
    "event" Text "The event's place." => r.text(Field::Event);
    "currency" Text "The currency as written." => r.text(Field::Currency);
    "expected_minor" Integer "What should have been, in minor units." => r.number(Field::ExpectedMinor);
    "actual_minor" Integer "What was, in minor units." => r.number(Field::ActualMinor);
    "delta_minor" Integer "Actual less expected, in minor units." => cell::exact(r.gone.row.delta());
    "first_seen" Time "The as-of of the first run that had it." => cell::time(r.gone.row.first_seen());
    "last_seen" Time "The as-of of the last run that had it." => cell::time(r.gone.row.last_seen());
    "since" Time "What age_days counts from: the event's time, else the document's creation." => cell::time(r.gone.row.time(Field::Since));
    "age_days" Integer "Whole days from then to this run's as-of." => cell::integer(r.age());
    "open_days" Integer "Days of the calendar from first_seen to this run's as-of." => cell::integer(r.open());
    "accepted" Text "Whether it was accepted." => r.text(Field::Accepted);
    "fingerprint" Text "What it said." => r.text(Field::Fingerprint);
    "evidence" Text "What it rested on, as exceptions.csv has it; empty where an earlier version wrote it." => r.text(Field::Evidence);
}

/// Writes the findings that are gone, in the order of the baseline's reports.
pub fn csv<W: Write>(out: W, comparison: &Comparison, outcome: &Outcome, dialect: Dialect) -> io::Result<Filled<W>> {
    let mut table = CsvTable::new(out, RESOLVED, dialect)?;
    let (as_of, as_of_day) = (outcome.as_of, outcome.as_of_day);
    let mut written = Ok(());
    let read = comparison.visit_gone(&mut |gone| {
        written = table.push(&row(&Row { gone, as_of, as_of_day }));
        // An error of this file is returned as it is, not as a fault of the baseline.
        if written.is_ok() { Ok(()) } else { Err(io::ErrorKind::Other.into()) }
    });
    written?;
    read.map_err(io::Error::other)?;
    table.finish()
}
