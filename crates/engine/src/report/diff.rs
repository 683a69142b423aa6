//! The comparison of two runs, as text table, CSV and JSON.

use std::fmt::Write as _;
use std::io;

use avstem_core::model::currency::display_exponent;
use avstem_core::model::display::{grouped, visible};
use avstem_core::model::instant::Instant;
use avstem_core::model::money::Sum;
use serde_json::{Value, json as object};

use super::delimited::{CsvTable, Dialect};
use super::json::json_text;
use crate::frame::column::{TextCell, cell, columns};
use crate::history::diff::{Diff, FindingState, Inputs, moved};
use crate::history::{EarlierRow, Field, MoveBook, Moves, Past, PastError, Tally};

/// Returns the name of a rule by its code.
type Name<'n> = &'n dyn Fn(&str) -> &'static str;

struct Row<'r> {
    rule: &'r str,
    name: &'r str,
    currency: &'r str,
    moves: &'r Moves,
}

columns! {
    /// The columns of a comparison as CSV.
    pub const DIFF, fn row<'r>(d: Row<'r>);
    "rule" Text "The rule's code." => cell::raw(d.rule);
    "name" Text "The rule's name." => cell::raw(d.name);
    "currency" Text "XXX for subjects without one." => cell::raw(d.currency);
    "opening" Integer "What the older run knows of, unseen ones included." => cell::count(d.moves.opening.count);
    "new" Integer "What only the newer run has." => cell::count(d.moves.new.count);
    "back" Integer "What only the newer run has, where the older run's input was incomplete." => cell::count(d.moves.back.count);
    "open" Integer "What both have, with the same amounts and words." => cell::count(d.moves.open.count);
    "changed" Integer "What both have, with others." => cell::count(d.moves.changed.count);
    "moved" Integer "What came from another currency, less what went to one." => cell::integer(d.moves.moved);
    "resolved" Integer "What was cleared." => cell::count(d.moves.resolved.count);
    "unseen" Integer "What is about documents that the newer run's input does not have." => cell::count(d.moves.unseen.count);
    "closing" Integer "opening + new + back - resolved + moved: what is there, and what is unseen." => cell::count(d.moves.closing.count);
    "opening_delta_minor" Integer "The sum of differences of the opening, in minor units." => cell::exact(d.moves.opening.delta);
    "new_delta_minor" Integer "Of what is new." => cell::exact(d.moves.new.delta);
    "back_delta_minor" Integer "Of what is back." => cell::exact(d.moves.back.delta);
    "changed_delta_minor" Integer "By how much what changed moved." => cell::exact(d.moves.changed.delta);
    "resolved_delta_minor" Integer "Of what was cleared." => cell::exact(d.moves.resolved.delta);
    "unseen_delta_minor" Integer "Of what is unseen." => cell::exact(d.moves.unseen.delta);
    "closing_delta_minor" Integer "opening + new + back - resolved + changed." => cell::exact(d.moves.closing.delta);
    "holds" Flag "Whether both identities hold." => cell::flag(d.moves.ties());
}

/// Writes one row per rule and currency, by rule.
pub fn csv(book: &MoveBook, name: Name<'_>) -> io::Result<Vec<u8>> {
    let mut table = CsvTable::new(Vec::new(), DIFF, Dialect::Plain)?;
    for ((rule, currency), moves) in &book.by_rule {
        table.push(&row(&Row { rule, name: name(rule), currency, moves }))?;
    }
    Ok(table.finish()?.writer)
}

struct Exception<'r> {
    row: &'r EarlierRow<'r>,
    state: FindingState,
    moved: Sum,
}

impl<'r> Exception<'r> {
    fn text(&self, column: Field) -> TextCell<'r> {
        cell::raw(self.row.text(column))
    }

    fn reason(&self) -> TextCell<'r> {
        match self.state {
            FindingState::There(_) => cell::raw(None),
            FindingState::Gone(reason) => cell::raw(reason.word()),
        }
    }
}

columns! {
    /// The columns of the exceptions of a comparison.
    pub const DIFF_EXCEPTIONS, fn exception_row<'r>(e: Exception<'r>);
    "exception_id" Text "The finding's stable name." => e.text(Field::ExceptionId);
    "state" Text "new, back, open, changed, resolved or unseen." => cell::raw(e.state.word());
    "reason" Text "Why it is gone." => e.reason();
    "severity" Text "error, warning or info." => e.text(Field::Severity);
    "rule" Text "The rule's code." => e.text(Field::Rule);
    "name" Text "The rule's name." => e.text(Field::Name);
    "message" Text "What was found; of what is gone, by the older run." => e.text(Field::Message);
    "kind" Text "What it is about." => e.text(Field::Kind);
    "id" Text "The id of that ledger or document." => e.text(Field::Id);
    "merchant_reference" Text "The merchant's reference." => e.text(Field::MerchantReference);
    "currency" Text "The currency as written." => e.text(Field::Currency);
    "delta_minor" Integer "How far it is off, or was." => cell::exact(e.row.delta());
    "moved_minor" Integer "What it adds to the sum of differences." => cell::exact(e.moved);
    "first_seen" Time "The as-of of the first run that had it." => cell::time(e.row.first_seen());
}

/// Writes every exception of either run with its state, those of the newer run first.
pub fn exceptions_csv(diff: &Diff) -> Result<Vec<u8>, PastError> {
    let failed = |error: io::Error| diff.new.failed(error);
    let mut table = CsvTable::new(Vec::new(), DIFF_EXCEPTIONS, Dialect::Plain).map_err(failed)?;
    diff.visit(&mut |row, state, standing| {
        let moved = moved(row, state, standing);
        table.push(&exception_row(&Exception { row, state, moved }))
    })?;
    Ok(table.finish().map_err(failed)?.writer)
}

/// Returns the comparison as JSON.
pub fn json(diff: &Diff, book: &MoveBook, name: Name<'_>) -> String {
    let run = |past: &Past| {
        object!({
            "as_of": past.as_of.map(|time| time.to_string()),
            "manifest_sha256": past.manifest_sha256,
            "complete": past.is_complete(),
        })
    };
    let rules = book.by_rule.iter().map(|((rule, currency), of)| {
        let mut row = moves(of);
        (row["rule"], row["name"], row["currency"]) = (object!(rule), object!(name(rule)), object!(currency));
        row
    });
    let settings = diff.settings().into_iter();
    json_text(&object!({
        "old": run(&diff.old.past),
        "new": run(&diff.new),
        "chained": diff.is_chained(),
        "inputs": inputs_word(diff.inputs()),
        "configuration": settings.map(|(path, old, new)| object!({ "setting": path, "old": old, "new": new })).collect::<Value>(),
        "rules": rules.collect::<Value>(),
        "currencies": book.by_currency().iter().map(|(currency, of)| (currency.clone(), moves(of))).collect::<Value>(),
        "holds": book.by_rule.values().all(Moves::ties),
    }))
}

fn moves(of: &Moves) -> Value {
    let tally = |tally: &Tally| {
        let delta =
            i64::try_from(tally.delta).map_or_else(|_| object!(tally.delta.to_string()), |delta| object!(delta));
        object!({ "count": tally.count, "delta_minor": delta })
    };
    object!({
        "opening": tally(&of.opening), "new": tally(&of.new), "back": tally(&of.back), "open": tally(&of.open), "changed": tally(&of.changed),
        "moved": of.moved, "resolved": tally(&of.resolved), "unseen": tally(&of.unseen), "closing": tally(&of.closing),
    })
}

const fn inputs_word(inputs: Inputs) -> &'static str {
    match inputs {
        Inputs::Same => "same",
        Inputs::Others => "others",
        Inputs::Unknown => "unknown",
    }
}

/// The counts in the table, with their headings.
type Column = (&'static str, fn(&Moves) -> Tally);
const COLUMNS: [Column; 7] = [
    ("opening", |m| m.opening),
    ("new", |m| m.new),
    (BACK, |m| m.back),
    ("changed", |m| m.changed),
    ("resolved", |m| m.resolved),
    ("unseen", |m| m.unseen),
    ("closing", |m| m.closing),
];

/// A column that stands in the table only where there is any.
const BACK: &str = "back";

/// Returns the comparison as a text table.
pub fn table(diff: &Diff, book: &MoveBook, name: Name<'_>) -> String {
    let mut out = String::new();
    let is_back = book.by_rule.values().any(|moves| moves.back.count > 0);
    let columns: Vec<Column> = COLUMNS.into_iter().filter(|(name, _)| *name != BACK || is_back).collect();
    let when = |time: Option<Instant>| time.map_or("undated".to_owned(), |time| time.to_string());
    let chain = if diff.is_chained() { ", held against the older run when it was made" } else { "" };
    // Writing to a String cannot fail.
    let _ = writeln!(
        out,
        "Old      {} ({})",
        visible(&diff.old.past.path().display().to_string()),
        when(diff.old.past.as_of)
    );
    let _ =
        writeln!(out, "New      {} ({}){chain}", visible(&diff.new.path().display().to_string()), when(diff.new.as_of));
    out.push_str(match diff.inputs() {
        Inputs::Same => "Input    the same files: what differs is the work of the configuration\n",
        Inputs::Others => "Input    other files\n",
        Inputs::Unknown => "Input    not known: a run has no hashes of its inputs\n",
    });
    for (path, old, new) in diff.settings() {
        let _ = writeln!(out, "Setting  {path}: {old} -> {new}");
    }
    for (currency, all) in book.by_currency() {
        let _ = write!(out, "\n{:<36}", currency);
        columns.iter().for_each(|(heading, _)| out += &format!("{heading:>13}"));
        out.push('\n');
        for ((rule, _), moves) in book.by_rule.iter().filter(|((_, of), _)| *of == currency) {
            lines(&mut out, &format!("{rule} {}", name(rule)), moves, &currency, &columns);
        }
        lines(&mut out, "all", &all, &currency, &columns);
    }
    out.push_str(match (book.by_rule.is_empty(), book.by_rule.values().all(Moves::ties)) {
        (true, _) => "\nNeither run has any exception.\n",
        (_, true) => "\nopening + new + back - resolved +- changed = closing, in counts and in money: holds\n",
        (_, false) => {
            "\nopening + new + back - resolved +- changed = closing: does NOT hold, a mistake of avstem itself\n"
        }
    });
    out
}

/// Writes a line of counts, and below it one of amounts unless all are zero.
fn lines(out: &mut String, heading: &str, moves: &Moves, currency: &str, columns: &[Column]) {
    let _ = write!(out, "  {heading:<34}");
    columns.iter().for_each(|(_, of)| *out += &format!("{:>13}", grouped(of(moves).count.into(), 0)));
    out.push('\n');
    if columns.iter().any(|(_, of)| of(moves).delta != 0) {
        let _ = write!(out, "{:<36}", "");
        let exponent = display_exponent(Some(currency));
        columns.iter().for_each(|(_, of)| *out += &format!("{:>13}", grouped(of(moves).delta, exponent)));
        out.push('\n');
    }
}
