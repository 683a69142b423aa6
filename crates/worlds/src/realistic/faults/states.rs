//! Faults of states and time: AV401 to AV414.

use super::fault::{FaultKind, add_operations, as_is, swap_events};
use crate::realistic::model::*;
use crate::realistic::spec::{Lifecycle, OrderSpec, PurchaseSpec};

const CAPTURED: PurchaseSpec = PurchaseSpec::plain(Lifecycle::Captured(1));

pub static ALL: &[FaultKind] = &[
    FaultKind {
        name: "status-mismatch",
        spec: CAPTURED,
        plant: |purchase, _| {
            let Some((at, _)) = purchase.capture() else { return };
            let amount = purchase.main.amount;
            purchase.main.status = "AUTHORIZED";
            purchase.expect_on_payment(401, |t| t.amounts(amount, amount));
            purchase.expect_on_payment(402, |t| t.at("events", at));
        },
    },
    FaultKind {
        name: "status-mismatch-silent-events",
        spec: PurchaseSpec::plain(Lifecycle::PartRefunded(1, 1)),
        plant: |purchase, _| {
            let amount = purchase.main.amount;
            purchase.main.status = "REFUNDED";
            purchase.main.events.iter_mut().for_each(|event| event.status = None);
            purchase.expect_on_payment(401, |t| t.amounts(amount, amount));
        },
    },
    FaultKind {
        name: "last-status-mismatch",
        spec: CAPTURED,
        plant: |purchase, rng| {
            let at = purchase.append(EventType::Settlement, DAY, rng);
            purchase.main.events[at].status = Some("AUTHORIZED");
            purchase.expect_on_payment(402, |t| t.at("events", at));
        },
    },
    FaultKind {
        name: "event-status-mismatch",
        spec: PurchaseSpec::plain(Lifecycle::Captured(2)),
        plant: |purchase, _| {
            let Some(at) = purchase.main.first(EventType::Capture) else { return };
            purchase.main.events[at].status = Some("CAPTURED");
            purchase.expect_on_payment(403, |t| t.at("events", at));
        },
    },
    FaultKind {
        name: "capture-after-void",
        spec: PurchaseSpec::plain(Lifecycle::Voided),
        plant: |purchase, rng| {
            let amount = purchase.main.amount / 2;
            purchase.main.status = "PARTIALLY_CAPTURED";
            let at = purchase.append(EventType::Capture, HOUR, rng);
            purchase.main.events[at].amount = Some(amount);
            purchase.expect_on_payment(404, |t| t.at("events", at).amounts(0, amount));
        },
    },
    FaultKind {
        name: "before-authorize",
        spec: CAPTURED,
        plant: |purchase, _| {
            let (Some(authorize), Some(capture)) =
                (purchase.main.last(EventType::Authorize), purchase.main.last(EventType::Capture))
            else {
                return;
            };
            swap_events(&mut purchase.main, authorize, capture);
            purchase.main.events[capture].status = Some("CAPTURED");
            purchase.expect_on_payment(405, |t| t.at("events", authorize));
        },
    },
    FaultKind {
        name: "void-unsupported",
        spec: PurchaseSpec::plain(Lifecycle::PartVoided).product(&SWISH),
        plant: |purchase, _| {
            let Some(at) = purchase.main.last(EventType::Void) else { return };
            purchase.expect_on_payment(406, |t| t.at("events", at));
        },
    },
    FaultKind {
        name: "money-on-dead-transaction",
        spec: CAPTURED,
        plant: |purchase, rng| {
            let amount = purchase.main.amount;
            purchase.main.status = rng.pick(&["DECLINED", "FAILED"]);
            purchase.expect_on_payment(401, |t| t.amounts(amount, amount));
            purchase.expect_on_payment(407, |t| t.amounts(0, amount));
        },
    },
    FaultKind {
        name: "pending-operation",
        spec: PurchaseSpec::plain(Lifecycle::Authorized),
        plant: |purchase, rng| {
            let at = purchase.append(EventType::InitiateCapture, HOUR, rng);
            purchase.main.events[at].request = Some(rng.pair());
            purchase.expect_on_payment(408, |t| t.at("events", at));
        },
    },
    FaultKind {
        name: "operation-failed",
        spec: PurchaseSpec::plain(Lifecycle::Authorized),
        plant: |purchase, rng| {
            let amount = purchase.main.amount;
            let at = purchase.append(EventType::Capture, HOUR, rng);
            let event = &mut purchase.main.events[at];
            (event.amount, event.success, event.status) = (Some(amount), false, Some("FAILED"));
            purchase.expect_on_payment(409, |t| t.at("events", at).amounts(None, amount));
        },
    },
    FaultKind {
        name: "operation-failed-order",
        spec: CAPTURED.order(OrderSpec::Unlinked),
        plant: |purchase, rng| {
            let amount = purchase.main.amount;
            add_operations(purchase, rng, "pending", &[(CAPTURES, amount)]);
            if let Some(op) = purchase.order.as_mut().and_then(|o| o.operations[CAPTURES].first_mut()) {
                op.success = false;
            }
            purchase.expect_on_order(409, |t| t.at("captures", 0).amounts(None, amount));
        },
    },
    FaultKind {
        name: "stale-authorization",
        spec: PurchaseSpec::plain(Lifecycle::Authorized).days_ago(95, 120),
        plant: |purchase, _| {
            let open = purchase.main.amount;
            purchase.expect_on_payment(410, |t| t.amounts(None, open));
        },
    },
    FaultKind {
        name: "stale-authorization-rest",
        spec: PurchaseSpec::plain(Lifecycle::PartCaptured).days_ago(95, 120).product(&KLARNA).settled(),
        plant: |purchase, _| {
            let open = purchase.main.amount - purchase.main.sum(EventType::Capture);
            purchase.expect_on_payment(410, |t| t.amounts(None, open));
        },
    },
    FaultKind {
        name: "events-out-of-order",
        spec: PurchaseSpec::plain(Lifecycle::Captured(2)),
        plant: |purchase, rng| {
            let place = rng.below(purchase.main.events.len() as u64 - 1) as usize;
            purchase.main.events.swap(place, place + 1);
            purchase.expect_on_payment(411, as_is);
        },
    },
    FaultKind {
        name: "status-unresolved-unknown",
        spec: PurchaseSpec::plain(Lifecycle::Initiated),
        plant: |purchase, _| {
            purchase.main.status = "UNKNOWN";
            purchase.expect_on_payment(412, as_is);
        },
    },
    FaultKind {
        name: "status-unresolved-strange",
        spec: PurchaseSpec::plain(Lifecycle::Captured(1)),
        plant: |purchase, _| {
            purchase.main.status = "SHIPPED";
            purchase.expect_on_payment(412, as_is);
        },
    },
    FaultKind {
        name: "status-unresolved-on-hold",
        spec: PurchaseSpec::plain(Lifecycle::OnHold).days_ago(8, 20),
        plant: |purchase, _| purchase.expect_on_payment(412, as_is),
    },
    FaultKind {
        name: "unknown-event",
        spec: CAPTURED,
        plant: |purchase, rng| {
            let at = purchase.append(EventType::Unknown, HOUR, rng);
            purchase.expect_on_payment(413, |t| t.at("events", at));
        },
    },
    FaultKind {
        name: "correction-mismatch",
        spec: CAPTURED,
        plant: |purchase, rng| {
            let (more, all) = (rng.range(1, 9999), purchase.main.amount);
            let Some((at, capture)) = purchase.capture() else { return };
            capture.correction = Some((more, all, 0));
            purchase.expect_on_payment(414, |t| t.at("events", at).amounts(0, more));
        },
    },
];
