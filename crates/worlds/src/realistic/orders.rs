//! The merchant's own record of a purchase: an order whose operations follow the payment's events.

use super::basket::stretch;
use super::random::Rng;
use super::wish::Wish;
use super::world::*;

/// Only the first purchases may keep operations in files of their own, so that their number stays bounded.
const IN_FILES_BELOW: u64 = 4096;

/// The order of a purchase, linked to its payment.
pub fn of(story: &Story, rng: &mut Rng, wish: &Wish) -> Order {
    let tx = &story.main;
    // Without a payment id, the order number links them.
    let payment = (wish.plain || rng.chance(800)).then_some(tx.id);
    let mut order = bare(tx, tx.reference);
    for event in &tx.events {
        record(&mut order, tx, event, payment, rng);
    }
    if let (Some(_), Some(other)) = (payment, &story.other) {
        let mut refused = op(other.created + 21 * SECOND, other.amount, items(&other.lines), Some(other.id), rng);
        refused.success = false;
        order.ops[AUTHORIZATIONS].insert(0, refused);
    }
    order.updated = order.ops.iter().flatten().map(|op| op.at).max().unwrap_or(order.created) + 2 * SECOND;
    order.payment_status = Some(payment_status(&order));
    if !wish.plain && captured_at_once(&order) && tx.lines.iter().all(|l| l.amount > 0 && l.split.is_none()) {
        match rng.below(100) {
            0..=9 if order.lines.len() > 1 => authorize_twice(&mut order, rng),
            10..=14 => exchange(&mut order, rng),
            _ => {}
        }
    }
    order.in_files = !wish.plain && story.index < IN_FILES_BELOW && rng.chance(60);
    order
}

/// An authorized order of the same shop that no payment of the input belongs to.
pub fn unlinked(seed: u64, story: &Story, rng: &mut Rng) -> Order {
    let tx = &story.main;
    let mut order = bare(tx, Reference::new(seed, story.index, 1));
    let authorized = op(tx.created + MINUTE, tx.amount, Vec::new(), None, rng);
    order.ops[AUTHORIZATIONS].push(authorized);
    order.updated = tx.updated;
    order.payment_status = Some("pending");
    order
}

fn bare(tx: &Tx, id: Reference) -> Order {
    Order {
        id,
        currency: Some(tx.currency),
        gross: tx.amount,
        payment_status: None,
        lines: tx.lines.iter().map(|l| (l.id.number(), l.amount)).collect(),
        ops: Default::default(),
        in_files: false,
        product: tx.product,
        created: tx.created - 5 * SECOND,
        updated: tx.created,
    }
}

/// A successful operation.
pub fn op(at: Ms, amount: i64, items: Vec<OpItem>, payment: Option<Id>, rng: &mut Rng) -> Op {
    Op { id: (rng.next(), rng.next()), amount: Some(amount), items, success: true, authorization: None, payment, at }
}

/// Lines as the operations of an order name them.
pub fn items(lines: &[Line]) -> Vec<OpItem> {
    lines.iter().map(|l| (l.id.number(), l.amount, l.split)).collect()
}

/// Enters an event of the payment into the order.
fn record(order: &mut Order, tx: &Tx, event: &Event, payment: Option<Id>, rng: &mut Rng) {
    let (list, from, amount) = match event.kind {
        Kind::Authorize if order.ops[AUTHORIZATIONS].is_empty() => (AUTHORIZATIONS, 0, tx.amount),
        Kind::Capture => (CAPTURES, event.from, event.amount.unwrap_or(0)),
        Kind::Refund => (REFUNDS, event.from, event.amount.unwrap_or(0)),
        Kind::Void => (CANCELLATIONS, event.from, tx.amount - event.from),
        _ => return,
    };
    let mut entry = op(event.at + 300, amount, items(&stretch(&tx.lines, from, amount)), payment, rng);
    entry.success = event.success;
    order.ops[list].push(entry);
}

fn total(ops: &[Op]) -> i64 {
    ops.iter().filter(|op| op.success).filter_map(|op| op.amount).sum()
}

/// The payment status that an order's totals imply.
pub fn payment_status(order: &Order) -> &'static str {
    let (captured, refunded) = (total(&order.ops[CAPTURES]), total(&order.ops[REFUNDS]));
    match (captured, refunded) {
        (0, _) => "pending",
        (c, 0) if c < order.gross => "partially_paid",
        (_, 0) => "paid",
        (c, r) if r < c => "partially_refunded",
        _ => "refunded",
    }
}

/// Whether one authorization and one capture is all that happened.
fn captured_at_once(order: &Order) -> bool {
    let counts = order.ops.each_ref().map(Vec::len);
    counts == [1, 1, 0, 0] && total(&order.ops[CAPTURES]) == total(&order.ops[AUTHORIZATIONS])
}

/// The first line was authorized and captured apart from the others.
fn authorize_twice(order: &mut Order, rng: &mut Rng) {
    for list in [AUTHORIZATIONS, CAPTURES] {
        let Some(mut first) = order.ops[list].pop() else { return };
        let rest = first.items.split_off(1);
        let amount = rest.iter().map(|(_, amount, _)| *amount).sum::<i64>();
        let second = op(first.at + SECOND, amount, rest, first.payment, rng);
        first.amount = first.amount.map(|all| all - amount);
        order.ops[list].extend([first, second]);
    }
    let ids: Vec<(u64, u64)> = order.ops[AUTHORIZATIONS].iter().map(|op| op.id).collect();
    for (capture, id) in order.ops[CAPTURES].iter_mut().zip(ids) {
        capture.authorization = Some(id);
    }
}

/// The first line was exchanged: reversed by a line of negative amount, and sold again under another number.
fn exchange(order: &mut Order, rng: &mut Rng) {
    let (Some(&(_, amount)), Some(before)) = (order.lines.first(), order.ops[AUTHORIZATIONS].first()) else { return };
    let change = [(800, -amount, None), (801, amount, None)];
    let authorized = op(before.at + 30 * SECOND, 0, change.to_vec(), before.payment, rng);
    order.ops[AUTHORIZATIONS].push(authorized);
    order.lines.extend(change.map(|(line, amount, _)| (line, amount)));
    if let Some(capture) = order.ops[CAPTURES].first_mut() {
        capture.items.extend(change);
    }
}
