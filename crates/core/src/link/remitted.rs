//! Facts about lines of providers that pay out themselves, and about the transactions that have their ids.

use crate::ledger::{Move, RemittedPart};
use crate::model::event::EventKind;
use crate::model::money::{Minor, Sum};
use crate::payout::JoinedBy;
use crate::rows::{Unpacker, Wire};

/// A line under one of the ids that it states.
#[derive(Clone, Copy, Debug)]
pub struct RemittedLine<'p> {
    /// The key of its row.
    pub key: &'p [u8],
    pub currency: &'p str,
    pub part: RemittedPart,
    pub amount: Minor,
}

/// A transaction under an id by which others may name it.
#[derive(Clone, Copy, Debug)]
pub struct CorrelatedFacts<'p> {
    pub id: &'p str,
    pub currency: &'p str,
    pub product_type: Option<&'p str>,
    pub by: JoinedBy,
    /// The event that states the id, if only one does.
    pub event: Option<u32>,
    /// Its effective captures and refunds, packed; empty where an event states the id.
    pub moves: &'p [u8],
}

/// Packs captures and refunds.
pub fn pack_moves(moves: impl Iterator<Item = Move>) -> Vec<u8> {
    let mut out = Vec::new();
    for step in moves.filter(|step| matches!(step.kind, EventKind::Capture | EventKind::Refund)) {
        out.flag(step.kind == EventKind::Refund);
        out.number(u64::from(step.place));
        out.sum(step.amount);
    }
    out
}

/// The only move of a line's kind and amount.
pub(super) fn event_of(line: &RemittedLine<'_>, moves: &[u8]) -> Option<u32> {
    let is_refund = match line.part {
        RemittedPart::Capture => false,
        RemittedPart::Refund => true,
        _ => return None,
    };
    let (mut values, mut found) = (Unpacker::new(moves), Vec::new());
    while !values.rest().is_empty() {
        let (of_refund, place, amount) = (values.flag(), values.number() as u32, values.sum());
        if of_refund == is_refund && amount == Sum::from(line.amount).abs() {
            found.push(place);
        }
    }
    if let [only] = found.as_slice() { Some(*only) } else { None }
}

pub(super) fn write_line(out: &mut Vec<u8>, line: &RemittedLine<'_>) {
    out.bytes(line.key);
    out.text(line.currency);
    out.byte(line.part as u8);
    out.signed(line.amount);
}

pub(super) fn read_line<'p>(values: &mut Unpacker<'p>) -> RemittedLine<'p> {
    RemittedLine {
        key: values.bytes(),
        currency: values.text(),
        part: RemittedPart::ALL[usize::from(values.byte())],
        amount: values.signed(),
    }
}

pub(super) fn write_correlated(out: &mut Vec<u8>, facts: &CorrelatedFacts<'_>) {
    out.text(facts.id);
    out.text(facts.currency);
    out.opt_text(facts.product_type);
    out.byte(facts.by as u8);
    out.opt_signed(facts.event.map(i64::from));
    out.bytes(facts.moves);
}

pub(super) fn read_correlated<'p>(values: &mut Unpacker<'p>) -> CorrelatedFacts<'p> {
    CorrelatedFacts {
        id: values.text(),
        currency: values.text(),
        product_type: values.opt_text(),
        by: JoinedBy::ALL[usize::from(values.byte())],
        event: values.opt_signed().map(|place| place as u32),
        moves: values.bytes(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_event_is_the_only_effective_one_of_the_kind_and_amount() {
        let step = |kind, place, amount| Move { kind, place, time: None, amount };
        let moves = [
            step(EventKind::Authorize, 0, 0),
            step(EventKind::Capture, 1, 500),
            step(EventKind::Capture, 2, 300),
            step(EventKind::Refund, 3, 300),
            step(EventKind::Capture, 4, 500),
        ];
        let moves = pack_moves(moves.into_iter());
        let of = |part, amount| event_of(&RemittedLine { key: &[], currency: "NOK", part, amount }, &moves);
        assert_eq!(of(RemittedPart::Capture, 300), Some(2));
        assert_eq!(of(RemittedPart::Refund, -300), Some(3));
        assert_eq!(of(RemittedPart::Refund, 300), Some(3));
        assert_eq!(of(RemittedPart::Capture, 500), None);
        assert_eq!(of(RemittedPart::Refund, 500), None);
        assert_eq!(of(RemittedPart::Fee, 300), None);
    }
}
