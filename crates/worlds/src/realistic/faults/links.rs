//! Faults across documents: AV501 to AV512.

use super::fault::{FaultKind, add_operations, as_is};
use crate::realistic::draw::order;
use crate::realistic::model::*;
use crate::realistic::spec::{Lifecycle, OrderSpec, PurchaseSpec};
use crate::realistic::truth::ExpectedFinding;
use crate::rng::Rng;

const CAPTURED: PurchaseSpec = PurchaseSpec::plain(Lifecycle::Captured(1));
const ALONE: PurchaseSpec = CAPTURED.order(OrderSpec::Unlinked);

pub static ALL: &[FaultKind] = &[
    FaultKind {
        name: "captured-differ",
        spec: CAPTURED.order(OrderSpec::Linked),
        plant: |purchase, rng| {
            let Some((was, less)) = reduce_last(purchase, rng, CAPTURES) else { return };
            purchase.expect_on_order(501, |t| t.amounts(was, was - less));
        },
    },
    FaultKind {
        name: "refunded-differ",
        spec: PurchaseSpec::plain(Lifecycle::PartRefunded(1, 1)).order(OrderSpec::Linked),
        plant: |purchase, rng| {
            let Some((was, less)) = reduce_last(purchase, rng, REFUNDS) else { return };
            purchase.expect_on_order(502, |t| t.amounts(was, was - less));
        },
    },
    FaultKind {
        name: "released-differ",
        spec: PurchaseSpec::plain(Lifecycle::Voided).order(OrderSpec::Linked),
        plant: |purchase, rng| {
            let Some((was, less)) = reduce_last(purchase, rng, CANCELLATIONS) else { return };
            purchase.expect_on_order(503, |t| t.amounts(was, was - less));
        },
    },
    FaultKind {
        name: "currencies-differ",
        spec: CAPTURED.session(),
        plant: |purchase, _| {
            if let Some(session) = &mut purchase.session {
                session.currency = "GBP";
            }
            purchase.expect_on_session(504, as_is);
        },
    },
    FaultKind {
        name: "currencies-differ-order",
        spec: CAPTURED.order(OrderSpec::Linked),
        plant: |purchase, _| {
            if let Some(order) = &mut purchase.order {
                order.currency = Some("GBP");
            }
            purchase.expect_on_order(504, as_is);
        },
    },
    FaultKind {
        name: "transaction-missing",
        spec: CAPTURED.session(),
        plant: |purchase, rng| {
            purchase.main.session_id = purchase.main.id.another(rng);
            if let Some(session) = &mut purchase.session {
                session.transaction = Some(purchase.main.id.another(rng));
            }
            purchase.expect_on_session(505, as_is);
        },
    },
    FaultKind {
        name: "transaction-missing-order",
        spec: CAPTURED.order(OrderSpec::Linked),
        plant: |purchase, rng| {
            let missing = purchase.main.id.another(rng);
            if let Some(order) = &mut purchase.order {
                order.operations.iter_mut().flatten().for_each(|op| op.payment = Some(missing));
            }
            purchase.expect_on_order(505, as_is);
        },
    },
    FaultKind {
        name: "cancelled-but-captured",
        spec: CAPTURED.session(),
        plant: |purchase, _| {
            let captured = purchase.main.amount;
            cancel(purchase);
            purchase.expect_on_session(506, |t| t.amounts(0, captured));
        },
    },
    FaultKind {
        name: "cancelled-but-open",
        spec: PurchaseSpec::plain(Lifecycle::Authorized).session(),
        plant: |purchase, _| {
            let open = purchase.main.amount;
            cancel(purchase);
            purchase.expect_on_session(507, |t| t.amounts(0, open));
        },
    },
    FaultKind {
        name: "session-amount-differs",
        spec: CAPTURED.session(),
        plant: |purchase, rng| {
            let (amount, more) = (purchase.main.amount, rng.range(1, 9999));
            if let Some(session) = &mut purchase.session {
                session.amount += more;
                session.lines.clear();
            }
            purchase.expect_on_session(508, |t| t.amounts(amount, amount + more));
        },
    },
    FaultKind {
        name: "session-link-broken",
        spec: CAPTURED.session(),
        plant: |purchase, rng| {
            purchase.main.session_id = purchase.main.id.another(rng);
            purchase.expect_on_session(509, as_is);
        },
    },
    FaultKind {
        name: "paid-twice",
        spec: CAPTURED,
        plant: |purchase, rng| {
            let mut second = purchase.main.clone();
            second.id = second.id.another(rng);
            second.session_id = second.id.another(rng);
            let later = rng.range(20 * MINUTE, 5 * HOUR);
            for event in &mut second.events {
                (event.at, event.id) = (event.at + later, rng.pair());
            }
            (second.created, second.updated) = (second.created + later, second.updated + later);
            purchase.truth.push(ExpectedFinding::new(510, "transaction", second.id).amounts(0, second.amount));
            purchase.other = Some(second);
        },
    },
    FaultKind {
        name: "authorization-unknown",
        spec: ALONE,
        plant: |purchase, rng| {
            let all = purchase.main.amount;
            add_operations(purchase, rng, "paid", &[(CAPTURES, all)]);
            if let Some(op) = purchase.order.as_mut().and_then(|o| o.operations[CAPTURES].first_mut()) {
                op.authorization = Some(rng.pair());
            }
            purchase.expect_on_order(511, |t| t.at("captures", 0));
        },
    },
    FaultKind {
        name: "authorization-unstated",
        spec: ALONE,
        plant: |purchase, rng| {
            // Two authorizations and two captures; only one capture states its authorization.
            let half = purchase.main.amount / 2;
            authorize_in_two(purchase, rng, half);
            add_operations(purchase, rng, "partially_paid", &[(CAPTURES, half), (CAPTURES, half / 2)]);
            let Some(order) = &mut purchase.order else { return };
            order.operations[CAPTURES][0].authorization = order.operations[AUTHORIZATIONS].first().map(|op| op.id);
            purchase.expect_on_order(511, |t| t.at("captures", 1));
        },
    },
    FaultKind {
        name: "authorization-over-used",
        spec: ALONE,
        plant: |purchase, rng| {
            let (half, more) = (purchase.main.amount / 2, rng.range(1, 50));
            authorize_in_two(purchase, rng, half);
            add_operations(purchase, rng, "partially_paid", &[(CAPTURES, half + more)]);
            let Some(order) = &mut purchase.order else { return };
            order.operations[CAPTURES][0].authorization = order.operations[AUTHORIZATIONS].first().map(|op| op.id);
            purchase.expect_on_order(512, |t| t.at("authorizations", 0).amounts(half, half + more));
        },
    },
];

/// Reduces the last operation of a list; returns its former amount and the reduction.
fn reduce_last(purchase: &mut Purchase, rng: &mut Rng, list: usize) -> Option<(i64, i64)> {
    let order = purchase.order.as_mut()?;
    let (op, less) = (order.operations[list].last_mut()?, rng.range(1, 50));
    let was = op.amount?;
    op.amount = Some(was - less);
    op.items.clear();
    order.payment_status = Some(order::payment_status(order));
    Some((was, less))
}

/// Cancels the session after all events of the payment.
fn cancel(purchase: &mut Purchase) {
    let at = purchase.main.last_at() + HOUR;
    if let Some(session) = &mut purchase.session {
        (session.cancelled, session.updated) = (Some(at), at);
    }
}

/// Splits the order's authorization into two; `first` is the amount of the first one.
fn authorize_in_two(purchase: &mut Purchase, rng: &mut Rng, first: i64) {
    let Some(order) = &mut purchase.order else { return };
    let rest = order.gross - first;
    let Some(one) = order.operations[AUTHORIZATIONS].first_mut() else { return };
    one.amount = Some(first);
    let at = one.at + MINUTE;
    order.operations[AUTHORIZATIONS].push(order::operation(at, rest, Vec::new(), None, rng));
}
