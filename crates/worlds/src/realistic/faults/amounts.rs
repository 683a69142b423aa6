//! Faults of amounts: AV101 to AV111.

use super::{Fault, bare};
use crate::realistic::orders;
use crate::realistic::random::Rng;
use crate::realistic::wish::{Life, OrderWish, Wish};
use crate::realistic::world::*;

/// All of them.
pub(super) static ALL: &[Fault] = &[
    Fault {
        name: "over-captured",
        wish: Wish::plain(Life::Captured(2)).amounts_only(),
        plant: |story, rng| {
            let more = rng.range(1, 9999);
            let Some((at, capture)) = story.capture() else { return };
            capture.amount = capture.amount.map(|amount| amount + more);
            let authorized = story.main.amount;
            story.on_payment(101, |t| t.at("events", at).amounts(authorized, authorized + more));
        },
    },
    Fault {
        name: "over-captured-line",
        wish: Wish::plain(Life::Captured(1)).items(1),
        plant: |story, rng| {
            let more = rng.range(1, 9999);
            let Some((at, capture)) = story.capture() else { return };
            let Some((line, was)) = add_to_last_item(capture, more) else { return };
            let authorized = story.main.amount;
            story.on_payment(101, |t| t.at("events", at).amounts(authorized, authorized + more));
            story.on_payment(202, |t| t.line(line).amounts(was, was + more));
        },
    },
    Fault {
        name: "over-captured-order",
        wish: Wish::plain(Life::Captured(1)).order(OrderWish::Alone),
        plant: |story, rng| {
            let more = rng.range(1, 9999);
            let authorized = story.main.amount;
            enter(story, rng, "paid", &[(CAPTURES, authorized + more)]);
            story.on_order(101, |t| t.at("captures", 0).amounts(authorized, authorized + more));
        },
    },
    Fault {
        name: "over-refunded",
        wish: Wish::plain(Life::Refunded(1, 2)).amounts_only(),
        plant: |story, rng| {
            let more = rng.range(1, 9999);
            let Some((at, refund)) = story.refund() else { return };
            refund.amount = refund.amount.map(|amount| amount + more);
            let captured = story.main.sum(Kind::Capture);
            story.on_payment(102, |t| t.at("events", at).amounts(captured, captured + more));
        },
    },
    Fault {
        name: "over-refunded-line",
        wish: Wish::plain(Life::Refunded(1, 1)).items(1),
        plant: |story, rng| {
            let more = rng.range(1, 9999);
            let Some((at, refund)) = story.refund() else { return };
            let Some((line, was)) = add_to_last_item(refund, more) else { return };
            let captured = story.main.sum(Kind::Capture);
            story.on_payment(102, |t| t.at("events", at).amounts(captured, captured + more));
            story.on_payment(203, |t| t.line(line).amounts(was, was + more));
        },
    },
    Fault {
        name: "refund-before-capture",
        wish: Wish::plain(Life::PartRefunded(1, 1)),
        plant: |story, _| {
            let (Some(capture), Some(refund)) = (story.main.last(Kind::Capture), story.main.last(Kind::Refund)) else {
                return;
            };
            exchange(&mut story.main, capture, refund);
            story.main.events[refund].status = Some("PARTIALLY_REFUNDED");
            let amount = story.main.events[capture].amount;
            story.on_payment(103, |t| t.at("events", capture).amounts(0, amount));
        },
    },
    Fault {
        name: "over-released",
        wish: Wish::plain(Life::Captured(1)).order(OrderWish::Alone),
        plant: |story, rng| {
            let (part, more) = (story.main.amount / 2, rng.range(1, 9999));
            let left = story.main.amount - part;
            enter(story, rng, "partially_paid", &[(CAPTURES, part), (CANCELLATIONS, left + more)]);
            story.on_order(104, |t| t.amounts(left, left + more));
        },
    },
    Fault {
        name: "void-amount-wrong",
        wish: Wish::plain(Life::Voided),
        plant: |story, rng| {
            let Some(at) = story.main.last(Kind::Void) else { return };
            let (left, less) = (story.main.amount, rng.range(1, 99));
            story.main.events[at].amount = Some(left - less);
            story.on_payment(105, |t| t.at("events", at).amounts(left, left - less));
        },
    },
    Fault {
        name: "void-of-nothing",
        wish: Wish::plain(Life::Captured(1)),
        plant: |story, rng| {
            let at = story.append(Kind::Void, HOUR, rng);
            story.on_payment(106, |t| t.at("events", at).amounts(0, 0));
        },
    },
    Fault {
        name: "amount-missing",
        wish: Wish::plain(Life::Authorized),
        plant: |story, rng| {
            let at = story.append(Kind::Capture, HOUR, rng);
            story.on_payment(107, |t| t.at("events", at));
        },
    },
    Fault {
        name: "negative-amount",
        wish: Wish::plain(Life::Captured(1)),
        plant: |story, rng| {
            let (Some(at), amount) = (story.main.last(Kind::Capture), -rng.range(1, 99_999)) else { return };
            let before = story.main.events[at - 1].at;
            let mut event = Event::new(Kind::Capture, before + 5 * MINUTE, "FAILED", rng).of(amount);
            event.success = false;
            story.main.events.insert(at, event);
            story.on_payment(108, |t| t.at("events", at).amounts(0, amount));
        },
    },
    Fault {
        name: "negative-total",
        wish: Wish::plain(Life::Captured(1)).order(OrderWish::Alone),
        plant: |story, rng| {
            let (all, back) = (story.main.amount, rng.range(1, 9999));
            enter(story, rng, "", &[(CAPTURES, all), (REFUNDS, -back)]);
            story.on_order(109, |t| t.amounts(0, -back));
        },
    },
    Fault {
        name: "repeated-event-id",
        wish: Wish::plain(Life::Captured(2)),
        plant: |story, _| {
            let Some(first) = story.main.first(Kind::Capture) else { return };
            let id = story.main.events[first].id;
            let Some((at, capture)) = story.capture() else { return };
            capture.id = id;
            let amount = capture.amount;
            story.on_payment(110, |t| t.at("events", at).amounts(0, amount));
        },
    },
    Fault {
        name: "suspected-double-operation",
        wish: Wish::plain(Life::Captured(1)),
        plant: |story, rng| {
            let amount = story.main.amount / 10;
            story.main.status = "PARTIALLY_REFUNDED";
            let first = story.append(Kind::Refund, DAY, rng);
            let second = story.append(Kind::Refund, rng.range(SECOND, 10 * MINUTE), rng);
            for place in [first, second] {
                story.main.events[place].amount = Some(amount);
            }
            story.on_payment(111, |t| t.at("events", second).amounts(0, amount));
        },
    },
    Fault {
        name: "amount-missing-order",
        wish: Wish::plain(Life::Captured(1)).order(OrderWish::Alone),
        plant: |story, rng| {
            enter(story, rng, "pending", &[(CAPTURES, 0)]);
            if let Some(op) = story.order.as_mut().and_then(|o| o.ops[CAPTURES].first_mut()) {
                op.amount = None;
            }
            story.on_order(107, |t| bare(t).at("captures", 0));
        },
    },
];

/// Adds to the last line of an event and to its amount; gives the line and what it was.
fn add_to_last_item(event: &mut Event, more: i64) -> Option<(LineId, i64)> {
    let line = event.items.as_mut()?.last_mut()?;
    let was = line.amount;
    line.amount += more;
    event.amount = event.amount.map(|amount| amount + more);
    Some((line.id, was))
}

/// Lets two events change places, in the document and in time.
pub(super) fn exchange(tx: &mut Tx, one: usize, other: usize) {
    tx.events.swap(one, other);
    let at = tx.events[one].at;
    tx.events[one].at = tx.events[other].at;
    tx.events[other].at = at;
}

/// Enters operations without lines into an order, one an hour.
pub(super) fn enter(story: &mut Story, rng: &mut Rng, status: &'static str, entries: &[(usize, i64)]) {
    let Some(order) = &mut story.order else { return };
    let mut at = order.ops.iter().flatten().map(|op| op.at).max().unwrap_or(order.created);
    for &(list, amount) in entries {
        at += HOUR;
        order.ops[list].push(orders::op(at, amount, Vec::new(), None, rng));
    }
    order.updated = order.updated.max(at + SECOND);
    order.payment_status = Some(status).filter(|s| !s.is_empty());
}
