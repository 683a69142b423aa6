//! Faults of shares: AV301 to AV309.

use super::{Fault, bare};
use crate::realistic::wish::{Life, Wish};
use crate::realistic::world::*;

const SHARED: Wish = Wish::plain(Life::Captured(1)).shared(Sharing::Events);

/// All of them.
pub(super) static ALL: &[Fault] = &[
    Fault {
        name: "split-unbalanced",
        wish: SHARED,
        plant: |story, rng| {
            let more = rng.range(1, 50);
            let Some((at, capture)) = story.capture() else { return };
            capture.splits[0].1 += more;
            let amount = capture.amount.unwrap_or(0);
            story.on_payment(301, |t| t.at("events", at).amounts(amount, amount + more));
        },
    },
    Fault {
        name: "item-split-unbalanced",
        wish: Wish::plain(Life::Captured(1)).shared(Sharing::Lines),
        plant: |story, rng| {
            let more = rng.range(1, 50);
            let line = &mut story.main.lines[0];
            let (id, amount) = (line.id, line.amount);
            line.split = line.split.map(|(seller, part)| (seller, part + more));
            story.on_payment(302, |t| t.line(id).amounts(amount, amount + more));
        },
    },
    Fault {
        name: "item-split-unbalanced-event",
        wish: Wish::plain(Life::Captured(1)).shared(Sharing::Lines),
        plant: |story, rng| {
            let more = rng.range(1, 50);
            let Some((at, capture)) = story.capture() else { return };
            let Some([line, ..]) = capture.items.as_deref_mut() else { return };
            let (id, amount) = (line.id, line.amount);
            line.split = line.split.map(|(seller, part)| (seller, part - more));
            story.on_payment(302, |t| t.at("events", at).line(id).amounts(amount, amount - more));
        },
    },
    Fault {
        name: "destination-over-refunded",
        wish: Wish::plain(Life::PartRefunded(1, 1)).shared(Sharing::Events).amounts_only(),
        plant: |story, rng| {
            let more = rng.range(1, 50);
            let Some((_, capture)) = story.capture() else { return };
            let (seller, part) = capture.splits[0];
            let Some((_, refund)) = story.refund() else { return };
            refund.splits = vec![(seller, part + more)];
            refund.amount = Some(part + more);
            story.on_payment(303, |t| t.to(seller).amounts(part, part + more));
        },
    },
    Fault {
        name: "fee-destination-unknown",
        wish: SHARED,
        plant: |story, _| {
            let Some((at, capture)) = story.capture() else { return };
            capture.fee_to = vec![capture.splits[0].0, 99_999];
            story.on_payment(304, |t| t.at("events", at).to(99_999));
        },
    },
    Fault {
        name: "splits-missing",
        wish: Wish::plain(Life::Captured(2)).shared(Sharing::Events),
        plant: |story, _| {
            let Some((at, capture)) = story.capture() else { return };
            capture.splits.clear();
            capture.fee_to.clear();
            let amount = capture.amount;
            story.on_payment(305, |t| t.at("events", at).amounts(None, amount));
        },
    },
    Fault {
        name: "duplicate-destination",
        wish: SHARED,
        plant: |story, _| {
            let Some((at, capture)) = story.capture() else { return };
            let (seller, part) = capture.splits[0];
            capture.splits[0].1 = part / 2;
            capture.splits.push((seller, part - part / 2));
            story.on_payment(306, |t| t.at("events", at).to(seller));
        },
    },
    Fault {
        name: "negative-split",
        wish: SHARED,
        plant: |story, rng| {
            let less = rng.range(1, 9999);
            let Some((at, capture)) = story.capture() else { return };
            let (one, other) = (capture.splits[0].0, capture.splits[1].0);
            capture.splits = vec![(one, capture.amount.unwrap_or(0) + less), (other, -less)];
            story.on_payment(307, |t| t.at("events", at).to(other).amounts(0, -less));
        },
    },
    Fault {
        name: "seller-missing",
        wish: Wish::plain(Life::Captured(1)),
        plant: |story, _| {
            (story.main.platform, story.main.merchant_named) = (Some("aggregator"), false);
            story.on_payment(308, bare);
        },
    },
    Fault {
        name: "gift-card-with-splits",
        wish: SHARED,
        plant: |story, _| {
            story.main.gift_card = story.main.amount / 3;
            story.on_payment(309, bare);
        },
    },
];
