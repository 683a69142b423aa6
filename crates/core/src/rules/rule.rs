//! The definition of a rule: its card, the inputs of its checks, and the context of a check.

use crate::bank::Statement;
use crate::ledger::{
    Copies, Ledger, OrderFacts, OrderPartners, Session, SessionFacts, Settled, Settlement, SettlementLine,
    TransactionFacts, Triggers,
};
use crate::model::card::Card;
use crate::model::finding::{Hit, Timed};
use crate::model::instant::Instant;
use crate::model::money::{Sum, beyond};
use crate::model::product::Environment;
use crate::model::settings::{Facts, Settings};
use crate::payout::facts::{Credited, Received};
use crate::payout::statements::Neighbours;
use crate::payout::{Payout, SettledTwice};

/// One full ledger, of a transaction or of an order.
pub type LedgerCheck = for<'p> fn(&Ledger<'p>, &mut Cx<'_, 'p>);
/// A transaction known by a partial document only.
pub type PartialCheck = for<'p> fn(&Ledger<'p>, &mut Cx<'_, 'p>);
/// The environment of any kept document: full transactions, orders with a document, sessions, settlement reports.
pub type DocumentCheck = for<'p> fn(Option<Environment>, &mut Cx<'_, 'p>);
/// Several copies of one document.
pub type CopiesCheck = for<'p> fn(&Copies<'_, 'p>, &mut Cx<'_, 'p>);
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
/// Full transactions that share a non-empty merchant reference, in order of creation (none last),
/// then id. A hit is on the transaction of the first index, and rests on those of both.
pub type SameReferenceCheck = for<'p> fn(&[TransactionFacts<'p>], &mut dyn FnMut(usize, usize, Hit<'p>), &Cx<'_, 'p>);
/// A full transaction with its settlement lines.
pub type SettledCheck = for<'p> fn(&Settled<'_, 'p>, &mut Cx<'_, 'p>);
/// A settlement line that names a transaction missing from the input, which has transactions.
pub type UnknownLineCheck = for<'p> fn(&Settlement<'p>, &SettlementLine<'p>, &mut Cx<'_, 'p>);
/// A line of a settlement that none of the full transaction's events names, though they name others.
pub type UnnamedLineCheck = UnknownLineCheck;
/// A transaction in one settlement, by its own entries and by the lines of the report.
pub type SettledTwiceCheck = for<'p> fn(&SettledTwice<'p>, &mut Cx<'_, 'p>);
pub type PayoutCheck = for<'p> fn(&'p Payout, &mut Cx<'_, 'p>);
/// A payout that takes part in matching, with what was found of it.
pub type ReceivedCheck = for<'p> fn(&Received<'p>, &mut Cx<'_, 'p>);
/// A credit of a bank account, with what it was taken for.
pub type CreditedCheck = for<'p> fn(&Credited<'p>, &mut Cx<'_, 'p>);
/// One bank statement.
pub type StatementCheck = for<'p> fn(&'p Statement, &mut Cx<'_, 'p>);
/// Two bank statements that follow each other. A hit is on the later.
pub type NeighboursCheck = for<'p> fn(&Neighbours<'p>, &mut Cx<'_, 'p>);

/// A check, by its input.
#[derive(Clone, Copy)]
pub enum Check {
    /// One full ledger, of a transaction or of an order. A transaction is checked only if its
    /// precheck shows one of the triggers; without them the check finds nothing.
    Ledger(Triggers, LedgerCheck),
    /// The full ledger of an order.
    Order(LedgerCheck),
    /// A transaction known by a partial document only.
    Partial(PartialCheck),
    /// The environment of any kept document: full transactions, orders with a document, sessions, settlement reports.
    Document(DocumentCheck),
    /// Several copies of one document.
    Copies(CopiesCheck),
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
    /// A full transaction with its settlement lines.
    Settled(SettledCheck),
    /// A settlement line that names a transaction missing from the input, which has transactions.
    UnknownLine(UnknownLineCheck),
    /// A line of a settlement that none of the full transaction's events names, though they name others.
    UnnamedLine(UnnamedLineCheck),
    /// A transaction in one settlement, by its own entries and by the lines of the report.
    SettledTwice(SettledTwiceCheck),
    Payout(PayoutCheck),
    /// A payout that takes part in matching, with what was found of it.
    Received(ReceivedCheck),
    /// A credit of a bank account, with what it was taken for.
    Credited(CreditedCheck),
    /// One bank statement.
    Statement(StatementCheck),
    /// Two bank statements that follow each other.
    Neighbours(NeighboursCheck),
}

pub struct Rule {
    pub card: &'static Card,
    pub checks: &'static [Check],
}

/// The context of a check: its inputs, and where it pushes hits.
pub struct Cx<'c, 'p> {
    pub settings: &'c Settings,
    /// Facts of the whole input.
    pub facts: &'c Facts,
    /// The rule that runs.
    pub card: &'static Card,
    pub hits: &'c mut Vec<(&'static Card, Hit<'p>)>,
}

impl<'p> Cx<'_, 'p> {
    /// Pushes a finding of the rule that runs.
    pub fn hit(&mut self, hit: Hit<'p>) {
        self.hits.push((self.card, hit));
    }

    /// Pushes a finding of a time rule: it is due once more than `window` seconds have passed since
    /// `since`, and waits before. Without an as-of there is none.
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

    /// Whether an amount exceeds a limit by more than the tolerance.
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
