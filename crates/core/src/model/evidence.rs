//! Evidence: what a finding rests on, and whether a later run's input still has it.
//!
//! A finding that disappears counts as resolved only if everything that it rested on is in the
//! input: an export covers a limited period, and a document that left it was not corrected.
//! Evidence is a text of parts, separated by blanks:
//!
//! * `t:<name><state>`, `s:`, `r:`: a transaction, session, settlement report
//! * `o:<name>[<state>]/<given>/<operation>,<operation>…`: an order with its collections
//! * `t+<name>=<content>,<content>…`, `o+`, `s+`, `r+`: the other copies of a document
//! * `h:<name><state>`: the header of a settlement, beside its report
//! * `y:<name>`, `b:<name>`: a payout, a bank statement
//! * `b:<name>/<day>..<day>`: statements of the account cover these days
//! * `b:<name>*<count>`: so many statements of a name
//! * `r:<name>*<count>`, `y:`, `b:` with the name of an empty id: the whole input has so many documents of settlements,
//!   records of providers that pay out themselves, bank statements and notifications
//! * `y:<name>/<lines>`: a payout of a provider that pays out itself, with so many lines or more
//! * `p:<name>`: the order's transactions can be compared with it
//! * `has:<what>`: what the whole input has
//! * `?`: too many parts to list; never met
//!
//! A name is a hash of kind and id. A state is `~` for a lesser copy (a partial transaction, a session inside a
//! transaction, a settlement's header), `@` and the update time, `#` and the version, and `=` and a hash of the content
//! where another copy had the same time and version.

use std::fmt::{self, Write};

use serde::{Deserialize, Serialize};

use super::card::{Kind, Need};
use super::instant::Instant;
use super::settings::Facts;

/// With more documents or copies than this, the evidence is [`TOO_MUCH`].
pub const MOST_DOCUMENTS: usize = 16;

/// The id that stands for all documents of a kind; none of them has it.
pub const ALL: &str = "";

/// With more operations of an order than this, the evidence is [`TOO_MUCH`].
pub const MOST_OPERATIONS: usize = 64;

/// The part that is never met.
pub const TOO_MUCH: &str = "?";

/// Which copy of a document or operation was judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CopyState {
    /// Whether the copy is used only if there is no full one.
    pub is_lesser: bool,
    pub updated_at: Option<Instant>,
    pub version: Option<i64>,
    /// A hash of its content; in evidence only where another copy has the same time and version.
    pub content: Option<u64>,
}

impl CopyState {
    /// Whether this copy is the one that was judged then, or a newer one.
    ///
    /// With equal time and version, contents must match if several copies had them then. If there
    /// was only one, a changed content counts as a correction.
    pub fn is_no_older_than(&self, then: &CopyState) -> bool {
        if self.is_lesser != then.is_lesser {
            return then.is_lesser;
        }
        let key = |state: &CopyState| (state.updated_at, state.version);
        key(self) > key(then) || (key(self) == key(then) && (then.content.is_none() || then.content == self.content))
    }

    /// Parses a state at the front of `text`, and advances past it.
    pub fn parse(text: &mut &str) -> Option<CopyState> {
        let mut state = CopyState { is_lesser: take(text, '~').is_some(), ..CopyState::default() };
        if take(text, '@').is_some() {
            state.updated_at = Some(Instant::parse(until(text, &['#', '=', ']', ',']))?);
        }
        if take(text, '#').is_some() {
            state.version = Some(until(text, &['=', ']', ',']).parse().ok()?);
        }
        if take(text, '=').is_some() {
            state.content = Some(take_hash(text)?);
        }
        Some(state)
    }
}

impl fmt::Display for CopyState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_lesser {
            f.write_char('~')?;
        }
        if let Some(at) = self.updated_at {
            write!(f, "@{at}")?;
        }
        if let Some(version) = self.version {
            write!(f, "#{version}")?;
        }
        self.content.map_or(Ok(()), |content| write!(f, "={content:016x}"))
    }
}

fn take(text: &mut &str, mark: char) -> Option<()> {
    *text = text.strip_prefix(mark)?;
    Some(())
}

fn until<'t>(text: &mut &'t str, ends: &[char]) -> &'t str {
    let (taken, rest) = text.split_at(text.find(ends).unwrap_or(text.len()));
    *text = rest;
    taken
}

/// Takes sixteen hexadecimal digits.
pub fn take_hash(text: &mut &str) -> Option<u64> {
    let (digits, rest) = text.split_at_checked(16)?;
    *text = rest;
    u64::from_str_radix(digits, 16).ok()
}

/// The first eight bytes of the BLAKE3 hash of bytes.
pub fn hash(bytes: &[&[u8]]) -> u64 {
    // Copying these few bytes costs less than setting up an incremental hasher.
    let mut first = [0; 8];
    first.copy_from_slice(&blake3::hash(&bytes.concat()).as_bytes()[..8]);
    u64::from_be_bytes(first)
}

/// The hash that names a document in evidence.
pub fn name_of(kind: Kind, id: &str) -> u64 {
    hash(&[&[kind as u8], id.as_bytes()])
}

pub const fn letter(kind: Kind) -> char {
    match kind {
        Kind::Transaction => 't',
        Kind::Order => 'o',
        Kind::Session => 's',
        Kind::Settlement => 'r',
        Kind::Payout => 'y',
        Kind::Bank => 'b',
    }
}

/// The part for a document other than an order.
pub fn document_part(kind: Kind, id: &str, state: &CopyState) -> String {
    format!("{}:{:016x}{state}", letter(kind), name_of(kind, id))
}

/// The part for the header of a settlement beside its report.
pub fn header_part(id: &str, state: &CopyState) -> String {
    format!("h:{:016x}{state}", name_of(Kind::Settlement, id))
}

/// The part stating that statements of an account cover days.
pub fn days_part(account: &str, first: i64, last: i64) -> String {
    format!("{}:{:016x}/{first}..{last}", letter(Kind::Bank), name_of(Kind::Bank, account))
}

/// A part that so many documents meet; of one it is the part itself.
pub fn counted_part(part: String, count: usize) -> String {
    if count > 1 { format!("{part}*{count}") } else { part }
}

/// The part stating that the whole input has so many documents of a kind; empty for none.
pub fn documents_part(kind: Kind, count: usize) -> String {
    if count == 0 { String::new() } else { counted_part(document_part(kind, ALL, &CopyState::default()), count) }
}

/// The first and the last day in a part of [`days_part`], `None` for another part; and how many
/// documents must meet it.
pub fn read_counted_part(part: &str) -> Option<(Option<(i64, i64)>, usize)> {
    let rest = part.get(18..)?;
    let (rest, count) = match rest.split_once('*') {
        Some((rest, count)) => (rest, count.parse().ok()?),
        None => (rest, 1),
    };
    let Some(days) = rest.strip_prefix('/') else { return Some((None, count)) };
    let (first, last) = days.split_once("..")?;
    Some((Some((first.parse().ok()?, last.parse().ok()?)), count))
}

/// The part stating that an order's transactions can be compared with it.
pub fn partners_part(order: &str) -> String {
    format!("p:{:016x}", name_of(Kind::Order, order))
}

/// The part stating that the whole input has what a rule needs.
pub const fn need_part(need: Need) -> Option<&'static str> {
    match need {
        // What names the payout is in the evidence.
        Need::Nothing | Need::Partners | Need::StatedPayouts | Need::ProviderPayouts => None,
        Need::Production => Some("has:production"),
        Need::Transactions => Some("has:transactions"),
        Need::Reports => Some("has:reports"),
        Need::Settlements => Some("has:settlements"),
        Need::Entries => Some("has:entries"),
        Need::Statements => Some("has:statements"),
    }
}

/// The document name in a part; `None` for parts about the whole input.
pub fn name_of_part(part: &str) -> Option<u64> {
    let (mark, mut rest) = part.split_at_checked(2)?;
    if mark.as_bytes()[1] == b':' || mark.as_bytes()[1] == b'+' { take_hash(&mut rest) } else { None }
}

/// The number of a part in lists of met parts.
fn number_of_part(part: &str) -> u64 {
    hash(&[part.as_bytes()])
}

/// Joins parts into evidence, without repeats.
pub fn join<'p>(parts: impl IntoIterator<Item = &'p str>) -> String {
    let mut joined: Vec<&str> = Vec::new();
    for part in parts.into_iter().flat_map(|parts| parts.split(' ')).filter(|part| !part.is_empty()) {
        if !joined.contains(&part) {
            joined.push(part);
        }
    }
    joined.join(" ")
}

/// Whether the input has everything that a finding rested on. `met` has the numbers of the met
/// parts, sorted. Empty evidence is never met.
pub fn is_met(evidence: &str, met: &[u64], facts: &Facts) -> bool {
    let is_there = |part: &str| match part {
        "has:production" => facts.has_production,
        "has:transactions" => facts.has_transactions,
        "has:reports" => facts.has_reports,
        "has:settlements" => facts.has_settlements,
        "has:entries" => facts.has_entries,
        "has:statements" => facts.has_statements,
        _ => met.binary_search(&number_of_part(part)).is_ok(),
    };
    !evidence.is_empty() && evidence.split(' ').all(is_there)
}

/// Evidence parts of an earlier run's findings, by document name.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Wanted {
    text: String,
    /// Name, and the part's start and end in the text.
    parts: Vec<(u64, usize, usize)>,
}

impl Wanted {
    /// Adds the evidence of a finding.
    pub fn add(&mut self, evidence: &str) {
        for part in evidence.split(' ') {
            if let Some(name) = name_of_part(part) {
                let start = self.text.len();
                self.text.push_str(part);
                self.parts.push((name, start, self.text.len()));
            }
        }
    }

    /// Sorts the parts and removes repeats; required before [`Watch::new`].
    pub fn settle(&mut self) {
        let text = &self.text;
        let key = |&(name, start, end): &(u64, usize, usize)| (name, &text[start..end]);
        self.parts.sort_unstable_by(|a, b| key(a).cmp(&key(b)));
        self.parts.dedup_by(|a, b| key(a) == key(b));
    }
}

/// Finds evidence of an earlier run in the current input.
#[derive(Clone, Copy, Debug, Default)]
pub struct Watch<'w> {
    wanted: Option<&'w Wanted>,
}

impl<'w> Watch<'w> {
    /// `wanted` must be settled.
    pub fn new(wanted: &'w Wanted) -> Self {
        Watch { wanted: Some(wanted).filter(|wanted| !wanted.parts.is_empty()) }
    }

    pub fn is_empty(&self) -> bool {
        self.wanted.is_none()
    }

    /// The wanted parts about a document.
    pub fn parts_of(&self, kind: Kind, id: &str) -> impl Iterator<Item = &'w str> {
        let wanted = self.wanted.map(|wanted| {
            let name = name_of(kind, id);
            let start = wanted.parts.partition_point(|(other, ..)| *other < name);
            let of_name = wanted.parts[start..].iter().take_while(move |(other, ..)| *other == name);
            of_name.map(|&(_, start, end)| &wanted.text[start..end])
        });
        wanted.into_iter().flatten()
    }

    /// Adds the numbers of a document's met parts to `met`.
    pub fn note(&self, kind: Kind, id: &str, mut is_met: impl FnMut(&str) -> bool, met: &mut Vec<u64>) {
        if !self.is_empty() {
            met.extend(self.parts_of(kind, id).filter(|part| is_met(part)).map(number_of_part));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Option<Instant> {
        Some(Instant { seconds, nanos: 0 })
    }

    #[test]
    fn a_state_is_read_back() {
        let states = [
            CopyState::default(),
            CopyState { is_lesser: true, ..CopyState::default() },
            CopyState { updated_at: Some(Instant { seconds: 7, nanos: 120_000_000 }), ..CopyState::default() },
            CopyState { version: Some(-3), ..CopyState::default() },
            CopyState { is_lesser: true, updated_at: at(-5), version: Some(i64::MAX), content: Some(0xfe) },
        ];
        for state in states {
            let text = format!("{state}],");
            let mut rest = text.as_str();
            assert_eq!(CopyState::parse(&mut rest), Some(state), "{text}");
            assert_eq!(rest, "],");
        }
    }

    #[test]
    fn no_older_copy_passes_for_the_one_that_was_judged() {
        let then = CopyState { updated_at: at(5), version: Some(2), ..CopyState::default() };
        let passes = |now: CopyState| now.is_no_older_than(&then);
        assert!(passes(then) && passes(CopyState { updated_at: at(6), version: None, ..then }));
        assert!(passes(CopyState { version: Some(3), ..then }));
        assert!(!passes(CopyState { version: Some(1), ..then }));
        assert!(!passes(CopyState { updated_at: None, ..then }));
        assert!(!passes(CopyState { is_lesser: true, updated_at: at(9), ..then }));
        assert!(CopyState::default().is_no_older_than(&CopyState { is_lesser: true, ..then }));
        let one_of_two = CopyState { content: Some(1), ..then };
        assert!(CopyState { content: Some(1), ..then }.is_no_older_than(&one_of_two));
        assert!(!CopyState { content: Some(2), ..then }.is_no_older_than(&one_of_two));
        assert!(CopyState { content: Some(2), version: Some(3), ..then }.is_no_older_than(&one_of_two));
    }

    #[test]
    fn only_what_is_wanted_is_noted_and_all_of_it_is_asked_for() {
        let state = CopyState::default();
        let [a, b] = ["a", "b"].map(|id| document_part(Kind::Transaction, id, &state));
        let both = join([a.as_str(), "has:reports", &b, &a]);
        assert_eq!(both, format!("{a} has:reports {b}"));
        let mut wanted = Wanted::default();
        wanted.add(&both);
        wanted.add(&a);
        wanted.settle();
        let watch = Watch::new(&wanted);
        let mut met = Vec::new();
        watch.note(Kind::Transaction, "c", |_| true, &mut met);
        watch.note(Kind::Order, "a", |_| true, &mut met);
        watch.note(Kind::Transaction, "b", |_| false, &mut met);
        assert!(met.is_empty());
        watch.note(Kind::Transaction, "a", |part| part == a, &mut met);
        let facts = Facts { has_reports: true, ..Facts::default() };
        assert!(is_met(&a, &met, &facts) && !is_met(&both, &met, &facts));
        watch.note(Kind::Transaction, "b", |_| true, &mut met);
        met.sort_unstable();
        assert!(is_met(&both, &met, &facts) && !is_met(&both, &met, &Facts::default()));
        assert!(!is_met("", &met, &facts) && !is_met(TOO_MUCH, &met, &facts));
    }
}
