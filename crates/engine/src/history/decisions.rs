//! Decisions on the exceptions of a run, read from the columns of report.xlsx that users fill in.
//!
//! A decision applies to an exception as it was when the workbook was made. If its fingerprint has
//! changed in the run since, the decision is refused and reported.

use std::collections::BTreeMap;
use std::fmt;

use avstem_core::model::display::visible;
use avstem_core::model::instant::Instant;

use super::{Field, Past, PastError};
use crate::config::{NewEntry, Required};
use crate::io::workbook::{Columns, TableRow};

/// The possible decisions. Rows without a decision are ignored.
pub const WORDS: [&str; 3] = ["accept", "investigate", "fixed"];

/// The columns that users fill in. The first holds the decision, the last the last day of an
/// acceptance.
pub const USER_COLUMNS: [&str; 4] = ["decision", "owner", "comment", "expires"];

/// The columns to read back.
pub const COLUMNS: Columns<'static> = Columns {
    names: &["exception_id", "fingerprint", USER_COLUMNS[0], USER_COLUMNS[1], USER_COLUMNS[2], USER_COLUMNS[3]],
    needed: 3,
    filled: 2,
    day: 5,
};

/// Maximum characters of a cell repeated in a message.
const LONGEST: usize = 40;

/// The fields of a finding that a decision needs.
#[derive(Clone, Debug)]
pub struct KnownFinding {
    pub fingerprint: String,
    /// The magnitude of its amount.
    pub amount: u64,
}

/// Defaults for rows with empty columns, and the columns that an acceptance requires.
#[derive(Clone, Copy, Debug)]
pub struct Terms<'t> {
    pub owner: Option<&'t str>,
    pub reason: Option<&'t str>,
    /// The last day of an acceptance.
    pub expires: Option<&'t str>,
    /// The columns that every acceptance must have.
    pub required: Required,
    pub as_of: Option<Instant>,
}

/// Why a row is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The text is not a known decision.
    Word(String),
    /// The run has no exception with this id.
    Unknown,
    /// The exception is gone; contains its state and reason.
    Gone(String),
    /// The fingerprint of the exception has changed.
    Changed,
    /// Several filled-in rows have this exception.
    Twice,
    /// A required column is empty and has no default.
    Missing(&'static str),
    /// The text is not a calendar day.
    NoDay(String),
    /// The last day is before the as-of.
    Over(String),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Word(word) => {
                write!(f, "expected {} or nothing as decision, found \"{}\"", WORDS.join(", "), brief(word))
            }
            Refusal::Unknown => f.write_str("the run has no such exception"),
            Refusal::Gone(state) => write!(f, "the run does not have it any more: it is {state}"),
            Refusal::Changed => {
                f.write_str("it has changed since the workbook was made: look at what the run says of it now")
            }
            Refusal::Twice => f.write_str("more than one row decides on it"),
            Refusal::Missing(column) => write!(f, "the column {column} is empty, and an acceptance has to say it"),
            Refusal::NoDay(text) => write!(f, "expected a day like 2026-12-31, found \"{}\"", brief(text)),
            Refusal::Over(day) => write!(f, "its last day {day} is over when the run is judged"),
        }
    }
}

/// A cell's text, shortened for a message.
fn brief(text: &str) -> String {
    let end = text.char_indices().nth(LONGEST).map_or(text.len(), |(at, _)| at);
    format!("{}{}", visible(&text[..end]), if end < text.len() { "…" } else { "" })
}

/// A refused row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    pub sheet: String,
    /// Its row number in the sheet.
    pub number: u32,
    /// The exception id as written in the row.
    pub exception: String,
    pub why: Refusal,
}

/// The result for all rows of a workbook.
#[derive(Clone, Debug, Default)]
pub struct Decided {
    /// Acceptances in row order.
    pub accepted: Vec<NewEntry>,
    /// Numbers of exceptions to investigate and of those marked as fixed; reports still list both.
    pub others: [u64; 2],
    pub refused: Vec<Refused>,
}

/// The exceptions that a run knows.
#[derive(Debug, Default)]
pub struct Known {
    /// Exceptions of the run, by id.
    pub found: BTreeMap<String, KnownFinding>,
    /// Exceptions that are gone, by id: state and reason.
    pub gone: BTreeMap<String, String>,
}

impl Known {
    /// Reads the exceptions for which `wants` returns true.
    ///
    /// # Errors
    ///
    /// When its files cannot be read.
    pub fn read(run: &Past, wants: &dyn Fn(&str) -> bool) -> Result<Known, PastError> {
        let mut known = Known::default();
        run.table("exceptions.csv", &mut |row| {
            if let Some(id) = row.text(Field::ExceptionId).filter(|id| wants(id)) {
                let amount = row.magnitude().unsigned_abs().min(i64::MAX as u128) as u64;
                let fingerprint = row.text(Field::Fingerprint).unwrap_or_default().to_owned();
                known.found.insert(id.to_owned(), KnownFinding { fingerprint, amount });
            }
            Ok(())
        })?;
        if run.has("resolved.csv") {
            run.table("resolved.csv", &mut |row| {
                if let Some(id) = row.text(Field::ExceptionId).filter(|id| wants(id)) {
                    let word = |field| row.text(field).unwrap_or_default();
                    known.gone.insert(id.to_owned(), format!("{} ({})", word(Field::State), word(Field::Reason)));
                }
                Ok(())
            })?;
        }
        Ok(known)
    }
}

/// The exception id of a row in the case that runs use.
pub fn exception_of(row: &TableRow) -> String {
    row.cells[0].to_ascii_lowercase()
}

/// Applies the decisions of a workbook.
pub fn decide(rows: &[TableRow], known: &Known, terms: &Terms<'_>) -> Decided {
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    rows.iter().for_each(|row| *times.entry(exception_of(row)).or_default() += 1);
    let mut decided = Decided::default();
    for row in rows {
        let refused = |why| {
            let exception = brief(&row.cells[0]);
            Refused { sheet: row.sheet.clone(), number: row.number, exception, why }
        };
        let exception = exception_of(row);
        let decision = WORDS.iter().position(|word| word.eq_ignore_ascii_case(&row.cells[COLUMNS.filled]));
        let Some(decision) = decision else {
            decided.refused.push(refused(Refusal::Word(row.cells[COLUMNS.filled].clone())));
            continue;
        };
        if times[&exception] > 1 {
            decided.refused.push(refused(Refusal::Twice));
        } else if let Some(other) = decision.checked_sub(1) {
            decided.others[other] += 1;
        } else {
            match accept(row, exception, known, terms) {
                Ok(entry) => decided.accepted.push(entry),
                Err(why) => decided.refused.push(refused(why)),
            }
        }
    }
    decided
}

/// The acceptance that a row asks for.
fn accept(row: &TableRow, exception: String, known: &Known, terms: &Terms<'_>) -> Result<NewEntry, Refusal> {
    let Some(found) = known.found.get(&exception) else {
        return Err(known.gone.get(&exception).cloned().map_or(Refusal::Unknown, Refusal::Gone));
    };
    if !row.cells[1].eq_ignore_ascii_case(&found.fingerprint) {
        return Err(Refusal::Changed);
    }
    let cell_or = |cell: usize, key: &str, column: &'static str, otherwise: Option<&str>| {
        let own = Some(one_line(&row.cells[cell])).filter(|text| !text.is_empty());
        let text = own.or_else(|| otherwise.map(str::to_owned));
        if text.is_none() && terms.required.asks_for(key) { Err(Refusal::Missing(column)) } else { Ok(text) }
    };
    let owner = cell_or(3, "owner", USER_COLUMNS[1], terms.owner)?;
    let reason = cell_or(4, "reason", USER_COLUMNS[2], terms.reason)?;
    let expires = cell_or(5, "expires", USER_COLUMNS[3], terms.expires)?;
    if let Some(day) = &expires {
        last_day(day, terms.as_of)?;
    }
    let fingerprint = found.fingerprint.clone();
    Ok(NewEntry { exception, fingerprint, reason, owner, expires, max_amount: found.amount })
}

/// Checks that a text is a valid last day of an acceptance.
///
/// # Errors
///
/// If it is not a day, or is over at the as-of.
pub fn last_day(text: &str, as_of: Option<Instant>) -> Result<(), Refusal> {
    let day = if text.len() == 10 { Instant::parse_as_of(text) } else { None };
    match (day, as_of) {
        (None, _) => Err(Refusal::NoDay(text.to_owned())),
        (Some(day), Some(now)) if now > day => Err(Refusal::Over(text.to_owned())),
        _ => Ok(()),
    }
}

/// Replaces line ends and other control characters by blanks, and joins blanks.
fn one_line(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}
