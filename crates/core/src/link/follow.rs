//! Traces cross-document findings to a cause that was found on one of the documents.
//!
//! The cause was found on that document alone. Here the rules run again with the document repaired:
//! findings that disappear follow from the cause. If two documents would each explain a finding,
//! neither is named.

use super::rows::{LinkFacts, LinkRow, unpack_undone};
use crate::findings::names_of;
use crate::ledger::{OrderFacts, TransactionFacts};
use crate::model::card::Card;
use crate::model::cause::{Cause, Repair, Root, Undone};
use crate::model::event::EventList;
use crate::model::finding::{Finding, Hit, RuleHit, is_same_finding};

/// A known cause, and the hits that are left when it is repaired.
pub struct WithoutCause<'p> {
    /// The number of the finding that names the cause.
    pub root: u64,
    pub cause: Cause,
    pub left: Vec<RuleHit<'p>>,
}

/// Returns the root of each hit; `None` if no cause or several would explain it. Causes whose
/// repair adds a hit are ignored.
pub fn follow<'p>(hits: &[RuleHit<'p>], known: &[WithoutCause<'p>]) -> Vec<Option<Root>> {
    let is_new = |hit: &RuleHit<'p>| !hits.iter().any(|other| is_same_finding(hit, other));
    let known: Vec<&WithoutCause<'p>> = known.iter().filter(|without| !without.left.iter().any(is_new)).collect();
    let root_of = |hit| {
        let parts: Vec<Root> = known.iter().filter_map(|without| explained(hit, without)).collect();
        if let [only] = &parts[..] { Some(only.clone()) } else { None }
    };
    hits.iter().map(root_of).collect()
}

/// Returns what a cause explains of a hit: its whole delta if the hit is gone, a part if less is left.
fn explained<'p>(hit: &RuleHit<'p>, without: &WithoutCause<'p>) -> Option<Root> {
    let was = hit.1.delta();
    let part = match without.left.iter().find(|other| is_same_finding(hit, other)) {
        None => was,
        Some((_, other)) => {
            let left = other.delta();
            Some(was - left).filter(|part| *part != 0 && left.abs() < was.abs())?
        }
    };
    Some(Root::numbered(without.root, without.cause, part))
}

/// Returns a transaction with its known cause repaired, and that cause.
pub fn repaired<'p>(facts: &TransactionFacts<'p>) -> Option<(TransactionFacts<'p>, Undone)> {
    let undone = unpack_undone(facts.undone?);
    let Undone { captured, refunded, released, .. } = undone;
    Some((TransactionFacts { captured, refunded, released, undone: None, ..*facts }, undone))
}

/// Returns an order with its known cause repaired, and that cause.
pub fn repaired_order<'p>(facts: &OrderFacts<'p>) -> Option<(OrderFacts<'p>, Undone)> {
    let undone = unpack_undone(facts.undone?);
    let Undone { captured, refunded, released, .. } = undone;
    Some((OrderFacts { captured, refunded, released, undone: None, ..*facts }, undone))
}

/// Returns the move that a transaction lacks, if its only order and the settlement reports both
/// exceed it by the same amount: two independently written documents agree. The settlement finding
/// names the cause.
pub fn missing_move<'p>(
    transaction: &TransactionFacts<'p>,
    hits: &[RuleHit<'p>],
    rows: &[LinkRow<'p>],
    finding: &dyn Fn(&'static Card, Hit<'p>) -> Option<Finding>,
) -> Option<Undone> {
    let mut orders =
        rows.iter().filter_map(|row| if let LinkFacts::Order(order) = row.facts { Some(order) } else { None });
    let (Some(order), None) = (orders.next().filter(|order| order.named == 1), orders.next()) else { return None };
    let mut differ = hits.iter().filter(|(card, _)| card.repair == Repair::AddMove);
    let (Some((card, hit)), None) = (differ.next(), differ.next()) else { return None };
    let lacks = hit.delta();
    let TransactionFacts { captured, refunded, released, .. } = *transaction;
    let (list, more, repaired) = match &*hit.detail {
        "captured" => (EventList::Captures, order.captured - captured, (captured + lacks, refunded)),
        _ => (EventList::Refunds, order.refunded - refunded, (captured, refunded + lacks)),
    };
    let is_given = list.collection().is_some_and(|n| order.given[n]);
    if lacks <= 0 || more != lacks || !is_given {
        return None;
    }
    let root = names_of(&[finding(card, hit.clone())?]);
    let (captured, refunded) = repaired;
    Some(Undone { root: Root::number(&root[0])?, cause: Cause::MissingEvent, captured, refunded, released })
}
