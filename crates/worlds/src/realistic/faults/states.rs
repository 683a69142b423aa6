//! Faults of states and time: AV401 to AV414.

use super::amounts::{enter, exchange};
use super::{Fault, bare};
use crate::realistic::wish::{Life, OrderWish, Wish};
use crate::realistic::world::*;

const CAPTURED: Wish = Wish::plain(Life::Captured(1));

/// All of them.
pub(super) static ALL: &[Fault] = &[
    Fault {
        name: "status-mismatch",
        wish: CAPTURED,
        plant: |story, _| {
            let Some((at, _)) = story.capture() else { return };
            let amount = story.main.amount;
            story.main.status = "AUTHORIZED";
            story.on_payment(401, |t| t.amounts(amount, amount));
            story.on_payment(402, |t| t.at("events", at));
        },
    },
    Fault {
        name: "status-mismatch-silent-events",
        wish: Wish::plain(Life::PartRefunded(1, 1)),
        plant: |story, _| {
            let amount = story.main.amount;
            story.main.status = "REFUNDED";
            story.main.events.iter_mut().for_each(|event| event.status = None);
            story.on_payment(401, |t| t.amounts(amount, amount));
        },
    },
    Fault {
        name: "last-status-mismatch",
        wish: CAPTURED,
        plant: |story, rng| {
            let at = story.append(Kind::Settlement, DAY, rng);
            story.main.events[at].status = Some("AUTHORIZED");
            story.on_payment(402, |t| t.at("events", at));
        },
    },
    Fault {
        name: "event-status-mismatch",
        wish: Wish::plain(Life::Captured(2)),
        plant: |story, _| {
            let Some(at) = story.main.first(Kind::Capture) else { return };
            story.main.events[at].status = Some("CAPTURED");
            story.on_payment(403, |t| t.at("events", at));
        },
    },
    Fault {
        name: "capture-after-void",
        wish: Wish::plain(Life::Voided),
        plant: |story, rng| {
            let amount = story.main.amount / 2;
            story.main.status = "PARTIALLY_CAPTURED";
            let at = story.append(Kind::Capture, HOUR, rng);
            story.main.events[at].amount = Some(amount);
            story.on_payment(404, |t| t.at("events", at).amounts(0, amount));
        },
    },
    Fault {
        name: "before-authorize",
        wish: CAPTURED,
        plant: |story, _| {
            let (Some(authorize), Some(capture)) = (story.main.last(Kind::Authorize), story.main.last(Kind::Capture))
            else {
                return;
            };
            exchange(&mut story.main, authorize, capture);
            story.main.events[capture].status = Some("CAPTURED");
            story.on_payment(405, |t| t.at("events", authorize));
        },
    },
    Fault {
        name: "void-unsupported",
        wish: Wish::plain(Life::PartVoided).product(&SWISH),
        plant: |story, _| {
            let Some(at) = story.main.last(Kind::Void) else { return };
            story.on_payment(406, |t| t.at("events", at));
        },
    },
    Fault {
        name: "money-on-dead-transaction",
        wish: CAPTURED,
        plant: |story, rng| {
            let amount = story.main.amount;
            story.main.status = rng.pick(&["DECLINED", "FAILED"]);
            story.on_payment(401, |t| t.amounts(amount, amount));
            story.on_payment(407, |t| t.amounts(0, amount));
        },
    },
    Fault {
        name: "pending-operation",
        wish: Wish::plain(Life::Authorized),
        plant: |story, rng| {
            let at = story.append(Kind::InitiateCapture, HOUR, rng);
            story.main.events[at].request = Some((rng.next(), rng.next()));
            story.on_payment(408, |t| t.at("events", at));
        },
    },
    Fault {
        name: "operation-failed",
        wish: Wish::plain(Life::Authorized),
        plant: |story, rng| {
            let amount = story.main.amount;
            let at = story.append(Kind::Capture, HOUR, rng);
            let event = &mut story.main.events[at];
            (event.amount, event.success, event.status) = (Some(amount), false, Some("FAILED"));
            story.on_payment(409, |t| t.at("events", at).amounts(None, amount));
        },
    },
    Fault {
        name: "operation-failed-order",
        wish: CAPTURED.order(OrderWish::Alone),
        plant: |story, rng| {
            let amount = story.main.amount;
            enter(story, rng, "pending", &[(CAPTURES, amount)]);
            if let Some(op) = story.order.as_mut().and_then(|o| o.ops[CAPTURES].first_mut()) {
                op.success = false;
            }
            story.on_order(409, |t| t.at("captures", 0).amounts(None, amount));
        },
    },
    Fault {
        name: "stale-authorization",
        wish: Wish::plain(Life::Authorized).days_ago(95, 120),
        plant: |story, _| {
            let open = story.main.amount;
            story.on_payment(410, |t| t.amounts(None, open));
        },
    },
    Fault {
        name: "stale-authorization-rest",
        wish: Wish::plain(Life::PartCaptured).days_ago(95, 120).product(&KLARNA).settled(),
        plant: |story, _| {
            let open = story.main.amount - story.main.sum(Kind::Capture);
            story.on_payment(410, |t| t.amounts(None, open));
        },
    },
    Fault {
        name: "events-out-of-order",
        wish: Wish::plain(Life::Captured(2)),
        plant: |story, rng| {
            let place = rng.below(story.main.events.len() as u64 - 1) as usize;
            story.main.events.swap(place, place + 1);
            story.on_payment(411, bare);
        },
    },
    Fault {
        name: "status-unresolved-unknown",
        wish: Wish::plain(Life::Initiated),
        plant: |story, _| {
            story.main.status = "UNKNOWN";
            story.on_payment(412, bare);
        },
    },
    Fault {
        name: "status-unresolved-strange",
        wish: Wish::plain(Life::Captured(1)),
        plant: |story, _| {
            story.main.status = "SHIPPED";
            story.on_payment(412, bare);
        },
    },
    Fault {
        name: "status-unresolved-on-hold",
        wish: Wish::plain(Life::OnHold).days_ago(8, 20),
        plant: |story, _| story.on_payment(412, bare),
    },
    Fault {
        name: "unknown-event",
        wish: CAPTURED,
        plant: |story, rng| {
            let at = story.append(Kind::Unheard, HOUR, rng);
            story.on_payment(413, |t| t.at("events", at));
        },
    },
    Fault {
        name: "correction-mismatch",
        wish: CAPTURED,
        plant: |story, rng| {
            let (more, all) = (rng.range(1, 9999), story.main.amount);
            let Some((at, capture)) = story.capture() else { return };
            capture.correction = Some((more, all, 0));
            story.on_payment(414, |t| t.at("events", at).amounts(0, more));
        },
    },
];
