//! Faults of lines: AV201 to AV208.

use super::fault::FaultKind;
use crate::realistic::draw::order;
use crate::realistic::model::*;
use crate::realistic::names::LineName;
use crate::realistic::spec::{Lifecycle, OrderSpec, PurchaseSpec};

pub static ALL: &[FaultKind] = &[
    FaultKind {
        name: "items-unbalanced",
        spec: PurchaseSpec::plain(Lifecycle::Captured(1)).items(1),
        plant: |purchase, rng| {
            let less = rng.range(1, 50);
            let Some((at, capture)) = purchase.capture() else { return };
            let (Some(amount), Some(items)) = (capture.amount, &mut capture.items) else { return };
            items[0].amount -= less;
            purchase.expect_on_payment(201, |t| t.at("events", at).amounts(amount, amount - less));
        },
    },
    FaultKind {
        name: "line-over-captured",
        spec: PurchaseSpec::plain(Lifecycle::Captured(1)).items(2),
        plant: |purchase, rng| {
            let more = rng.range(1, 50);
            let Some((_, capture)) = purchase.capture() else { return };
            let Some([one, other, ..]) = capture.items.as_deref_mut() else { return };
            let (line, was) = (one.id, one.amount);
            one.amount += more;
            other.amount -= more;
            purchase.expect_on_payment(202, |t| t.line(line).amounts(was, was + more));
        },
    },
    FaultKind {
        name: "line-over-refunded",
        spec: PurchaseSpec::plain(Lifecycle::PartRefunded(1, 1)).items(2),
        plant: |purchase, rng| {
            let more = rng.range(1, 50);
            let first = purchase.main.lines[0].clone();
            let Some((_, refund)) = purchase.refund() else { return };
            refund.amount = Some(first.amount + more);
            refund.items = Some(vec![PurchaseLine { amount: first.amount + more, quantity: None, ..first.clone() }]);
            purchase.expect_on_payment(203, |t| t.line(first.id).amounts(first.amount, first.amount + more));
        },
    },
    FaultKind {
        name: "unknown-line",
        spec: PurchaseSpec::plain(Lifecycle::Captured(1)).items(2),
        plant: |purchase, _| {
            let Some((at, capture)) = purchase.capture() else { return };
            let Some([line, ..]) = capture.items.as_deref_mut() else { return };
            line.id = LineName::Number(77);
            let amount = line.amount;
            purchase.expect_on_payment(204, |t| t.at("events", at).line(77).amounts(None, amount));
        },
    },
    FaultKind {
        name: "items-total-wrong",
        spec: PurchaseSpec::plain(Lifecycle::Authorized),
        plant: |purchase, rng| {
            let (more, amount) = (rng.range(1, 9999), purchase.main.amount);
            purchase.main.lines[0].amount += more;
            purchase.expect_on_payment(205, |t| t.amounts(amount, amount + more));
        },
    },
    FaultKind {
        name: "line-over-released",
        spec: PurchaseSpec::plain(Lifecycle::Captured(1)).items(2).order(OrderSpec::Unlinked),
        plant: |purchase, rng| {
            let lines = order::items(&purchase.main.lines);
            let (more, total) = (rng.range(1, 50), purchase.main.amount);
            let Some(order) = &mut purchase.order else { return };
            let Some(authorized) = order.operations[AUTHORIZATIONS].first_mut() else { return };
            authorized.items = lines.clone();
            let at = authorized.at;
            let (line, amount, _) = lines[0];
            // The first line is fully captured; still a part of it is cancelled instead of the
            // second line.
            let mut rest = lines[1..].to_vec();
            rest[0].1 -= more;
            rest.push((line, more, None));
            order.operations[CAPTURES].push(order::operation(at + HOUR, amount, lines[..1].to_vec(), None, rng));
            order.operations[CANCELLATIONS].push(order::operation(at + 2 * HOUR, total - amount, rest, None, rng));
            order.updated = order.updated.max(at + 3 * HOUR);
            order.payment_status = Some("partially_paid");
            purchase.expect_on_order(206, |t| t.line(line).amounts(0, more));
        },
    },
    FaultKind {
        name: "duplicate-line",
        spec: PurchaseSpec::plain(Lifecycle::Captured(1)).items(2).amounts_only(),
        plant: |purchase, _| {
            let line = purchase.main.lines[0].id;
            purchase.main.lines[1].id = line;
            purchase.expect_on_payment(207, |t| t.line(line));
        },
    },
    FaultKind {
        name: "quantity-exceeded",
        spec: PurchaseSpec::plain(Lifecycle::Captured(1)).items(1),
        plant: |purchase, _| {
            let Some((_, capture)) = purchase.capture() else { return };
            let Some([line, ..]) = capture.items.as_deref_mut() else { return };
            line.quantity = line.quantity.map(|quantity| quantity + 1);
            let line = line.id;
            purchase.expect_on_payment(208, |t| t.line(line));
        },
    },
];
