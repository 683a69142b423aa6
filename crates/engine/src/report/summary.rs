//! `summary.json`: the run in numbers, for programs.

use std::borrow::Cow;
use std::collections::BTreeMap;

use avstem_core::model::card::Kind;
use avstem_core::model::display::shown;
use avstem_core::model::money::{Sum, minor};
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::json::json_text;
use super::{ReportOptions, RunEnd};
use crate::engine::outcome::{
    AcceptanceState, BUCKETS, Buckets, Comparison, Counts, Outcome, PayoutSums, Profile, Totals,
};
use crate::history::continuity::Notice;
use crate::{TOOL, VERSION};

/// An amount as JSON: a number within 64 bits, else a string.
#[derive(Default)]
struct Amount(Sum);

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match minor(self.0) {
            Some(amount) => to.serialize_i64(amount),
            None => to.collect_str(&self.0),
        }
    }
}

#[derive(Serialize)]
struct Summary<'r> {
    tool: &'static str,
    version: &'static str,
    as_of: Option<String>,
    /// The latest time of the input, which is also the as-of where none was given.
    latest: Option<String>,
    complete: bool,
    exit: &'r RunEnd,
    input: Input,
    /// Kept documents by kind.
    documents: BTreeMap<&'static str, u64>,
    continuity: Vec<Continuity<'r>>,
    findings: Findings,
    totals: BTreeMap<Cow<'r, str>, CurrencyTotals>,
    order_totals: BTreeMap<Cow<'r, str>, CurrencyTotals>,
    /// Payouts by currency; left out where there are none.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    payouts: BTreeMap<Cow<'r, str>, CurrencyPayouts>,
    control_totals: Identities,
    waiting: &'r BTreeMap<&'static str, u64>,
    acceptances: Acceptances,
    ageing: BTreeMap<&'r str, Ages>,
    baseline: Option<Baseline<'r>>,
}

/// What the configuration accepts.
#[derive(Serialize)]
struct Acceptances {
    by_state: BTreeMap<&'static str, u64>,
    /// The lines of acceptances that do not hold, in the configuration file.
    not_holding: Vec<BrokenAcceptance>,
    /// Accepted findings, summed separately by currency.
    accepted: BTreeMap<String, Accepted>,
}

#[derive(Serialize)]
struct BrokenAcceptance {
    line: usize,
    state: &'static str,
}

#[derive(Default, Serialize)]
struct Accepted {
    findings: u64,
    abs_delta_minor: Amount,
}

/// The number of findings in each bucket of age.
#[derive(Serialize)]
struct Ages {
    since_event: BTreeMap<&'static str, u64>,
    since_first_seen: BTreeMap<&'static str, u64>,
}

/// This run compared with the baseline.
#[derive(Serialize)]
struct Baseline<'r> {
    manifest_sha256: &'r str,
    as_of: Option<String>,
    complete: bool,
    opening: u64,
    new: u64,
    back: u64,
    open: u64,
    changed: u64,
    resolved: u64,
    unseen: u64,
    closing: u64,
}

/// One notice of [`crate::history::continuity`].
#[derive(Serialize)]
struct Continuity<'r> {
    word: &'static str,
    kind: Option<&'static str>,
    /// A number of documents, or a time.
    now: Value,
    then: Value,
    names: &'r [String],
}

#[derive(Serialize)]
struct Input {
    files: usize,
    files_refused: usize,
    files_excluded: usize,
    bytes: u64,
    records: u64,
    accepted: u64,
    duplicate: u64,
    superseded: u64,
    rejected: u64,
    rejected_by_reason: BTreeMap<&'static str, u64>,
    refused_by_reason: BTreeMap<&'static str, u64>,
}

#[derive(Serialize)]
struct Findings {
    error: u64,
    warning: u64,
    info: u64,
    accepted: u64,
    roots: u64,
    by_rule: BTreeMap<&'static str, u64>,
}

#[derive(Serialize)]
struct CurrencyTotals {
    ledgers: u64,
    authorized_minor: Amount,
    captured_minor: Amount,
    refunded_minor: Amount,
    released_minor: Amount,
    open_minor: Amount,
    net_minor: Amount,
    not_authorized_minor: Amount,
}

#[derive(Serialize)]
struct CurrencyPayouts {
    payouts: u64,
    by_state: BTreeMap<&'static str, u64>,
    captures_minor: Amount,
    refunds_minor: Amount,
    fees_minor: Amount,
    other_minor: Amount,
    carried_in_minor: Amount,
    carried_out_minor: Amount,
    unexplained_minor: Amount,
    amount_minor: Amount,
    received_minor: Amount,
    credits_unmatched_minor: Amount,
    sum_skipped: u64,
    pending: u64,
    details_unused: u64,
}

#[derive(Serialize)]
struct Identities {
    identities: usize,
    broken: usize,
}

/// Counts how often each word occurs.
fn tally(words: impl Iterator<Item = &'static str>) -> BTreeMap<&'static str, u64> {
    let mut counts = BTreeMap::new();
    for word in words {
        *counts.entry(word).or_default() += 1;
    }
    counts
}

fn input(outcome: &Outcome, options: &ReportOptions) -> Input {
    let Counts { records, accepted, duplicate, superseded, rejected } = outcome.counts;
    Input {
        files: outcome.sources.len(),
        files_refused: outcome.sources.iter().filter(|source| source.fault.is_some()).count(),
        files_excluded: options.excluded.len(),
        bytes: outcome.sources.iter().map(|source| source.bytes).sum(),
        records,
        accepted,
        duplicate,
        superseded,
        rejected,
        rejected_by_reason: outcome.rejects.by_reason().clone(),
        refused_by_reason: tally(outcome.sources.iter().filter_map(|s| s.fault.as_ref()).map(|f| f.reason.code())),
    }
}

fn totals(of: &BTreeMap<String, Totals>) -> BTreeMap<Cow<'_, str>, CurrencyTotals> {
    let row = |totals: &Totals| CurrencyTotals {
        ledgers: totals.ledgers,
        authorized_minor: Amount(totals.authorized),
        captured_minor: Amount(totals.captured),
        refunded_minor: Amount(totals.refunded),
        released_minor: Amount(totals.released),
        open_minor: Amount(totals.open),
        net_minor: Amount(totals.net),
        not_authorized_minor: Amount(totals.not_authorized),
    };
    let mut merged: BTreeMap<Cow<'_, str>, Totals> = BTreeMap::new();
    for (currency, totals) in of {
        // Two texts that are displayed alike would be the same key of the object.
        merged.entry(shown(currency)).or_default().merge(totals);
    }
    merged.into_iter().map(|(currency, totals)| (currency, row(&totals))).collect()
}

fn payouts(outcome: &Outcome) -> BTreeMap<Cow<'static, str>, CurrencyPayouts> {
    let mut merged: BTreeMap<Cow<'static, str>, PayoutSums> = BTreeMap::new();
    for (currency, sums) in outcome.payouts.sums() {
        merged.entry(shown(&currency).into_owned().into()).or_default().merge(&sums);
    }
    let row = |sums: PayoutSums| CurrencyPayouts {
        payouts: sums.payouts,
        captures_minor: Amount(sums.parts.captures),
        refunds_minor: Amount(sums.parts.refunds),
        fees_minor: Amount(sums.parts.fees),
        other_minor: Amount(sums.other),
        carried_in_minor: Amount(sums.carried_in),
        carried_out_minor: Amount(sums.carried_out),
        unexplained_minor: Amount(sums.unexplained),
        amount_minor: Amount(sums.amount),
        received_minor: Amount(sums.received),
        credits_unmatched_minor: Amount(sums.credits_unmatched),
        sum_skipped: sums.sum_skipped,
        pending: sums.pending,
        details_unused: sums.details_unused,
        by_state: sums.by_state,
    };
    merged.into_iter().map(|(currency, sums)| (currency, row(sums))).collect()
}

fn acceptances(outcome: &Outcome) -> Acceptances {
    let mut accepted: BTreeMap<String, Accepted> = BTreeMap::new();
    for rule in &outcome.coverage {
        for (currency, counts) in rule.by_currency.iter().filter(|(_, counts)| counts.accepted > 0) {
            let sum = accepted.entry(shown(currency).into_owned()).or_default();
            sum.findings += counts.accepted;
            sum.abs_delta_minor.0 += counts.accepted_abs_delta;
        }
    }
    let broken = outcome.acceptances.iter().filter(|acceptance| acceptance.stand() != AcceptanceState::Holds);
    Acceptances {
        by_state: tally(outcome.acceptances.iter().map(|acceptance| acceptance.stand().word())),
        not_holding: broken
            .map(|acceptance| BrokenAcceptance { line: acceptance.entry.line, state: acceptance.stand().word() })
            .collect(),
        accepted,
    }
}

fn ages(profile: &Profile) -> Ages {
    let named =
        |buckets: &Buckets| BUCKETS.iter().zip(buckets).map(|((name, _), tally)| (*name, tally.count)).collect();
    Ages { since_event: named(&profile.since_event), since_first_seen: named(&profile.since_seen) }
}

fn baseline(comparison: &Comparison) -> Baseline<'_> {
    let past = &comparison.baseline.past;
    let all = comparison.moves.all();
    Baseline {
        manifest_sha256: &past.manifest_sha256,
        as_of: past.as_of.map(|time| time.to_string()),
        complete: past.is_complete(),
        opening: all.opening.count,
        new: all.new.count,
        back: all.back.count,
        open: all.open.count,
        changed: all.changed.count,
        resolved: all.resolved.count,
        unseen: all.unseen.count,
        closing: all.closing.count,
    }
}

fn continuity(notice: &Notice) -> Continuity<'_> {
    let (kind, now, then) = match notice {
        Notice::BaselineIncomplete | Notice::SameInputs | Notice::Nothing { .. } => (None, Value::Null, Value::Null),
        Notice::NotNewer { now, then } => (None, now.to_string().into(), then.to_string().into()),
        Notice::Fewer { kind, now, then } => (Some(kind.word()), (*now).into(), (*then).into()),
    };
    let names = match notice {
        Notice::Nothing { names } => names.as_slice(),
        _ => &[],
    };
    Continuity { word: notice.word(), kind, now, then, names }
}

/// The text of `summary.json`.
pub fn summary_json(outcome: &Outcome, options: &ReportOptions) -> String {
    let counts = outcome.findings.counts();
    let [error, warning, info] = counts.open;
    let judged = outcome.control_totals.iter().filter_map(|total| total.holds);
    let summary = Summary {
        tool: TOOL,
        version: VERSION,
        as_of: outcome.as_of.map(|time| time.to_string()),
        latest: outcome.latest.map(|time| time.to_string()),
        complete: options.complete,
        exit: &options.exit,
        input: input(outcome, options),
        documents: Kind::DOCUMENTS.iter().map(|kind| kind.word()).zip(outcome.documents).collect(),
        continuity: options.continuity.iter().map(continuity).collect(),
        findings: Findings {
            error,
            warning,
            info,
            accepted: counts.accepted,
            roots: counts.roots,
            by_rule: counts.by_rule.clone(),
        },
        totals: totals(&outcome.totals),
        order_totals: totals(&outcome.order_totals),
        payouts: payouts(outcome),
        control_totals: Identities {
            identities: judged.clone().count(),
            broken: judged.filter(|holds| !holds).count(),
        },
        waiting: &outcome.waiting_by_rule,
        acceptances: acceptances(outcome),
        ageing: outcome
            .ageing
            .by_currency
            .iter()
            .map(|(currency, profile)| (currency.as_str(), ages(profile)))
            .collect(),
        baseline: outcome.comparison.as_ref().map(baseline),
    };
    json_text(&summary)
}
