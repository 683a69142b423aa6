//! Judges the documents of one partition.

use super::balance;
use super::build::{Judged, set_roots};
use super::doubled::doubled;
use super::found::Found;
use super::links;
use super::roots::{Spoken, Traced, rounded_session, trace};
use super::story;
use super::totals::{DayOf, Sums, Today};
use crate::ledger::{Copies, Figures, Ledger, Move, Names, Session, SessionFacts, Settlement, states};
use crate::model::card::{Card, Kind};
use crate::model::cause::Undone;
use crate::model::event::EventList;
use crate::model::evidence::{Evidence, Watch};
use crate::model::finding::{Finding, Hit};
use crate::model::instant::Instant;
use crate::model::origin::Origin;
use crate::model::settings::{Facts, Settings};
use crate::normalize::{self, Partitions, Row, RowKind, write_names};
use crate::resolve::{Fate, Group, InputOrder, MergedOperation, each_group, given, merge};
use crate::rules::{Checks, Cx, LedgerCheck};

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
    pub day_of: DayOf<'a>,
    /// The evidence that an earlier run's findings ask for.
    pub watch: Watch<'a>,
}

impl<'a> Plan<'a> {
    pub(super) fn today(&self) -> Today<'a> {
        Today { as_of: self.facts.as_of, day_of: self.day_of }
    }
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
    /// What is not due yet, packed.
    pub waiting: Vec<u8>,
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
            waiting: Vec::new(),
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
}

/// The sessions inside kept transactions of a partition, as rows of their own.
pub fn embedded_sessions(parts: &[&[u8]], order: InputOrder<'_>, out: &mut Partitions) {
    each_group(
        parts,
        order,
        |kind| kind == Kind::Transaction,
        |group| {
            if let Some(session) = group.kept_row().and_then(normalize::embedded_session) {
                session.write(out.of(session.id), |out| out.extend_from_slice(session.body));
            }
        },
    );
}

/// The latest time of sessions inside transactions that are documents, and whether one is of a production
/// account: none is that has a session of its own beside it.
pub fn session_documents(parts: &[&[u8]], order: InputOrder<'_>) -> (Option<Instant>, bool) {
    let (mut latest, mut has_production) = (None, false);
    let mut session = Session::default();
    each_group(
        parts,
        order,
        |kind| kind == Kind::Session,
        |group| {
            if group.rows.iter().all(|row| row.kind == RowKind::EmbeddedSession) {
                for row in &group.rows {
                    normalize::session(row, &mut session);
                    latest = latest.max(row.updated_at).max(session.created_at);
                    has_production |= normalize::is_production(row.id);
                }
            }
        },
    );
    (latest, has_production)
}

/// Fills the ledger of a group's kept document; false when the group has none.
pub fn ledger_of<'p>(group: &Group<'p>, ledger: &mut Ledger<'p>) -> bool {
    match group.kind {
        Kind::Transaction => {
            let Some(kept) = group.kept_row() else { return false };
            normalize::transaction(kept, ledger);
        }
        Kind::Order => {
            let (operations, _) = merge(&group.rows, group.kept);
            return order_ledger(group, &operations, ledger);
        }
        Kind::Session | Kind::Settlement => return false,
    }
    ledger.settle();
    true
}

fn order_ledger<'p>(group: &Group<'p>, operations: &[MergedOperation<'p>], ledger: &mut Ledger<'p>) -> bool {
    match group.kept_row() {
        Some(kept) => normalize::order(kept, ledger),
        None => {
            // Known by its operations alone: the first of them stands for it.
            let Some(first) = operations.iter().map(|op| op.row.origin).min_by_key(Origin::place) else {
                return false;
            };
            ledger.clear(Kind::Order);
            ledger.head.id = group.id();
            ledger.head.origin = first;
        }
    }
    let elsewhere = given(&group.rows);
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
    let mut judge = Judge { plan, out, hits: Vec::new(), traced: Traced::default(), moves: Vec::new() };
    let mut ledger = Ledger::new();
    let mut session = Session::default();
    let mut settlement = Settlement::default();
    each_group(
        parts,
        plan.order,
        |_| true,
        |group| match group.kind {
            Kind::Transaction => judge.transaction(group, &mut ledger),
            Kind::Order => judge.order(group, &mut ledger),
            Kind::Session => judge.session(group, &mut session),
            Kind::Settlement => judge.settlement(group, &mut settlement),
        },
    );
}

pub(super) struct Judge<'j, 'p> {
    pub(super) plan: &'j Plan<'j>,
    pub(super) out: &'j mut Shard,
    pub(super) hits: Vec<(&'static Card, Hit<'p>)>,
    /// What the hits follow from: those of the ledger, which come first.
    pub(super) traced: Traced,
    /// The moves of the ledger that is judged.
    pub(super) moves: Vec<Move>,
}

impl<'p> Judge<'_, 'p> {
    pub(super) fn run<F: Copy>(&mut self, checks: &[(&'static Card, F)], call: impl Fn(F, &mut Cx<'_, 'p>)) {
        for (card, check) in checks {
            let mut cx = Cx { settings: self.plan.settings, facts: self.plan.facts, card, hits: &mut self.hits };
            call(*check, &mut cx);
        }
    }

    /// Makes findings of what was hit. Returns the one cause that was found of it, undone.
    pub(super) fn conclude(&mut self, judged: impl FnOnce() -> Judged) -> Option<Undone> {
        if self.hits.is_empty() {
            return None;
        }
        let judged = judged();
        let findings = self.hits.drain(..).filter_map(|(card, hit)| judged.finding(card, hit, self.plan.settings));
        if self.traced.traces.is_empty() {
            self.out.findings.extend(findings);
            return None;
        }
        // The rules that were asked are on, so that every hit is a finding, in the same place.
        let mut findings: Vec<Finding> = findings.collect();
        let undone = set_roots(&mut findings, &std::mem::take(&mut self.traced));
        self.out.findings.extend(findings);
        undone
    }

    /// Finds out what the hits on a ledger follow from; `checks` are the rules that hit it.
    pub(super) fn trace(
        &mut self,
        ledger: &Ledger<'p>,
        checks: &mut dyn Iterator<Item = (&'static Card, LedgerCheck)>,
    ) {
        if self.hits.is_empty() {
            return;
        }
        let checks: Vec<(&'static Card, LedgerCheck)> = checks.collect();
        let (settings, facts) = (self.plan.settings, self.plan.facts);
        let ask = |ledger: &Ledger<'p>| {
            let mut hits = Vec::new();
            for (card, check) in &checks {
                check(ledger, &mut Cx { settings, facts, card, hits: &mut hits });
            }
            hits.retain(|(_, hit): &Spoken<'p>| !hit.waits());
            hits
        };
        self.traced = trace(ledger, &self.hits, &ask);
    }

    pub(super) fn note(&mut self, evidence: Evidence, kind: Kind, id: &str) {
        self.plan.watch.note(evidence, kind, id, &mut self.out.met);
    }

    /// Counts what became of the documents of a group.
    pub(super) fn count_documents(&mut self, group: &Group<'p>) {
        for (at, row) in group.rows.iter().enumerate() {
            if !matches!(row.kind, RowKind::Operation | RowKind::Given | RowKind::EmbeddedSession) {
                self.out.count(row, group.fate(at));
            }
        }
    }

    pub(super) fn note_copies(&mut self, group: &Group<'p>) {
        if group.full_copies() > 1 {
            self.note(Evidence::Copies, group.kind, group.id());
        }
    }

    /// Runs the rules about copies; `own` unpacks the ledger of a superseded copy.
    pub(super) fn copies(
        &mut self,
        group: &Group<'p>,
        id: &'p str,
        kept: Option<&Ledger<'p>>,
        own: impl Fn(&Row<'p>) -> Option<Ledger<'p>>,
    ) {
        self.note_copies(group);
        if !group.differs() {
            return;
        }
        let all = group.copies();
        let (mut superseded, mut currencies) = (Vec::new(), Vec::new());
        for (row, is_full) in group.superseded() {
            let Some(copy) = own(row) else { continue };
            currencies.extend(copy.head.currency);
            superseded.extend(is_full.then_some(copy));
        }
        let copies = Copies { kind: group.kind, id, all: &all, kept, superseded: &superseded, currencies: &currencies };
        self.run(&self.plan.checks.copies, |check, cx| check(&copies, cx));
    }

    fn order(&mut self, group: &Group<'p>, ledger: &mut Ledger<'p>) {
        self.count_documents(group);
        let (operations, fates) = merge(&group.rows, group.kept);
        for (at, fate) in fates {
            self.out.count(&group.rows[at], fate);
        }
        if !order_ledger(group, &operations, ledger) {
            return;
        }
        let id = ledger.head.id;
        self.note_order(ledger);
        self.run(&self.plan.checks.order, |check, cx| check(ledger, cx));
        self.trace(ledger, &mut self.plan.checks.order.iter().copied());
        if ledger.head.has_document {
            self.run(&self.plan.checks.document, |check, cx| check(id, cx));
        }
        self.copies(group, id, Some(ledger), |row| {
            let mut copy = Ledger::new();
            let (operations, _) = merge(std::slice::from_ref(row), Some(0));
            normalize::order(row, &mut copy);
            place_operations(&operations, &mut copy);
            Some(copy)
        });
        let derived = states::derived(ledger);
        let (names, origin) = (Names::from(&ledger.head), ledger.head.origin);
        let figures = Figures::of(ledger, &mut self.moves);
        let undone = self.conclude(|| Judged::ledger(Kind::Order, id, &names, derived, origin));
        self.out.sums.add_order(names.currency, &figures);
        let write = |out: &mut Vec<u8>| write_names(out, &names);
        let told = |out: &mut Vec<u8>| story::write(ledger, out);
        balance::write_ledger(
            &mut self.out.balances,
            (Kind::Order, id),
            write,
            (&figures, None),
            derived,
            origin,
            told,
        );
        links::of_order(ledger, derived, undone, &mut self.out.links);
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

    fn session(&mut self, group: &Group<'p>, session: &mut Session<'p>) {
        self.count_documents(group);
        let Some(kept) = group.kept_row() else { return };
        normalize::session(kept, session);
        let id = session.id;
        self.note(Evidence::Present, Kind::Session, id);
        self.run(&self.plan.checks.session, |check, cx| check(session, cx));
        if !self.hits.is_empty() {
            self.traced = rounded_session(session, &self.hits);
        }
        self.run(&self.plan.checks.document, |check, cx| check(id, cx));
        self.copies(group, id, None, |_| None);
        self.conclude(|| Judged::session(session));
        self.out.sums.of(session.currency).subjects[Kind::Session as usize] += 1;
        links::of_session(&SessionFacts::from(&*session), &mut self.out.links);
    }

    fn settlement(&mut self, group: &Group<'p>, settlement: &mut Settlement<'p>) {
        self.count_documents(group);
        let Some(kept) = group.kept_row() else { return };
        normalize::settlement(kept, settlement);
        let id = settlement.id;
        self.note(Evidence::Present, Kind::Settlement, id);
        if settlement.is_report {
            self.note(Evidence::Whole, Kind::Settlement, id);
        }
        self.run(&self.plan.checks.settlement, |check, cx| check(settlement, cx));
        let twice = self.doubled(settlement);
        if settlement.is_report {
            self.run(&self.plan.checks.document, |check, cx| check(id, cx));
        }
        self.copies(group, id, None, |_| None);
        let undone = self.conclude(|| Judged::settlement(settlement));
        let currency = if settlement.amounts.len() == 1 { settlement.amounts[0].currency } else { None };
        self.out.sums.of(currency).subjects[Kind::Settlement as usize] += 1;
        balance::write_settlement(&mut self.out.balances, settlement);
        let twice = twice.zip(undone).map(|(place, undone)| (place, undone.root));
        links::of_settlement(settlement, twice, &mut self.out.links);
    }

    /// Finds out whether the hits on a settlement follow from a line that is there twice: its place.
    fn doubled(&mut self, settlement: &Settlement<'p>) -> Option<u32> {
        let (checks, settings, facts) = (&self.plan.checks.settlement, self.plan.settings, self.plan.facts);
        let ask = |settlement: &Settlement<'p>| {
            let mut hits = Vec::new();
            for (card, check) in checks {
                check(settlement, &mut Cx { settings, facts, card, hits: &mut hits });
            }
            hits
        };
        let (place, traced) = doubled(settlement, &self.hits, &ask)?;
        self.traced = traced;
        Some(place)
    }
}
