//! Everything that the rules read.

use std::collections::{BTreeMap, BTreeSet};

use super::Settings;
use super::collections::{self, Fate};
use super::copies::{self, Copies};
use super::documents::*;
use super::findings::Subject;
use super::ledger::Ledger;
use super::reading::{Everything, Found};
use super::time::Instant;

pub struct World<'a> {
    pub settings: &'a Settings,
    pub as_of: Option<Instant>,
    pub transactions: BTreeMap<String, Copies<Transaction>>,
    pub orders: BTreeMap<String, Copies<Order>>,
    /// Sessions that are records of their own.
    pub own_sessions: BTreeMap<String, Copies<Session>>,
    /// All session documents, the embedded ones included.
    pub sessions: BTreeMap<String, Found<Session>>,
    pub settlements: BTreeMap<String, Copies<Settlement>>,
    pub transaction_ledgers: Vec<Ledger>,
    pub order_ledgers: Vec<Ledger>,
    /// Source and fate of each operation's record.
    pub operation_fates: Vec<(usize, Fate)>,
}

impl<'a> World<'a> {
    pub fn new(everything: &Everything, settings: &'a Settings) -> World<'a> {
        let transactions = copies::choose(&everything.transactions);
        let orders = copies::choose(&everything.orders);
        let own_sessions = copies::choose(&everything.sessions);
        let settlements = copies::choose(&everything.settlements);
        let embedded = embedded_sessions(&transactions, &own_sessions);
        let sessions = session_documents(&embedded, &own_sessions);
        let transaction_ledgers = transactions
            .values()
            .filter(|copies| copies.kept.document.events.is_some())
            .map(|copies| Ledger::of_transaction(&copies.kept))
            .collect();
        let mut order_ids: BTreeSet<&str> = orders.keys().map(String::as_str).collect();
        order_ids.extend(everything.operations.iter().map(|loose| loose.order_id.as_str()));
        let mut operation_fates = Vec::new();
        for id in &order_ids {
            let kept = orders.get(*id).map(|copies| &copies.kept);
            for collection in COLLECTIONS {
                operation_fates.extend(collections::fates(id, kept, collection, everything));
            }
        }
        let order_ledgers = order_ids
            .into_iter()
            .filter_map(|id| {
                let kept = orders.get(id).map(|copies| &copies.kept);
                Ledger::of_order(id, kept, everything)
            })
            .collect();
        World {
            settings,
            as_of: settings.as_of.or_else(|| latest(everything, &embedded)),
            transactions,
            orders,
            own_sessions,
            sessions,
            settlements,
            transaction_ledgers,
            order_ledgers,
            operation_fates,
        }
    }

    pub fn transaction_ledger(&self, id: &str) -> Option<&Ledger> {
        self.transaction_ledgers.iter().find(|ledger| ledger.id() == id)
    }

    /// All ledgers, those of transactions first.
    pub fn ledgers(&self) -> impl Iterator<Item = &Ledger> {
        self.transaction_ledgers.iter().chain(&self.order_ledgers)
    }

    /// The kept settlement reports, without those that are only headers.
    pub fn reports(&self) -> Vec<&Found<Settlement>> {
        self.settlements.values().map(|copies| &copies.kept).filter(|kept| kept.document.is_report).collect()
    }

    pub fn session_subject(&self, id: &str) -> Subject {
        let found = &self.sessions[id];
        Subject::of_session(id, &found.document, found.place)
    }

    pub fn order_subject(&self, id: &str) -> Subject {
        let ledger = self.order_ledgers.iter().find(|ledger| ledger.id() == id);
        ledger.expect("the id is that of an order ledger").subject.clone()
    }

    /// The subject of a kept transaction, partial or not.
    pub fn transaction_subject(&self, id: &str) -> Subject {
        match self.transaction_ledger(id) {
            Some(ledger) => ledger.subject.clone(),
            None => {
                let kept = &self.transactions[id].kept;
                Subject::of_transaction(&kept.document, kept.place)
            }
        }
    }
}

/// "A session embedded in a kept transaction (partial or not) is a document
/// only when no other copy of it is in the input and it has an `id`." Without
/// `order.amount` it is none either.
fn embedded_sessions(
    transactions: &BTreeMap<String, Copies<Transaction>>,
    own: &BTreeMap<String, Copies<Session>>,
) -> Vec<Found<Session>> {
    let mut embedded = Vec::new();
    for copies in transactions.values() {
        if let Some(session) = &copies.kept.document.session
            && let Some(id) = &session.id
            && !own.contains_key(id)
        {
            embedded.push(Found { place: copies.kept.place, document: session.clone() });
        }
    }
    embedded
}

/// Two transactions may embed the same session: it is one document, chosen like
/// a kept copy.
fn session_documents(
    embedded: &[Found<Session>],
    own: &BTreeMap<String, Copies<Session>>,
) -> BTreeMap<String, Found<Session>> {
    let chosen = copies::choose(embedded).into_iter().map(|(id, copies)| (id, copies.kept));
    chosen.chain(own.iter().map(|(id, copies)| (id.clone(), copies.kept.clone()))).collect()
}

/// "The latest of `created_at` and `updated_at` of all documents (superseded
/// and partial ones included), `created_at` of transaction events,
/// `processed_at` and `created_at` of order operations."
fn latest(everything: &Everything, embedded: &[Found<Session>]) -> Option<Instant> {
    let mut times: Vec<Option<Instant>> = Vec::new();
    for found in &everything.transactions {
        times.extend([found.document.created_at, found.document.updated_at]);
        for event in found.document.events.iter().flatten() {
            times.push(event.created_at);
        }
    }
    for found in everything.sessions.iter().chain(embedded) {
        times.extend([found.document.created_at, found.document.updated_at]);
    }
    for found in &everything.orders {
        times.extend([found.document.created_at, found.document.updated_at]);
        for event in found.document.collections.iter().flat_map(|own| &own.1) {
            times.extend([event.processed_at, event.created_at]);
        }
    }
    for loose in &everything.operations {
        times.extend([loose.event.processed_at, loose.event.created_at]);
    }
    for found in &everything.settlements {
        times.extend([found.document.created_at, found.document.updated_at]);
    }
    times.into_iter().flatten().max()
}
