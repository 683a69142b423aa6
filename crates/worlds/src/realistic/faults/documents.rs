//! Faults of whole documents: AV001 to AV007.

use super::{Fault, bare};
use crate::realistic::wish::{Life, OrderWish, Wish};
use crate::realistic::world::*;

/// All of them.
pub(super) static ALL: &[Fault] = &[
    Fault {
        name: "conflicting-copies",
        wish: Wish::plain(Life::Captured(2)),
        plant: |story, _| {
            // The same version, but it does not know of the last capture.
            let mut copy = story.main.clone();
            copy.events.pop();
            copy.status = "PARTIALLY_CAPTURED";
            story.contradiction = Some(copy);
            story.on_payment(1, bare);
        },
    },
    Fault {
        name: "history-rewritten",
        wish: Wish::plain(Life::Authorized),
        plant: |story, rng| {
            let (mut copy, amount) = (story.main.clone(), story.main.amount / 2);
            copy.status = "PARTIALLY_CAPTURED";
            let at = copy.last_at() + HOUR;
            copy.events.push(Event::new(Kind::Capture, at, copy.status, rng).of(amount));
            copy.updated = at + SECOND;
            let place = copy.events.len() - 1;
            story.main.updated = at + HOUR;
            story.main.version = copy.version + 1;
            story.contradiction = Some(copy);
            story.on_payment(2, |t| t.at("events", place).amounts(amount, 0));
        },
    },
    Fault {
        name: "sandbox-document",
        wish: Wish::plain(Life::Captured(1)),
        plant: |story, rng| {
            story.main.id = Id::draw(b'T', 11_223_344, rng);
            story.on_payment(3, bare);
        },
    },
    Fault {
        name: "currency-invalid",
        wish: Wish::plain(Life::Captured(1)),
        plant: |story, rng| {
            story.main.currency = rng.pick(&["NKR", "nok", "KRONER"]);
            story.on_payment(4, bare);
        },
    },
    Fault {
        name: "currency-invalid-order",
        wish: Wish::plain(Life::Captured(1)).order(OrderWish::Linked),
        plant: |story, _| {
            if let Some(order) = &mut story.order {
                order.currency = None;
            }
            story.on_order(4, bare);
        },
    },
    Fault {
        name: "exponent-suspicious",
        wish: Wish::plain(Life::Captured(1)).hundredfold(6),
        plant: |story, _| story.on_payment(5, bare),
    },
    Fault {
        name: "exponent-suspicious-order",
        wish: Wish::plain(Life::Captured(1)).hundredfold(5).order(OrderWish::Linked),
        plant: |story, _| {
            story.on_payment(5, bare);
            story.on_order(5, bare);
        },
    },
    Fault {
        name: "partial-document",
        wish: Wish::plain(Life::Captured(1)),
        plant: |story, _| {
            (story.webhook, story.webhook_only) = (true, true);
            story.on_payment(6, bare);
        },
    },
    Fault {
        name: "currency-changed",
        wish: Wish::plain(Life::Captured(1)),
        plant: |story, _| {
            let mut copy = story.main.clone();
            copy.currency = if copy.currency == "EUR" { "NOK" } else { "EUR" };
            (copy.updated, copy.version) = (copy.updated - 500, copy.version - 1);
            story.contradiction = Some(copy);
            story.on_payment(7, bare);
        },
    },
];
