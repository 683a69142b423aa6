//! Faults of sums in sessions, gift cards, orders and settlements: AV601 to AV706.

use super::{Fault, bare};
use crate::realistic::purchase::another_id;
use crate::realistic::random::Rng;
use crate::realistic::text::Text;
use crate::realistic::truth::Truth;
use crate::realistic::wish::{Life, OrderWish, Wish};
use crate::realistic::world::*;

const CAPTURED: Wish = Wish::plain(Life::Captured(1));
const SETTLED: Wish = CAPTURED.days_ago(20, 40).settled();

/// All of them.
pub(super) static ALL: &[Fault] = &[
    Fault {
        name: "session-total-wrong",
        wish: CAPTURED.session(),
        plant: |story, rng| {
            let (amount, more) = (story.main.amount, rng.range(1, 9999));
            if let Some(session) = &mut story.session {
                session.lines[0].amount += more;
            }
            story.on_session(601, |t| t.amounts(amount, amount + more));
        },
    },
    Fault {
        name: "discount-mismatch",
        wish: CAPTURED,
        plant: |story, rng| {
            let line = &mut story.main.lines[0];
            let (off, more, id, amount) = (rng.range(100, 999), rng.range(1, 99), line.id, line.amount);
            line.discount = Some((amount + off + more, off));
            story.on_payment(602, |t| t.line(id).amounts(amount + more, amount));
        },
    },
    Fault {
        name: "gift-cards-exceed",
        wish: CAPTURED,
        plant: |story, rng| {
            let (amount, more) = (story.main.amount, rng.range(1, 9999));
            story.main.gift_card = amount + more;
            story.on_payment(603, |t| t.amounts(amount, amount + more));
        },
    },
    Fault {
        name: "gift-card-over-refunded",
        wish: Wish::plain(Life::PartRefunded(1, 1)).gift(),
        plant: |story, rng| {
            let (taken, more) = (story.main.gift_card, rng.range(1, 99));
            let Some((_, refund)) = story.refund() else { return };
            refund.gift = taken + more;
            story.on_payment(604, |t| t.amounts(taken, taken + more));
        },
    },
    Fault {
        name: "payment-status-mismatch",
        wish: CAPTURED.order(OrderWish::Linked),
        plant: |story, rng| {
            if let Some(order) = &mut story.order {
                order.payment_status = Some(rng.pick(&["pending", "partially_paid", "partially_refunded", "refunded"]));
            }
            story.on_order(605, bare);
        },
    },
    Fault {
        name: "settlement-unbalanced",
        wish: CAPTURED,
        plant: |story, rng| {
            let (fee, more) = (rng.range(1000, 9000), rng.range(1, 99));
            report(story, rng, |odd| (odd.amount, odd.fee, odd.line_net) = (-fee, fee + more, -fee));
            on_settlement(story, 701, |t| t.amounts(-fee - more, -fee));
        },
    },
    Fault {
        name: "settlement-unbalanced-listed",
        wish: CAPTURED,
        plant: |story, rng| {
            let (capture, fee, more) = (rng.range(50_000, 90_000), rng.range(1000, 9000), rng.range(1, 99));
            report(story, rng, |odd| {
                (odd.amount, odd.capture, odd.fee, odd.listed) = (capture - fee + more, capture, fee, true);
            });
            on_settlement(story, 701, |t| t.amounts(capture - fee, capture - fee + more));
        },
    },
    Fault {
        name: "settlement-lines-differ",
        wish: CAPTURED,
        plant: |story, rng| {
            let (fee, more) = (rng.range(1000, 9000), rng.range(1, 99));
            report(story, rng, |odd| (odd.amount, odd.fee, odd.line_net) = (-fee, fee, more - fee));
            on_settlement(story, 702, |t| t.amounts(-fee, more - fee));
        },
    },
    Fault {
        name: "settlement-line-unknown",
        wish: CAPTURED,
        plant: |story, rng| {
            let missing = another_id(&story.main.id, rng);
            let (capture, fee) = (rng.range(10_000, 90_000), rng.range(100, 900));
            captured_line(story, rng, capture, fee, Some(missing));
            on_settlement(story, 703, |t| t.at("transactions", 0));
        },
    },
    Fault {
        name: "settlement-line-without-transaction",
        wish: CAPTURED,
        plant: |story, rng| {
            let (capture, fee) = (rng.range(10_000, 90_000), rng.range(100, 900));
            captured_line(story, rng, capture, fee, None);
            on_settlement(story, 703, |t| t.at("transactions", 0));
        },
    },
    Fault {
        name: "settled-differ",
        wish: SETTLED,
        plant: |story, rng| {
            let (amount, less) = (story.main.amount, rng.range(1, 99));
            let Some(line) = story.settled.first_mut() else { return };
            line.capture -= less;
            story.on_payment(704, |t| t.amounts(amount, amount - less));
        },
    },
    Fault {
        name: "settled-differ-refund",
        wish: Wish::plain(Life::PartRefunded(1, 1)).days_ago(20, 40).settled(),
        plant: |story, rng| {
            let (amount, more) = (story.main.sum(Kind::Refund), rng.range(1, 99));
            let Some(line) = story.settled.last_mut() else { return };
            line.refund += more;
            story.on_payment(704, |t| t.amounts(amount, amount + more));
        },
    },
    Fault {
        name: "settlement-status-mismatch",
        wish: SETTLED,
        plant: |story, _| {
            story.main.settlement_status = "NOT_SETTLED";
            story.on_payment(705, bare);
        },
    },
    Fault {
        name: "settlement-status-mismatch-nothing-captured",
        wish: Wish::plain(Life::Voided),
        plant: |story, _| {
            story.main.settlement_status = "SETTLED";
            story.on_payment(705, bare);
        },
    },
    Fault {
        name: "unsettled",
        wish: CAPTURED.days_ago(20, 40),
        plant: |story, _| {
            let amount = story.main.amount;
            story.on_payment(706, |t| t.amounts(None, amount));
        },
    },
];

/// A report of its own, with one line that says nothing unless `set` does.
fn report(story: &mut Story, rng: &mut Rng, set: impl FnOnce(&mut OddReport)) {
    let id = (rng.next(), rng.next());
    let mut odd = OddReport { id, amount: 0, fee: 0, capture: 0, line_net: 0, line_names: None, listed: false };
    set(&mut odd);
    story.odd_report = Some(odd);
}

/// A report that balances, with a captured line that names this payment.
fn captured_line(story: &mut Story, rng: &mut Rng, capture: i64, fee: i64, names: Option<Id>) {
    report(story, rng, |odd| {
        (odd.amount, odd.capture, odd.fee) = (capture - fee, capture, fee);
        (odd.line_net, odd.line_names) = (capture - fee, names);
    });
}

fn on_settlement(story: &mut Story, rule: u16, more: impl FnOnce(Truth) -> Truth) {
    let Some(odd) = &story.odd_report else { return };
    let mut id = Text::default();
    id.uuid(odd.id);
    story.truth.push(more(Truth::new(rule, "settlement", String::from_utf8_lossy(&id.0))));
}
