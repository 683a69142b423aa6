//! Which findings of a ledger follow from one cause. A cause is not guessed but tried: it is undone on a copy of the
//! ledger, the rules are asked again, and it stands when findings are gone and none has come.

use super::repairs::{Repair, repairs};
use crate::ledger::{Item, Ledger, Running, Session};
use crate::model::card::Card;
use crate::model::cause::Cause;
use crate::model::finding::Hit;
use crate::model::money::Sum;

/// A ledger with more events, or more that is wrong, is left as it is: trying must stay short.
const MANY: usize = 64;

/// Repairs that are tried in a round.
const TRIES: usize = 12;

/// Causes that are told apart on one ledger.
const ROUNDS: usize = 3;

/// The rule whose finding only says that an event failed: it is no witness that the event counts.
const OPERATION_FAILED: u16 = 409;

/// What was hit: the rule, and what it says.
pub type Spoken<'p> = (&'static Card, Hit<'p>);

/// What a hit follows from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trace {
    /// The place of the hit that explains it.
    pub root: usize,
    /// The class.
    pub cause: Cause,
    /// How much of its difference is explained.
    pub explained: Sum,
}

/// What the hits on a ledger follow from.
#[derive(Debug, Default)]
pub struct Traced {
    /// For each hit.
    pub traces: Vec<Option<Trace>>,
    /// The ledger's totals with the one cause that was found undone; none where there are several.
    pub undone: Option<(Trace, Running)>,
}

/// A ledger after a repair, and what is left to say of it.
struct Mended<'p> {
    repair: Repair<'p>,
    ledger: Ledger<'p>,
    left: Vec<Spoken<'p>>,
    /// How many findings are gone that bear witness.
    witnesses: usize,
}

/// Finds the causes of what was hit on a ledger; `ask` asks all rules about another one.
pub fn trace<'p>(ledger: &Ledger<'p>, hits: &[Spoken<'p>], ask: &dyn Fn(&Ledger<'p>) -> Vec<Spoken<'p>>) -> Traced {
    let (mut traces, mut undone) = (vec![None; hits.len()], None);
    if hits.is_empty() || hits.len() > MANY || ledger.events.len() > MANY || ledger.items.len() > 8 * MANY {
        return Traced { traces, undone };
    }
    let mut last: Option<Mended<'p>> = None;
    for round in 0..ROUNDS {
        let (now, left) = last.as_ref().map_or((ledger, hits), |mended| (&mended.ledger, &mended.left[..]));
        let Some(mended) = best(now, left, ask) else { break };
        mark(hits, left, &mended, &mut traces);
        let marked = traces.iter().copied().flatten().next();
        undone = marked.filter(|_| round == 0).map(|trace| (trace, mended.ledger.totals));
        last = Some(mended);
    }
    rounded(ledger, hits, &mut traces);
    Traced { traces, undone }
}

/// The repair after which the most is gone, with the ledger after it and what is left.
fn best<'p>(
    ledger: &Ledger<'p>,
    left: &[Spoken<'p>],
    ask: &dyn Fn(&Ledger<'p>) -> Vec<Spoken<'p>>,
) -> Option<Mended<'p>> {
    let mut best: Option<Mended<'p>> = None;
    for repair in repairs(ledger, left).into_iter().take(TRIES) {
        let mut tried = ledger.clone();
        repair.apply(&mut tried);
        tried.settle();
        let after = ask(&tried);
        let comes = |hit: &&Spoken<'p>| !repair.is_about(&hit.1) && !left.iter().any(|other| is_same(hit, other));
        if after.iter().any(|hit| comes(&hit)) {
            continue;
        }
        let gone = left.iter().filter(|hit| !after.iter().any(|other| is_same(hit, other)));
        let witnesses = gone.filter(|(card, _)| card.number != OPERATION_FAILED).count();
        // That an event is missing is a strong word for one finding alone: two must agree.
        let least = if repair.cause == Cause::MissingEvent { 2 } else { 1 };
        if witnesses >= least && best.as_ref().is_none_or(|best| witnesses > best.witnesses) {
            best = Some(Mended { repair, ledger: tried, left: after, witnesses });
        }
    }
    best
}

/// Marks what a repair explains.
fn mark<'p>(hits: &[Spoken<'p>], before: &[Spoken<'p>], mended: &Mended<'p>, traces: &mut [Option<Trace>]) {
    let (repair, after) = (&mended.repair, &mended.left);
    let explained = |hit: &Spoken<'p>| -> Option<Sum> {
        let was = delta(before.iter().find(|other| is_same(hit, other))?);
        match after.iter().find(|other| is_same(hit, other)) {
            None => Some(was),
            Some(other) => Some(was - delta(other)).filter(|part| *part != 0 && delta(other).abs() < was.abs()),
        }
    };
    let found: Vec<(usize, Sum)> = hits
        .iter()
        .enumerate()
        .filter(|(at, _)| traces[*at].is_none())
        .filter_map(|(at, hit)| Some((at, explained(hit)?)))
        .collect();
    let rank = |at: usize| {
        let number = hits[at].0.number;
        (repair.named_by().iter().position(|named| *named == number).unwrap_or(usize::MAX), number)
    };
    let Some(root) = found.iter().map(|(at, _)| *at).min_by_key(|at| rank(*at)) else { return };
    for (at, explained) in found {
        traces[at] = Some(Trace { root, cause: repair.cause, explained });
    }
}

/// Marks sums that are off by no more than a minor unit for each part that was added up: parts of one list, since of
/// moves at different times one too much is money that moved.
fn rounded(ledger: &Ledger<'_>, hits: &[Spoken<'_>], traces: &mut [Option<Trace>]) {
    for (at, spoken) in hits.iter().enumerate() {
        let (card, hit) = spoken;
        let event = hit.event.and_then(|event| {
            ledger.events.iter().find(|other| (other.list, other.place) == (event.list, event.place))
        });
        let parts = match (card.number, event) {
            (201, Some(event)) => event.items.len(),
            (205, _) => ledger.document_items().len(),
            (301, Some(event)) => event.splits.len(),
            (302, Some(event)) => splits_of_item(hit, ledger.items(event.items).iter()),
            (302, None) => splits_of_item(hit, ledger.own_items()),
            _ => 0,
        };
        if traces[at].is_none() {
            traces[at] = rounding(at, spoken, parts);
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
pub fn rounded_session(session: &Session<'_>, hits: &[Spoken<'_>]) -> Traced {
    let parts = session.items.len() + usize::from(session.shipping.is_some());
    let of =
        |(at, spoken): (usize, &Spoken<'_>)| (spoken.0.number == 601).then(|| rounding(at, spoken, parts)).flatten();
    Traced { traces: hits.iter().enumerate().map(of).collect(), undone: None }
}

/// The trace of a sum that rounding of so many parts can be off by.
fn rounding(at: usize, spoken: &Spoken<'_>, parts: usize) -> Option<Trace> {
    let off = delta(spoken);
    let is_small = off != 0 && parts > 1 && off.abs() <= parts as Sum;
    is_small.then_some(Trace { root: at, cause: Cause::Rounding, explained: off })
}

/// How far a hit is off.
fn delta((_, hit): &Spoken<'_>) -> Sum {
    hit.actual.amount().zip(hit.expected.amount()).map_or(0, |(actual, expected)| actual - expected)
}

/// Whether two hits are of the same finding, whatever their amounts.
fn is_same((card, hit): &Spoken<'_>, (other_card, other): &Spoken<'_>) -> bool {
    let place = |hit: &Hit<'_>| hit.event.map(|event| (event.list, event.place));
    card.number == other_card.number
        && place(hit) == place(other)
        && hit.line == other.line
        && hit.destination == other.destination
        && hit.detail == other.detail
}
