//! Any two runs against each other, from their folders alone.
//!
//! When the newer run was itself held against the older one, it says why a finding is gone. Otherwise its balances
//! say whether the document is in its input; what they cannot show to be there counts as unseen. Two runs over the same
//! input see the same documents: what differs then is the work of the configuration.

use std::collections::BTreeMap;
use std::io;

use avstem_core::model::card::{Kind, Need};
use avstem_core::model::display::visible;
use avstem_core::model::evidence::name_of;
use avstem_core::model::instant::Instant;
use avstem_core::model::money::Sum;
use avstem_core::rules::find;
use serde_json::Value;

use super::baseline::{Baseline, Change, Standing};
use super::field::Field;
use super::moves::MoveBook;
use super::past::{EarlierRow, Past, PastError};
use super::reason::Reason;
use super::rule_setting::RuleSetting;

/// How the newer run's input stands to the older one's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inputs {
    /// The same files, by their hashes.
    Same,
    Others,
    /// A run has no hashes of its inputs.
    Unknown,
}

/// How it is known what is in the newer run's input.
#[derive(Debug)]
enum Sight {
    /// All that the older run saw: its input is the same.
    Whole,
    /// The newer run says why each finding is gone.
    Told(BTreeMap<u64, Reason>),
    /// The names of what its balances show, sorted.
    Balances(Vec<u64>),
}

/// What became of one finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FindingState {
    /// It is there.
    There(Change),
    /// It is gone.
    Gone(Reason),
}

impl FindingState {
    /// The word in reports.
    pub const fn word(self) -> &'static str {
        match self {
            FindingState::There(change) => change.word(),
            FindingState::Gone(reason) => reason.fate().word(),
        }
    }
}

/// Sees kind and id of a balance.
pub type SeeBalance<'s> = &'s mut dyn FnMut(&str, &str);

/// Two runs, the findings of the older one in short.
#[derive(Debug)]
pub struct Diff {
    /// The older run.
    pub old: Baseline,
    /// The newer run.
    pub new: Past,
    sight: Sight,
    /// Which findings of the older run are known to the newer one.
    there: Vec<bool>,
}

impl Diff {
    /// Brings two runs together. `balances` shows kind and id of each balance of the newer run, and is asked only where
    /// nothing better is known.
    ///
    /// # Errors
    ///
    /// When a folder cannot be read.
    pub fn new(
        old: Past,
        new: Past,
        balances: &dyn Fn(&Past, SeeBalance<'_>) -> Result<(), PastError>,
    ) -> Result<Diff, PastError> {
        let old = Baseline::read(old, &Instant::day)?;
        let sight = if inputs(&old.past, &new) == Inputs::Same {
            Sight::Whole
        } else if new.baseline() == Some(&*old.past.manifest_sha256) {
            Sight::Told(told(&new)?)
        } else {
            let mut seen = Vec::new();
            balances(&new, &mut |kind, id| {
                let kind = Kind::ALL.into_iter().find(|known| known.word() == kind);
                seen.extend(kind.map(|kind| name_in_reports(kind, id)));
            })?;
            seen.sort_unstable();
            Sight::Balances(seen)
        };
        let mut there = vec![false; old.len()];
        new.visit(&mut |row| {
            row.id().and_then(|id| old.place(id)).into_iter().for_each(|place| there[place] = true);
            Ok(())
        })?;
        Ok(Diff { old, new, sight, there })
    }

    /// How the inputs stand to each other.
    pub fn inputs(&self) -> Inputs {
        inputs(&self.old.past, &self.new)
    }

    /// Whether the newer run was held against the older one.
    pub fn is_chained(&self) -> bool {
        self.new.baseline() == Some(&*self.old.past.manifest_sha256)
    }

    /// What the configurations say differently: the setting, then both values.
    pub fn settings(&self) -> Vec<(String, Value, Value)> {
        let mut differences = Vec::new();
        differ("", self.old.past.configuration(), self.new.configuration(), &mut differences);
        differences
    }

    /// Shows every finding of either run, those of the newer one first, with how far it was and is off.
    ///
    /// # Errors
    ///
    /// When a folder cannot be read, or `take` fails.
    pub fn visit(
        &self,
        take: &mut dyn FnMut(&EarlierRow<'_>, FindingState, &Standing<'_>) -> io::Result<()>,
    ) -> Result<(), PastError> {
        self.new.visit(&mut |row| {
            let standing = self.old.standing_of(row);
            let state = match standing.change {
                // The newer run does not see it either: it is kept in mind with what it said.
                Change::Open | Change::Changed if row.is_unseen => FindingState::Gone(Reason::NotInInput),
                change => FindingState::There(change),
            };
            take(row, state, &standing)
        })?;
        self.old.past.visit(&mut |row| match self.gone(row) {
            Some(reason) => take(row, FindingState::Gone(reason), &self.old.standing_of(row)),
            None => Ok(()),
        })
    }

    /// Counts and sums by rule and currency.
    ///
    /// # Errors
    ///
    /// When a folder cannot be read.
    pub fn book(&self) -> Result<MoveBook, PastError> {
        let mut book = MoveBook::default();
        self.new.visit(&mut |row| {
            let standing = self.old.standing_of(row);
            let (rule, currency) = (row.rule(), row.text(Field::Currency));
            if row.is_unseen && standing.change != Change::New {
                book.unseen(rule, currency, row.delta());
            } else {
                book.there(rule, currency, row.delta(), &standing);
            }
            Ok(())
        })?;
        self.old.past.visit(&mut |row| {
            book.earlier(row.rule(), row.text(Field::Currency), row.delta(), self.gone(row));
            Ok(())
        })?;
        Ok(book)
    }

    /// Why a finding of the older run is not known to the newer one; none when it is.
    fn gone(&self, row: &EarlierRow<'_>) -> Option<Reason> {
        let id = row.id()?;
        if self.old.place(id).is_some_and(|place| self.there[place]) {
            return None;
        }
        let (then, now) = (self.old.past.configuration(), self.new.configuration());
        let is_seen = match &self.sight {
            Sight::Whole => true,
            Sight::Told(reasons) => return Some(reasons.get(&id).copied().unwrap_or(Reason::NotInInput)),
            Sight::Balances(seen) => is_in_balances(row, seen),
        };
        let Some(card) = find(row.rule()).map(|rule| rule.card) else { return Some(Reason::RuleOff) };
        Some(if now["rules"][card.code] == "off" {
            Reason::RuleOff
        } else if !is_seen {
            Reason::NotInInput
        } else if RuleSetting::of(card, then) != RuleSetting::of(card, now) {
            Reason::RuleChanged
        } else {
            Reason::Balanced
        })
    }
}

/// The name of a document by its id as reports show it; an apostrophe at its beginning, which may be one of a CSV file's
/// own, does not count.
fn name_in_reports(kind: Kind, id: &str) -> u64 {
    name_of(kind, visible(id).trim_start_matches('\''))
}

/// Whether balances show that what a finding is about is in the input. Sessions have none: the transaction that they
/// are linked to speaks for them.
fn is_in_balances(row: &EarlierRow<'_>, seen: &[u64]) -> bool {
    let has =
        |kind: Kind, id: Option<&str>| id.is_some_and(|id| seen.binary_search(&name_in_reports(kind, id)).is_ok());
    let names_a_missing_one = find(row.rule()).is_some_and(|rule| rule.card.needs == Need::Transactions);
    let transaction = row.text(Field::TransactionId);
    match row.text(Field::Kind).and_then(|word| Kind::ALL.into_iter().find(|kind| kind.word() == word)) {
        Some(Kind::Session) => has(Kind::Transaction, transaction),
        Some(Kind::Order) if transaction.is_some() && !names_a_missing_one => {
            has(Kind::Order, row.text(Field::Id)) && has(Kind::Transaction, transaction)
        }
        Some(kind) => has(kind, row.text(Field::Id)),
        None => false,
    }
}

/// The reasons that a run gives for what is gone against its baseline.
fn told(run: &Past) -> Result<BTreeMap<u64, Reason>, PastError> {
    let mut reasons = BTreeMap::new();
    run.table("resolved.csv", &mut |row| {
        let id = row.text(Field::ExceptionId).and_then(super::number);
        let reason = row.text(Field::Reason).and_then(Reason::named);
        reasons.extend(id.zip(reason));
        Ok(())
    })?;
    Ok(reasons)
}

fn inputs(old: &Past, new: &Past) -> Inputs {
    let hashes = |run: &Past| {
        let mut hashes: Vec<String> = run.inputs().map(|(_, hash)| hash.to_owned()).collect();
        hashes.sort_unstable();
        hashes
    };
    let (old, new) = (hashes(old), hashes(new));
    if old.is_empty() || new.is_empty() {
        Inputs::Unknown
    } else if old == new {
        Inputs::Same
    } else {
        Inputs::Others
    }
}

/// Where two JSON values differ, by the path to it.
fn differ(path: &str, old: &Value, new: &Value, out: &mut Vec<(String, Value, Value)>) {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            let keys: std::collections::BTreeSet<&String> = old.keys().chain(new.keys()).collect();
            for key in keys {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                differ(&path, old.get(key).unwrap_or(&Value::Null), new.get(key).unwrap_or(&Value::Null), out);
            }
        }
        (old, new) if old != new => out.push((path.to_owned(), old.clone(), new.clone())),
        _ => {}
    }
}

/// By how much a finding moved between the runs: of one that is gone, what it was off.
pub fn moved(row: &EarlierRow<'_>, state: FindingState, standing: &Standing<'_>) -> Sum {
    match state {
        FindingState::There(Change::New) => row.delta(),
        FindingState::There(_) => row.delta() - standing.delta,
        FindingState::Gone(_) => -row.delta(),
    }
}
