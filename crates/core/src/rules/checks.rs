//! The checks that run: those of the rules that are on.

use super::catalogue::CATALOGUE;
use super::rule::{
    Check, CopiesCheck, CreditedCheck, DocumentCheck, LedgerCheck, MissingTransactionCheck, NeighboursCheck,
    OrderPairCheck, OrderPartnersCheck, PartialCheck, PayoutCheck, ReceivedCheck, SameReferenceCheck, SessionCheck,
    SessionPairCheck, SettledCheck, SettledTwiceCheck, SettlementCheck, StatementCheck, UnknownLineCheck,
    UnnamedLineCheck,
};
use crate::ledger::Triggers;
use crate::model::card::{Card, Kind, Window};
use crate::model::settings::Settings;

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
    /// A full transaction with its settlement lines.
    pub settled: Vec<(&'static Card, SettledCheck)>,
    /// A settlement line that names a transaction missing from the input, which has transactions.
    pub unknown_line: Vec<(&'static Card, UnknownLineCheck)>,
    /// A line of a settlement that none of the full transaction's events names, though they name others.
    pub unnamed_line: Vec<(&'static Card, UnnamedLineCheck)>,
    /// A transaction in one settlement, by its own entries and by the lines of the report.
    pub settled_twice: Vec<(&'static Card, SettledTwiceCheck)>,
    pub payout: Vec<(&'static Card, PayoutCheck)>,
    /// A payout that takes part in matching, with what was found of it.
    pub received: Vec<(&'static Card, ReceivedCheck)>,
    /// A credit of a bank account, with what it was taken for.
    pub credited: Vec<(&'static Card, CreditedCheck)>,
    /// One bank statement.
    pub statement: Vec<(&'static Card, StatementCheck)>,
    /// Two bank statements that follow each other.
    pub neighbours: Vec<(&'static Card, NeighboursCheck)>,
    /// The rule about stale authorizations, if it is on: its waiting findings are written without
    /// unpacking the ledger.
    pub stale: Option<&'static Card>,
}

impl Checks {
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
                    Check::UnnamedLine(check) => checks.unnamed_line.push((rule.card, check)),
                    Check::SettledTwice(check) => checks.settled_twice.push((rule.card, check)),
                    Check::Payout(check) => checks.payout.push((rule.card, check)),
                    Check::UnknownLine(check) => checks.unknown_line.push((rule.card, check)),
                    Check::Received(check) => checks.received.push((rule.card, check)),
                    Check::Credited(check) => checks.credited.push((rule.card, check)),
                    Check::Statement(check) => checks.statement.push((rule.card, check)),
                    Check::Neighbours(check) => checks.neighbours.push((rule.card, check)),
                }
            }
        }
        checks
    }
}
