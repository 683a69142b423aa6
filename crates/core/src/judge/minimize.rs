//! Minimizes the events of a finding, cross-document findings included, by judging ever fewer events.

use std::collections::BTreeMap;

use super::links::{self, Linking};
use crate::findings::{Judged, Namer, sorted_finding};
use crate::ledger::{Figures, Ledger, Names, SessionFacts, Settlement, TransactionFacts, states};
use crate::link::{self, Linked, join_keys, join_orders, join_transactions};
use crate::model::evidence::{CopyState, Watch};
use crate::model::finding::Finding;
use crate::model::settings::{Facts, Settings};
use crate::payout::LineTerms;
use crate::rows::{Key, KeyFilter, Partitions, pieces, write_names};
use crate::rules::{Checks, Cx, LedgerCheck, find, minimize};

/// The documents that a finding is about, with those that they are compared with.
#[derive(Default)]
pub struct Documents<'p> {
    /// Transactions and orders.
    pub ledgers: Vec<Ledger<'p>>,
    pub sessions: Vec<SessionFacts<'p>>,
    pub settlements: Vec<Settlement<'p>>,
}

/// An event: the index of its ledger in [`Documents::ledgers`], and its index in [`Ledger::events`].
pub type LedgerEvent = (usize, usize);

/// Finds the fewest events that still cause a finding.
pub struct Minimizer<'t> {
    settings: &'t Settings,
    facts: &'t Facts,
    checks: Checks,
    /// The remaining part of [`minimize::EFFORT`].
    effort: usize,
}

impl<'t> Minimizer<'t> {
    pub fn new(settings: &'t Settings, facts: &'t Facts) -> Minimizer<'t> {
        Minimizer { settings, facts, checks: Checks::new(settings), effort: minimize::EFFORT }
    }

    /// Returns the fewest events that still cause the finding, by ledger and in timeline order.
    /// Empty if no event is needed; `None` if the documents do not cause it, or the effort is used
    /// up.
    pub fn shortest(&mut self, finding: &Finding, documents: &Documents<'_>) -> Option<Vec<LedgerEvent>> {
        if find(finding.card.code).is_some_and(minimize::needs_no_event) {
            return Some(Vec::new());
        }
        let is_own = |ledger: &Ledger<'_>| (ledger.head.kind, ledger.head.id) == (finding.kind, &*finding.id);
        if let Some(at) = documents.ledgers.iter().position(is_own) {
            let ledger = &documents.ledgers[at];
            let told = minimize::shortest(ledger, finding, self.settings, self.facts, &mut self.effort);
            if let Some(told) = told {
                return Some(told.into_iter().map(|event| (at, event)).collect());
            }
        }
        self.across(finding, documents)
    }

    /// Runs the ledger rules and the cross-document rules; returns the findings by stable name.
    pub fn findings(&self, documents: &Documents<'_>) -> BTreeMap<String, Finding> {
        let mut found = self.judge(&documents.ledgers, documents);
        for ledger in &documents.ledgers {
            let mut hits = Vec::new();
            let mut ask = |card, check: LedgerCheck| {
                check(ledger, &mut Cx { settings: self.settings, facts: self.facts, card, hits: &mut hits });
            };
            if ledger.is_order() {
                self.checks.order.iter().for_each(|(card, check)| ask(card, *check));
            } else {
                self.checks.transaction.iter().for_each(|(card, _, check)| ask(card, *check));
            }
            hits.retain(|(_, hit)| !hit.waits());
            let head = &ledger.head;
            let judged = Judged::ledger(head.kind, head.id, &Names::from(head), states::derived(ledger), head.origin);
            found.extend(hits.into_iter().filter_map(|(card, hit)| judged.finding(card, hit, self.settings)));
        }
        found.sort_by(|a, b| a.order().cmp(&b.order()));
        let mut namer = Namer::default();
        let named = found.into_iter().map(|mut finding| {
            namer.name(&mut finding);
            (finding.exception_id.clone(), finding)
        });
        named.collect()
    }

    fn across(&mut self, finding: &Finding, documents: &Documents<'_>) -> Option<Vec<LedgerEvent>> {
        let events = |(at, ledger): (usize, &Ledger<'_>)| {
            ledger.steps.iter().map(|step| (at, step.event as usize)).collect::<Vec<LedgerEvent>>()
        };
        let all: Vec<LedgerEvent> = documents.ledgers.iter().enumerate().flat_map(events).collect();
        let mut tried = documents.ledgers.clone();
        let cost = 1 + documents.ledgers.len() + documents.sessions.len();
        let lines: usize = documents.settlements.iter().map(|settlement| settlement.lines.len()).sum();
        let told = minimize::fewest((0..all.len()).collect(), &mut |told| {
            self.effort = self.effort.checked_sub(cost + lines + told.len())?;
            for (at, (tried, whole)) in tried.iter_mut().zip(&documents.ledgers).enumerate() {
                let own = told.iter().map(|&n| all[n]).filter(|(ledger, _)| *ledger == at);
                minimize::restrict_to(tried, whole, &own.map(|(_, event)| event).collect::<Vec<_>>());
            }
            let found = self.judge(&tried, documents);
            Some(found.iter().any(|other| is_same(other, finding)))
        })?;
        Some(told.into_iter().map(|n| all[n]).collect())
    }

    /// Runs the cross-document rules.
    fn judge(&self, ledgers: &[Ledger<'_>], documents: &Documents<'_>) -> Vec<Finding> {
        let mut rows = Partitions::new(1);
        for ledger in ledgers {
            if ledger.is_order() {
                links::of_order(ledger, states::derived(ledger), None, &[], &mut rows);
            } else {
                transaction(ledger, &mut rows);
            }
        }
        documents.sessions.iter().for_each(|session| links::of_session(session, &mut rows));
        documents.settlements.iter().for_each(|settlement| {
            links::of_settlement(settlement, None, &CopyState::default(), &LineTerms::default(), &mut rows)
        });
        let (checks, settings, facts) = (&self.checks, self.settings, self.facts);
        let mut out = Linked::new(1, false);
        let mut shared = Partitions::new(1);
        join_keys(&parts(&rows), checks, settings, facts, Watch::default(), &mut out);
        let pairs = std::mem::replace(&mut out.pairs, Partitions::new(1));
        join_transactions(&parts(&pairs), &mut shared);
        join_orders(&parts(&shared), checks, settings, facts, Watch::default(), &mut out);
        pieces(out.findings.rows()).map(sorted_finding).collect()
    }
}

fn transaction(ledger: &Ledger<'_>, out: &mut Partitions) {
    let names = Names::from(&ledger.head);
    let figures = Figures::of(ledger, &mut Vec::new());
    let facts =
        TransactionFacts::of(ledger.head.id, &figures, states::derived(ledger), ledger.head.origin).named(&names);
    let mut packed = Vec::new();
    write_names(&mut packed, &names);
    let (keys, reference) = (KeyFilter::full(), names.merchant_reference.map(str::as_bytes));
    let joinable = links::Joinable {
        id: ledger.head.id,
        session: names.session_id.map(str::as_bytes),
        reference: reference.map(|id| (id, keys.places_of(Key::Reference, id))),
        names_settlements: false,
        partial: false,
        net: figures.net(),
    };
    let linking = Linking { sessions: true, orders: true, settlements: true, remittances: false };
    links::keys_of_transaction(&joinable, linking, &keys, |key, id| {
        link::write_transaction(out.of_bytes(id), key, id, &packed, &facts);
    });
}

fn parts(of: &Partitions) -> Vec<&[u8]> {
    vec![of.part(0)]
}

/// Whether both are the same finding, with equal expected and actual values.
fn is_same(other: &Finding, finding: &Finding) -> bool {
    let place = |finding: &Finding| finding.event.as_ref().map(|event| (event.list, event.place));
    let partners = |finding: &Finding| {
        let subject = &finding.subject;
        [&subject.transaction_id, &subject.order_id, &subject.session_id, &subject.settlement_id].map(Clone::clone)
    };
    (other.card.number, other.kind, &other.id) == (finding.card.number, finding.kind, &finding.id)
        && place(other) == place(finding)
        && partners(other) == partners(finding)
        && (&other.line, &other.destination, &other.detail) == (&finding.line, &finding.destination, &finding.detail)
        && (&other.expected, &other.actual) == (&finding.expected, &finding.actual)
}
