//! Many nights in a row, as a text table and as CSV.

use std::fmt::Write as _;
use std::io;

use avstem_core::model::display::{grouped, visible};
use avstem_core::model::instant::format_day;

use super::delimited::{CsvTable, Dialect};
use crate::frame::column::{cell, columns};
use crate::history::ageing::BUCKETS;
use crate::history::nights::{History, Night, Oddity};

struct Row<'r> {
    night: &'r Night,
    measure: &'static str,
    of: &'r str,
    value: u64,
}

columns! {
    /// The columns of a history as CSV.
    pub const HISTORY, fn row<'r>(h: Row<'r>);
    "as_of" Time "The instant that the night was judged at." => cell::time(h.night.past.as_of);
    "run" Text "The run folder." => cell::made(Some(visible(&h.night.past.path().display().to_string()).into_owned()));
    "measure" Text "findings, accepted, new, back, resolved (put right), unseen (of a rule); open (of an age); resolved_within (of an age)." => cell::raw(h.measure);
    "of" Text "The rule's code, or the age in days." => cell::raw(h.of);
    "value" Integer "How many." => cell::count(h.value);
}

/// Writes one row per night, measure, and rule or age.
pub fn csv(history: &History) -> io::Result<Vec<u8>> {
    let mut table = CsvTable::new(Vec::new(), HISTORY, Dialect::Plain)?;
    for night in &history.nights {
        let mut push = |measure, of, value| table.push(&row(&Row { night, measure, of, value }));
        for (rule, of) in &night.rules {
            let measures = [
                ("findings", of.findings),
                ("accepted", of.accepted),
                ("new", of.new),
                ("back", of.back),
                ("resolved", of.resolved),
                ("unseen", of.unseen),
            ];
            for (measure, value) in measures {
                push(measure, rule, value)?;
            }
        }
        for ((name, last), value) in BUCKETS.iter().zip(night.ages) {
            push("open", name, value)?;
            let first = BUCKETS.iter().map(|(_, before)| *before).filter(|before| before < last).max().unwrap_or(-1);
            let within = night.days_to_resolve.iter().filter(|days| (first + 1..=*last).contains(*days));
            push("resolved_within", name, within.count() as u64)?;
        }
    }
    Ok(table.finish()?.writer)
}

/// Maximum number of partial overlaps that are listed one by one; more are normal for the exports,
/// and are summarised in one sentence.
const OVERLAPS: usize = 3;

/// Returns the oddities of the nights as sentences.
pub fn notes(history: &History) -> Vec<String> {
    let is_part = |oddity: &&Oddity| matches!(oddity, Oddity::Overlap(..));
    let parts: Vec<&Oddity> = history.oddities.iter().filter(is_part).collect();
    let is_habit = parts.len() > OVERLAPS;
    let shown = history.oddities.iter().filter(|oddity| !(is_habit && is_part(oddity)));
    let mut notes: Vec<String> = shown.map(|oddity| sentence(oddity, history)).collect();
    let counts =
        parts.iter().filter_map(|part| if let Oddity::Overlap(_, _, count) = part { Some(*count) } else { None });
    if let Some((fewest, most)) = counts.clone().min().zip(counts.max()).filter(|_| is_habit) {
        notes.push(format!(
            "exports overlap: {} times a run read some of the files that one before it had read, {fewest} to {most} of them",
            parts.len()
        ));
    }
    notes
}

/// Returns an oddity as a sentence.
fn sentence(oddity: &Oddity, history: &History) -> String {
    let name = |at: usize| history.nights[at].name();
    let files = |count: usize| if count == 1 { "1 file".to_owned() } else { format!("{count} files") };
    match oddity {
        Oddity::Missing(first, last) if first == last => format!("no run is of {}", format_day(*first)),
        Oddity::Missing(first, last) => format!("no run is of {} to {}", format_day(*first), format_day(*last)),
        Oddity::Twice(day) => format!("two runs are of {}", format_day(*day)),
        Oddity::Unchained(at) => format!("{} was not held against the run before it", name(*at)),
        Oddity::Incomplete(at) => format!("the input of {} was not complete", name(*at)),
        Oddity::Noticed(at, notice) => {
            format!("{}: {}", name(*at), history.nights[*at].past.summary.notices[*notice].sentence())
        }
        Oddity::Overlap(before, at, count) => {
            format!("{} read {} that {} had read", name(*at), files(*count), name(*before))
        }
    }
}

/// Returns the nights as a text table.
pub fn table(history: &History) -> String {
    let mut out = String::new();
    let headings = ["findings", "accepted", "new", "back", "put right", "unseen"];
    // Writing to a String cannot fail.
    let name = |night: &Night| night.name();
    let width = history.nights.iter().map(|night| name(night).chars().count()).max().unwrap_or(0).max(10) + 2;
    let _ = write!(out, "{:<width$}", "night");
    headings.iter().for_each(|heading| out += &format!("{heading:>12}"));
    out.push('\n');
    for night in &history.nights {
        let all = night.all();
        let _ = write!(out, "{:<width$}", name(night));
        let counts = [all.findings, all.accepted, all.new, all.back, all.resolved, all.unseen];
        counts.iter().for_each(|count| out += &format!("{:>12}", grouped((*count).into(), 0)));
        out.push('\n');
    }
    if let Some(days) = history.median_days() {
        let parts: Vec<String> = BUCKETS
            .iter()
            .zip(history.resolved_within())
            .map(|((name, _), count)| format!("{} in {name}", grouped(count.into(), 0)))
            .collect();
        let _ = writeln!(out, "\nPut right  {}; half of them within {days} days", parts.join(", "));
    }
    for (at, note) in notes(history).iter().enumerate() {
        let _ = writeln!(out, "{}{note}", if at == 0 { "\nNote       " } else { "           " });
    }
    out
}
