//! The merchant's own record of a purchase: an order with operations that follow the payment's
//! events.

use super::basket::lines_between;
use crate::realistic::model::*;
use crate::realistic::names::{DocumentId, MerchantReference};
use crate::realistic::spec::PurchaseSpec;
use crate::rng::Rng;

/// Only purchases below this index may have operations in separate files, which bounds the number
/// of files.
const IN_FILES_BELOW: u64 = 4096;

pub fn linked(purchase: &Purchase, rng: &mut Rng, spec: &PurchaseSpec) -> ShoppingOrder {
    let payment = &purchase.main;
    // Without a payment id, the order number is the link.
    let payment_id = (spec.plain || rng.chance(800)).then_some(payment.id);
    let mut order = without_operations(payment, payment.reference);
    for event in &payment.events {
        record(&mut order, payment, event, payment_id, rng);
    }
    if let (Some(_), Some(other)) = (payment_id, &purchase.other) {
        let mut refused =
            operation(other.created + 21 * SECOND, other.amount, items(&other.lines), Some(other.id), rng);
        refused.success = false;
        order.operations[AUTHORIZATIONS].insert(0, refused);
    }
    order.updated = order.operations.iter().flatten().map(|op| op.at).max().unwrap_or(order.created) + 2 * SECOND;
    order.payment_status = Some(payment_status(&order));
    if !spec.plain && captured_at_once(&order) && payment.lines.iter().all(|l| l.amount > 0 && l.split.is_none()) {
        match rng.below(100) {
            0..=9 if order.lines.len() > 1 => authorize_twice(&mut order, rng),
            10..=14 => exchange(&mut order, rng),
            _ => {}
        }
    }
    order.operations_in_files = !spec.plain && purchase.index < IN_FILES_BELOW && rng.chance(60);
    order
}

/// An authorized order of the same shop without a payment in the input.
pub fn unlinked(seed: u64, purchase: &Purchase, rng: &mut Rng) -> ShoppingOrder {
    let payment = &purchase.main;
    let mut order = without_operations(payment, MerchantReference::new(seed, purchase.index, 1));
    let authorized = operation(payment.created + MINUTE, payment.amount, Vec::new(), None, rng);
    order.operations[AUTHORIZATIONS].push(authorized);
    order.updated = payment.updated;
    order.payment_status = Some("pending");
    order
}

fn without_operations(payment: &Payment, id: MerchantReference) -> ShoppingOrder {
    ShoppingOrder {
        id,
        currency: Some(payment.currency),
        gross: payment.amount,
        payment_status: None,
        lines: payment.lines.iter().map(|l| (l.id.number(), l.amount)).collect(),
        operations: Default::default(),
        operations_in_files: false,
        product: payment.product,
        created: payment.created - 5 * SECOND,
        updated: payment.created,
    }
}

pub fn operation(
    at: Millis,
    amount: i64,
    items: Vec<OperationLine>,
    payment: Option<DocumentId>,
    rng: &mut Rng,
) -> OrderOperation {
    OrderOperation { id: rng.pair(), amount: Some(amount), items, success: true, authorization: None, payment, at }
}

/// Lines in the form of order operations.
pub fn items(lines: &[PurchaseLine]) -> Vec<OperationLine> {
    lines.iter().map(|l| (l.id.number(), l.amount, l.split)).collect()
}

/// Adds an event of the payment to the order.
fn record(
    order: &mut ShoppingOrder,
    payment: &Payment,
    event: &PaymentEvent,
    payment_id: Option<DocumentId>,
    rng: &mut Rng,
) {
    let (list, from, amount) = match event.kind {
        EventType::Authorize if order.operations[AUTHORIZATIONS].is_empty() => (AUTHORIZATIONS, 0, payment.amount),
        EventType::Capture => (CAPTURES, event.from, event.amount.unwrap_or(0)),
        EventType::Refund => (REFUNDS, event.from, event.amount.unwrap_or(0)),
        EventType::Void => (CANCELLATIONS, event.from, payment.amount - event.from),
        _ => return,
    };
    let mut entry =
        operation(event.at + 300, amount, items(&lines_between(&payment.lines, from, amount)), payment_id, rng);
    entry.success = event.success;
    order.operations[list].push(entry);
}

fn total(ops: &[OrderOperation]) -> i64 {
    ops.iter().filter(|op| op.success).filter_map(|op| op.amount).sum()
}

/// The payment status that the order's totals imply.
pub fn payment_status(order: &ShoppingOrder) -> &'static str {
    let (captured, refunded) = (total(&order.operations[CAPTURES]), total(&order.operations[REFUNDS]));
    match (captured, refunded) {
        (0, _) => "pending",
        (c, 0) if c < order.gross => "partially_paid",
        (_, 0) => "paid",
        (c, r) if r < c => "partially_refunded",
        _ => "refunded",
    }
}

/// Whether there is exactly one authorization and one capture, of equal amounts.
fn captured_at_once(order: &ShoppingOrder) -> bool {
    let counts = order.operations.each_ref().map(Vec::len);
    counts == [1, 1, 0, 0] && total(&order.operations[CAPTURES]) == total(&order.operations[AUTHORIZATIONS])
}

/// Moves the first line into a separate authorization and capture.
fn authorize_twice(order: &mut ShoppingOrder, rng: &mut Rng) {
    for list in [AUTHORIZATIONS, CAPTURES] {
        let Some(mut first) = order.operations[list].pop() else { return };
        let rest = first.items.split_off(1);
        let amount = rest.iter().map(|(_, amount, _)| *amount).sum::<i64>();
        let second = operation(first.at + SECOND, amount, rest, first.payment, rng);
        first.amount = first.amount.map(|all| all - amount);
        order.operations[list].extend([first, second]);
    }
    let ids: Vec<(u64, u64)> = order.operations[AUTHORIZATIONS].iter().map(|op| op.id).collect();
    for (capture, id) in order.operations[CAPTURES].iter_mut().zip(ids) {
        capture.authorization = Some(id);
    }
}

/// Exchanges the first line: a line with a negative amount reverses it, and another number resells
/// it.
fn exchange(order: &mut ShoppingOrder, rng: &mut Rng) {
    let (Some(&(_, amount)), Some(before)) = (order.lines.first(), order.operations[AUTHORIZATIONS].first()) else {
        return;
    };
    let change = [(800, -amount, None), (801, amount, None)];
    let authorized = operation(before.at + 30 * SECOND, 0, change.to_vec(), before.payment, rng);
    order.operations[AUTHORIZATIONS].push(authorized);
    order.lines.extend(change.map(|(line, amount, _)| (line, amount)));
    if let Some(capture) = order.operations[CAPTURES].first_mut() {
        capture.items.extend(change);
    }
}
