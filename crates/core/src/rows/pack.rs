//! Packs documents into rows.

use super::account::{write_names, write_precheck};
use super::keys::{Key, KeyNotes};
use super::pen::RowBuffer;
use super::row::{Partitions, Row, RowKind};
use super::run::append;
use super::wire::{Wire, append_between, code_of};
use crate::document::{Meta, Rejected, Sink, Transaction};
use crate::ledger::{Event, GiftCard, Head, Item, Ledger, Names, Precheck, Session, Settlement, Split, Triggers};
use crate::model::event::EventList;
use crate::model::instant::Instant;
use crate::model::money::Sum;
use crate::model::origin::Origin;
use crate::model::product::Environment;
use crate::model::reject::FileFault;
use crate::provider::Provider;
use crate::provider::active::Active;

/// What was found in one file, besides its rows.
#[derive(Clone, Debug, Default)]
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
        self.has_sessions |= other.has_sessions;
        self.has_orders |= other.has_orders;
        self.has_embedded |= other.has_embedded;
        self.latest_embedded = self.latest_embedded.max(other.latest_embedded);
        self.has_embedded_production |= other.has_embedded_production;
        self.stranger = self.stranger.take().or(other.stranger);
        self.refused = self.refused.take().or(other.refused);
    }
}

/// Packs documents into the rows of partitions.
#[derive(Debug)]
pub struct Packer {
    pub partitions: Partitions,
    /// The tally of the current file.
    pub tally: FileTally,
    pub rejects: Vec<Rejected>,
    /// Whether transactions without triggers leave short rows, because they can be read again.
    pub shortens: bool,
    /// The keys by which the documents may be joined.
    pub keys: KeyNotes,
    precheck: Precheck,
    /// Reused buffer for a row.
    page: RowBuffer,
    /// Reused buffer for what is packed before its length is known.
    inner: RowBuffer,
}

/// Whether an id is of a production account.
pub fn is_production(id: &str) -> bool {
    Active::environment(id) == Some(Environment::Production)
}

impl Packer {
    /// `partitions` must be a power of two.
    pub fn new(partitions: usize, keys: KeyNotes) -> Self {
        Packer {
            partitions: Partitions::new(partitions),
            tally: FileTally::default(),
            rejects: Vec::new(),
            shortens: false,
            keys,
            precheck: Precheck::default(),
            page: RowBuffer::default(),
            inner: RowBuffer::default(),
        }
    }

    fn met(&mut self, kind: RowKind, meta: &Meta<'_>) {
        self.tally.documents += 1;
        self.tally.latest = self.tally.latest.max(meta.latest);
        let counts = !matches!(kind, RowKind::Partial | RowKind::Header);
        self.tally.has_production |= counts && is_production(meta.id);
    }

    /// Notes the keys of a transaction and of the session embedded in it. What both name is noted once: it
    /// joins these two alone.
    fn note_transaction(&mut self, transaction: &Transaction<'_>, head: &Head<'_>, inner: &Session<'_>) {
        let id = transaction.meta.id;
        self.keys.note(Key::Transaction, id);
        self.keys.note(Key::Copy, id);
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
        self.precheck.take(ledger);
        let kind = match self.precheck.triggers {
            _ if transaction.partial => RowKind::Partial,
            Triggers::NONE if self.shortens => RowKind::Clean,
            Triggers::OPEN if self.shortens => RowKind::Open,
            _ => RowKind::Transaction,
        };
        self.met(kind, &transaction.meta);
        self.count_events(ledger);
        self.tally.has_transactions = true;
        self.note_transaction(transaction, &ledger.head, inner);
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
                session(pen, inner);
            })
        });
        let (front, precheck) = (row(kind, &transaction.meta, ledger.head.origin), &self.precheck);
        let body = self.page.write(likely, |pen| {
            front.front(pen);
            // The embedded session comes first, so that it can be read without unpacking the rest.
            pen.byte(u8::from(packed.is_some()));
            packed.iter().for_each(|packed| pen.bytes(packed));
            write_precheck(pen, precheck);
            names(pen, &ledger.head);
            if !kind.is_short() {
                rest_of_head(pen, ledger);
                pen.number(ledger.events.len() as u64);
                ledger.events.iter().for_each(|one| event(pen, ledger, one));
            }
        });
        append(self.partitions.of(transaction.meta.id), |out| out.raw(body));
    }

    fn order(&mut self, meta: &Meta<'b>, ledger: &Ledger<'b>) {
        self.met(RowKind::Order, meta);
        self.tally.has_orders = true;
        self.count_events(ledger);
        self.note_order(meta.id, ledger);
        let (out, inner) = (self.partitions.of(meta.id), &mut self.inner);
        let likely = ledger.head.origin.length as usize;
        row(RowKind::Order, meta, ledger.head.origin).write(out, |out| {
            names(out, &ledger.head);
            rest_of_head(out, ledger);
            for one in &ledger.events {
                let packed = inner.write(likely, |pen| operation(pen, ledger, one));
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
            operation(out, ledger, one);
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
        row(RowKind::Session, meta, inner.origin).write(out, |out| session(out, inner));
    }

    fn settlement(&mut self, meta: &Meta<'b>, inner: &Settlement<'b>) {
        let kind = if inner.is_report { RowKind::Settlement } else { RowKind::Header };
        self.met(kind, meta);
        self.tally.has_reports |= inner.is_report;
        let named = inner.lines.iter().filter_map(|line| line.transaction_id);
        named.for_each(|transaction| self.keys.note(Key::Transaction, transaction));
        let out = self.partitions.of(meta.id);
        row(kind, meta, inner.origin).write(out, |out| settlement(out, inner));
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

fn names(out: &mut impl Wire, head: &Head<'_>) {
    out.opt_signed(head.amount);
    write_names(out, &Names::from(head));
}

fn rest_of_head(out: &mut impl Wire, ledger: &Ledger<'_>) {
    let head = &ledger.head;
    out.opt_signed(head.gross);
    let given = head.given.iter().fold(0, |bits, given| bits << 1 | u8::from(*given));
    out.byte(given << 1 | u8::from(head.has_reversed_line));
    out.opt_text(head.platform_type);
    out.opt_text(head.seller);
    out.opt_text(head.store_seller);
    items(out, ledger, ledger.items(head.items));
    match &head.shipping {
        None => out.byte(0),
        Some(shipping) => {
            out.byte(1);
            item(out, ledger, shipping);
        }
    }
    cards(out, ledger.cards(head.cards));
}

fn items(out: &mut impl Wire, ledger: &Ledger<'_>, items: &[Item<'_>]) {
    out.number(items.len() as u64);
    for one in items {
        item(out, ledger, one);
    }
}

fn item(out: &mut impl Wire, ledger: &Ledger<'_>, item: &Item<'_>) {
    let ends_early = item.gross.is_none() && item.discounts.is_none() && item.splits.is_empty() && item.fees.is_empty();
    let plain = ends_early && item.quantity.is_none();
    out.then_text([u8::from(!plain)], item.line);
    out.opt_signed(item.amount);
    if plain {
        return;
    }
    // Nearly all items end in four zero bytes, which are written together with the quantity.
    if ends_early && let Some(Ok(quantity)) = item.quantity.map(|quantity| i64::try_from(quantity.0)) {
        return append_between(out, [1, 0], quantity);
    }
    out.opt_sum(item.quantity.map(|q| q.0));
    out.opt_sum(item.discounts);
    out.opt_signed(item.gross);
    splits(out, ledger.splits(item.splits));
    fees(out, ledger.fees(item.fees));
}

fn splits(out: &mut impl Wire, splits: &[Split<'_>]) {
    out.number(splits.len() as u64);
    for split in splits {
        out.text(split.destination);
        out.signed(split.amount);
    }
}

fn fees(out: &mut impl Wire, fees: &[&str]) {
    out.number(fees.len() as u64);
    for destination in fees {
        out.text(destination);
    }
}

fn cards(out: &mut impl Wire, cards: &[GiftCard<'_>]) {
    out.number(cards.len() as u64);
    for card in cards {
        out.opt_text(card.card);
        out.opt_signed(card.amount);
    }
}

fn success(value: Option<bool>) -> u8 {
    match value {
        None => 0,
        Some(false) => 1,
        Some(true) => 2,
    }
}

/// An event of a transaction.
fn event(out: &mut impl Wire, ledger: &Ledger<'_>, event: &Event<'_>) {
    let rich = !event.splits.is_empty()
        || !event.fees.is_empty()
        || !event.cards.is_empty()
        || event.correction != [None; 3]
        || event.request_id.is_some()
        || event.correlation_request_id.is_some();
    let flags = success(event.success) << 1 | u8::from(rich);
    match code_of(Active::FREQUENT.events, Active::place_of_event(event.kind), Some(event.word)) {
        1 => {
            out.byte(1);
            out.text(event.word);
            out.byte(flags);
        }
        code => out.put([code, flags], 2),
    }
    out.opt_signed(event.stated);
    let likely = event.status.map_or(usize::MAX, |status| status as usize);
    match code_of(Active::FREQUENT.statuses, likely, event.status_word) {
        1 => {
            out.byte(1);
            out.text(event.status_word.unwrap_or_default());
            out.opt_instant(event.time);
        }
        code => out.then_instant([code], event.time),
    }
    out.opt_text(event.id);
    items(out, ledger, ledger.items(event.items));
    if rich {
        out.opt_text(event.request_id);
        let ends_early = event.splits.is_empty()
            && event.fees.is_empty()
            && event.cards.is_empty()
            && event.correction == [None; 3]
            && event.correlation_request_id.is_none();
        if ends_early {
            return out.put([0; 7], 7);
        }
        out.opt_text(event.correlation_request_id);
        event.correction.iter().for_each(|amount| out.opt_signed(*amount));
        splits(out, ledger.splits(event.splits));
        fees(out, ledger.fees(event.fees));
        cards(out, ledger.cards(event.cards));
    }
}

/// An operation of an order; the fields that distinguish copies come first.
fn operation(out: &mut impl Wire, ledger: &Ledger<'_>, event: &Event<'_>) {
    out.opt_text(event.id);
    out.opt_instant(event.updated_at);
    out.opt_signed(event.version);
    out.byte(success(event.success));
    out.opt_signed(event.stated);
    out.opt_instant(event.time);
    out.opt_instant(event.created_at);
    out.opt_text(event.authorization_id);
    out.opt_text(event.payment_id);
    items(out, ledger, ledger.items(event.items));
}

fn session(out: &mut impl Wire, session: &Session<'_>) {
    out.opt_text(session.transaction_id);
    out.signed(session.amount);
    out.opt_text(session.currency);
    out.byte(u8::from(session.partial_payment));
    out.opt_text(session.merchant_reference);
    out.opt_text(session.merchant_reference_2);
    out.opt_instant(session.cancelled_at);
    out.opt_instant(session.created_at);
    // The rules on sessions read no splits or fees, so items are packed without them.
    let parts = Ledger::new();
    fn without<'b>(one: &Item<'b>) -> Item<'b> {
        Item { splits: Default::default(), fees: Default::default(), ..*one }
    }
    out.number(session.items.len() as u64);
    for one in &session.items {
        item(out, &parts, &without(one));
    }
    match &session.shipping {
        None => out.byte(0),
        Some(shipping) => {
            out.byte(1);
            item(out, &parts, &without(shipping));
        }
    }
}

fn settlement(out: &mut Vec<u8>, settlement: &Settlement<'_>) {
    out.opt_instant(settlement.created_at);
    out.number(settlement.amounts.len() as u64);
    for amounts in &settlement.amounts {
        out.opt_text(amounts.currency);
        [amounts.amount, amounts.capture, amounts.refund, amounts.fee].iter().for_each(|a| out.opt_signed(*a));
    }
    out.number(settlement.lines.len() as u64);
    for line in &settlement.lines {
        out.opt_text(line.transaction_id);
        [line.capture, line.refund, line.fee, line.net].iter().for_each(|a| out.opt_signed(*a));
    }
}
