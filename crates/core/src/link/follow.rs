//! Findings across documents that follow from what is wrong with one of the documents.
//!
//! What is wrong was found on the document alone, by undoing it. Here the rules are asked again with that document put
//! right: what they no longer say followed from it. Where two documents would each explain a finding, neither does.

use super::rows::{LinkFacts, LinkRow, unpack_undone};
use crate::findings::names_of;
use crate::ledger::{OrderFacts, TransactionFacts};
use crate::model::card::Card;
use crate::model::cause::{Cause, Repair, Root, Undone};
use crate::model::event::EventList;
use crate::model::finding::{Finding, Hit, RuleHit, is_same_finding};

/// A known cause, and the hits that are left when it is repaired.
pub struct WithoutCause<'p> {
    /// The number of the finding that stands for it.
    pub root: u64,
    /// The class.
    pub cause: Cause,
    pub left: Vec<RuleHit<'p>>,
}

/// What each of the hits follows from.
pub fn follow<'p>(hits: &[RuleHit<'p>], known: &[WithoutCause<'p>]) -> Vec<Option<Root>> {
    let is_new = |hit: &RuleHit<'p>| !hits.iter().any(|other| is_same_finding(hit, other));
    let known: Vec<&WithoutCause<'p>> = known.iter().filter(|without| !without.left.iter().any(is_new)).collect();
    let root_of = |hit| {
        let parts: Vec<Root> = known.iter().filter_map(|without| explained(hit, without)).collect();
        if let [only] = &parts[..] { Some(only.clone()) } else { None }
    };
    hits.iter().map(root_of).collect()
}

/// What a cause explains of a hit: all of it when it is gone, a part when less of it is left.
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

/// A transaction with what is wrong with it put right, and what that is.
pub fn repaired<'p>(facts: &TransactionFacts<'p>) -> Option<(TransactionFacts<'p>, Undone)> {
    let undone = unpack_undone(facts.undone?);
    let Undone { captured, refunded, released, .. } = undone;
    Some((TransactionFacts { captured, refunded, released, undone: None, ..*facts }, undone))
}

/// The same of an order.
pub fn repaired_order<'p>(facts: &OrderFacts<'p>) -> Option<(OrderFacts<'p>, Undone)> {
    let undone = unpack_undone(facts.undone?);
    let Undone { captured, refunded, released, .. } = undone;
    Some((OrderFacts { captured, refunded, released, undone: None, ..*facts }, undone))
}

/// The move that a transaction lacks: its only order and the settlement reports both exceed it by the same amount. Two
/// documents that were written independently agree; the finding on settling stands for the cause.
pub fn lacking<'p>(
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
