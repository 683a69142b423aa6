//! The rules: one file each, found through the [`CATALOGUE`].
//!
//! A rule is a card (what it says of itself) and one or more checks (what it looks at). A check is a
//! function over the view it is lent; it keeps no state, cannot fail and cannot print: it pushes hits.

mod amounts;
mod arithmetic;
mod catalogue;
mod documents;
mod lines;
mod links;
pub mod minimize;
mod settlements;
mod splits;
mod states;
#[cfg(test)]
mod triggers;

pub use catalogue::CATALOGUE;

use crate::ledger::{
    Copies, Ledger, OrderFacts, OrderPartners, Session, SessionFacts, Settled, Settlement, SettlementLine,
    TransactionFacts, Triggers,
};
use crate::model::card::{Card, Kind, Window};
use crate::model::finding::{Hit, Timed};
use crate::model::instant::Instant;
use crate::model::money::{Sum, beyond};
use crate::model::product::Environment;
use crate::model::settings::{Facts, Settings};

/// One full ledger, of a transaction or of an order.
pub type LedgerCheck = for<'p> fn(&Ledger<'p>, &mut Cx<'_, 'p>);
/// A transaction known by a partial document only.
pub type PartialCheck = for<'p> fn(&Ledger<'p>, &mut Cx<'_, 'p>);
/// The environment of any kept document: full transactions, orders with a document, sessions, settlement reports.
pub type DocumentCheck = for<'p> fn(Option<Environment>, &mut Cx<'_, 'p>);
/// Several copies of one document.
pub type CopiesCheck = for<'p> fn(&Copies<'_, 'p>, &mut Cx<'_, 'p>);
/// One session.
pub type SessionCheck = for<'p> fn(&Session<'p>, &mut Cx<'_, 'p>);
/// One settlement, report or header.
pub type SettlementCheck = for<'p> fn(&Settlement<'p>, &mut Cx<'_, 'p>);
/// A session and a full transaction that are linked.
pub type SessionPairCheck = for<'p> fn(&SessionFacts<'p>, &TransactionFacts<'p>, &mut Cx<'_, 'p>);
/// An order and a full transaction that are linked.
pub type OrderPairCheck = for<'p> fn(&OrderFacts<'p>, &TransactionFacts<'p>, &mut Cx<'_, 'p>);
/// An order with all transactions that it is linked to.
pub type OrderPartnersCheck = for<'p> fn(&OrderPartners<'_, 'p>, &mut Cx<'_, 'p>);
/// An order or session names a transaction that the input does not have, though it has transactions.
pub type MissingTransactionCheck = for<'p> fn(&'p str, &mut Cx<'_, 'p>);
/// Full transactions that share a non-empty merchant reference, in order of creation (none last), then id. A hit is on
/// the first of the two given, and rests on both.
pub type SameReferenceCheck = for<'p> fn(&[TransactionFacts<'p>], &mut dyn FnMut(usize, usize, Hit<'p>), &Cx<'_, 'p>);
/// A full transaction with what settlement reports say of it.
pub type SettledCheck = for<'p> fn(&Settled<'_, 'p>, &mut Cx<'_, 'p>);
/// A settlement line whose transaction the input, which has transactions, does not have; or that names none.
pub type UnknownLineCheck = for<'p> fn(&Settlement<'p>, &SettlementLine<'p>, &mut Cx<'_, 'p>);

/// What a check looks at.
#[derive(Clone, Copy)]
pub enum Check {
    /// One full ledger, of a transaction or of an order. A transaction is looked at only where a first look at it
    /// shows one of the triggers, without which the check finds nothing.
    Ledger(Triggers, LedgerCheck),
    /// The full ledger of an order.
    Order(LedgerCheck),
    /// A transaction known by a partial document only.
    Partial(PartialCheck),
    /// The environment of any kept document: full transactions, orders with a document, sessions, settlement reports.
    Document(DocumentCheck),
    /// Several copies of one document.
    Copies(CopiesCheck),
    /// One session.
    Session(SessionCheck),
    /// One settlement, report or header.
    Settlement(SettlementCheck),
    /// A session and a full transaction that are linked.
    SessionPair(SessionPairCheck),
    /// An order and a full transaction that are linked.
    OrderPair(OrderPairCheck),
    /// An order with all transactions that it is linked to.
    OrderPartners(OrderPartnersCheck),
    /// An order or session names a transaction that the input does not have, though it has transactions.
    MissingTransaction(MissingTransactionCheck),
    /// Full transactions that share a non-empty merchant reference, in order of creation (none last), then id.
    SameReference(SameReferenceCheck),
    /// A full transaction with what settlement reports say of it.
    Settled(SettledCheck),
    /// A settlement line whose transaction the input, which has transactions, does not have; or that names none.
    UnknownLine(UnknownLineCheck),
}

/// A rule: its card and its checks.
pub struct Rule {
    /// What it says of itself.
    pub card: &'static Card,
    /// What it looks at.
    pub checks: &'static [Check],
}

/// The checks of all rules that are on, by what they look at.
#[derive(Default)]
pub struct Checks {
    /// The full ledger of a transaction that shows one of the triggers.
    pub transaction: Vec<(&'static Card, Triggers, LedgerCheck)>,
    /// The full ledger of an order.
    pub order: Vec<(&'static Card, LedgerCheck)>,
    /// A transaction known by a partial document only.
    pub partial: Vec<(&'static Card, PartialCheck)>,
    /// The environment of any kept document: full transactions, orders with a document, sessions, settlement reports.
    pub document: Vec<(&'static Card, DocumentCheck)>,
    /// Several copies of one document.
    pub copies: Vec<(&'static Card, CopiesCheck)>,
    /// One session.
    pub session: Vec<(&'static Card, SessionCheck)>,
    /// One settlement, report or header.
    pub settlement: Vec<(&'static Card, SettlementCheck)>,
    /// A session and a full transaction that are linked.
    pub session_pair: Vec<(&'static Card, SessionPairCheck)>,
    /// An order and a full transaction that are linked.
    pub order_pair: Vec<(&'static Card, OrderPairCheck)>,
    /// An order with all transactions that it is linked to.
    pub order_partners: Vec<(&'static Card, OrderPartnersCheck)>,
    /// An order or session names a transaction that the input does not have, though it has transactions.
    pub missing_transaction: Vec<(&'static Card, MissingTransactionCheck)>,
    /// Full transactions that share a non-empty merchant reference, in order of creation (none last), then id.
    pub same_reference: Vec<(&'static Card, SameReferenceCheck)>,
    /// A full transaction with what settlement reports say of it.
    pub settled: Vec<(&'static Card, SettledCheck)>,
    /// A settlement line whose transaction the input, which has transactions, does not have; or that names none.
    pub unknown_line: Vec<(&'static Card, UnknownLineCheck)>,
    /// The rule about authorizations that stay open too long, when it is on: what it would say tomorrow can be told of
    /// a ledger that nobody unpacked.
    pub stale: Option<&'static Card>,
}

impl Checks {
    /// Gathers them once for a run.
    pub fn new(settings: &Settings) -> Self {
        let mut checks = Checks::default();
        for rule in CATALOGUE.iter().filter(|rule| settings.severity(rule.card).is_some()) {
            if matches!(rule.card.window, Window::DaysByProduct { .. }) {
                checks.stale = Some(rule.card);
            }
            for check in rule.checks {
                match *check {
                    Check::Ledger(triggers, check) => {
                        if rule.card.subjects.contains(&Kind::Transaction) {
                            checks.transaction.push((rule.card, triggers, check));
                        }
                        if rule.card.subjects.contains(&Kind::Order) {
                            checks.order.push((rule.card, check));
                        }
                    }
                    Check::Order(check) => checks.order.push((rule.card, check)),
                    Check::Partial(check) => checks.partial.push((rule.card, check)),
                    Check::Document(check) => checks.document.push((rule.card, check)),
                    Check::Copies(check) => checks.copies.push((rule.card, check)),
                    Check::Session(check) => checks.session.push((rule.card, check)),
                    Check::Settlement(check) => checks.settlement.push((rule.card, check)),
                    Check::SessionPair(check) => checks.session_pair.push((rule.card, check)),
                    Check::OrderPair(check) => checks.order_pair.push((rule.card, check)),
                    Check::OrderPartners(check) => checks.order_partners.push((rule.card, check)),
                    Check::MissingTransaction(check) => checks.missing_transaction.push((rule.card, check)),
                    Check::SameReference(check) => checks.same_reference.push((rule.card, check)),
                    Check::Settled(check) => checks.settled.push((rule.card, check)),
                    Check::UnknownLine(check) => checks.unknown_line.push((rule.card, check)),
                }
            }
        }
        checks
    }
}

/// What a check is told, and where it pushes what it found.
pub struct Cx<'c, 'p> {
    /// The configuration.
    pub settings: &'c Settings,
    /// Facts of the whole input.
    pub facts: &'c Facts,
    /// The rule that runs.
    pub card: &'static Card,
    /// What was found so far.
    pub hits: &'c mut Vec<(&'static Card, Hit<'p>)>,
}

impl<'p> Cx<'_, 'p> {
    /// Pushes a finding of the rule that runs.
    pub fn hit(&mut self, hit: Hit<'p>) {
        self.hits.push((self.card, hit));
    }

    /// Pushes a finding of a rule about time: it is one when more than a window has passed since an instant, and waits
    /// before. Without an as-of there is none.
    pub fn hit_after(&mut self, since: Instant, window: u64, hit: Hit<'p>) {
        let Some(as_of) = self.facts.as_of else { return };
        let waits = !as_of.is_later_by_more_than(since, window);
        self.hit(Hit { timed: Some(Timed { since, due: since.plus(window), waits }), ..hit });
    }

    /// The tolerance of the rule that runs.
    pub fn tolerance(&self) -> Sum {
        self.settings.tolerance(self.card)
    }

    /// The window of the rule that runs, in seconds.
    pub fn window(&self) -> u64 {
        self.settings.seconds(self.card)
    }

    /// Whether two amounts differ by more than the tolerance.
    pub fn differs(&self, actual: Sum, expected: Sum) -> bool {
        (actual - expected).abs() > self.tolerance()
    }

    /// Whether an amount is plainly more than another and the tolerance.
    pub fn more(&self, actual: Sum, limit: Sum) -> bool {
        actual > limit + self.tolerance()
    }

    /// Whether an amount is below zero by more than the tolerance.
    pub fn negative(&self, actual: Sum) -> bool {
        actual < -self.tolerance()
    }

    /// Whether an amount is beyond a limit, in the limit's own direction.
    pub fn beyond(&self, actual: Sum, limit: Sum) -> bool {
        beyond(actual, limit, self.tolerance())
    }
}

/// The rule of a code or name, letter case aside.
pub fn find(code_or_name: &str) -> Option<&'static Rule> {
    CATALOGUE.iter().copied().find(|rule| rule.card.is_called(code_or_name))
}

/// The cards of all rules, by code.
pub fn cards() -> Vec<&'static Card> {
    CATALOGUE.iter().map(|rule| rule.card).collect()
}
