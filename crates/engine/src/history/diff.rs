//! Compares any two runs using only their folders.
//!
//! If the newer run was compared with the older one, its files state why each finding is gone.
//! Otherwise its balances show which documents are in its input; findings on other documents count
//! as unseen. Two runs with the same input see the same documents, so any difference is due to the
//! configuration.

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

/// How the inputs of the two runs relate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inputs {
    /// The same files by hash.
    Same,
    Others,
    /// A run has no hashes of its inputs.
    Unknown,
}

/// How to determine what the newer run's input contains.
#[derive(Debug)]
enum Sight {
    /// Everything that the older run saw, because the inputs are the same.
    Whole,
    /// The newer run states the reason for each finding that is gone.
    Stated(BTreeMap<u64, Reason>),
    /// Hashes of the documents in its balances, sorted.
    Balances(Vec<u64>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FindingState {
    There(Change),
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

/// Receives kind and id of a balance.
pub type SeeBalance<'s> = &'s mut dyn FnMut(&str, &str);

/// Two runs; the findings of the older one are held in compact form.
#[derive(Debug)]
pub struct Diff {
    pub old: Baseline,
    pub new: Past,
    sight: Sight,
    /// Whether the newer run knows each finding of the older run, by its index.
    there: Vec<bool>,
}

impl Diff {
    /// Reads both runs. `balances` iterates over kind and id of the newer run's balances; it is
    /// called only if neither the inputs are equal nor the newer run has the older one as its
    /// baseline.
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
            Sight::Stated(stated_reasons(&new)?)
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

    pub fn inputs(&self) -> Inputs {
        inputs(&self.old.past, &self.new)
    }

    /// Whether the older run is the baseline of the newer one.
    pub fn is_chained(&self) -> bool {
        self.new.baseline() == Some(&*self.old.past.manifest_sha256)
    }

    /// The settings that differ: path of the setting, old value, new value.
    pub fn settings(&self) -> Vec<(String, Value, Value)> {
        let mut differences = Vec::new();
        differ("", self.old.past.configuration(), self.new.configuration(), &mut differences);
        differences
    }

    /// Calls `take` for every finding of either run, newer run first, with its comparison to the
    /// older run.
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
                // The newer run does not see it either; its row is a copy carried over from the
                // older run.
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
            if row.is_unseen && matches!(standing.change, Change::Open | Change::Changed) {
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

    /// Why a finding of the older run is unknown to the newer one; `None` if it is known.
    fn gone(&self, row: &EarlierRow<'_>) -> Option<Reason> {
        let id = row.id()?;
        if self.old.place(id).is_some_and(|place| self.there[place]) {
            return None;
        }
        let (then, now) = (self.old.past.configuration(), self.new.configuration());
        let is_seen = match &self.sight {
            Sight::Whole => true,
            Sight::Stated(reasons) => return Some(reasons.get(&id).copied().unwrap_or(Reason::NotInInput)),
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
            Reason::balanced(self.old.past.is_complete())
        })
    }
}

/// The hash of a document id as reports show it. Leading apostrophes are ignored, because a CSV
/// file may have added one.
fn name_in_reports(kind: Kind, id: &str) -> u64 {
    name_of(kind, visible(id).trim_start_matches('\''))
}

/// Whether the balances show that the document of a finding is in the input. Sessions have no
/// balances, so their linked transaction is looked up instead.
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

/// The reasons that a run states for findings of its baseline that are gone.
fn stated_reasons(run: &Past) -> Result<BTreeMap<u64, Reason>, PastError> {
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

/// Collects the differences of two JSON values with their paths.
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

/// Change of the difference between the runs; for a finding that is gone, minus its difference.
pub fn moved(row: &EarlierRow<'_>, state: FindingState, standing: &Standing<'_>) -> Sum {
    match state {
        FindingState::There(Change::New) => row.delta(),
        FindingState::There(_) => row.delta() - standing.delta,
        FindingState::Gone(_) => -row.delta(),
    }
}
