//! `rollforward.csv`: the open amount of transactions from day to day, by currency.

use std::io::{self, Write};

use avstem_core::model::instant::format_day;
use avstem_core::model::money::Sum;

use super::delimited::{CsvTable, Dialect};
use crate::engine::outcome::{DayMoves, Outcome};
use crate::frame::column::{Filled, cell, columns};

struct Row<'r> {
    currency: &'r str,
    day: Option<i64>,
    opening: Sum,
    moves: &'r DayMoves,
}

impl Row<'_> {
    fn closing(&self) -> Sum {
        self.opening + self.moves.authorized - self.moves.captured - self.moves.released
    }
}

columns! {
    /// The columns of `rollforward.csv`. Amounts are minor units of any size.
    pub const ROLLFORWARD, fn row<'r>(d: Row<'r>);
    "currency" Text "The currency as written; XXX without." => cell::free(d.currency);
    "day" Text "The day; empty for what has no time." => cell::made(d.day.map(format_day));
    "opening_open_minor" Integer "What was open when the day began." => cell::exact(d.opening);
    "authorized_minor" Integer "Authorised on the day." => cell::exact(d.moves.authorized);
    "captured_minor" Integer "Captured on the day." => cell::exact(d.moves.captured);
    "released_minor" Integer "Released on the day." => cell::exact(d.moves.released);
    "closing_open_minor" Integer "Opening + authorised − captured − released." => cell::exact(d.closing());
    "refunded_minor" Integer "Refunded on the day." => cell::exact(d.moves.refunded);
    "net_minor" Integer "Captured − refunded on the day." => cell::exact(d.moves.captured - d.moves.refunded);
}

/// Writes the roll-forward: the opening of each day is the closing of the day before.
// A border between stages in benches/instructions, which finds it by its name.
#[inline(never)]
pub fn csv<W: Write>(out: W, outcome: &Outcome, dialect: Dialect) -> io::Result<Filled<W>> {
    let mut table = CsvTable::new(out, ROLLFORWARD, dialect)?;
    let (mut of, mut opening) = (None, 0);
    for ((currency, day), moves) in &outcome.days {
        if of != Some(currency) {
            (of, opening) = (Some(currency), 0);
        }
        let moved = Row { currency, day: *day, opening, moves };
        table.push(&row(&moved))?;
        opening = moved.closing();
    }
    table.finish()
}
