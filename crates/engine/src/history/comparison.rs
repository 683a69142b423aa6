//! Tonight held against an earlier night: every finding of either is in one of five states, and counts and sums tie.

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

/// A finding of the baseline that is not there any more.
pub struct Gone<'r> {
    /// Its row in the earlier run.
    pub row: &'r EarlierRow<'r>,
    /// Why.
    pub reason: Reason,
    /// The day of the instant at which it was first seen.
    pub first_day: Option<i64>,
}

/// Tonight held against an earlier night.
#[derive(Debug)]
pub struct Comparison {
    /// The earlier night.
    pub baseline: Arc<Baseline>,
    /// What moved.
    pub moves: MoveBook,
    /// Which of the baseline's findings are there tonight, by their places.
    there: Vec<bool>,
    /// The evidence that was met, sorted.
    met: Vec<u64>,
    facts: Facts,
    settings: Settings,
    /// Stable names of what is waiting, sorted.
    waiting: Vec<u64>,
}

/// What tonight's run knows beside its findings.
pub struct Tonight<'t> {
    /// The evidence that was met.
    pub met: Vec<u64>,
    /// The facts of the input.
    pub facts: &'t Facts,
    /// The rules' settings.
    pub settings: &'t Settings,
    /// Stable names of what is waiting, in any order.
    pub waiting: Vec<u64>,
}

impl Comparison {
    /// A comparison without tonight's findings, which [`Comparison::see`] takes one by one.
    pub fn new(baseline: Arc<Baseline>, tonight: Tonight<'_>) -> Comparison {
        let Tonight { mut met, facts, settings, mut waiting } = tonight;
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

    /// Counts a finding of tonight.
    pub fn see(&mut self, finding: &Finding) {
        let standing = self.baseline.standing(finding);
        let (rule, currency) = (finding.card.code, finding.subject.currency.as_deref());
        self.moves.there(rule, currency, reported_delta(finding), &standing);
        if let Some(place) = standing.place {
            self.there[place] = true;
        }
    }

    /// Counts what the baseline has, and what of it is gone; to be called when all findings were seen.
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

    /// Shows every finding of the baseline that is not there any more, in the order of its reports.
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

    /// Why a finding of the baseline is not there any more; none when it is.
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
            Reason::Balanced
        })
    }
}
