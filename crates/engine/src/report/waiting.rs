//! `waiting.csv`: findings of rules about time that will be due unless settled before.

use std::io::{self, Write};

use avstem_core::model::currency::display_exponent;
use avstem_core::model::instant::Instant;

use super::delimited::{CsvTable, Dialect};
use super::table::source_name;
use crate::engine::outcome::{Outcome, Waiting};
use crate::frame::column::{Filled, NumberCell, cell, columns};

struct Row<'r> {
    waiting: &'r Waiting<'r>,
    as_of: Option<Instant>,
    source: Option<&'r str>,
}

impl<'r> Row<'r> {
    fn amount(&self) -> NumberCell<'r> {
        let exponent = display_exponent(self.waiting.waiter.currency);
        self.waiting.amount.map_or(NumberCell::Empty, |amount| NumberCell::Amount(amount, exponent))
    }

    /// Whole days until it is due.
    fn left(&self) -> Option<i64> {
        Some(self.waiting.due.days_since(self.as_of?))
    }
}

columns! {
    /// The columns of `waiting.csv`.
    pub const WAITING, fn row<'r>(w: Row<'r>);
    "exception_id" Text "The stable name that the finding will bear." => cell::made(Some(w.waiting.exception_id()));
    "rule" Text "The rule's code." => cell::raw(w.waiting.card.code);
    "name" Text "The rule's name." => cell::raw(w.waiting.card.name);
    "kind" Text "transaction." => cell::raw("transaction");
    "id" Text "The transaction." => cell::id(w.waiting.waiter.id);
    "merchant_reference" Text "The merchant's reference; card numbers are masked." => cell::free(w.waiting.waiter.merchant_reference);
    "payment_product_type" Text "The payment product's type, as written." => cell::free(w.waiting.waiter.product_type);
    "event" Text "The event's place." => cell::made(w.waiting.place_text());
    "currency" Text "The currency as written." => cell::free(w.waiting.waiter.currency);
    "amount_minor" Integer "What it is about, in minor units; empty outside 64 bits." => cell::minor(w.waiting.amount);
    "amount" Number "The same in major units." => w.amount();
    "since" Time "Since when its window runs." => cell::time(w.waiting.since);
    "due" Time "When the window has run out: a run that judges at a later instant has it among the exceptions." => cell::time(w.waiting.due);
    "days_left" Integer "Whole days from the as-of until then." => cell::integer(w.left());
    "source" Text "The file of the record." => cell::id(w.source);
    "source_offset" Integer "The first byte of that record in the decoded file." => cell::count(w.waiting.waiter.origin.offset);
}

/// Writes the waiting findings, by rule and id.
// A border between stages in benches/instructions, which finds it by its name.
#[inline(never)]
pub fn csv<W: Write>(out: W, outcome: &Outcome, dialect: Dialect) -> io::Result<Filled<W>> {
    let mut table = CsvTable::new(out, WAITING, dialect)?;
    outcome.waiting.visit(&mut |waiting| {
        let source = source_name(&outcome.sources, waiting.waiter.origin.file);
        table.push(&row(&Row { waiting, as_of: outcome.as_of, source }))
    })?;
    table.finish()
}
