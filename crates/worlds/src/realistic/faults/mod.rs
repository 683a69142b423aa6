//! Faults: each is put into a purchase made for it, so that every finding it must cause is known.

mod amounts;
mod documents;
mod lines;
mod links;
mod splits;
mod states;
mod sums;

use super::purchase;
use super::random::Rng;
use super::truth::Truth;
use super::wish::Wish;
use super::world::*;

/// One kind of fault.
pub struct Fault {
    /// Its name in the truth file: the rule's, and what is special about it.
    pub name: &'static str,
    /// The purchase that it needs.
    wish: Wish,
    /// Puts it in, and says what must be found.
    plant: fn(&mut Story, &mut Rng),
}

/// The families of faults.
static FAMILIES: [&[Fault]; 7] =
    [documents::ALL, amounts::ALL, lines::ALL, splits::ALL, states::ALL, links::ALL, sums::ALL];

/// How many kinds of faults there are.
pub fn count() -> u64 {
    FAMILIES.iter().map(|family| family.len() as u64).sum()
}

/// The fault of this number.
fn numbered(number: u64) -> Option<&'static Fault> {
    FAMILIES.iter().flat_map(|family| family.iter()).nth(number as usize)
}

/// The fault of the purchase of this index, where so many of a million have one. All kinds take turns.
pub fn of(seed: u64, index: u64, per_million: u32) -> Option<&'static Fault> {
    let before = |index: u128| index * u128::from(per_million) / 1_000_000;
    let (this, next) = (before(u128::from(index)), before(u128::from(index) + 1));
    let turn = (this + u128::from(seed)) % u128::from(count());
    if next > this { numbered(turn as u64) } else { None }
}

impl Fault {
    /// The purchase with the fault in it.
    pub fn story(&self, seed: u64, index: u64) -> Story {
        let mut story = purchase::draw(seed, index, &self.wish);
        let mut rng = Rng::new(seed, index, 4);
        (self.plant)(&mut story, &mut rng);
        let main = &mut story.main;
        main.updated = main.updated.max(main.last_at() + SECOND);
        main.version = main.version.max(main.events.len() as i64);
        story
    }
}

impl Story {
    /// Notes a finding on the payment.
    fn on_payment(&mut self, rule: u16, more: impl FnOnce(Truth) -> Truth) {
        self.truth.push(more(Truth::new(rule, "transaction", self.main.id)));
    }

    /// Notes a finding on the order.
    fn on_order(&mut self, rule: u16, more: impl FnOnce(Truth) -> Truth) {
        if let Some(order) = &self.order {
            self.truth.push(more(Truth::new(rule, "order", order.id)));
        }
    }

    /// Notes a finding on the session.
    fn on_session(&mut self, rule: u16, more: impl FnOnce(Truth) -> Truth) {
        if let Some(session) = &self.session {
            self.truth.push(more(Truth::new(rule, "session", session.id)));
        }
    }

    /// Adds an event so long after the last one, and gives its place.
    fn append(&mut self, kind: Kind, after: Ms, rng: &mut Rng) -> usize {
        let event = Event::new(kind, self.main.last_at() + after, self.main.status, rng);
        self.main.events.push(event);
        self.main.events.len() - 1
    }

    /// The place and the event of the last capture.
    fn capture(&mut self) -> Option<(usize, &mut Event)> {
        let at = self.main.last(Kind::Capture)?;
        Some((at, &mut self.main.events[at]))
    }

    /// The place and the event of the last refund.
    fn refund(&mut self) -> Option<(usize, &mut Event)> {
        let at = self.main.last(Kind::Refund)?;
        Some((at, &mut self.main.events[at]))
    }
}

/// A truth without anything more.
fn bare(truth: Truth) -> Truth {
    truth
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_can_be_put_in_and_names_its_rule_first() {
        for number in 0..count() {
            let fault = numbered(number).unwrap();
            for index in 0..50 {
                let story = fault.story(7, index);
                assert!(!story.truth.is_empty(), "{} {index}", fault.name);
            }
        }
    }

    #[test]
    fn names_are_unique_and_every_rule_has_a_fault() {
        let mut names: Vec<_> = (0..count()).filter_map(numbered).map(|f| f.name).collect();
        let mut rules: Vec<u16> =
            (0..count()).filter_map(numbered).flat_map(|f| f.story(1, 1).truth.into_iter().map(|t| t.rule)).collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
        rules.sort_unstable();
        rules.dedup();
        let families = [(1, 7), (101, 111), (201, 208), (301, 309), (401, 414), (501, 512), (601, 605), (701, 706)];
        let want: Vec<u16> = families.into_iter().flat_map(|(from, to)| from..=to).collect();
        assert_eq!(rules, want);
    }

    #[test]
    fn faults_take_turns() {
        let named = |seed, rate| (0..1000).filter_map(|i| of(seed, i, rate)).map(|f| f.name).collect::<Vec<_>>();
        assert_eq!(named(1, 0).len(), 0);
        assert_eq!(named(1, 30_000).len(), 30);
        assert_eq!(named(1, 1_000_000).len(), 1000);
        let mut all = named(3, 1_000_000);
        all.truncate(count() as usize);
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len() as u64, count());
    }
}
