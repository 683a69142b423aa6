//! Which findings of a ledger follow from one cause. A cause is not guessed but tried: it is undone on a copy of the
//! ledger, the rules are asked again, and it stands when findings are gone and none has come.

use super::repairs::{Attempt, attempts};
use crate::findings::{Trace, Traced};
use crate::ledger::{Item, Ledger, Session};
use crate::model::cause::{Cause, Parts, Repair};
use crate::model::finding::{Hit, RuleHit, is_same_finding};
use crate::model::money::Sum;

/// A ledger with more events, or more that is wrong, is left as it is: trying must stay short.
const MANY: usize = 64;

/// Repairs that are tried in a round.
const TRIES: usize = 12;

/// Causes that are told apart on one ledger.
const ROUNDS: usize = 3;

/// A ledger after a repair, and what is left to say of it.
struct Repaired<'p> {
    attempt: Attempt<'p>,
    ledger: Ledger<'p>,
    left: Vec<RuleHit<'p>>,
    /// How many findings are gone that bear witness.
    witnesses: usize,
}

/// Finds the causes of what was hit on a ledger; `ask` asks all rules about another one.
pub fn trace<'p>(ledger: &Ledger<'p>, hits: &[RuleHit<'p>], ask: &dyn Fn(&Ledger<'p>) -> Vec<RuleHit<'p>>) -> Traced {
    let (mut traces, mut undone) = (vec![None; hits.len()], None);
    if hits.is_empty() || hits.len() > MANY || ledger.events.len() > MANY || ledger.items.len() > 8 * MANY {
        return Traced { traces, undone };
    }
    let mut last: Option<Repaired<'p>> = None;
    for round in 0..ROUNDS {
        let (now, left) = last.as_ref().map_or((ledger, hits), |repaired| (&repaired.ledger, &repaired.left[..]));
        let Some(repaired) = best(now, left, ask) else { break };
        mark(hits, left, &repaired, &mut traces);
        let marked = traces.iter().copied().flatten().next();
        undone = marked.filter(|_| round == 0).map(|trace| (trace, repaired.ledger.totals));
        last = Some(repaired);
    }
    rounded(ledger, hits, &mut traces);
    Traced { traces, undone }
}

/// The repair after which the most is gone, with the ledger after it and what is left.
fn best<'p>(
    ledger: &Ledger<'p>,
    left: &[RuleHit<'p>],
    ask: &dyn Fn(&Ledger<'p>) -> Vec<RuleHit<'p>>,
) -> Option<Repaired<'p>> {
    let mut best: Option<Repaired<'p>> = None;
    for attempt in attempts(ledger, left).into_iter().take(TRIES) {
        let mut tried = ledger.clone();
        attempt.apply(&mut tried);
        tried.settle();
        let after = ask(&tried);
        let comes =
            |hit: &&RuleHit<'p>| !attempt.is_about(&hit.1) && !left.iter().any(|other| is_same_finding(hit, other));
        if after.iter().any(|hit| comes(&hit)) {
            continue;
        }
        let gone = left.iter().filter(|hit| !after.iter().any(|other| is_same_finding(hit, other)));
        let witnesses = gone.filter(|(card, _)| card.repair != Repair::CountEvent).count();
        // That an event is missing is a strong word for one finding alone: two must agree.
        let least = if attempt.cause == Cause::MissingEvent { 2 } else { 1 };
        if witnesses >= least && best.as_ref().is_none_or(|best| witnesses > best.witnesses) {
            best = Some(Repaired { attempt, ledger: tried, left: after, witnesses });
        }
    }
    best
}

/// Marks what a repair explains.
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

/// Marks sums that are off by no more than a minor unit for each part that was added up: parts of one list, since of
/// moves at different times one too much is money that moved.
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

/// How many splits the item has that a hit is about; 0 where that cannot be told.
fn splits_of_item<'i>(hit: &Hit<'_>, items: impl Iterator<Item = &'i Item<'i>>) -> usize {
    let mut meant = items.filter(|item| item.line == hit.line && !item.splits.is_empty());
    let (Some(item), None) = (meant.next(), meant.next()) else { return 0 };
    item.splits.len()
}

/// What the hits on a session follow from: its total is off by what rounding each item can come to.
pub fn rounded_session(session: &Session<'_>, hits: &[RuleHit<'_>]) -> Traced {
    let parts = session.items.len() + usize::from(session.shipping.is_some());
    let of = |(at, (card, hit)): (usize, &RuleHit<'_>)| {
        let adds_items = card.repair == Repair::Round(Parts::SessionItems);
        if adds_items { rounding(at, hit, parts) } else { None }
    };
    Traced { traces: hits.iter().enumerate().map(of).collect(), undone: None }
}

/// The trace of a sum that rounding of so many parts can be off by.
fn rounding(at: usize, hit: &Hit<'_>, parts: usize) -> Option<Trace> {
    let off = hit.delta();
    let is_small = off != 0 && parts > 1 && off.abs() <= parts as Sum;
    is_small.then_some(Trace { root: at, cause: Cause::Rounding, explained: off })
}
