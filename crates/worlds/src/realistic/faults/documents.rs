//! Faults of whole documents: AV001 to AV007.

use super::fault::{FaultKind, as_is};
use crate::realistic::model::*;
use crate::realistic::names::DocumentId;
use crate::realistic::spec::{Lifecycle, OrderSpec, PurchaseSpec};

pub static ALL: &[FaultKind] = &[
    FaultKind {
        name: "conflicting-copies",
        spec: PurchaseSpec::plain(Lifecycle::Captured(2)),
        plant: |purchase, _| {
            // The same version, but without the last capture.
            let mut copy = purchase.main.clone();
            copy.events.pop();
            copy.status = "PARTIALLY_CAPTURED";
            purchase.contradiction = Some(copy);
            purchase.expect_on_payment(1, as_is);
        },
    },
    FaultKind {
        name: "history-rewritten",
        spec: PurchaseSpec::plain(Lifecycle::Authorized),
        plant: |purchase, rng| {
            let (mut copy, amount) = (purchase.main.clone(), purchase.main.amount / 2);
            copy.status = "PARTIALLY_CAPTURED";
            let at = copy.last_at() + HOUR;
            copy.events.push(PaymentEvent::new(EventType::Capture, at, copy.status, rng).with_amount(amount));
            copy.updated = at + SECOND;
            let place = copy.events.len() - 1;
            purchase.main.updated = at + HOUR;
            purchase.main.version = copy.version + 1;
            purchase.contradiction = Some(copy);
            purchase.expect_on_payment(2, |t| t.at("events", place).amounts(amount, 0));
        },
    },
    FaultKind {
        name: "sandbox-document",
        spec: PurchaseSpec::plain(Lifecycle::Captured(1)),
        plant: |purchase, rng| {
            purchase.main.id = DocumentId::draw(b'T', 11_223_344, rng);
            purchase.expect_on_payment(3, as_is);
        },
    },
    FaultKind {
        name: "currency-invalid",
        spec: PurchaseSpec::plain(Lifecycle::Captured(1)),
        plant: |purchase, rng| {
            purchase.main.currency = rng.pick(&["NKR", "nok", "KRONER"]);
            purchase.expect_on_payment(4, as_is);
        },
    },
    FaultKind {
        name: "currency-invalid-order",
        spec: PurchaseSpec::plain(Lifecycle::Captured(1)).order(OrderSpec::Linked),
        plant: |purchase, _| {
            if let Some(order) = &mut purchase.order {
                order.currency = None;
            }
            purchase.expect_on_order(4, as_is);
        },
    },
    FaultKind {
        name: "exponent-suspicious",
        spec: PurchaseSpec::plain(Lifecycle::Captured(1)).hundredfold(6),
        plant: |purchase, _| purchase.expect_on_payment(5, as_is),
    },
    FaultKind {
        name: "exponent-suspicious-order",
        spec: PurchaseSpec::plain(Lifecycle::Captured(1)).hundredfold(5).order(OrderSpec::Linked),
        plant: |purchase, _| {
            purchase.expect_on_payment(5, as_is);
            purchase.expect_on_order(5, as_is);
        },
    },
    FaultKind {
        name: "partial-document",
        spec: PurchaseSpec::plain(Lifecycle::Captured(1)),
        plant: |purchase, _| {
            (purchase.webhook, purchase.webhook_only) = (true, true);
            purchase.expect_on_payment(6, as_is);
        },
    },
    FaultKind {
        name: "currency-changed",
        spec: PurchaseSpec::plain(Lifecycle::Captured(1)),
        plant: |purchase, _| {
            let mut copy = purchase.main.clone();
            copy.currency = if copy.currency == "EUR" { "NOK" } else { "EUR" };
            (copy.updated, copy.version) = (copy.updated - 500, copy.version - 1);
            purchase.contradiction = Some(copy);
            purchase.expect_on_payment(7, as_is);
        },
    },
];
