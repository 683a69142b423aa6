//! Faults of amounts: AV101 to AV111.

use super::fault::{FaultKind, add_operations, swap_events};
use crate::realistic::model::*;
use crate::realistic::names::LineName;
use crate::realistic::spec::{Lifecycle, OrderSpec, PurchaseSpec};

pub static ALL: &[FaultKind] = &[
    FaultKind {
        name: "over-captured",
        spec: PurchaseSpec::plain(Lifecycle::Captured(2)).amounts_only(),
        plant: |purchase, rng| {
            let more = rng.range(1, 9999);
            let Some((at, capture)) = purchase.capture() else { return };
            capture.amount = capture.amount.map(|amount| amount + more);
            let authorized = purchase.main.amount;
            purchase.expect_on_payment(101, |t| t.at("events", at).amounts(authorized, authorized + more));
        },
    },
    FaultKind {
        name: "over-captured-line",
        spec: PurchaseSpec::plain(Lifecycle::Captured(1)).items(1),
        plant: |purchase, rng| {
            let more = rng.range(1, 9999);
            let Some((at, capture)) = purchase.capture() else { return };
            let Some((line, was)) = add_to_last_item(capture, more) else { return };
            let authorized = purchase.main.amount;
            purchase.expect_on_payment(101, |t| t.at("events", at).amounts(authorized, authorized + more));
            purchase.expect_on_payment(202, |t| t.line(line).amounts(was, was + more));
        },
    },
    FaultKind {
        name: "over-captured-order",
        spec: PurchaseSpec::plain(Lifecycle::Captured(1)).order(OrderSpec::Unlinked),
        plant: |purchase, rng| {
            let more = rng.range(1, 9999);
            let authorized = purchase.main.amount;
            add_operations(purchase, rng, "paid", &[(CAPTURES, authorized + more)]);
            purchase.expect_on_order(101, |t| t.at("captures", 0).amounts(authorized, authorized + more));
        },
    },
    FaultKind {
        name: "over-refunded",
        spec: PurchaseSpec::plain(Lifecycle::Refunded(1, 2)).amounts_only(),
        plant: |purchase, rng| {
            let more = rng.range(1, 9999);
            let Some((at, refund)) = purchase.refund() else { return };
            refund.amount = refund.amount.map(|amount| amount + more);
            let captured = purchase.main.sum(EventType::Capture);
            purchase.expect_on_payment(102, |t| t.at("events", at).amounts(captured, captured + more));
        },
    },
    FaultKind {
        name: "over-refunded-line",
        spec: PurchaseSpec::plain(Lifecycle::Refunded(1, 1)).items(1),
        plant: |purchase, rng| {
            let more = rng.range(1, 9999);
            let Some((at, refund)) = purchase.refund() else { return };
            let Some((line, was)) = add_to_last_item(refund, more) else { return };
            let captured = purchase.main.sum(EventType::Capture);
            purchase.expect_on_payment(102, |t| t.at("events", at).amounts(captured, captured + more));
            purchase.expect_on_payment(203, |t| t.line(line).amounts(was, was + more));
        },
    },
    FaultKind {
        name: "refund-before-capture",
        spec: PurchaseSpec::plain(Lifecycle::PartRefunded(1, 1)),
        plant: |purchase, _| {
            let (Some(capture), Some(refund)) =
                (purchase.main.last(EventType::Capture), purchase.main.last(EventType::Refund))
            else {
                return;
            };
            swap_events(&mut purchase.main, capture, refund);
            purchase.main.events[refund].status = Some("PARTIALLY_REFUNDED");
            let amount = purchase.main.events[capture].amount;
            purchase.expect_on_payment(103, |t| t.at("events", capture).amounts(0, amount));
        },
    },
    FaultKind {
        name: "over-released",
        spec: PurchaseSpec::plain(Lifecycle::Captured(1)).order(OrderSpec::Unlinked),
        plant: |purchase, rng| {
            let (part, more) = (purchase.main.amount / 2, rng.range(1, 9999));
            let left = purchase.main.amount - part;
            add_operations(purchase, rng, "partially_paid", &[(CAPTURES, part), (CANCELLATIONS, left + more)]);
            purchase.expect_on_order(104, |t| t.amounts(left, left + more));
        },
    },
    FaultKind {
        name: "void-amount-wrong",
        spec: PurchaseSpec::plain(Lifecycle::Voided),
        plant: |purchase, rng| {
            let Some(at) = purchase.main.last(EventType::Void) else { return };
            let (left, less) = (purchase.main.amount, rng.range(1, 99));
            purchase.main.events[at].amount = Some(left - less);
            purchase.expect_on_payment(105, |t| t.at("events", at).amounts(left, left - less));
        },
    },
    FaultKind {
        name: "void-of-nothing",
        spec: PurchaseSpec::plain(Lifecycle::Captured(1)),
        plant: |purchase, rng| {
            let at = purchase.append(EventType::Void, HOUR, rng);
            purchase.expect_on_payment(106, |t| t.at("events", at).amounts(0, 0));
        },
    },
    FaultKind {
        name: "amount-missing",
        spec: PurchaseSpec::plain(Lifecycle::Authorized),
        plant: |purchase, rng| {
            let at = purchase.append(EventType::Capture, HOUR, rng);
            purchase.expect_on_payment(107, |t| t.at("events", at));
        },
    },
    FaultKind {
        name: "negative-amount",
        spec: PurchaseSpec::plain(Lifecycle::Captured(1)),
        plant: |purchase, rng| {
            let (Some(at), amount) = (purchase.main.last(EventType::Capture), -rng.range(1, 99_999)) else { return };
            let before = purchase.main.events[at - 1].at;
            let mut event =
                PaymentEvent::new(EventType::Capture, before + 5 * MINUTE, "FAILED", rng).with_amount(amount);
            event.success = false;
            purchase.main.events.insert(at, event);
            purchase.expect_on_payment(108, |t| t.at("events", at).amounts(0, amount));
        },
    },
    FaultKind {
        name: "negative-total",
        spec: PurchaseSpec::plain(Lifecycle::Captured(1)).order(OrderSpec::Unlinked),
        plant: |purchase, rng| {
            let (all, back) = (purchase.main.amount, rng.range(1, 9999));
            add_operations(purchase, rng, "", &[(CAPTURES, all), (REFUNDS, -back)]);
            purchase.expect_on_order(109, |t| t.amounts(0, -back));
        },
    },
    FaultKind {
        name: "repeated-event-id",
        spec: PurchaseSpec::plain(Lifecycle::Captured(2)),
        plant: |purchase, _| {
            let Some(first) = purchase.main.first(EventType::Capture) else { return };
            let id = purchase.main.events[first].id;
            let Some((at, capture)) = purchase.capture() else { return };
            capture.id = id;
            let amount = capture.amount;
            purchase.expect_on_payment(110, |t| t.at("events", at).amounts(0, amount));
        },
    },
    FaultKind {
        name: "suspected-double-operation",
        spec: PurchaseSpec::plain(Lifecycle::Captured(1)),
        plant: |purchase, rng| {
            let amount = purchase.main.amount / 10;
            purchase.main.status = "PARTIALLY_REFUNDED";
            let first = purchase.append(EventType::Refund, DAY, rng);
            let second = purchase.append(EventType::Refund, rng.range(SECOND, 10 * MINUTE), rng);
            for place in [first, second] {
                purchase.main.events[place].amount = Some(amount);
            }
            purchase.expect_on_payment(111, |t| t.at("events", second).amounts(0, amount));
        },
    },
    FaultKind {
        name: "amount-missing-order",
        spec: PurchaseSpec::plain(Lifecycle::Captured(1)).order(OrderSpec::Unlinked),
        plant: |purchase, rng| {
            add_operations(purchase, rng, "pending", &[(CAPTURES, 0)]);
            if let Some(op) = purchase.order.as_mut().and_then(|o| o.operations[CAPTURES].first_mut()) {
                op.amount = None;
            }
            purchase.expect_on_order(107, |t| t.at("captures", 0));
        },
    },
];

/// Adds to the last line of an event and to its amount; returns the line and its former amount.
fn add_to_last_item(event: &mut PaymentEvent, more: i64) -> Option<(LineName, i64)> {
    let line = event.items.as_mut()?.last_mut()?;
    let was = line.amount;
    line.amount += more;
    event.amount = event.amount.map(|amount| amount + more);
    Some((line.id, was))
}
