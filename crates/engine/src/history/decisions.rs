//! What people decided on the exceptions of a run, in the columns of report.xlsx that are theirs to fill in.
//!
//! A decision is about an exception as it was seen. The fingerprint in its row says how that was; where the run says
//! something else by now, the decision is not taken, and whoever made it is told.

use std::collections::BTreeMap;
use std::fmt;

use avstem_core::model::display::visible;
use avstem_core::model::instant::Instant;

use super::{Field, Past, PastError};
use crate::config::{NewEntry, Required};
use crate::io::workbook::{Columns, TableRow};

/// The decisions that there are; a row without one says nothing.
pub const WORDS: [&str; 3] = ["accept", "investigate", "fixed"];

/// The columns that people fill in. The first holds the decision, the last the last day of an acceptance.
pub const OURS: [&str; 4] = ["decision", "owner", "comment", "expires"];

/// The table that is read back.
pub const COLUMNS: Columns<'static> = Columns {
    names: &["exception_id", "fingerprint", OURS[0], OURS[1], OURS[2], OURS[3]],
    needed: 3,
    filled: 2,
    day: 5,
};

/// Characters of a cell that a message repeats.
const LONGEST: usize = 40;

/// A finding of a run, as far as a decision needs it.
#[derive(Clone, Debug)]
pub struct KnownFinding {
    /// What it says.
    pub fingerprint: String,
    /// What it comes to, without its sign.
    pub amount: u64,
}

/// What holds for rows that leave a column empty, and what an acceptance has to say.
#[derive(Clone, Copy, Debug)]
pub struct Terms<'t> {
    /// Who answers for it.
    pub owner: Option<&'t str>,
    /// Why it is accepted.
    pub reason: Option<&'t str>,
    /// The last day.
    pub expires: Option<&'t str>,
    /// What every acceptance has to say.
    pub required: Required,
    /// The as-of of the run.
    pub as_of: Option<Instant>,
}

/// Why a row is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It is none of the decisions.
    Word(String),
    /// The run has no exception of this name.
    Unknown,
    /// The run had one: what became of it.
    Gone(String),
    /// The exception says something else now.
    Changed,
    /// The exception stands in several rows that are filled in.
    Twice,
    /// Nothing says so much of it.
    Missing(&'static str),
    /// The last day is none of the calendar.
    NoDay(String),
    /// The last day is over at the as-of.
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

/// A text of the workbook in a message.
fn brief(text: &str) -> String {
    let end = text.char_indices().nth(LONGEST).map_or(text.len(), |(at, _)| at);
    format!("{}{}", visible(&text[..end]), if end < text.len() { "…" } else { "" })
}

/// A row that is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Where it stands.
    pub sheet: String,
    /// Its number in the sheet.
    pub number: u32,
    /// The exception's id, as it stands there.
    pub exception: String,
    pub why: Refusal,
}

/// What becomes of the rows of a workbook.
#[derive(Clone, Debug, Default)]
pub struct Decided {
    /// The acceptances, in the order of the rows.
    pub accepted: Vec<NewEntry>,
    /// How many are to be looked into, and how many are said to be put right: the report goes on naming them.
    pub others: [u64; 2],
    /// What is not taken.
    pub refused: Vec<Refused>,
}

/// What a run says of exceptions.
#[derive(Debug, Default)]
pub struct Known {
    /// Those that it has.
    pub found: BTreeMap<String, KnownFinding>,
    /// Those that it had and has not any more: the state and the reason.
    pub gone: BTreeMap<String, String>,
}

impl Known {
    /// Reads what a run says of exceptions that `wants` names.
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

/// The exception that a row is about, as a run names it.
pub fn exception_of(row: &TableRow) -> String {
    row.cells[0].to_ascii_lowercase()
}

/// Takes the decisions of a workbook.
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

/// The acceptance of a row.
fn accept(row: &TableRow, exception: String, known: &Known, terms: &Terms<'_>) -> Result<NewEntry, Refusal> {
    let Some(found) = known.found.get(&exception) else {
        return Err(known.gone.get(&exception).cloned().map_or(Refusal::Unknown, Refusal::Gone));
    };
    if !row.cells[1].eq_ignore_ascii_case(&found.fingerprint) {
        return Err(Refusal::Changed);
    }
    let said = |cell: usize, key: &str, column: &'static str, otherwise: Option<&str>| {
        let own = Some(one_line(&row.cells[cell])).filter(|text| !text.is_empty());
        let text = own.or_else(|| otherwise.map(str::to_owned));
        if text.is_none() && terms.required.asks_for(key) { Err(Refusal::Missing(column)) } else { Ok(text) }
    };
    let owner = said(3, "owner", OURS[1], terms.owner)?;
    let reason = said(4, "reason", OURS[2], terms.reason)?;
    let expires = said(5, "expires", OURS[3], terms.expires)?;
    if let Some(day) = &expires {
        last_day(day, terms.as_of)?;
    }
    let fingerprint = found.fingerprint.clone();
    Ok(NewEntry { exception, fingerprint, reason, owner, expires, max_amount: found.amount })
}

/// Whether a text is a day on which an acceptance can end.
///
/// # Errors
///
/// When it is no day, or is over at the as-of.
pub fn last_day(text: &str, as_of: Option<Instant>) -> Result<(), Refusal> {
    let day = if text.len() == 10 { Instant::parse_as_of(text) } else { None };
    match (day, as_of) {
        (None, _) => Err(Refusal::NoDay(text.to_owned())),
        (Some(day), Some(now)) if now > day => Err(Refusal::Over(text.to_owned())),
        _ => Ok(()),
    }
}

/// A text without line ends and other characters that nobody sees.
fn one_line(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}
