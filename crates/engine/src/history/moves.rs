//! Counts and sums of findings by what became of them, such that both runs of a comparison
//! reconcile.

use std::collections::BTreeMap;

use avstem_core::model::money::Sum;

use super::baseline::{Change, Standing};
use super::reason::{GoneState, Reason};
use super::shown_currency;

/// A number of findings and the sum of their differences.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub count: u64,
    /// Sum of the differences in minor units.
    pub delta: Sum,
}

impl Tally {
    pub fn add(&mut self, delta: Sum) {
        self.count += 1;
        self.delta += delta;
    }

    pub fn merge(&mut self, other: &Tally) {
        self.count += other.count;
        self.delta += other.delta;
    }
}

/// Changes from an earlier run to this one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moves {
    /// Findings of the earlier run, including its unseen ones.
    pub opening: Tally,
    /// Findings that the earlier run does not have.
    pub new: Tally,
    /// Findings that the earlier run does not have, but whose input was incomplete.
    pub back: Tally,
    /// Findings of both runs with an equal fingerprint.
    pub open: Tally,
    /// Findings of both runs with a different fingerprint; the sum is the change of the amounts.
    pub changed: Tally,
    /// Findings that changed to this currency, minus those that changed to another one.
    pub moved: i64,
    pub resolved: Tally,
    /// Findings whose document is not in the input; they are carried over to later runs.
    pub unseen: Tally,
    /// Findings of this run, including unseen ones.
    pub closing: Tally,
}

impl Moves {
    /// Whether opening + new + back − resolved ± changed = closing, in counts and in amounts. A finding
    /// that changes its currency leaves the sums of one and enters those of the other.
    pub fn ties(&self) -> bool {
        let [opening, new, back, resolved, closing] =
            [self.opening, self.new, self.back, self.resolved, self.closing].map(|tally| i128::from(tally.count));
        let came = self.new.delta + self.back.delta + self.changed.delta;
        opening + new + back - resolved + i128::from(self.moved) == closing
            && self.opening.delta + came == self.resolved.delta + self.closing.delta
    }

    pub fn merge(&mut self, other: &Moves) {
        let Moves { opening, new, back, open, changed, moved, resolved, unseen, closing } = other;
        self.moved += moved;
        self.opening.merge(opening);
        self.new.merge(new);
        self.back.merge(back);
        self.open.merge(open);
        self.changed.merge(changed);
        self.resolved.merge(resolved);
        self.unseen.merge(unseen);
        self.closing.merge(closing);
    }
}

/// Moves by rule code and currency (`XXX` without one).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MoveBook {
    pub by_rule: BTreeMap<(String, String), Moves>,
}

impl MoveBook {
    /// Counts a finding of the current run.
    pub fn there(&mut self, rule: &str, currency: Option<&str>, delta: Sum, standing: &Standing<'_>) {
        if let Some(currency) = standing.from_currency {
            let left = self.of(rule, Some(currency));
            left.moved -= 1;
            left.changed.delta -= standing.delta;
        }
        let moves = self.of(rule, currency);
        match (standing.change, standing.from_currency) {
            (Change::New, _) => moves.new.add(delta),
            (Change::Back, _) => moves.back.add(delta),
            (Change::Open, _) => moves.open.add(delta),
            (Change::Changed, None) => moves.changed.add(delta - standing.delta),
            (Change::Changed, Some(_)) => {
                moves.moved += 1;
                moves.changed.add(delta);
            }
        }
        moves.closing.add(delta);
    }

    /// Counts a finding of the earlier run; `gone` is the reason if it is gone.
    pub fn earlier(&mut self, rule: &str, currency: Option<&str>, delta: Sum, gone: Option<Reason>) {
        let moves = self.of(rule, currency);
        moves.opening.add(delta);
        match gone.map(Reason::fate) {
            Some(GoneState::Resolved) => moves.resolved.add(delta),
            Some(GoneState::Unseen) => {
                moves.unseen.add(delta);
                moves.closing.add(delta);
            }
            None => {}
        }
    }

    /// Counts a finding that is unseen in both runs.
    pub fn unseen(&mut self, rule: &str, currency: Option<&str>, delta: Sum) {
        let moves = self.of(rule, currency);
        moves.unseen.add(delta);
        moves.closing.add(delta);
    }

    /// The moves of all rules, by currency.
    pub fn by_currency(&self) -> BTreeMap<String, Moves> {
        let mut all: BTreeMap<String, Moves> = BTreeMap::new();
        for ((_, currency), moves) in &self.by_rule {
            all.entry(currency.clone()).or_default().merge(moves);
        }
        all
    }

    pub fn all(&self) -> Moves {
        self.by_rule.values().fold(Moves::default(), |mut all, moves| {
            all.merge(moves);
            all
        })
    }

    fn of(&mut self, rule: &str, currency: Option<&str>) -> &mut Moves {
        self.by_rule.entry((rule.to_owned(), shown_currency(currency).into_owned())).or_default()
    }
}
