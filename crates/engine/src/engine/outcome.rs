//! What a run found, as reports take it.

use std::collections::BTreeMap;

pub use avstem_core::findings::Waiting;
pub use avstem_core::judge::{Aged, Amounts, Balance, DayMoves, NO_CURRENCY, Totals, timeline};
use avstem_core::model::card::{Card, Kind, Severity};
use avstem_core::model::finding::Finding;
use avstem_core::model::instant::Instant;
use avstem_core::model::money::Sum;
use avstem_core::model::reject::FileFault;

pub use super::listed::{FindingCounts, Findings, Rejects, Rows};
pub use crate::history::acceptance::{Acceptance, AcceptanceState};
pub use crate::history::ageing::{Ageing, BUCKETS, Buckets, Profile};
pub use crate::history::{Change, Comparison, Gone, GoneState, Moves, Standing, Tally};

/// How many records came to what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Records read.
    pub records: u64,
    /// Records whose document was kept, or that hold nothing.
    pub accepted: u64,
    /// Records equal to the kept copy.
    pub duplicate: u64,
    /// Older or smaller copies.
    pub superseded: u64,
    /// Records that could not be used.
    pub rejected: u64,
}

/// One input file, in input order.
#[derive(Clone, Debug)]
pub struct SourceOutcome {
    /// As reports show it.
    pub name: String,
    /// Bytes as they lie on disk.
    pub bytes: u64,
    /// Hash of those bytes.
    pub hash: Option<String>,
    /// Bytes after unpacking.
    pub decoded_bytes: u64,
    /// Why it was refused, if it was.
    pub fault: Option<FileFault>,
    /// What became of its records; all zero for a refused file.
    pub counts: Counts,
}

/// Gives the balances one by one, by kind, then id.
pub trait Balances: Send + Sync {
    /// Calls `take` for each row; stops at the first error.
    fn visit(&self, take: &mut dyn FnMut(&Balance<'_>) -> std::io::Result<()>) -> std::io::Result<()>;

    /// Calls `take` with what each row comes to, in any order.
    fn amounts(&self, take: &mut dyn FnMut(&Amounts<'_>)) -> std::io::Result<()> {
        self.visit(&mut |balance| {
            take(&Amounts::from(balance));
            Ok(())
        })
    }

    /// Calls `take` for the rows of some ledgers, in any order; their findings need not be counted.
    fn find(&self, is_wanted: &dyn Fn(Kind, &str) -> bool, take: &mut dyn FnMut(&Balance<'_>)) -> std::io::Result<()> {
        self.visit(&mut |balance| {
            if is_wanted(balance.kind, balance.id) {
                take(balance);
            }
            Ok(())
        })
    }
}

/// Gives what is not due yet, by rule, then id.
pub trait NotDue: Send + Sync {
    /// Calls `take` for each row; stops at the first error.
    fn visit(&self, take: &mut dyn FnMut(&Waiting<'_>) -> std::io::Result<()>) -> std::io::Result<()>;
    /// How many there are, by the rule's code.
    fn counts(&self) -> std::io::Result<BTreeMap<&'static str, u64>>;
}

/// What a rule looked at and found in one currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CoverageCounts {
    /// Subjects of the rule's kinds.
    pub tested: u64,
    /// Other subjects.
    pub not_applicable: u64,
    pub findings: u64,
    /// The sum of the magnitudes of their differences.
    pub abs_delta: Sum,
    /// Those of the findings that are accepted.
    pub accepted: u64,
    /// The sum of the magnitudes of their differences.
    pub accepted_abs_delta: Sum,
}

/// A rule's coverage.
#[derive(Clone, Debug)]
pub struct Coverage {
    /// The rule.
    pub card: &'static Card,
    /// Its severity after configuration; `None` when it is off.
    pub severity: Option<Severity>,
    pub all: CoverageCounts,
    /// By currency as written; `XXX` where a subject has none.
    pub by_currency: BTreeMap<String, CoverageCounts>,
}

/// One control total, or the identity that ties some.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControlTotal {
    /// The source; empty for all of them.
    pub source: String,
    /// Where in the run it was taken: read, resolve, judge, link, report.
    pub stage: &'static str,
    /// What is counted or summed; of an identity, its name.
    pub measure: &'static str,
    /// The currency of an amount.
    pub currency: Option<String>,
    pub value: Sum,
    /// What the value must equal, in words; of an identity only.
    pub identity: Option<String>,
    /// Whether the identity holds.
    pub holds: Option<bool>,
}

/// Everything that a run found.
pub struct Outcome {
    /// The instant it was judged at.
    pub as_of: Option<Instant>,
    /// The inputs, in input order; origins count them from zero.
    pub sources: Vec<SourceOutcome>,
    /// All records together.
    pub counts: Counts,
    /// Rejected records, in input order, then by offset.
    pub rejects: Rejects,
    /// Findings, in the order of reports.
    pub findings: Findings,
    pub balances: Box<dyn Balances>,
    /// Sums of transaction ledgers by currency as written (`XXX` without).
    pub totals: BTreeMap<String, Totals>,
    /// Sums of order ledgers likewise.
    pub order_totals: BTreeMap<String, Totals>,
    /// What moved, by currency and day (days since 1970-01-01; without a time `None`, first).
    pub days: BTreeMap<(String, Option<i64>), DayMoves>,
    /// Open transactions by currency and age, in the order of [`Aged::DAYS`]; only currencies that have any.
    pub open_ages: BTreeMap<String, [Aged; 5]>,
    /// Coverage, a rule each, by code.
    pub coverage: Vec<Coverage>,
    pub control_totals: Vec<ControlTotal>,
    /// What rules about time will say, and when.
    pub waiting: Box<dyn NotDue>,
    /// How many of each rule are not due yet.
    pub waiting_by_rule: BTreeMap<&'static str, u64>,
    /// Tonight held against the baseline, where there is one.
    pub comparison: Option<Comparison>,
    /// What came of each acceptance, in the order of the configuration.
    pub acceptances: Vec<Acceptance>,
    /// How old the findings are.
    pub ageing: Ageing,
    /// The day of the as-of, in the configured time zone.
    pub as_of_day: Option<i64>,
}

impl Outcome {
    /// How the finding stands against the baseline.
    pub fn standing(&self, finding: &Finding) -> Option<Standing<'_>> {
        self.comparison.as_ref().map(|comparison| comparison.baseline.standing(finding))
    }
}

/// Whole days from the event, else from the document's creation, to the as-of.
pub fn age_days(finding: &Finding, as_of: Option<Instant>) -> Option<i64> {
    let since = finding.event.as_ref().and_then(|event| event.time).or(finding.subject.created_at)?;
    Some(as_of?.days_since(since))
}

/// Days of the calendar from the first run that had the finding to the as-of.
pub fn open_days(standing: Option<&Standing<'_>>, as_of_day: Option<i64>) -> Option<i64> {
    Some(as_of_day? - standing.and_then(|standing| standing.first_day).or(as_of_day)?)
}
