//! Finds which findings of a ledger share one cause. Each candidate repair is applied to a copy of
//! the ledger and the rules run again: it is accepted if findings disappear and none appears.

use super::repairs::{Attempt, attempts};
use crate::findings::{Trace, Traced};
use crate::ledger::{Item, Ledger, Session};
use crate::model::cause::{Cause, Parts, Repair};
use crate::model::finding::{Hit, RuleHit, is_same_finding};
use crate::model::money::Sum;

/// Ledgers with more events or hits are not traced, which bounds the run time.
const MANY: usize = 64;

/// Candidate repairs tried per round.
const TRIES: usize = 12;

/// Maximum number of causes traced on one ledger.
const ROUNDS: usize = 3;

/// A repaired ledger, and the hits left on it.
struct Repaired<'p> {
    attempt: Attempt<'p>,
    ledger: Ledger<'p>,
    left: Vec<RuleHit<'p>>,
    /// Number of findings that the repair removes, without those of [`Repair::CountEvent`] rules.
    removed_findings: usize,
}

/// Finds the causes of the hits on a ledger; `run_checks` runs the rules on a modified ledger.
pub fn trace<'p>(
    ledger: &Ledger<'p>,
    hits: &[RuleHit<'p>],
    run_checks: &dyn Fn(&Ledger<'p>) -> Vec<RuleHit<'p>>,
) -> Traced {
    let (mut traces, mut undone) = (vec![None; hits.len()], None);
    if hits.is_empty() || hits.len() > MANY || ledger.events.len() > MANY || ledger.items.len() > 8 * MANY {
        return Traced { traces, undone };
    }
    let mut last: Option<Repaired<'p>> = None;
    for round in 0..ROUNDS {
        let (now, left) = last.as_ref().map_or((ledger, hits), |repaired| (&repaired.ledger, &repaired.left[..]));
        let Some(repaired) = best(now, left, run_checks) else { break };
        mark(hits, left, &repaired, &mut traces);
        let marked = traces.iter().copied().flatten().next();
        undone = marked.filter(|_| round == 0).map(|trace| (trace, repaired.ledger.totals));
        last = Some(repaired);
    }
    rounded(ledger, hits, &mut traces);
    Traced { traces, undone }
}

/// Returns the repair that removes the most findings.
fn best<'p>(
    ledger: &Ledger<'p>,
    left: &[RuleHit<'p>],
    run_checks: &dyn Fn(&Ledger<'p>) -> Vec<RuleHit<'p>>,
) -> Option<Repaired<'p>> {
    let mut best: Option<Repaired<'p>> = None;
    for attempt in attempts(ledger, left).into_iter().take(TRIES) {
        let mut tried = ledger.clone();
        attempt.apply(&mut tried);
        tried.settle();
        let after = run_checks(&tried);
        let comes =
            |hit: &&RuleHit<'p>| !attempt.is_about(&hit.1) && !left.iter().any(|other| is_same_finding(hit, other));
        if after.iter().any(|hit| comes(&hit)) {
            continue;
        }
        let gone = left.iter().filter(|hit| !after.iter().any(|other| is_same_finding(hit, other)));
        let removed_findings = gone.filter(|(card, _)| card.repair != Repair::CountEvent).count();
        // One finding alone does not prove a missing event: at least two must disappear.
        let least = if attempt.cause == Cause::MissingEvent { 2 } else { 1 };
        if removed_findings >= least && best.as_ref().is_none_or(|best| removed_findings > best.removed_findings) {
            best = Some(Repaired { attempt, ledger: tried, left: after, removed_findings });
        }
    }
    best
}

/// Sets the traces of the hits that a repair explains.
fn mark<'p>(hits: &[RuleHit<'p>], before: &[RuleHit<'p>], repaired: &Repaired<'p>, traces: &mut [Option<Trace>]) {
    let (attempt, after) = (&repaired.attempt, &repaired.left);
    let explained = |hit: &RuleHit<'p>| -> Option<Sum> {
        let was = before.iter().find(|other| is_same_finding(hit, other))?.1.delta();
        match after.iter().find(|other| is_same_finding(hit, other)).map(|(_, other)| other.delta()) {
            None => Some(was),
            Some(left) => Some(was - left).filter(|part| *part != 0 && left.abs() < was.abs()),
        }
    };
    let found: Vec<(usize, Sum)> = hits
        .iter()
        .enumerate()
        .filter(|(at, _)| traces[*at].is_none())
        .filter_map(|(at, hit)| Some((at, explained(hit)?)))
        .collect();
    let rank = |at: usize| {
        let card = hits[at].0;
        (card.repair.names(attempt.cause).unwrap_or(u8::MAX), card.number)
    };
    let Some(root) = found.iter().map(|(at, _)| *at).min_by_key(|at| rank(*at)) else { return };
    for (at, explained) in found {
        traces[at] = Some(Trace { root, cause: attempt.cause, explained });
    }
}

/// Traces sums to rounding if they are off by at most one minor unit per part. Only parts of one
/// list count: across moves at different times, a difference is money that moved.
fn rounded(ledger: &Ledger<'_>, hits: &[RuleHit<'_>], traces: &mut [Option<Trace>]) {
    for (at, (card, hit)) in hits.iter().enumerate() {
        let event = hit.event.and_then(|event| {
            ledger.events.iter().find(|other| (other.list, other.place) == (event.list, event.place))
        });
        let Repair::Round(parts) = card.repair else { continue };
        let parts = match (parts, event) {
            (Parts::EventItems, Some(event)) => event.items.len(),
            (Parts::DocumentItems, _) => ledger.document_items().len(),
            (Parts::EventSplits, Some(event)) => event.splits.len(),
            (Parts::ItemSplits, Some(event)) => splits_of_item(hit, ledger.items(event.items).iter()),
            (Parts::ItemSplits, None) => splits_of_item(hit, ledger.own_items()),
            _ => 0,
        };
        if traces[at].is_none() {
            traces[at] = rounding(at, hit, parts);
        }
    }
}

/// Number of splits of the item that a hit is about; 0 if no item or several match.
fn splits_of_item<'i>(hit: &Hit<'_>, items: impl Iterator<Item = &'i Item<'i>>) -> usize {
    let mut meant = items.filter(|item| item.line == hit.line && !item.splits.is_empty());
    let (Some(item), None) = (meant.next(), meant.next()) else { return 0 };
    item.splits.len()
}

/// Traces a session's wrong total to rounding if it is off by at most one minor unit per item,
/// shipping included.
pub fn rounded_session(session: &Session<'_>, hits: &[RuleHit<'_>]) -> Traced {
    let parts = session.items.len() + usize::from(session.shipping.is_some());
    let of = |(at, (card, hit)): (usize, &RuleHit<'_>)| {
        let adds_items = card.repair == Repair::Round(Parts::SessionItems);
        if adds_items { rounding(at, hit, parts) } else { None }
    };
    Traced { traces: hits.iter().enumerate().map(of).collect(), undone: None }
}

/// Returns a rounding trace if the hit's delta is at most one minor unit per part, of at least two.
fn rounding(at: usize, hit: &Hit<'_>, parts: usize) -> Option<Trace> {
    let off = hit.delta();
    let is_small = off != 0 && parts > 1 && off.abs() <= parts as Sum;
    is_small.then_some(Trace { root: at, cause: Cause::Rounding, explained: off })
}
