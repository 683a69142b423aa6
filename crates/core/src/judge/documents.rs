//! Judges the documents of one partition.

use std::ops::Range;

use super::balance::{self, Beside};
use super::causes::{rounded_session, trace};
use super::links::{self, Linking};
use super::repeated_line::repeated_line;
use super::totals::{DayOf, Sums, Today};
use crate::evidence;
use crate::findings::{Found, Judged, Traced, set_roots};
use crate::ledger::{Copies, Figures, Ledger, Move, Names, Session, SessionFacts, Settlement, states};
use crate::model::card::{Card, Kind};
use crate::model::cause::Undone;
use crate::model::evidence::Watch;
use crate::model::finding::{Finding, RuleHit};
use crate::model::origin::Origin;
use crate::model::settings::{Facts, Settings};
use crate::provider::Provider;
use crate::provider::active::Active;
use crate::resolve::{Fate, Group, MergedOperation, SealedRows, given, merge};
use crate::rows::{self, KeyFilter, Partitions, Row, RowKind, write_account, write_names};
use crate::rules::{Checks, Cx, LedgerCheck};

/// The run-wide inputs of judging.
pub struct Plan<'a> {
    /// The checks of the rules that are on.
    pub checks: &'a Checks,
    pub settings: &'a Settings,
    /// Facts of the whole input.
    pub facts: &'a Facts,
    /// Which links the input can have.
    pub linking: Linking,
    /// The keys by which documents may be joined.
    pub keys: &'a KeyFilter,
    pub day_of: DayOf<'a>,
    /// Evidence parts of an earlier run's findings to look for.
    pub watch: Watch<'a>,
}

impl<'a> Plan<'a> {
    pub(super) fn today(&self) -> Today<'a> {
        Today { as_of: self.facts.as_of, day_of: self.day_of }
    }
}

/// The output of judging one or more partitions.
#[derive(Debug)]
pub struct PartitionResult {
    pub findings: Found,
    /// Packed balances, each prefixed with its length.
    pub balances: Vec<u8>,
    /// Link rows.
    pub links: Partitions,
    pub sums: Sums,
    /// By file: accepted, duplicate and superseded records.
    pub fates: Vec<[u64; 3]>,
    /// Events in those records.
    pub events: u64,
    /// Numbers of the watched evidence parts that were met.
    pub met: Vec<u64>,
    /// Packed findings that are not due yet.
    pub waiting: Vec<u8>,
    /// Packed rows about payouts.
    pub payouts: Vec<u8>,
    /// Packed rows of what providers that pay out themselves report.
    pub remittances: Vec<u8>,
}

impl PartitionResult {
    /// Creates an empty result for `files` input files and `partitions` partitions of link rows.
    pub fn new(files: usize, partitions: usize) -> Self {
        PartitionResult {
            findings: Found::default(),
            balances: Vec::new(),
            links: Partitions::new(partitions),
            sums: Sums::default(),
            fates: vec![[0; 3]; files],
            events: 0,
            met: Vec::new(),
            waiting: Vec::new(),
            payouts: Vec::new(),
            remittances: Vec::new(),
        }
    }

    fn count(&mut self, row: &Row<'_>, fate: Fate) {
        self.fates[row.origin.file as usize][fate as usize] += 1;
        self.events += match row.kind {
            RowKind::Transaction | RowKind::Order | RowKind::Clean | RowKind::Open => u64::from(row.weight),
            RowKind::Operation => 1,
            _ => 0,
        };
    }
}

/// Fills the ledger of a group's kept document; false when the group has none.
pub fn ledger_of<'p>(group: &Group<'p>, ledger: &mut Ledger<'p>) -> bool {
    match group.kind {
        Kind::Transaction => {
            let Some(kept) = group.kept_row() else { return false };
            rows::transaction(kept, ledger);
        }
        Kind::Order => {
            let (operations, _) = merge(&group.rows, group.kept);
            return order_ledger(group, &operations, ledger);
        }
        Kind::Session | Kind::Settlement | Kind::Payout | Kind::Bank => return false,
    }
    ledger.settle();
    true
}

fn order_ledger<'p>(group: &Group<'p>, operations: &[MergedOperation<'p>], ledger: &mut Ledger<'p>) -> bool {
    match group.kept_row() {
        Some(kept) => rows::order(kept, ledger),
        None => {
            // An order without a document cites the first record of its operations.
            let Some(first) = operations.iter().map(|op| op.row.origin).min_by_key(Origin::place) else {
                return false;
            };
            ledger.clear(Kind::Order);
            ledger.head.id = group.id();
            Active::explain(&mut ledger.head);
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

/// Judges every document of a partition: those that were read, and the sessions embedded in kept
/// transactions. Full rows must stand for those of
/// [`take_copied_or_stale`](super::take_copied_or_stale).
pub fn judge(rows: &SealedRows<'_>, plan: &Plan<'_>, out: &mut PartitionResult) {
    let mut judge = Judge {
        plan,
        out,
        hits: Vec::new(),
        packed_evidence: Vec::new(),
        about_copies: 0..0,
        traced: Traced::default(),
        moves: Vec::new(),
    };
    let mut ledger = Ledger::new();
    let mut session = Session::default();
    let mut settlement = Settlement::default();
    rows.each_group(|group| match group.kind {
        Kind::Transaction => judge.transaction(group, &mut ledger),
        Kind::Order => judge.order(group, &mut ledger),
        Kind::Session => judge.session(group, &mut session),
        Kind::Settlement => judge.settlement(group, &mut settlement),
        Kind::Payout => judge.remittance(group),
        Kind::Bank => unreachable!("no row is of this kind"),
    });
}

pub(super) struct Judge<'j, 'p> {
    pub(super) plan: &'j Plan<'j>,
    pub(super) out: &'j mut PartitionResult,
    pub(super) hits: Vec<RuleHit<'p>>,
    /// Reused buffer for an order's packed evidence.
    packed_evidence: Vec<u8>,
    /// The range of the hits that are about copies.
    pub(super) about_copies: Range<usize>,
    /// The causes of the ledger's hits, which come first in `hits`.
    pub(super) traced: Traced,
    /// The moves of a ledger whose row does not have them.
    pub(super) moves: Vec<Move>,
}

impl<'p> Judge<'_, 'p> {
    pub(super) fn run<F: Copy>(&mut self, checks: &[(&'static Card, F)], call: impl Fn(F, &mut Cx<'_, 'p>)) {
        for (card, check) in checks {
            let mut cx = Cx { settings: self.plan.settings, facts: self.plan.facts, card, hits: &mut self.hits };
            call(*check, &mut cx);
        }
    }

    /// Turns the hits into findings. Returns the repaired totals if exactly one cause was found.
    pub(super) fn conclude(&mut self, group: &Group<'p>, judged: impl FnOnce() -> Judged) -> Option<Undone> {
        if self.hits.is_empty() {
            return None;
        }
        let judged = judged();
        let about_copies = std::mem::take(&mut self.about_copies);
        let on_copies = (!about_copies.is_empty()).then(|| judged.clone().with_evidence(&evidence::of_copies(group)));
        let findings = self.hits.drain(..).enumerate().filter_map(|(at, (card, hit))| {
            let judged = on_copies.as_ref().filter(|_| about_copies.contains(&at)).unwrap_or(&judged);
            judged.finding(card, hit, self.plan.settings)
        });
        if self.traced.traces.is_empty() {
            self.out.findings.extend(findings);
            return None;
        }
        // Only rules that are on were run, so each hit yields a finding and the indices match.
        let mut findings: Vec<Finding> = findings.collect();
        let undone = set_roots(&mut findings, &std::mem::take(&mut self.traced));
        self.out.findings.extend(findings);
        undone
    }

    /// Traces the causes of the hits on a ledger; `checks` are run again on repaired ledgers.
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
            hits.retain(|(_, hit): &RuleHit<'p>| !hit.waits());
            hits
        };
        self.traced = trace(ledger, &self.hits, &ask);
    }

    /// Notes which watched evidence parts a document other than an order meets.
    pub(super) fn note(&mut self, group: &Group<'p>) {
        self.plan.watch.note(group.kind, group.id(), |part| evidence::has(group, part), &mut self.out.met);
    }

    /// Counts the fates of a group's document records.
    pub(super) fn count_documents(&mut self, group: &Group<'p>) {
        for (at, row) in group.rows.iter().enumerate() {
            if !matches!(
                row.kind,
                RowKind::Operation | RowKind::Given | RowKind::EmbeddedSession | RowKind::FormerSession
            ) {
                self.out.count(row, group.fate(at));
            }
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
        let first = self.hits.len();
        self.run(&self.plan.checks.copies, |check, cx| check(&copies, cx));
        self.about_copies = first..self.hits.len();
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
        let (id, given) = (ledger.head.id, ledger.head.given);
        let has = |part: &str| evidence::order_has(group, given, &operations, part);
        self.plan.watch.note(Kind::Order, id, has, &mut self.out.met);
        let mut packed_evidence = std::mem::take(&mut self.packed_evidence);
        packed_evidence.clear();
        evidence::pack_order(group, given, &operations, &mut packed_evidence);
        self.run(&self.plan.checks.order, |check, cx| check(ledger, cx));
        self.trace(ledger, &mut self.plan.checks.order.iter().copied());
        if ledger.head.has_document {
            self.run(&self.plan.checks.document, |check, cx| check(Active::environment(id), cx));
        }
        self.copies(group, id, Some(ledger), |row| {
            let mut copy = Ledger::new();
            let (operations, _) = merge(std::slice::from_ref(row), Some(0));
            rows::order(row, &mut copy);
            place_operations(&operations, &mut copy);
            Some(copy)
        });
        let derived = states::derived(ledger);
        let (names, origin) = (Names::from(&ledger.head), ledger.head.origin);
        let figures = Figures::of(ledger, &mut self.moves);
        let undone = self.conclude(group, || {
            let evidence = evidence::order_text(id, &packed_evidence);
            Judged::ledger(Kind::Order, id, &names, derived, origin).replace_evidence(evidence)
        });
        self.out.sums.add_order(names.currency, &figures);
        let account = |out: &mut Vec<u8>| write_account(out, &figures, |out| write_names(out, &names));
        let beside = Beside { derived, open_days: None, origin };
        balance::write_ledger(&mut self.out.balances, (Kind::Order, id), account, &beside, Some(ledger));
        links::of_order(ledger, derived, undone, &packed_evidence, &mut self.out.links);
        self.packed_evidence = packed_evidence;
    }

    fn session(&mut self, group: &Group<'p>, session: &mut Session<'p>) {
        self.count_documents(group);
        let Some(kept) = group.kept_row() else { return };
        rows::session(kept, session);
        let id = session.id;
        self.note(group);
        self.run(&self.plan.checks.session, |check, cx| check(session, cx));
        if !self.hits.is_empty() {
            self.traced = rounded_session(session, &self.hits);
        }
        self.run(&self.plan.checks.document, |check, cx| check(Active::environment(id), cx));
        self.copies(group, id, None, |_| None);
        self.conclude(group, || Judged::session(session).replace_evidence(evidence::of_document(group)));
        self.out.sums.of(session.currency).subjects[Kind::Session as usize] += 1;
        let Some(state) = evidence::state_of(group) else { return };
        let mut embedding = Vec::new();
        if state.is_lesser {
            evidence::pack_embedding(group, &mut embedding);
        }
        let facts = SessionFacts { state, embedding: &embedding, ..SessionFacts::from(&*session) };
        links::of_session(&facts, &mut self.out.links);
    }

    fn settlement(&mut self, group: &Group<'p>, settlement: &mut Settlement<'p>) {
        self.count_documents(group);
        let Some(kept) = group.kept_row() else { return };
        rows::settlement(kept, settlement);
        let id = settlement.id;
        self.note(group);
        self.run(&self.plan.checks.settlement, |check, cx| check(settlement, cx));
        let repeated_line = self.repeated_line(settlement);
        if settlement.is_report {
            self.run(&self.plan.checks.document, |check, cx| check(Active::environment(id), cx));
        }
        self.copies(group, id, None, |_| None);
        let undone =
            self.conclude(group, || Judged::settlement(settlement).replace_evidence(evidence::of_document(group)));
        let currency = if settlement.amounts.len() == 1 { settlement.amounts[0].currency } else { None };
        self.out.sums.of(currency).subjects[Kind::Settlement as usize] += 1;
        balance::write_settlement(&mut self.out.balances, settlement);
        let repeated_line = repeated_line.zip(undone).map(|(place, undone)| (place, undone.root));
        let Some(state) = evidence::state_of(group) else { return };
        let terms = self.payouts(group, settlement);
        links::of_settlement(settlement, repeated_line, &state, &terms, &mut self.out.links);
        let mut former = Settlement::default();
        for (row, _) in group.superseded() {
            rows::settlement(row, &mut former);
            links::of_former_settlement(&former, id, &state, &mut self.out.links);
        }
    }

    /// Returns the place of the repeated line that explains the hits on a settlement, if there is one.
    fn repeated_line(&mut self, settlement: &Settlement<'p>) -> Option<u32> {
        let (checks, settings, facts) = (&self.plan.checks.settlement, self.plan.settings, self.plan.facts);
        let ask = |settlement: &Settlement<'p>| {
            let mut hits = Vec::new();
            for (card, check) in checks {
                check(settlement, &mut Cx { settings, facts, card, hits: &mut hits });
            }
            hits
        };
        let (place, traced) = repeated_line(settlement, &self.hits, &ask)?;
        self.traced = traced;
        Some(place)
    }
}
