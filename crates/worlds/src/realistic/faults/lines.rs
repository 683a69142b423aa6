//! Faults of lines: AV201 to AV208.

use super::Fault;
use crate::realistic::orders;
use crate::realistic::wish::{Life, OrderWish, Wish};
use crate::realistic::world::*;

/// All of them.
pub(super) static ALL: &[Fault] = &[
    Fault {
        name: "items-unbalanced",
        wish: Wish::plain(Life::Captured(1)).items(1),
        plant: |story, rng| {
            let less = rng.range(1, 50);
            let Some((at, capture)) = story.capture() else { return };
            let (Some(amount), Some(items)) = (capture.amount, &mut capture.items) else { return };
            items[0].amount -= less;
            story.on_payment(201, |t| t.at("events", at).amounts(amount, amount - less));
        },
    },
    Fault {
        name: "line-over-captured",
        wish: Wish::plain(Life::Captured(1)).items(2),
        plant: |story, rng| {
            let more = rng.range(1, 50);
            let Some((_, capture)) = story.capture() else { return };
            let Some([one, other, ..]) = capture.items.as_deref_mut() else { return };
            let (line, was) = (one.id, one.amount);
            one.amount += more;
            other.amount -= more;
            story.on_payment(202, |t| t.line(line).amounts(was, was + more));
        },
    },
    Fault {
        name: "line-over-refunded",
        wish: Wish::plain(Life::PartRefunded(1, 1)).items(2),
        plant: |story, rng| {
            let more = rng.range(1, 50);
            let first = story.main.lines[0].clone();
            let Some((_, refund)) = story.refund() else { return };
            refund.amount = Some(first.amount + more);
            refund.items = Some(vec![Line { amount: first.amount + more, quantity: None, ..first.clone() }]);
            story.on_payment(203, |t| t.line(first.id).amounts(first.amount, first.amount + more));
        },
    },
    Fault {
        name: "unknown-line",
        wish: Wish::plain(Life::Captured(1)).items(2),
        plant: |story, _| {
            let Some((at, capture)) = story.capture() else { return };
            let Some([line, ..]) = capture.items.as_deref_mut() else { return };
            line.id = LineId::Number(77);
            let amount = line.amount;
            story.on_payment(204, |t| t.at("events", at).line(77).amounts(None, amount));
        },
    },
    Fault {
        name: "items-total-wrong",
        wish: Wish::plain(Life::Authorized),
        plant: |story, rng| {
            let (more, amount) = (rng.range(1, 9999), story.main.amount);
            story.main.lines[0].amount += more;
            story.on_payment(205, |t| t.amounts(amount, amount + more));
        },
    },
    Fault {
        name: "line-over-released",
        wish: Wish::plain(Life::Captured(1)).items(2).order(OrderWish::Alone),
        plant: |story, rng| {
            let lines = orders::items(&story.main.lines);
            let (more, total) = (rng.range(1, 50), story.main.amount);
            let Some(order) = &mut story.order else { return };
            let Some(authorized) = order.ops[AUTHORIZATIONS].first_mut() else { return };
            authorized.items = lines.clone();
            let at = authorized.at;
            let (line, amount, _) = lines[0];
            // The first line is captured whole, and yet a part of it is cancelled in place of the second.
            let mut rest = lines[1..].to_vec();
            rest[0].1 -= more;
            rest.push((line, more, None));
            order.ops[CAPTURES].push(orders::op(at + HOUR, amount, lines[..1].to_vec(), None, rng));
            order.ops[CANCELLATIONS].push(orders::op(at + 2 * HOUR, total - amount, rest, None, rng));
            order.updated = order.updated.max(at + 3 * HOUR);
            order.payment_status = Some("partially_paid");
            story.on_order(206, |t| t.line(line).amounts(0, more));
        },
    },
    Fault {
        name: "duplicate-line",
        wish: Wish::plain(Life::Captured(1)).items(2).amounts_only(),
        plant: |story, _| {
            let line = story.main.lines[0].id;
            story.main.lines[1].id = line;
            story.on_payment(207, |t| t.line(line));
        },
    },
    Fault {
        name: "quantity-exceeded",
        wish: Wish::plain(Life::Captured(1)).items(1),
        plant: |story, _| {
            let Some((_, capture)) = story.capture() else { return };
            let Some([line, ..]) = capture.items.as_deref_mut() else { return };
            line.quantity = line.quantity.map(|quantity| quantity + 1);
            let line = line.id;
            story.on_payment(208, |t| t.line(line));
        },
    },
];
