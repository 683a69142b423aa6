//! Runs one night with the core's pure functions, one after the other.

use std::collections::BTreeMap;

use avstem_core::document::{Block, Opening, Options, PADDING, Padded, Pieces, Reading, Splitter, opening};
use avstem_core::findings::{Namer, read_waiting, sorted_finding};
use avstem_core::judge::{
    Balance, CurrencySums, DayMoves, EmbeddedPlan, EmbeddedResult, Linking, PartitionResult, Plan, embedded_sessions,
    judge, ledger_of, session_documents, take_copied, take_copied_or_stale,
};
use avstem_core::ledger::{Figures, Ledger};
use avstem_core::link::{Linked, join_keys, join_orders, join_transactions};
use avstem_core::model::card::Kind;
use avstem_core::model::evidence::Watch;
use avstem_core::model::finding::Finding;
use avstem_core::model::instant::Instant;
use avstem_core::model::limits::MAX_RECORD;
use avstem_core::model::settings::{Facts, Settings};
use avstem_core::provider::Provider;
use avstem_core::provider::active::Active;
use avstem_core::resolve::{Fate, Group, InputOrder, SealedRows};
use avstem_core::rows::{KeyFilter, KeyNotes, Packer, Partitions, Row, pieces, rows as rows_of};
use avstem_core::rules::{Checks, prechecker};

use crate::payouts::PaidOut;
use crate::stories::{EngineSettings, Places, RunResult, balance_row, finding_row, totals_rows};

/// The name and the bytes of a file.
pub type File = (String, Vec<u8>);

/// The results of a night.
pub struct Night {
    /// In report order, with stable names.
    pub findings: Vec<Finding>,
    /// Findings that are not due yet, formatted.
    pub waiting: Vec<String>,
    /// The results in the form that the oracle's are compared in.
    pub story: RunResult,
    /// Numbers of the evidence parts that were met, sorted.
    pub met: Vec<u64>,
    pub facts: Facts,
    /// Judged documents by currency and kind.
    pub subjects: BTreeMap<String, [u64; Kind::ALL.len()]>,
    /// How many sessions were judged with their transaction.
    pub pairs: u64,
    pub payouts: PaidOut,
}

/// Size of key filters: large enough that most keys of one document are known to be so.
const KEYS: usize = 1 << 12;

pub fn read_file((name, bytes): &File, number: u32, partitions: usize, shortens: bool) -> Packer {
    let mut packer = Packer::new(partitions, KeyNotes::new(KEYS), prechecker());
    packer.shortens = shortens;
    let room = [bytes, &[b' '; PADDING][..]].concat();
    let pieces = match opening(bytes, true) {
        Some(Opening::Lines) => Pieces::Lines,
        Some(Opening::Text) => {
            let (pieces, taken) =
                Splitter::new(MAX_RECORD, Active::ENVELOPES).split(bytes, 0, true).expect("the text is whole");
            assert_eq!(taken, bytes.len());
            pieces
        }
        other => panic!("{name} is {other:?}"),
    };
    let layout = Active::layout(name);
    let block =
        Block { bytes: Padded::new(&room, bytes.len()), base: 0, pieces: &pieces, file: number, layout: &layout };
    Active::read(&block, Options { strict: false, max_record: MAX_RECORD }, &mut Reading::default(), &mut packer);
    assert!(packer.rejects.is_empty(), "{name}: {:?}", packer.rejects);
    assert!(packer.tally.refused.is_none(), "{name}: {:?}", packer.tally.refused);
    packer
}

/// The indices of the files sorted by name, which is the input order.
fn in_order(files: &[File]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..files.len()).collect();
    order.sort_by_key(|at| &files[*at].0);
    order
}

/// Reads, resolves, judges and links, with rows spread over `partitions` partitions.
pub fn night(files: &[File], told: &EngineSettings, partitions: usize) -> Night {
    night_after(files, told, partitions, Watch::default())
}

/// Like `night`, but also checks for the evidence of an earlier night.
pub fn night_after(files: &[File], told: &EngineSettings, partitions: usize, watch: Watch<'_>) -> Night {
    night_with(files, told, partitions, watch, false)
}

/// Like `night_after`; with `keeps_all`, every embedded session is judged on its own, and no row is short.
pub fn night_with(
    files: &[File],
    told: &EngineSettings,
    partitions: usize,
    watch: Watch<'_>,
    keeps_all: bool,
) -> Night {
    let read = |shortens| -> Vec<Packer> {
        (0u32..).zip(files).map(|(number, file)| read_file(file, number, partitions, shortens)).collect()
    };
    let (mut packers, whole) = (read(!keeps_all), read(false));
    let in_order = in_order(files);
    let mut ranks = vec![None; files.len()];
    (0u32..).zip(&in_order).for_each(|(rank, at)| ranks[*at] = Some(rank));
    let order = InputOrder { ranks: &ranks };
    let (checks, settings) = (Checks::new(&told.settings), &told.settings);
    let mut keys = merged_keys(&mut packers);
    let rows = |at: usize| packers.iter().map(move |packer| packer.partitions.part(at)).collect::<Vec<_>>();
    let is_production = |packer: &Packer| packer.tally.has_production || packer.tally.has_embedded_production;
    let may_have_production = packers.iter().any(is_production);
    let pairs = EmbeddedPlan { checks: &checks, settings, keys: &keys, may_have_production, watch, keeps_all };
    let are_same = |rows: &[Row<'_>]| are_same(files, &in_order, rows);
    let mut embedded = EmbeddedResult::new(partitions, keys.of_same_size());
    for at in 0..partitions {
        let mut rows = SealedRows::new(&rows(at), order, |kind| kind == Kind::Transaction);
        let full = full_rows(&whole, &in_order, &take_copied(&mut rows, &keys, watch, are_same));
        rows.add(&full, order);
        embedded_sessions(&mut rows, &pairs, &mut embedded);
    }
    keys.merge(std::mem::replace(&mut embedded.keys, KeyFilter::full()));
    let parts = |at: usize| [rows(at), vec![embedded.rows.part(at)]].concat();

    let facts = facts_of(&packers).merge(embedded.facts);
    let sessions = |at: usize| session_documents(&SealedRows::new(&parts(at), order, |kind| kind == Kind::Session));
    let facts = (0..partitions).fold(facts, |facts, at| facts.merge(sessions(at)));
    let facts = Facts { as_of: told.as_of.or(facts.as_of), ..facts };
    let (linking, keys, day_of) = (linking_of(&packers), &keys, &|at: Instant| at.day());
    let plan = Plan { checks: &checks, settings, facts: &facts, linking, keys, day_of, watch };
    let all: Vec<&[u8]> = whole.iter().flat_map(|of| (0..partitions).map(|at| of.partitions.part(at))).collect();
    SealedRows::new(&all, order, |_| true).each_group(assert_figures);
    let mut result = PartitionResult::new(files.len(), partitions);
    for at in 0..partitions {
        let mut rows = SealedRows::new(&parts(at), order, |_| true);
        let full = full_rows(&whole, &in_order, &take_copied_or_stale(&mut rows, &plan, are_same));
        rows.add(&full, order);
        judge(&rows, &plan, &mut result);
    }
    let pairs = embedded.sums.clone().into_sorted().values().map(|of| of.subjects[Kind::Session as usize]).sum();
    result.sums.merge(&embedded.sums);
    let linked = link(&result.links, &checks, settings, &facts, watch);
    let read: Vec<(&str, &Packer)> = in_order.iter().map(|at| (files[*at].0.as_str(), &packers[*at])).collect();
    let rows = [&result.payouts, &linked.payouts].map(Vec::as_slice);
    let remittances = [&result.remittances, &linked.remittances].map(Vec::as_slice);
    let payouts = PaidOut::of((&rows, &remittances), &checks, settings, &facts, watch);
    night_of(&read, facts, result, linked, payouts, pairs)
}

/// Whether rows come from records of the same bytes.
fn are_same(files: &[File], in_order: &[usize], rows: &[Row<'_>]) -> bool {
    let record = |row: &Row<'_>| {
        let start = row.origin.offset as usize;
        &files[in_order[row.origin.file as usize]].1[start..start + row.origin.length as usize]
    };
    rows.iter().all(|row| record(row) == record(&rows[0]))
}

/// The full rows of transactions that have short ones; `in_order` has the numbers of the files in input order.
fn full_rows(whole: &[Packer], in_order: &[usize], short: &[Row<'_>]) -> Vec<u8> {
    let mut full = Vec::new();
    for short in short {
        let file = short.origin.file;
        let of_file = &whole[in_order[file as usize]].partitions;
        let mut all = (0..of_file.count()).flat_map(|at| rows_of(of_file.part(at)));
        let row = all.find(|row| row.in_file(file).open().completes(short)).expect("the full row is there").open();
        row.write(&mut full, |out| out.extend_from_slice(row.body));
    }
    full
}

fn night_of(
    read: &[(&str, &Packer)],
    facts: Facts,
    result: PartitionResult,
    linked: Linked,
    mut payouts: PaidOut,
    pairs: u64,
) -> Night {
    let all = [&result.findings, &linked.findings].into_iter().chain(&payouts.found);
    let mut found: Vec<&[u8]> = all.flat_map(|found| pieces(found.rows())).collect();
    found.sort_unstable();
    let mut namer = Namer::default();
    let mut findings: Vec<Finding> = found.into_iter().map(sorted_finding).collect();
    findings.iter_mut().for_each(|finding| namer.name(finding));
    let mut waiting: Vec<&[u8]> = pieces(&result.waiting).chain(pieces(&linked.waiting)).collect();
    waiting.sort_unstable();
    let waiting = waiting.into_iter().map(|row| format!("{:?}", read_waiting(row))).collect();
    let story = story(read, &facts, &findings, &result);
    let mut met = [result.met, linked.met, std::mem::take(&mut payouts.met)].concat();
    met.sort_unstable();
    let subjects = result.sums.into_sorted().into_iter().map(|(currency, of)| (currency, of.subjects)).collect();
    Night { findings, waiting, story, met, facts, subjects, pairs, payouts }
}

fn merged_keys(packers: &mut [Packer]) -> KeyFilter {
    let mut keys = KeyFilter::new(KEYS);
    packers.iter_mut().for_each(|packer| keys.merge(std::mem::replace(&mut packer.keys, KeyNotes::new(0)).finish()));
    keys
}

fn facts_of(packers: &[Packer]) -> Facts {
    packers.iter().fold(Facts::default(), |facts, packer| facts.merge(packer.tally.facts()))
}

fn linking_of(packers: &[Packer]) -> Linking {
    Linking {
        sessions: packers.iter().any(|packer| packer.tally.has_sessions || packer.tally.has_embedded),
        orders: packers.iter().any(|packer| packer.tally.has_orders),
        settlements: packers.iter().any(|packer| packer.tally.has_reports),
        remittances: packers.iter().any(|packer| packer.tally.remittances != [0; 3]),
    }
}

fn link(links: &Partitions, checks: &Checks, settings: &Settings, facts: &Facts, watch: Watch<'_>) -> Linked {
    let count = links.count();
    let mut linked = Linked::new(count, true);
    for at in 0..count {
        join_keys(&[links.part(at)], checks, settings, facts, watch, &mut linked);
    }
    let mut by_order = Partitions::new(count);
    (0..count).for_each(|at| join_transactions(&[linked.pairs.part(at)], &mut by_order));
    for at in 0..count {
        join_orders(&[by_order.part(at)], checks, settings, facts, watch, &mut linked);
    }
    linked
}

fn story(read: &[(&str, &Packer)], facts: &Facts, findings: &[Finding], result: &PartitionResult) -> RunResult {
    let name = |file: u32| read[file as usize].0;
    let mut rows: Vec<&[u8]> = pieces(&result.balances).collect();
    rows.sort_unstable();
    let mut balances = Vec::new();
    for row in rows {
        let mut balance = Balance::read(row);
        let own = findings.iter().filter(|finding| finding.kind == balance.kind && finding.id == balance.id);
        let severities: Vec<_> = own.map(|finding| finding.severity).collect();
        balance.findings = severities.len() as u64;
        balance.worst = severities.into_iter().min();
        if balance.kind != Kind::Settlement {
            balances.push(balance_row(&balance, name(balance.origin.file), Places::Included));
        }
    }
    let (mut transactions, mut orders) = (BTreeMap::new(), BTreeMap::new());
    for (currency, sums) in result.sums.clone().into_sorted() {
        assert_moves_are_totals(&currency, &sums);
        for (totals, to) in [(sums.transactions, &mut transactions), (sums.orders, &mut orders)] {
            if totals.ledgers > 0 {
                to.insert(currency.clone(), totals);
            }
        }
    }
    let mut counts: Vec<String> = result
        .fates
        .iter()
        .zip(read)
        .map(|(fates, (name, packer))| {
            let [accepted, duplicate, superseded] = *fates;
            let of = |fate: Fate, count: u64| format!(" {} {count}", fate.word());
            let accepted = of(Fate::Accepted, accepted + packer.tally.empty);
            format!("{name}{accepted}{}{}", of(Fate::Duplicate, duplicate), of(Fate::Superseded, superseded))
        })
        .collect();
    counts.sort_unstable();
    RunResult {
        as_of: facts.as_of.map(|at| at.to_string()),
        findings: findings.iter().map(|f| finding_row(f, name(f.origin.file), Places::Included)).collect(),
        balances,
        totals: [totals_rows("transaction", &transactions), totals_rows("order", &orders)].concat(),
        counts,
        payouts: Vec::new(),
    }
}

/// Asserts that a ledger and its figures agree.
fn assert_figures<'p>(group: &Group<'p>) {
    let mut ledger = Ledger::new();
    if ledger_of(group, &mut ledger) {
        let figures = Figures::of(&ledger, &mut Vec::new());
        assert_eq!(ledger.never_authorized(), figures.never_authorized(), "{}", group.id());
        assert_eq!((ledger.open(), ledger.net()), (figures.open(), figures.net()), "{}", group.id());
    }
}

/// Asserts that the moves of all days add up to the totals.
fn assert_moves_are_totals(currency: &str, sums: &CurrencySums) {
    let mut moved = DayMoves::default();
    sums.days.iter().for_each(|(_, day)| moved.merge(day));
    let of = &sums.transactions;
    assert_eq!(
        (moved.authorized, moved.captured, moved.released, moved.refunded),
        (of.authorized, of.captured, of.released, of.refunded),
        "the days of {currency} are its totals"
    );
}
