//! Faults of splits: AV301 to AV309.

use super::fault::{FaultKind, as_is};
use crate::realistic::model::*;
use crate::realistic::spec::{Lifecycle, PurchaseSpec};

const SHARED: PurchaseSpec = PurchaseSpec::plain(Lifecycle::Captured(1)).split(Splitting::OnEvents);

pub static ALL: &[FaultKind] = &[
    FaultKind {
        name: "split-unbalanced",
        spec: SHARED,
        plant: |purchase, rng| {
            let more = rng.range(1, 50);
            let Some((at, capture)) = purchase.capture() else { return };
            capture.splits[0].1 += more;
            let amount = capture.amount.unwrap_or(0);
            purchase.expect_on_payment(301, |t| t.at("events", at).amounts(amount, amount + more));
        },
    },
    FaultKind {
        name: "item-split-unbalanced",
        spec: PurchaseSpec::plain(Lifecycle::Captured(1)).split(Splitting::OnLines),
        plant: |purchase, rng| {
            let more = rng.range(1, 50);
            let line = &mut purchase.main.lines[0];
            let (id, amount) = (line.id, line.amount);
            line.split = line.split.map(|(seller, part)| (seller, part + more));
            purchase.expect_on_payment(302, |t| t.line(id).amounts(amount, amount + more));
        },
    },
    FaultKind {
        name: "item-split-unbalanced-event",
        spec: PurchaseSpec::plain(Lifecycle::Captured(1)).split(Splitting::OnLines),
        plant: |purchase, rng| {
            let more = rng.range(1, 50);
            let Some((at, capture)) = purchase.capture() else { return };
            let Some([line, ..]) = capture.items.as_deref_mut() else { return };
            let (id, amount) = (line.id, line.amount);
            line.split = line.split.map(|(seller, part)| (seller, part - more));
            purchase.expect_on_payment(302, |t| t.at("events", at).line(id).amounts(amount, amount - more));
        },
    },
    FaultKind {
        name: "destination-over-refunded",
        spec: PurchaseSpec::plain(Lifecycle::PartRefunded(1, 1)).split(Splitting::OnEvents).amounts_only(),
        plant: |purchase, rng| {
            let more = rng.range(1, 50);
            let Some((_, capture)) = purchase.capture() else { return };
            let (seller, part) = capture.splits[0];
            let Some((_, refund)) = purchase.refund() else { return };
            refund.splits = vec![(seller, part + more)];
            refund.amount = Some(part + more);
            purchase.expect_on_payment(303, |t| t.to(seller).amounts(part, part + more));
        },
    },
    FaultKind {
        name: "fee-destination-unknown",
        spec: SHARED,
        plant: |purchase, _| {
            let Some((at, capture)) = purchase.capture() else { return };
            capture.fee_to = vec![capture.splits[0].0, 99_999];
            purchase.expect_on_payment(304, |t| t.at("events", at).to(99_999));
        },
    },
    FaultKind {
        name: "splits-missing",
        spec: PurchaseSpec::plain(Lifecycle::Captured(2)).split(Splitting::OnEvents),
        plant: |purchase, _| {
            let Some((at, capture)) = purchase.capture() else { return };
            capture.splits.clear();
            capture.fee_to.clear();
            let amount = capture.amount;
            purchase.expect_on_payment(305, |t| t.at("events", at).amounts(None, amount));
        },
    },
    FaultKind {
        name: "duplicate-destination",
        spec: SHARED,
        plant: |purchase, _| {
            let Some((at, capture)) = purchase.capture() else { return };
            let (seller, part) = capture.splits[0];
            capture.splits[0].1 = part / 2;
            capture.splits.push((seller, part - part / 2));
            purchase.expect_on_payment(306, |t| t.at("events", at).to(seller));
        },
    },
    FaultKind {
        name: "negative-split",
        spec: SHARED,
        plant: |purchase, rng| {
            let less = rng.range(1, 9999);
            let Some((at, capture)) = purchase.capture() else { return };
            let (one, other) = (capture.splits[0].0, capture.splits[1].0);
            capture.splits = vec![(one, capture.amount.unwrap_or(0) + less), (other, -less)];
            purchase.expect_on_payment(307, |t| t.at("events", at).to(other).amounts(0, -less));
        },
    },
    FaultKind {
        name: "seller-missing",
        spec: PurchaseSpec::plain(Lifecycle::Captured(1)),
        plant: |purchase, _| {
            (purchase.main.platform, purchase.main.merchant_named) = (Some("aggregator"), false);
            purchase.expect_on_payment(308, as_is);
        },
    },
    FaultKind {
        name: "gift-card-with-splits",
        spec: SHARED,
        plant: |purchase, _| {
            purchase.main.gift_card = purchase.main.amount / 3;
            purchase.expect_on_payment(309, as_is);
        },
    },
];
