//! Comparison of this run with an earlier one. Every finding of either run has one of five states,
//! and counts and sums reconcile.

use std::io;
use std::sync::Arc;

use avstem_core::model::evidence::is_met;
use avstem_core::model::finding::Finding;
use avstem_core::model::settings::{Facts, Settings};
use avstem_core::rules::find;

use super::baseline::Baseline;
use super::field::Field;
use super::moves::MoveBook;
use super::past::{EarlierRow, PastError};
use super::reason::Reason;
use super::reported_delta;
use super::rule_setting::RuleSetting;

/// A finding of the baseline that is gone.
pub struct Gone<'r> {
    /// Its row in the earlier run.
    pub row: &'r EarlierRow<'r>,
    pub reason: Reason,
    /// The day on which it was first seen.
    pub first_day: Option<i64>,
}

/// The comparison of this run with the baseline.
#[derive(Debug)]
pub struct Comparison {
    pub baseline: Arc<Baseline>,
    /// Counts and sums of what became of findings.
    pub moves: MoveBook,
    /// Whether each finding of the baseline is in this run, by its index.
    there: Vec<bool>,
    /// Hashes of the evidence found in the input, sorted.
    met: Vec<u64>,
    facts: Facts,
    settings: Settings,
    /// Exception ids of waiting findings, sorted.
    waiting: Vec<u64>,
}

/// Data of this run besides its findings.
pub struct CurrentRun<'t> {
    /// The evidence found in the input, in any order.
    pub met: Vec<u64>,
    pub facts: &'t Facts,
    pub settings: &'t Settings,
    /// Exception ids of waiting findings, in any order.
    pub waiting: Vec<u64>,
}

impl Comparison {
    /// A comparison without findings; [`Comparison::see`] adds them one by one.
    pub fn new(baseline: Arc<Baseline>, tonight: CurrentRun<'_>) -> Comparison {
        let CurrentRun { mut met, facts, settings, mut waiting } = tonight;
        met.sort_unstable();
        met.dedup();
        waiting.sort_unstable();
        Comparison {
            there: vec![false; baseline.len()],
            baseline,
            moves: MoveBook::default(),
            met,
            facts: *facts,
            settings: settings.clone(),
            waiting,
        }
    }

    pub fn see(&mut self, finding: &Finding) {
        let standing = self.baseline.standing(finding);
        let (rule, currency) = (finding.card.code, finding.subject.currency.as_deref());
        self.moves.there(rule, currency, reported_delta(finding), &standing);
        if let Some(place) = standing.place {
            self.there[place] = true;
        }
    }

    /// Counts the findings of the baseline, and those that are gone. Call it after the last
    /// [`Comparison::see`].
    ///
    /// # Errors
    ///
    /// When the baseline's files cannot be read again.
    pub fn settle(&mut self) -> Result<(), PastError> {
        let mut moves = std::mem::take(&mut self.moves);
        self.baseline.past.visit(&mut |row| {
            moves.earlier(row.rule(), row.text(Field::Currency), row.delta(), self.reason(row));
            Ok(())
        })?;
        self.moves = moves;
        Ok(())
    }

    /// Calls `take` for every finding of the baseline that is gone, in the order of its reports.
    ///
    /// # Errors
    ///
    /// When the baseline's files cannot be read again, or `take` fails.
    pub fn visit_gone(&self, take: &mut dyn FnMut(&Gone<'_>) -> io::Result<()>) -> Result<(), PastError> {
        self.baseline.past.visit(&mut |row| match self.reason(row) {
            Some(reason) => take(&Gone { row, reason, first_day: self.baseline.first_day(row) }),
            None => Ok(()),
        })
    }

    /// Why a finding of the baseline is gone; `None` if it is still there.
    fn reason(&self, row: &EarlierRow<'_>) -> Option<Reason> {
        let id = row.id()?;
        if self.baseline.place(id).is_some_and(|place| self.there[place]) {
            return None;
        }
        let Some(card) = find(row.rule()).map(|rule| rule.card) else { return Some(Reason::RuleOff) };
        Some(if self.settings.severity(card).is_none() {
            Reason::RuleOff
        } else if !is_met(row.text(Field::Evidence).unwrap_or_default(), &self.met, &self.facts) {
            Reason::NotInInput
        } else if self.waiting.binary_search(&id).is_ok() {
            Reason::Waiting
        } else if RuleSetting::of(card, self.baseline.past.configuration())
            != RuleSetting::resolved(card, &self.settings)
        {
            Reason::RuleChanged
        } else {
            Reason::balanced(self.baseline.past.is_complete())
        })
    }
}
