//! Faults across documents: AV501 to AV512.

use super::amounts::enter;
use super::{Fault, bare};
use crate::realistic::orders;
use crate::realistic::purchase::another_id;
use crate::realistic::random::Rng;
use crate::realistic::truth::Truth;
use crate::realistic::wish::{Life, OrderWish, Wish};
use crate::realistic::world::*;

const CAPTURED: Wish = Wish::plain(Life::Captured(1));
const ALONE: Wish = CAPTURED.order(OrderWish::Alone);

/// All of them.
pub(super) static ALL: &[Fault] = &[
    Fault {
        name: "captured-differ",
        wish: CAPTURED.order(OrderWish::Linked),
        plant: |story, rng| {
            let Some((was, less)) = shrink(story, rng, CAPTURES) else { return };
            story.on_order(501, |t| t.amounts(was, was - less));
        },
    },
    Fault {
        name: "refunded-differ",
        wish: Wish::plain(Life::PartRefunded(1, 1)).order(OrderWish::Linked),
        plant: |story, rng| {
            let Some((was, less)) = shrink(story, rng, REFUNDS) else { return };
            story.on_order(502, |t| t.amounts(was, was - less));
        },
    },
    Fault {
        name: "released-differ",
        wish: Wish::plain(Life::Voided).order(OrderWish::Linked),
        plant: |story, rng| {
            let Some((was, less)) = shrink(story, rng, CANCELLATIONS) else { return };
            story.on_order(503, |t| t.amounts(was, was - less));
        },
    },
    Fault {
        name: "currencies-differ",
        wish: CAPTURED.session(),
        plant: |story, _| {
            if let Some(session) = &mut story.session {
                session.currency = "GBP";
            }
            story.on_session(504, bare);
        },
    },
    Fault {
        name: "currencies-differ-order",
        wish: CAPTURED.order(OrderWish::Linked),
        plant: |story, _| {
            if let Some(order) = &mut story.order {
                order.currency = Some("GBP");
            }
            story.on_order(504, bare);
        },
    },
    Fault {
        name: "transaction-missing",
        wish: CAPTURED.session(),
        plant: |story, rng| {
            story.main.session_id = another_id(&story.main.id, rng);
            if let Some(session) = &mut story.session {
                session.transaction = Some(another_id(&story.main.id, rng));
            }
            story.on_session(505, bare);
        },
    },
    Fault {
        name: "transaction-missing-order",
        wish: CAPTURED.order(OrderWish::Linked),
        plant: |story, rng| {
            let missing = another_id(&story.main.id, rng);
            if let Some(order) = &mut story.order {
                order.ops.iter_mut().flatten().for_each(|op| op.payment = Some(missing));
            }
            story.on_order(505, bare);
        },
    },
    Fault {
        name: "cancelled-but-captured",
        wish: CAPTURED.session(),
        plant: |story, _| {
            let captured = story.main.amount;
            cancel(story);
            story.on_session(506, |t| t.amounts(0, captured));
        },
    },
    Fault {
        name: "cancelled-but-open",
        wish: Wish::plain(Life::Authorized).session(),
        plant: |story, _| {
            let open = story.main.amount;
            cancel(story);
            story.on_session(507, |t| t.amounts(0, open));
        },
    },
    Fault {
        name: "session-amount-differs",
        wish: CAPTURED.session(),
        plant: |story, rng| {
            let (amount, more) = (story.main.amount, rng.range(1, 9999));
            if let Some(session) = &mut story.session {
                session.amount += more;
                session.lines.clear();
            }
            story.on_session(508, |t| t.amounts(amount, amount + more));
        },
    },
    Fault {
        name: "session-link-broken",
        wish: CAPTURED.session(),
        plant: |story, rng| {
            story.main.session_id = another_id(&story.main.id, rng);
            story.on_session(509, bare);
        },
    },
    Fault {
        name: "paid-twice",
        wish: CAPTURED,
        plant: |story, rng| {
            let mut second = story.main.clone();
            second.id = another_id(&second.id, rng);
            second.session_id = another_id(&second.id, rng);
            let later = rng.range(20 * MINUTE, 5 * HOUR);
            for event in &mut second.events {
                (event.at, event.id) = (event.at + later, (rng.next(), rng.next()));
            }
            (second.created, second.updated) = (second.created + later, second.updated + later);
            story.truth.push(Truth::new(510, "transaction", second.id).amounts(0, second.amount));
            story.other = Some(second);
        },
    },
    Fault {
        name: "authorization-unknown",
        wish: ALONE,
        plant: |story, rng| {
            let all = story.main.amount;
            enter(story, rng, "paid", &[(CAPTURES, all)]);
            if let Some(op) = story.order.as_mut().and_then(|o| o.ops[CAPTURES].first_mut()) {
                op.authorization = Some((rng.next(), rng.next()));
            }
            story.on_order(511, |t| t.at("captures", 0));
        },
    },
    Fault {
        name: "authorization-unstated",
        wish: ALONE,
        plant: |story, rng| {
            // Two authorizations; of two captures only one says which it uses.
            let half = story.main.amount / 2;
            authorize_in_two(story, rng, half);
            enter(story, rng, "partially_paid", &[(CAPTURES, half), (CAPTURES, half / 2)]);
            let Some(order) = &mut story.order else { return };
            order.ops[CAPTURES][0].authorization = order.ops[AUTHORIZATIONS].first().map(|op| op.id);
            story.on_order(511, |t| t.at("captures", 1));
        },
    },
    Fault {
        name: "authorization-over-used",
        wish: ALONE,
        plant: |story, rng| {
            let (half, more) = (story.main.amount / 2, rng.range(1, 50));
            authorize_in_two(story, rng, half);
            enter(story, rng, "partially_paid", &[(CAPTURES, half + more)]);
            let Some(order) = &mut story.order else { return };
            order.ops[CAPTURES][0].authorization = order.ops[AUTHORIZATIONS].first().map(|op| op.id);
            story.on_order(512, |t| t.at("authorizations", 0).amounts(half, half + more));
        },
    },
];

/// Makes the order's last operation of a list smaller; gives what it was and by how much.
fn shrink(story: &mut Story, rng: &mut Rng, list: usize) -> Option<(i64, i64)> {
    let order = story.order.as_mut()?;
    let (op, less) = (order.ops[list].last_mut()?, rng.range(1, 50));
    let was = op.amount?;
    op.amount = Some(was - less);
    op.items.clear();
    order.payment_status = Some(orders::payment_status(order));
    Some((was, less))
}

/// The session was cancelled after all that happened to the payment.
fn cancel(story: &mut Story) {
    let at = story.main.last_at() + HOUR;
    if let Some(session) = &mut story.session {
        (session.cancelled, session.updated) = (Some(at), at);
    }
}

/// Splits the order's authorization in two, the first of this amount.
fn authorize_in_two(story: &mut Story, rng: &mut Rng, first: i64) {
    let Some(order) = &mut story.order else { return };
    let rest = order.gross - first;
    let Some(one) = order.ops[AUTHORIZATIONS].first_mut() else { return };
    one.amount = Some(first);
    let at = one.at + MINUTE;
    order.ops[AUTHORIZATIONS].push(orders::op(at, rest, Vec::new(), None, rng));
}
