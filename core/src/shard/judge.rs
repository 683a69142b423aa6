//! Judges the documents of one partition.

use super::balance::Balance;
use super::build::Judged;
use super::found::Found;
use super::totals::Sums;
use crate::ledger::{Copies, Ledger, OrderFacts, Session, SessionFacts, Settled, Settlement, TransactionFacts, states};
use crate::link::{self, Facts as LinkFacts, Key, LineFacts};
use crate::model::card::{Card, Kind};
use crate::model::event::{EventKind, EventList};
use crate::model::evidence::{Evidence, Watch};
use crate::model::finding::Hit;
use crate::model::instant::Instant;
use crate::model::settings::{Facts, Settings};
use crate::normalize::{self, Partitions, Row, RowKind};
use crate::resolve::{Fate, Group, InputOrder, MergedOperation, Resolved, given, merge};
use crate::rules::{Checks, Cx};

/// Which kinds of documents the input has that transactions may be linked to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Linking {
    /// Sessions, embedded ones included.
    pub sessions: bool,
    /// Orders.
    pub orders: bool,
    /// Settlement reports.
    pub settlements: bool,
}

/// What every shard of a run is told.
pub struct Plan<'a> {
    /// The checks of the rules that are on.
    pub checks: &'a Checks,
    /// The configuration.
    pub settings: &'a Settings,
    /// Facts of the whole input.
    pub facts: &'a Facts,
    /// The order of the input's files.
    pub order: InputOrder<'a>,
    /// What links can there be.
    pub linking: Linking,
    /// On which day an instant falls.
    pub day_of: &'a (dyn Fn(Instant) -> i64 + Sync),
    /// The evidence that an earlier run's findings ask for.
    pub watch: Watch<'a>,
}

/// What shards leave.
#[derive(Debug)]
pub struct Shard {
    /// Findings.
    pub findings: Found,
    /// Balances, packed, one after another; each with its length before it.
    pub balances: Vec<u8>,
    /// Link rows.
    pub links: Partitions,
    /// Sums.
    pub sums: Sums,
    /// By file: accepted, duplicate and superseded records.
    pub fates: Vec<[u64; 3]>,
    /// Events in those records.
    pub events: u64,
    /// The evidence that was met, of what was asked for.
    pub met: Vec<u64>,
}

impl Shard {
    /// Nothing yet: for so many files, link rows into so many partitions.
    pub fn new(files: usize, partitions: usize) -> Self {
        Shard {
            findings: Found::default(),
            balances: Vec::new(),
            links: Partitions::new(partitions),
            sums: Sums::default(),
            fates: vec![[0; 3]; files],
            events: 0,
            met: Vec::new(),
        }
    }

    fn count(&mut self, row: &Row<'_>, fate: Fate) {
        self.fates[row.origin.file as usize][fate as usize] += 1;
        self.events += match row.kind {
            RowKind::Transaction | RowKind::Order => u64::from(row.weight),
            RowKind::Operation => 1,
            _ => 0,
        };
    }

    fn balance(&mut self, balance: &Balance<'_>, place: u32) {
        normalize::append(&mut self.balances, |out| balance.write(place, out));
    }
}

/// The sessions inside kept transactions of a partition, as rows of their own.
pub fn embedded_sessions(parts: &[&[u8]], order: InputOrder<'_>, out: &mut Partitions) {
    let resolved = Resolved::new(parts, order, |row| row.kind.class() == Kind::Transaction);
    for group in &resolved.groups {
        let Some(kept) = group.kept else { continue };
        if let Some(session) = normalize::embedded_session(&resolved.rows[kept]) {
            session.write(out.of(session.id), |out| out.extend_from_slice(session.body));
        }
    }
}

/// The latest time of sessions inside transactions that are documents, and whether one is of a production
/// account: none is that has a session of its own beside it.
pub fn session_documents(parts: &[&[u8]], order: InputOrder<'_>) -> (Option<Instant>, bool) {
    let resolved = Resolved::new(parts, order, |row| row.kind.class() == Kind::Session);
    let (mut latest, mut has_production) = (None, false);
    let mut session = Session::default();
    let only_embedded = |group: &&Group| resolved.of(group).iter().all(|row| row.kind == RowKind::EmbeddedSession);
    for group in resolved.groups.iter().filter(only_embedded) {
        for row in resolved.of(group) {
            normalize::session(row, &mut session);
            latest = latest.max(row.updated_at).max(session.created_at);
            has_production |= normalize::is_production(row.id);
        }
    }
    (latest, has_production)
}

/// Fills the ledger of a group's kept document; false when the group has none.
pub fn ledger_of<'p>(resolved: &Resolved<'p>, group: &Group, order: InputOrder<'_>, ledger: &mut Ledger<'p>) -> bool {
    match group.kind {
        Kind::Transaction => {
            let Some(kept) = group.kept else { return false };
            normalize::transaction(&resolved.rows[kept], ledger);
        }
        Kind::Order => {
            let (operations, _) = merge(resolved.of(group), kept_place(group), order);
            return order_ledger(resolved, group, &operations, order, ledger);
        }
        Kind::Session | Kind::Settlement => return false,
    }
    ledger.settle();
    true
}

/// The kept row's place among the group's own rows.
fn kept_place(group: &Group) -> Option<usize> {
    group.kept.map(|at| at - group.rows.start)
}

fn order_ledger<'p>(
    resolved: &Resolved<'p>,
    group: &Group,
    operations: &[MergedOperation<'p>],
    order: InputOrder<'_>,
    ledger: &mut Ledger<'p>,
) -> bool {
    let rows = resolved.of(group);
    match group.kept {
        Some(kept) => normalize::order(&resolved.rows[kept], ledger),
        None => {
            // Known by its operations alone: the first of them stands for it.
            let Some(first) = operations.iter().map(|op| op.row.origin).min_by_key(|o| order.place(*o)) else {
                return false;
            };
            ledger.clear(Kind::Order);
            ledger.head.id = rows[0].id;
            ledger.head.origin = first;
        }
    }
    let elsewhere = given(rows);
    for (own, other) in ledger.head.given.iter_mut().zip(elsewhere) {
        *own |= other;
    }
    place_operations(operations, ledger);
    true
}

/// Puts the operations of an order on its ledger, and settles it.
fn place_operations<'p>(operations: &[MergedOperation<'p>], ledger: &mut Ledger<'p>) {
    let mut places = [0u32; 4];
    for operation in operations {
        let Some(n) = operation.row.list.collection() else { continue };
        operation.row.unpack(ledger, places[n]);
        places[n] += 1;
    }
    ledger.settle();
}

/// Judges every document of a partition, given as runs of rows: those that were read, and the sessions inside
/// kept transactions.
pub fn judge(parts: &[&[u8]], plan: &Plan<'_>, out: &mut Shard) {
    let resolved = Resolved::new(parts, plan.order, |_| true);
    let mut judge = Judge { plan, out, resolved: &resolved, hits: Vec::new() };
    let mut ledger = Ledger::new();
    let mut session = Session::default();
    let mut settlement = Settlement::default();
    for group in &resolved.groups {
        match group.kind {
            Kind::Transaction => judge.transaction(group, &mut ledger),
            Kind::Order => judge.order(group, &mut ledger),
            Kind::Session => judge.session(group, &mut session),
            Kind::Settlement => judge.settlement(group, &mut settlement),
        }
    }
}

struct Judge<'j, 'p> {
    plan: &'j Plan<'j>,
    out: &'j mut Shard,
    resolved: &'j Resolved<'p>,
    hits: Vec<(&'static Card, Hit<'p>)>,
}

impl<'p> Judge<'_, 'p> {
    fn run<F: Copy>(&mut self, checks: &[(&'static Card, F)], call: impl Fn(F, &mut Cx<'_, 'p>)) {
        for (card, check) in checks {
            let mut cx = Cx { settings: self.plan.settings, facts: self.plan.facts, card, hits: &mut self.hits };
            call(*check, &mut cx);
        }
    }

    /// Makes findings of what was hit.
    fn conclude(&mut self, judged: impl FnOnce() -> Judged) {
        if self.hits.is_empty() {
            return;
        }
        let judged = judged();
        for (card, hit) in self.hits.drain(..) {
            self.out.findings.extend(judged.finding(card, hit, self.plan.settings));
        }
    }

    fn note(&mut self, evidence: Evidence, kind: Kind, id: &str) {
        self.plan.watch.note(evidence, kind, id, &mut self.out.met);
    }

    /// Counts what became of the documents of a group.
    fn count_documents(&mut self, group: &Group) {
        for at in group.rows.clone() {
            let row = &self.resolved.rows[at];
            if !matches!(row.kind, RowKind::Operation | RowKind::Given | RowKind::EmbeddedSession) {
                let fate = self.resolved.fate(group, at);
                self.out.count(row, fate);
            }
        }
    }

    /// Runs the rules about copies; `own` unpacks the ledger of a superseded copy.
    fn copies(
        &mut self,
        group: &Group,
        id: &'p str,
        kept: Option<&Ledger<'p>>,
        own: impl Fn(&Row<'p>) -> Option<Ledger<'p>>,
    ) {
        if group.rows.len() < 2 {
            return;
        }
        let all = self.resolved.copies(group);
        if all.len() > 1 {
            self.note(Evidence::Copies, group.kind, id);
        }
        let (mut superseded, mut currencies) = (Vec::new(), Vec::new());
        for (row, is_full) in self.resolved.superseded(group) {
            let Some(copy) = own(row) else { continue };
            currencies.extend(copy.head.currency);
            superseded.extend(is_full.then_some(copy));
        }
        let copies = Copies { kind: group.kind, id, all: &all, kept, superseded: &superseded, currencies: &currencies };
        self.run(&self.plan.checks.copies, |check, cx| check(&copies, cx));
    }

    fn transaction(&mut self, group: &Group, ledger: &mut Ledger<'p>) {
        self.count_documents(group);
        if !ledger_of(self.resolved, group, self.plan.order, ledger) {
            return;
        }
        let id = ledger.head.id;
        let partial = group.kept.is_some_and(|kept| self.resolved.rows[kept].kind == RowKind::Partial);
        self.note(Evidence::Present, Kind::Transaction, id);
        if partial {
            self.run(&self.plan.checks.partial, |check, cx| check(ledger, cx));
            self.conclude(|| Judged::ledger(ledger, None));
            self.out.sums.of(ledger.head.currency).subjects[Kind::Transaction as usize] += 1;
            return self.link_transaction(ledger, None, true);
        }
        self.note(Evidence::Whole, Kind::Transaction, id);
        self.run(&self.plan.checks.ledger, |check, cx| check(ledger, cx));
        self.run(&self.plan.checks.document, |check, cx| check(id, cx));
        self.copies(group, id, Some(ledger), |row| {
            let mut copy = Ledger::new();
            normalize::transaction(row, &mut copy);
            copy.settle();
            Some(copy)
        });
        let derived = states::derived(ledger);
        self.conclude(|| Judged::ledger(ledger, derived.as_deref()));
        self.out.sums.add_ledger(ledger, self.plan.day_of);
        self.write_balance(ledger, derived.as_deref());
        self.link_transaction(ledger, derived.as_deref(), false);
    }

    fn write_balance(&mut self, ledger: &Ledger<'_>, derived: Option<&str>) {
        self.out.balance(&Balance::of_ledger(ledger, derived), 0);
    }

    fn link_transaction(&mut self, ledger: &Ledger<'p>, derived: Option<&str>, partial: bool) {
        let facts = transaction_facts(ledger, derived, partial);
        let Linking { sessions, orders, settlements } = self.plan.linking;
        if sessions || orders || settlements {
            link::write(self.out.links.of(facts.id), Key::Transaction, facts.id, &LinkFacts::Transaction(facts));
        } else if !partial {
            let settled = Settled { transaction: &facts, lines: 0, captured: 0, refunded: 0 };
            for (card, check) in &self.plan.checks.settled {
                let mut hits = Vec::new();
                let mut cx = Cx { settings: self.plan.settings, facts: self.plan.facts, card, hits: &mut hits };
                check(&settled, &mut cx);
                for (card, hit) in hits {
                    let judged = Judged::transaction(&facts);
                    self.out.findings.extend(judged.finding(card, hit, self.plan.settings));
                }
            }
        }
        if let Some(session) = facts.session_id.filter(|_| sessions && !partial) {
            link::write(self.out.links.of(session), Key::Session, session, &LinkFacts::Transaction(facts));
        }
        if let Some(reference) = facts.merchant_reference.filter(|_| orders || (!partial && facts.net() > 0)) {
            link::write(self.out.links.of(reference), Key::Reference, reference, &LinkFacts::Transaction(facts));
        }
    }

    fn order(&mut self, group: &Group, ledger: &mut Ledger<'p>) {
        self.count_documents(group);
        let rows = self.resolved.of(group);
        let (operations, fates) = merge(rows, kept_place(group), self.plan.order);
        for (at, fate) in fates {
            self.out.count(&rows[at], fate);
        }
        if !order_ledger(self.resolved, group, &operations, self.plan.order, ledger) {
            return;
        }
        let id = ledger.head.id;
        self.note_order(ledger);
        self.run(&self.plan.checks.ledger, |check, cx| check(ledger, cx));
        if ledger.head.has_document {
            self.run(&self.plan.checks.document, |check, cx| check(id, cx));
        }
        let order = self.plan.order;
        self.copies(group, id, Some(ledger), |row| {
            let mut copy = Ledger::new();
            let (operations, _) = merge(std::slice::from_ref(row), Some(0), order);
            normalize::order(row, &mut copy);
            place_operations(&operations, &mut copy);
            Some(copy)
        });
        let derived = states::derived(ledger);
        self.conclude(|| Judged::ledger(ledger, derived.as_deref()));
        self.out.sums.add_ledger(ledger, self.plan.day_of);
        self.write_balance(ledger, derived.as_deref());
        self.link_order(ledger, derived.as_deref());
    }

    fn note_order(&mut self, ledger: &Ledger<'p>) {
        let id = ledger.head.id;
        self.note(Evidence::Present, Kind::Order, id);
        if ledger.head.has_document {
            self.note(Evidence::Whole, Kind::Order, id);
        }
        for list in EventList::COLLECTIONS.into_iter().filter(|list| ledger.given(*list)) {
            self.note(Evidence::Given(list), Kind::Order, id);
        }
    }

    fn link_order(&mut self, ledger: &Ledger<'p>, derived: Option<&str>) {
        let mut named: Vec<&str> = ledger.events.iter().filter_map(|e| e.payment_id).collect();
        named.sort_unstable();
        named.dedup();
        let head = &ledger.head;
        let facts = OrderFacts {
            id: head.id,
            currency: head.currency,
            status: head.status_word,
            status_derived: derived,
            created_at: head.created_at,
            captured: ledger.totals.captured,
            refunded: ledger.totals.refunded,
            released: ledger.totals.released,
            given: head.given,
            named: named.len() as u32,
            origin: head.origin,
        };
        if named.is_empty() {
            link::write(self.out.links.of(facts.id), Key::Reference, facts.id, &LinkFacts::Order(facts));
        }
        for id in named {
            link::write(self.out.links.of(id), Key::Transaction, id, &LinkFacts::Order(facts));
        }
    }

    fn session(&mut self, group: &Group, session: &mut Session<'p>) {
        self.count_documents(group);
        let Some(kept) = group.kept else { return };
        normalize::session(&self.resolved.rows[kept], session);
        let id = session.id;
        self.note(Evidence::Present, Kind::Session, id);
        self.run(&self.plan.checks.session, |check, cx| check(session, cx));
        self.run(&self.plan.checks.document, |check, cx| check(id, cx));
        self.copies(group, id, None, |_| None);
        self.conclude(|| Judged::session(session));
        self.out.sums.of(session.currency).subjects[Kind::Session as usize] += 1;
        let facts = SessionFacts::from(&*session);
        link::write(self.out.links.of(id), Key::Session, id, &LinkFacts::Session(facts));
        if let Some(transaction) = session.transaction_id {
            link::write(self.out.links.of(transaction), Key::Transaction, transaction, &LinkFacts::Session(facts));
        }
    }

    fn settlement(&mut self, group: &Group, settlement: &mut Settlement<'p>) {
        self.count_documents(group);
        let Some(kept) = group.kept else { return };
        normalize::settlement(&self.resolved.rows[kept], settlement);
        let id = settlement.id;
        self.note(Evidence::Present, Kind::Settlement, id);
        if settlement.is_report {
            self.note(Evidence::Whole, Kind::Settlement, id);
        }
        self.run(&self.plan.checks.settlement, |check, cx| check(settlement, cx));
        if settlement.is_report {
            self.run(&self.plan.checks.document, |check, cx| check(id, cx));
        }
        self.copies(group, id, None, |_| None);
        self.conclude(|| Judged::settlement(settlement));
        let currency = if settlement.amounts.len() == 1 { settlement.amounts[0].currency } else { None };
        self.out.sums.of(currency).subjects[Kind::Settlement as usize] += 1;
        for (place, balance) in (0..).zip(Balance::of_settlement(settlement)) {
            self.out.balance(&balance, place);
        }
        self.link_lines(settlement, currency);
    }

    fn link_lines(&mut self, settlement: &Settlement<'p>, currency: Option<&'p str>) {
        let convention = settlement.convention();
        for line in &settlement.lines {
            let Some(transaction) = line.transaction_id else { continue };
            let facts = LineFacts {
                settlement: settlement.id,
                currency,
                place: line.place,
                capture: line.capture,
                refund: line.refund,
                refund_magnitude: convention.refund_magnitude(line.refund),
                origin: settlement.origin,
            };
            link::write(self.out.links.of(transaction), Key::Transaction, transaction, &LinkFacts::Line(facts));
        }
    }
}

fn transaction_facts<'a>(ledger: &Ledger<'a>, derived: Option<&'a str>, partial: bool) -> TransactionFacts<'a> {
    let head = &ledger.head;
    TransactionFacts {
        id: head.id,
        partial,
        currency: head.currency,
        status: head.status_word,
        status_derived: derived,
        settlement_status: head.settlement_status,
        product_type: head.product_type,
        merchant_reference: head.merchant_reference,
        merchant_reference_2: head.merchant_reference_2,
        session_id: head.session_id,
        created_at: head.created_at,
        authorized: ledger.authorized,
        captured: ledger.totals.captured,
        refunded: ledger.totals.refunded,
        released: ledger.totals.released,
        has_authorize: ledger.totals.authorized,
        last_capture: ledger.last_effective(EventKind::Capture).map(|event| (event.place, event.time)),
        has_cards_or_splits: !ledger.cards.is_empty() || !ledger.splits.is_empty(),
        origin: head.origin,
    }
}
