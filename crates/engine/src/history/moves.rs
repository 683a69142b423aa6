//! Findings counted and summed by what became of them, so that the two nights tie.

use std::collections::BTreeMap;

use avstem_core::model::money::Sum;

use super::baseline::{Change, Standing};
use super::reason::{GoneState, Reason};
use super::shown_currency;

/// So many findings, and the sum of how far they are off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many.
    pub count: u64,
    /// Minor units.
    pub delta: Sum,
}

impl Tally {
    /// Counts one.
    pub fn add(&mut self, delta: Sum) {
        self.count += 1;
        self.delta += delta;
    }

    /// Joins two.
    pub fn merge(&mut self, other: &Tally) {
        self.count += other.count;
        self.delta += other.delta;
    }
}

/// The way from an earlier night to this one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moves {
    /// What the earlier night knew of.
    pub opening: Tally,
    /// What is there for the first time.
    pub new: Tally,
    /// What is there still, with the same amounts and words.
    pub open: Tally,
    /// What is there still with others; its sum is by how much the amounts moved.
    pub changed: Tally,
    /// How many findings came from another currency, less those that went to one.
    pub moved: i64,
    /// What was cleared.
    pub resolved: Tally,
    /// What cannot be seen tonight, and is kept in mind.
    pub unseen: Tally,
    /// What is known of now: what is there, and what is unseen.
    pub closing: Tally,
}

impl Moves {
    /// opening + new − resolved ± changed = closing, in counts and in money; what changed its currency leaves one
    /// and comes to another.
    pub fn ties(&self) -> bool {
        let [opening, new, resolved, closing] =
            [self.opening, self.new, self.resolved, self.closing].map(|tally| i128::from(tally.count));
        opening + new - resolved + i128::from(self.moved) == closing
            && self.opening.delta + self.new.delta + self.changed.delta == self.resolved.delta + self.closing.delta
    }

    /// Joins two.
    pub fn merge(&mut self, other: &Moves) {
        let Moves { opening, new, open, changed, moved, resolved, unseen, closing } = other;
        self.moved += moved;
        self.opening.merge(opening);
        self.new.merge(new);
        self.open.merge(open);
        self.changed.merge(changed);
        self.resolved.merge(resolved);
        self.unseen.merge(unseen);
        self.closing.merge(closing);
    }
}

/// Moves by rule (its code), then currency as shown (`XXX` without).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MoveBook {
    /// The moves.
    pub by_rule: BTreeMap<(String, String), Moves>,
}

impl MoveBook {
    /// Counts a finding that is there.
    pub fn there(&mut self, rule: &str, currency: Option<&str>, delta: Sum, standing: &Standing<'_>) {
        if let Some(currency) = standing.from_currency {
            let left = self.of(rule, Some(currency));
            left.moved -= 1;
            left.changed.delta -= standing.delta;
        }
        let moves = self.of(rule, currency);
        match (standing.change, standing.from_currency) {
            (Change::New, _) => moves.new.add(delta),
            (Change::Open, _) => moves.open.add(delta),
            (Change::Changed, None) => moves.changed.add(delta - standing.delta),
            (Change::Changed, Some(_)) => {
                moves.moved += 1;
                moves.changed.add(delta);
            }
        }
        moves.closing.add(delta);
    }

    /// Counts a finding that the earlier night had, and why it is gone, if it is.
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

    /// Counts a finding that neither night sees, and both keep in mind.
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

    /// All moves together.
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
