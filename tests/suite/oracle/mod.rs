//! A second, slow and plain implementation of the rules (docs/RULES.md), to check the engine
//! finding by finding. Single-threaded; every rule quotes its sentence.

mod amounts;
mod arithmetic;
mod catalogue;
mod collections;
mod copies;
mod currencies;
mod documents;
mod documents_rules;
mod findings;
mod json;
mod ledger;
mod lines;
mod links;
mod order_links;
mod parsing;
mod payouts;
mod reading;
mod settlements;
mod splits;
mod states;
mod states_rules;
mod time;
mod time_rules;
mod world;

#[cfg(test)]
mod checks;

use std::collections::BTreeMap;

use serde_json::Value;

pub use catalogue::CATALOGUE as RULES;
pub use catalogue::PAYOUTS as PAYOUT_RULES;
use collections::Fate;
use copies::{Copied, Copies};
use documents::EventKind;
use ledger::Ledger;
pub use payouts::PayoutRow;
use reading::{Everything, ProviderRecord};
pub use time::Instant;
use world::World;

/// Sources may be in any order.
#[derive(Clone, Debug, Default)]
pub struct Input {
    pub sources: Vec<Source>,
}

#[derive(Clone, Debug)]
pub struct Source {
    pub name: String,
    /// In order of offset.
    pub records: Vec<Record>,
    /// The bytes of a file of the bank, which has no other records.
    pub bank: Option<Vec<u8>>,
}

/// One record, already taken out of lines, arrays and envelopes.
#[derive(Clone, Debug)]
pub struct Record {
    pub offset: u64,
    pub value: Value,
    /// Of an envelope of operations: the offsets of the elements of its lists, which are the
    /// records.
    pub elements: BTreeMap<String, Vec<u64>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Error,
    Warning,
    Info,
    Off,
}

/// Windows in seconds; those of authorisations in days, by product or product
/// type.
#[derive(Clone, Debug)]
pub struct Windows {
    pub double_operation: i64,
    pub pending: i64,
    pub on_hold: i64,
    pub unsettled: i64,
    pub authorization: BTreeMap<String, i64>,
}

pub const DAY: i64 = 86_400;

impl Default for Windows {
    fn default() -> Windows {
        Windows {
            double_operation: 600,
            pending: DAY,
            on_hold: 7 * DAY,
            unsettled: 14 * DAY,
            authorization: BTreeMap::new(),
        }
    }
}

/// Tolerances and severities by code or name of a rule.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    pub as_of: Option<Instant>,
    pub windows: Windows,
    pub tolerances: BTreeMap<String, i128>,
    pub severities: BTreeMap<String, Severity>,
    pub payouts: PayoutSettings,
}

/// The configuration's `[bank]`.
#[derive(Clone, Debug)]
pub struct PayoutSettings {
    /// "From the payout's day to the bank", in days.
    pub window: i64,
    pub payers: Vec<String>,
    pub csv: BankCsv,
}

pub const PAYERS: [&str; 8] = ["dintero", "klarna", "vipps", "swedbank pay", "payex", "walley", "bambora", "collector"];

impl Default for PayoutSettings {
    fn default() -> PayoutSettings {
        let payers = PAYERS.map(str::to_owned).to_vec();
        PayoutSettings { window: 7, payers, csv: BankCsv::default() }
    }
}

/// The keys of `[bank.csv]`, the preset's among them.
#[derive(Clone, Debug, Default)]
pub struct BankCsv {
    pub keys: BTreeMap<String, String>,
    pub text: Vec<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    pub exception_id: String,
    pub severity: Severity,
    pub rule: &'static str,
    pub name: &'static str,
    pub kind: &'static str,
    pub id: String,
    pub order_id: Option<String>,
    pub transaction_id: Option<String>,
    pub session_id: Option<String>,
    pub merchant_reference: Option<String>,
    pub merchant_reference_2: Option<String>,
    pub payment_product_type: Option<String>,
    pub event: Option<String>,
    pub event_time: Option<String>,
    pub line_id: Option<String>,
    pub payout_destination_id: Option<String>,
    pub settlement_id: Option<String>,
    pub currency: Option<String>,
    pub expected: Option<String>,
    pub actual: Option<String>,
    pub expected_minor: Option<i128>,
    pub actual_minor: Option<i128>,
    pub status: Option<String>,
    pub status_derived: Option<String>,
    pub detail: String,
    pub source: String,
    pub source_offset: u64,
}

/// One row per ledger, with the columns of the balances file.
#[derive(Clone, Debug, PartialEq)]
pub struct Balance {
    pub kind: &'static str,
    pub id: String,
    pub currency: Option<String>,
    pub authorized: i128,
    pub captured: i128,
    pub refunded: i128,
    pub released: i128,
    pub open: i128,
    pub net: i128,
    /// Whether an authorize succeeded.
    pub is_authorized: bool,
    pub events: usize,
    pub lines: i128,
    pub split_captured: i128,
    pub split_refunded: i128,
    pub status: Option<String>,
    pub status_derived: Option<String>,
    pub settlement_status: Option<String>,
    pub created_at: Option<String>,
    pub last_event_at: Option<String>,
    pub findings: usize,
    pub worst_severity: Option<Severity>,
    pub source: String,
    pub source_offset: u64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub accepted: usize,
    pub duplicate: usize,
    pub superseded: usize,
}

#[derive(Clone, Debug)]
pub struct Output {
    /// In the total order of the rows.
    pub findings: Vec<Finding>,
    pub as_of: Option<String>,
    /// By kind (transactions, then orders), then id.
    pub balances: Vec<Balance>,
    /// One per source, in input order.
    pub counts: Vec<(String, Counts)>,
    /// By namespace, id, currency.
    pub payouts: Vec<PayoutRow>,
}

/// The columns of a row of payouts.csv, in their order.
pub fn payout_columns() -> &'static [&'static str] {
    &payouts::PAYOUT_COLUMNS
}

pub fn judge(input: &Input, settings: &Settings) -> Output {
    let sources = reading::in_input_order(input);
    let names: Vec<String> = sources.iter().map(|source| source.name.clone()).collect();
    let everything = reading::read(&sources);
    let world = World::new(&everything, settings);
    let mut drafts = Vec::new();
    documents_rules::judge(&world, &mut drafts);
    amounts::judge(&world, &mut drafts);
    lines::judge(&world, &mut drafts);
    splits::judge(&world, &mut drafts);
    states_rules::judge(&world, &mut drafts);
    time_rules::judge(&world, &mut drafts);
    links::judge(&world, &mut drafts);
    order_links::judge(&world, &mut drafts);
    arithmetic::judge(&world, &mut drafts);
    settlements::judge(&world, &mut drafts);
    let payouts = payouts::judge(&world, &everything, &sources, &settings.payouts, &mut drafts);
    let findings = findings::finish(drafts, &names, settings);
    let balances = world.ledgers().map(|ledger| balance(ledger, &findings, &names)).collect();
    Output {
        as_of: world.as_of.map(Instant::text),
        balances,
        counts: counts(&everything, &world, &names),
        payouts: payouts::rows(&payouts, &findings, &names),
        findings,
    }
}

fn balance(ledger: &Ledger, findings: &[Finding], names: &[String]) -> Balance {
    let subject = &ledger.subject;
    let own: Vec<&Finding> =
        findings.iter().filter(|finding| finding.kind == subject.kind.word() && finding.id == subject.id).collect();
    let transaction = ledger.transaction.as_ref();
    let last_event = ledger.entries.iter().filter_map(|entry| entry.event.time()).max();
    Balance {
        kind: subject.kind.word(),
        id: subject.id.clone(),
        currency: subject.currency.clone(),
        authorized: ledger.authorised,
        captured: ledger.totals.captured,
        refunded: ledger.totals.refunded,
        released: ledger.totals.released,
        open: ledger.open(),
        net: ledger.net(),
        is_authorized: ledger.entries.iter().any(|e| e.event.is(EventKind::Authorize) && e.event.is_effective()),
        events: ledger.entries.len(),
        lines: ledger.lines.iter().map(|line| line.amount.unwrap_or(0)).sum(),
        split_captured: ledger.sums_by_destination(EventKind::Capture).values().sum(),
        split_refunded: ledger.sums_by_destination(EventKind::Refund).values().sum(),
        status: subject.status.clone(),
        status_derived: subject.status_derived.clone(),
        settlement_status: transaction.and_then(|found| found.settlement_status.clone()),
        created_at: subject.created_at.map(Instant::text),
        last_event_at: last_event.map(Instant::text),
        findings: own.len(),
        worst_severity: own.iter().map(|finding| finding.severity).min(),
        source: names[subject.place.source].clone(),
        source_offset: subject.place.offset,
    }
}

/// "Equal ones are duplicates, others are superseded." An operation's record is a copy of that
/// operation; a record without content (a webhook without transaction) is accepted.
fn counts(everything: &Everything, world: &World, names: &[String]) -> Vec<(String, Counts)> {
    let mut counts = vec![Counts::default(); names.len()];
    for source in &everything.other_records {
        counts[*source].accepted += 1;
    }
    count_copies(&world.transactions, &mut counts);
    count_copies(&world.orders, &mut counts);
    count_copies(&world.own_sessions, &mut counts);
    count_copies(&world.settlements, &mut counts);
    count_provider_records(everything, &mut counts);
    for (source, fate) in &world.operation_fates {
        let count = &mut counts[*source];
        match fate {
            Fate::Accepted => count.accepted += 1,
            Fate::Duplicate => count.duplicate += 1,
            Fate::Superseded => count.superseded += 1,
        }
    }
    names.iter().cloned().zip(counts).collect()
}

/// Equal records count once; of unequal Klarna payouts the last one is kept.
fn count_provider_records(everything: &Everything, counts: &mut [Counts]) {
    let is_one_payout = |one: &Value, other: &Value| {
        ["payment_reference", "currency_code"].iter().all(|name| one.get(name) == other.get(name))
    };
    let count = |records: &[ProviderRecord], are_copies: &dyn Fn(&ProviderRecord, &ProviderRecord) -> bool| {
        let mut told = Vec::new();
        for (at, record) in records.iter().enumerate() {
            let is_again = records[..at].iter().any(|other| are_copies(other, record) && other.value == record.value);
            let mut later = records[at..].iter();
            let is_replaced =
                later.any(|other| is_one_payout(&other.value, &record.value) && other.value != record.value);
            told.push((record.place.source, is_again, is_replaced));
        }
        told
    };
    let of_ledger =
        |one: &ProviderRecord, other: &ProviderRecord| payouts::ledger(&one.path) == payouts::ledger(&other.path);
    let funds = count(&everything.funds, &of_ledger).into_iter().map(|(source, again, _)| (source, again, false));
    let lines =
        count(&everything.klarna_lines, &|_, _| true).into_iter().map(|(source, again, _)| (source, again, false));
    for (source, is_again, is_replaced) in funds.chain(lines).chain(count(&everything.klarna_payouts, &|_, _| true)) {
        let count = &mut counts[source];
        match (is_again, is_replaced) {
            (true, _) => count.duplicate += 1,
            (_, true) => count.superseded += 1,
            _ => count.accepted += 1,
        }
    }
}

fn count_copies<T: Copied>(documents: &BTreeMap<String, Copies<T>>, counts: &mut [Counts]) {
    for copies in documents.values() {
        for copy in &copies.all {
            let count = &mut counts[copy.place.source];
            if copy.place == copies.kept.place {
                count.accepted += 1;
            } else if copy.document == copies.kept.document {
                count.duplicate += 1;
            } else {
                count.superseded += 1;
            }
        }
    }
}
