//! Packs documents into rows.

use serde::{Deserialize, Serialize};

use super::account::{write_ids, write_precheck};
use super::fields::{
    pack_correlations, pack_entries, pack_event, pack_head, pack_names, pack_operation, pack_session, pack_settlement,
};
use super::keys::{Key, KeyNotes, hash_of};
use super::pen::RowBuffer;
use super::remittance::{pack_remittance, row_id};
use super::row::{Partitions, Row, RowKind};
use super::run::append;
use super::wire::Wire;
use crate::document::{Meta, Rejected, Sink, Transaction};
use crate::ledger::{Head, Ledger, Precheck, Prechecker, Remittance, RemittanceKind, Session, Settlement, Triggers};
use crate::model::event::EventList;
use crate::model::instant::Instant;
use crate::model::money::Sum;
use crate::model::origin::Origin;
use crate::model::product::Environment;
use crate::model::reject::FileFault;
use crate::model::settings::Facts;
use crate::provider::Provider;
use crate::provider::active::Active;

/// What was found in one file, besides its rows.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct FileTally {
    /// Documents and operations.
    pub documents: u64,
    /// Valid records without content.
    pub empty: u64,
    pub rejected: u64,
    /// Collections of orders, which state something even where they are empty.
    pub collections: u64,
    /// Events of documents and operations.
    pub events: u64,
    /// The sum of the amounts that those events state.
    pub stated: Sum,
    /// The latest time that counts toward the as-of.
    pub latest: Option<Instant>,
    /// Whether a document has an id of a production account.
    pub has_production: bool,
    /// Whether a transaction is there, partial ones included.
    pub has_transactions: bool,
    /// Whether a settlement report is there.
    pub has_reports: bool,
    /// Whether a settlement report or an item of the settlement list is there.
    pub has_settlements: bool,
    /// Whether an event names a settlement.
    pub has_entries: bool,
    /// Payouts and lines of providers that pay out themselves, by [`RemittanceKind`].
    pub remittances: [u64; RemittanceKind::ALL.len()],
    /// Whether one of them is a payout.
    pub has_provider_payouts: bool,
    /// Whether there is a standalone session.
    pub has_sessions: bool,
    /// Whether an order or an operation is there.
    pub has_orders: bool,
    /// Whether a transaction embeds a session that is a document.
    pub has_embedded: bool,
    /// The latest time of embedded sessions.
    pub latest_embedded: Option<Instant>,
    /// Whether an embedded session has an id of a production account.
    pub has_embedded_production: bool,
    /// The first record of unknown shape, reported if the file holds nothing else.
    pub stranger: Option<FileFault>,
    /// Why the file is refused.
    pub refused: Option<FileFault>,
}

impl FileTally {
    /// Merges the tally of another part of the file; of two refusals the first is kept.
    pub fn merge(&mut self, other: FileTally) {
        self.documents += other.documents;
        self.empty += other.empty;
        self.rejected += other.rejected;
        self.collections += other.collections;
        self.events += other.events;
        self.stated += other.stated;
        self.latest = self.latest.max(other.latest);
        self.has_production |= other.has_production;
        self.has_transactions |= other.has_transactions;
        self.has_reports |= other.has_reports;
        self.has_settlements |= other.has_settlements;
        self.has_entries |= other.has_entries;
        self.has_provider_payouts |= other.has_provider_payouts;
        self.remittances.iter_mut().zip(other.remittances).for_each(|(sum, count)| *sum += count);
        self.has_sessions |= other.has_sessions;
        self.has_orders |= other.has_orders;
        self.has_embedded |= other.has_embedded;
        self.latest_embedded = self.latest_embedded.max(other.latest_embedded);
        self.has_embedded_production |= other.has_embedded_production;
        self.stranger = self.stranger.take().or(other.stranger);
        self.refused = self.refused.take().or(other.refused);
    }
}

impl FileTally {
    /// What the file tells about the whole input; embedded sessions are left out.
    pub fn facts(&self) -> Facts {
        Facts {
            as_of: self.latest,
            has_production: self.has_production,
            has_transactions: self.has_transactions,
            has_reports: self.has_reports,
            has_settlements: self.has_settlements,
            has_entries: self.has_entries,
            has_statements: false,
            has_provider_payouts: self.has_provider_payouts,
        }
    }
}

/// Packs documents into the rows of partitions.
pub struct Packer {
    pub partitions: Partitions,
    /// The tally of the current file.
    pub tally: FileTally,
    pub rejects: Vec<Rejected>,
    /// Whether transactions without triggers leave short rows, because they can be read again.
    pub shortens: bool,
    /// The keys by which the documents may be joined.
    pub keys: KeyNotes,
    prechecker: Prechecker,
    precheck: Precheck,
    /// Reused buffer for a row.
    page: RowBuffer,
    /// Reused buffers for the settlements that events name, and for correlations.
    entries: Vec<u8>,
    correlations: Vec<u8>,
    /// Reused buffer for what is packed before its length is known.
    inner: RowBuffer,
}

/// Whether an id is of a production account.
pub fn is_production(id: &str) -> bool {
    Active::environment(id) == Some(Environment::Production)
}

impl Packer {
    /// `partitions` must be a power of two.
    pub fn new(partitions: usize, keys: KeyNotes, prechecker: Prechecker) -> Self {
        Packer {
            partitions: Partitions::new(partitions),
            tally: FileTally::default(),
            rejects: Vec::new(),
            shortens: false,
            keys,
            prechecker,
            precheck: Precheck::default(),
            page: RowBuffer::default(),
            entries: Vec::new(),
            correlations: Vec::new(),
            inner: RowBuffer::default(),
        }
    }

    fn met(&mut self, kind: RowKind, meta: &Meta<'_>) {
        self.tally.documents += 1;
        self.tally.latest = self.tally.latest.max(meta.latest);
        let counts = !matches!(kind, RowKind::Partial | RowKind::Header);
        self.tally.has_production = self.tally.has_production || counts && is_production(meta.id);
    }

    /// Notes the keys of a transaction, whose id has this hash, and of the session embedded in it. What both name is
    /// noted once: it joins these two alone.
    fn note_transaction(&mut self, transaction: &Transaction<'_>, hash: u64, head: &Head<'_>, inner: &Session<'_>) {
        let id = transaction.meta.id;
        self.keys.note_hash(Key::Transaction, hash);
        self.keys.note_hash(Key::Copy, hash);
        head.merchant_reference.into_iter().for_each(|reference| self.keys.note(Key::Reference, reference));
        head.session_id.into_iter().for_each(|session| self.keys.note(Key::Session, session));
        if let Some(session) = &transaction.session {
            if head.session_id != Some(session.id) {
                self.keys.note(Key::Session, session.id);
            }
            inner
                .transaction_id
                .filter(|named| *named != id)
                .into_iter()
                .for_each(|named| self.keys.note(Key::Transaction, named));
        }
    }

    /// Notes the keys of an order, or of an operation outside of its document.
    fn note_order(&mut self, id: &str, ledger: &Ledger<'_>) {
        self.keys.note(Key::Reference, id);
        let named = ledger.events.iter().filter_map(|event| event.payment_id);
        named.for_each(|payment| self.keys.note(Key::Transaction, payment));
    }

    fn count_events(&mut self, ledger: &Ledger<'_>) {
        self.tally.events += ledger.events.len() as u64;
        self.tally.stated += ledger.events.iter().filter_map(|e| e.stated).map(Sum::from).sum::<Sum>();
    }
}

fn row<'p>(kind: RowKind, meta: &Meta<'p>, origin: Origin) -> Row<'p> {
    Row {
        kind,
        id: meta.id,
        origin,
        updated_at: meta.updated_at,
        version: meta.version,
        weight: meta.weight,
        body: &[],
    }
}

impl<'b> Sink<'b> for Packer {
    fn transaction(&mut self, transaction: &Transaction<'b>, ledger: &Ledger<'b>, inner: &Session<'b>) {
        (self.prechecker)(ledger, &mut self.precheck);
        let kind = match self.precheck.triggers.without(Triggers::OF_ROW) {
            _ if transaction.partial => RowKind::Partial,
            Triggers::NONE if self.shortens => RowKind::Clean,
            Triggers::OPEN if self.shortens => RowKind::Open,
            _ => RowKind::Transaction,
        };
        self.met(kind, &transaction.meta);
        self.count_events(ledger);
        self.tally.has_transactions = true;
        self.tally.has_entries |= !ledger.entries.is_empty();
        let hash = hash_of(transaction.meta.id);
        self.note_transaction(transaction, hash, &ledger.head, inner);
        if let Some(session) = &transaction.session {
            self.tally.has_embedded = true;
            self.tally.latest_embedded = self.tally.latest_embedded.max(session.latest);
            self.tally.has_embedded_production |= is_production(session.id);
        }
        // A packed record is mostly its own texts, so it is seldom longer than the record.
        let likely = 4096 + ledger.head.origin.length as usize;
        let packed = transaction.session.as_ref().map(|meta| {
            self.inner.write(likely, |pen| {
                session_meta(pen, meta);
                // The items of a session have no lists.
                pack_session(pen, &Ledger::new(), inner);
            })
        });
        let (entries, correlations) = (&mut self.entries, &mut self.correlations);
        entries.clear();
        correlations.clear();
        if self.precheck.triggers.names_settlements() {
            pack_entries(entries, ledger);
        }
        if self.precheck.triggers.is_correlated() {
            pack_correlations(correlations, ledger);
        }
        let (front, precheck) = (row(kind, &transaction.meta, ledger.head.origin), &self.precheck);
        let body = self.page.write(likely, |pen| {
            front.front(pen);
            // The embedded session comes first, so that it can be read without unpacking the rest.
            pen.byte(u8::from(packed.is_some()));
            packed.iter().for_each(|packed| pen.bytes(packed));
            write_precheck(pen, precheck, [entries, correlations]);
            pack_names(pen, &ledger.head);
            if kind.is_short() {
                write_ids(pen, &precheck.moves, &ledger.events);
            } else {
                pack_head(pen, ledger);
                pen.number(ledger.events.len() as u64);
                ledger.events.iter().for_each(|one| pack_event(pen, ledger, one));
            }
        });
        append(self.partitions.of_hash(hash), |out| out.raw(body));
    }

    fn order(&mut self, meta: &Meta<'b>, ledger: &Ledger<'b>) {
        self.met(RowKind::Order, meta);
        self.tally.has_orders = true;
        self.count_events(ledger);
        self.note_order(meta.id, ledger);
        let (out, inner) = (self.partitions.of(meta.id), &mut self.inner);
        let likely = ledger.head.origin.length as usize;
        row(RowKind::Order, meta, ledger.head.origin).write(out, |out| {
            pack_names(out, &ledger.head);
            pack_head(out, ledger);
            for one in &ledger.events {
                let packed = inner.write(likely, |pen| pack_operation(pen, ledger, one));
                out.byte(one.list as u8);
                out.bytes(packed);
            }
        });
    }

    fn operation(&mut self, order_id: &str, latest: Option<Instant>, ledger: &Ledger<'b>, number: u32) {
        let Some(one) = ledger.events.first() else { return };
        let meta = Meta { id: order_id, updated_at: one.updated_at, version: one.version, weight: number, latest };
        self.tally.documents += 1;
        self.tally.has_orders = true;
        self.tally.latest = self.tally.latest.max(latest);
        self.count_events(ledger);
        self.note_order(order_id, ledger);
        row(RowKind::Operation, &meta, one.origin).write(self.partitions.of(order_id), |out| {
            out.byte(one.list as u8);
            pack_operation(out, ledger, one);
        });
    }

    fn given(&mut self, order_id: &str, list: EventList, origin: Origin) {
        self.tally.collections += 1;
        let meta = Meta { id: order_id, ..Meta::default() };
        row(RowKind::Given, &meta, origin).write(self.partitions.of(order_id), |out| out.byte(list as u8));
    }

    fn session(&mut self, meta: &Meta<'b>, inner: &Session<'b>) {
        self.met(RowKind::Session, meta);
        self.tally.has_sessions = true;
        self.keys.note(Key::Session, meta.id);
        inner.transaction_id.into_iter().for_each(|named| self.keys.note(Key::Transaction, named));
        let out = self.partitions.of(meta.id);
        row(RowKind::Session, meta, inner.origin).write(out, |out| pack_session(out, &Ledger::new(), inner));
    }

    fn settlement(&mut self, meta: &Meta<'b>, inner: &Settlement<'b>) {
        let kind = if inner.is_report { RowKind::Settlement } else { RowKind::Header };
        self.met(kind, meta);
        self.tally.has_reports |= inner.is_report;
        self.tally.has_settlements = true;
        let named = inner.lines.iter().filter_map(|line| line.transaction_id);
        named.for_each(|transaction| self.keys.note(Key::Transaction, transaction));
        let out = self.partitions.of(meta.id);
        row(kind, meta, inner.origin).write(out, |out| pack_settlement(out, &Ledger::new(), inner));
    }

    fn remittance(&mut self, remittance: &Remittance<'b>) {
        self.tally.documents += 1;
        self.tally.remittances[remittance.kind as usize] += 1;
        self.tally.has_provider_payouts |= remittance.is_payout();
        // Noted twice, so that a transaction's ids need not be noted.
        for id in remittance.ids.iter().flatten() {
            (0..2).for_each(|_| self.keys.note(Key::Correlation, id));
        }
        let id = row_id(remittance);
        let meta = Meta { id: &id, ..Meta::default() };
        let out = self.partitions.of(&id);
        row(RowKind::Remittance, &meta, remittance.origin).write(out, |out| pack_remittance(out, remittance));
    }

    fn nothing(&mut self, _: Origin) {
        self.tally.empty += 1;
    }

    fn reject(&mut self, rejected: Rejected) {
        self.tally.rejected += 1;
        self.rejects.push(rejected);
    }

    fn stranger(&mut self, fault: FileFault) {
        self.tally.stranger.get_or_insert(fault);
    }

    fn refuse(&mut self, fault: FileFault) {
        self.tally.refused.get_or_insert(fault);
    }
}

/// Packs an embedded session's id, update time, version and weight.
fn session_meta(out: &mut impl Wire, meta: &Meta<'_>) {
    out.text(meta.id);
    out.opt_instant(meta.updated_at);
    out.opt_signed(meta.version);
    out.number(u64::from(meta.weight));
}
