//! The results of a run, as reports use them.

use std::collections::BTreeMap;

pub use avstem_core::findings::Waiting;
pub use avstem_core::judge::{Aged, Amounts, Balance, DayMoves, NO_CURRENCY, Totals, timeline};
use avstem_core::model::card::{Card, Kind, Severity};
use avstem_core::model::finding::Finding;
use avstem_core::model::instant::Instant;
use avstem_core::model::money::Sum;
use avstem_core::model::reject::FileFault;

pub use super::listed::{FindingCounts, Findings, Rejects, Rows};
pub use super::payouts::{PayoutSums, Payouts};
pub use crate::history::acceptance::{Acceptance, AcceptanceState};
pub use crate::history::ageing::{Ageing, BUCKETS, Buckets, Profile};
pub use crate::history::{Change, Comparison, Gone, GoneState, Moves, Standing, Tally};

/// Numbers of records by what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub records: u64,
    /// Records whose document was kept, or that are valid but empty.
    pub accepted: u64,
    /// Records equal to the kept copy.
    pub duplicate: u64,
    /// Older or smaller copies.
    pub superseded: u64,
    pub rejected: u64,
}

/// One input file, in input order.
#[derive(Clone, Debug)]
pub struct SourceOutcome {
    pub name: String,
    /// Size on disk in bytes.
    pub bytes: u64,
    /// Hash of those bytes.
    pub hash: Option<String>,
    /// Bytes after unpacking.
    pub decoded_bytes: u64,
    /// Why it was refused, if it was.
    pub fault: Option<FileFault>,
    /// Whether it was read and states nothing: no record, and no empty collection of an order.
    pub is_empty: bool,
    /// What became of its records; all zero for a refused file.
    pub counts: Counts,
}

/// Takes some balances at a time.
pub type TakeBalances<'t> = &'t mut dyn FnMut(&[Balance<'_>]) -> std::io::Result<()>;

/// Iterates over the balances, ordered by kind and id.
pub trait Balances: Send + Sync {
    /// Calls `take` with some rows at a time; stops at the first error.
    fn batches(&self, take: TakeBalances<'_>) -> std::io::Result<()>;

    /// Calls `take` for each row; stops at the first error.
    fn visit(&self, take: &mut dyn FnMut(&Balance<'_>) -> std::io::Result<()>) -> std::io::Result<()> {
        self.batches(&mut |balances| balances.iter().try_for_each(&mut *take))
    }

    /// Calls `take` with the amounts of each ledger, in any order.
    fn amounts(&self, take: &mut dyn FnMut(&Amounts<'_>)) -> std::io::Result<()> {
        self.visit(&mut |balance| {
            Amounts::of(balance).iter().for_each(&mut *take);
            Ok(())
        })
    }

    /// Calls `take` for the rows of some ledgers, in any order; their finding counts may be
    /// missing. The ledgers are ordered by kind and id.
    fn find(&self, ledgers: &[(Kind, &str)], take: &mut dyn FnMut(&Balance<'_>)) -> std::io::Result<()> {
        self.visit(&mut |balance| {
            if ledgers.binary_search(&(balance.kind, balance.id)).is_ok() {
                take(balance);
            }
            Ok(())
        })
    }
}

/// Iterates over findings that are not due yet, ordered by rule and id.
pub trait NotDue: Send + Sync {
    /// Calls `take` for each row; stops at the first error.
    fn visit(&self, take: &mut dyn FnMut(&Waiting<'_>) -> std::io::Result<()>) -> std::io::Result<()>;
    /// Number of such findings, by rule code.
    fn counts(&self) -> std::io::Result<BTreeMap<&'static str, u64>>;
}

/// What a rule tested and found in one currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CoverageCounts {
    /// Subjects of a kind that the rule judges.
    pub tested: u64,
    /// Other subjects.
    pub not_applicable: u64,
    pub findings: u64,
    /// The sum of the magnitudes of their differences.
    pub abs_delta: Sum,
    /// The sum of what they come to: how far they are off, else the amount that they name.
    pub at_stake: Sum,
    /// Accepted findings.
    pub accepted: u64,
    /// The sum of the magnitudes of the accepted differences.
    pub accepted_abs_delta: Sum,
}

#[derive(Clone, Debug)]
pub struct Coverage {
    pub card: &'static Card,
    /// Its severity after configuration; `None` when it is off.
    pub severity: Option<Severity>,
    pub all: CoverageCounts,
    /// By currency as written; `XXX` for subjects without one.
    pub by_currency: BTreeMap<String, CoverageCounts>,
}

/// One control total, or an identity between totals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControlTotal {
    /// The source; empty for all sources.
    pub source: String,
    /// Where in the run it was taken: read, resolve, judge, link, report.
    pub stage: &'static str,
    /// What is counted or summed; for an identity its name.
    pub measure: &'static str,
    /// The currency of an amount.
    pub currency: Option<String>,
    pub value: Sum,
    /// What the value must equal, in words; identities only.
    pub identity: Option<String>,
    /// Whether the identity holds; identities only.
    pub holds: Option<bool>,
}

pub struct Outcome {
    /// The latest time of the input.
    pub latest: Option<Instant>,
    /// Kept documents by kind, in the order of [`Kind::DOCUMENTS`].
    pub documents: [u64; 4],
    /// The instant at which the run judges.
    pub as_of: Option<Instant>,
    /// The inputs, in input order; origins index them from zero.
    pub sources: Vec<SourceOutcome>,
    /// Counts of all sources together.
    pub counts: Counts,
    /// Rejected records, in input order, then by offset.
    pub rejects: Rejects,
    /// Findings, in the order of reports.
    pub findings: Findings,
    pub balances: Box<dyn Balances>,
    pub payouts: Payouts,
    /// Sums of transaction ledgers by currency as written (`XXX` without).
    pub totals: BTreeMap<String, Totals>,
    /// Sums of order ledgers, likewise.
    pub order_totals: BTreeMap<String, Totals>,
    /// Amounts moved, by currency and day (days since 1970-01-01; `None`, first, without a time).
    pub days: BTreeMap<(String, Option<i64>), DayMoves>,
    /// Open transactions by currency and age, in the order of [`Aged::DAYS`]; currencies without
    /// any are absent.
    pub open_ages: BTreeMap<String, [Aged; 5]>,
    /// One entry per rule, ordered by code.
    pub coverage: Vec<Coverage>,
    pub control_totals: Vec<ControlTotal>,
    /// Findings of time rules that are not due yet, with their due times.
    pub waiting: Box<dyn NotDue>,
    /// Number of waiting findings, by rule code.
    pub waiting_by_rule: BTreeMap<&'static str, u64>,
    /// The comparison with the baseline, if one is given.
    pub comparison: Option<Comparison>,
    /// The state of each acceptance, in configuration order.
    pub acceptances: Vec<Acceptance>,
    pub ageing: Ageing,
    /// The day of the as-of in the configured time zone.
    pub as_of_day: Option<i64>,
}

impl Outcome {
    /// The standing of a finding against the baseline; `None` without a baseline.
    pub fn standing(&self, finding: &Finding) -> Option<Standing<'_>> {
        self.comparison.as_ref().map(|comparison| comparison.baseline.standing(finding))
    }
}

/// Whole days to the as-of from the event, else from the creation of the document.
pub fn age_days(finding: &Finding, as_of: Option<Instant>) -> Option<i64> {
    let since = finding.event.as_ref().and_then(|event| event.time).or(finding.subject.created_at)?;
    Some(as_of?.days_since(since))
}

/// Calendar days from the first run that had the finding to the as-of.
pub fn open_days(standing: Option<&Standing<'_>>, as_of_day: Option<i64>) -> Option<i64> {
    Some(as_of_day? - standing.and_then(|standing| standing.first_day).or(as_of_day)?)
}
