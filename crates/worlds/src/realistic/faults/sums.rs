//! Faults of sums in sessions, gift cards, orders and settlements: AV601 to AV706.

use super::fault::{FaultKind, as_is};
use crate::realistic::model::*;
use crate::realistic::names::{DocumentId, uuid_name};
use crate::realistic::spec::{Lifecycle, OrderSpec, PurchaseSpec};
use crate::realistic::truth::ExpectedFinding;
use crate::rng::Rng;

const CAPTURED: PurchaseSpec = PurchaseSpec::plain(Lifecycle::Captured(1));
const SETTLED: PurchaseSpec = CAPTURED.days_ago(20, 40).settled();

pub static ALL: &[FaultKind] = &[
    FaultKind {
        name: "session-total-wrong",
        spec: CAPTURED.session(),
        plant: |purchase, rng| {
            let (amount, more) = (purchase.main.amount, rng.range(1, 9999));
            if let Some(session) = &mut purchase.session {
                session.lines[0].amount += more;
            }
            purchase.expect_on_session(601, |t| t.amounts(amount, amount + more));
        },
    },
    FaultKind {
        name: "discount-mismatch",
        spec: CAPTURED,
        plant: |purchase, rng| {
            let line = &mut purchase.main.lines[0];
            let (off, more, id, amount) = (rng.range(100, 999), rng.range(1, 99), line.id, line.amount);
            line.discount = Some((amount + off + more, off));
            purchase.expect_on_payment(602, |t| t.line(id).amounts(amount + more, amount));
        },
    },
    FaultKind {
        name: "gift-cards-exceed",
        spec: CAPTURED,
        plant: |purchase, rng| {
            let (amount, more) = (purchase.main.amount, rng.range(1, 9999));
            purchase.main.gift_card = amount + more;
            purchase.expect_on_payment(603, |t| t.amounts(amount, amount + more));
        },
    },
    FaultKind {
        name: "gift-card-over-refunded",
        spec: PurchaseSpec::plain(Lifecycle::PartRefunded(1, 1)).gift(),
        plant: |purchase, rng| {
            let (taken, more) = (purchase.main.gift_card, rng.range(1, 99));
            let Some((_, refund)) = purchase.refund() else { return };
            refund.gift = taken + more;
            purchase.expect_on_payment(604, |t| t.amounts(taken, taken + more));
        },
    },
    FaultKind {
        name: "payment-status-mismatch",
        spec: CAPTURED.order(OrderSpec::Linked),
        plant: |purchase, rng| {
            if let Some(order) = &mut purchase.order {
                order.payment_status = Some(rng.pick(&["pending", "partially_paid", "partially_refunded", "refunded"]));
            }
            purchase.expect_on_order(605, as_is);
        },
    },
    FaultKind {
        name: "settlement-unbalanced",
        spec: CAPTURED,
        plant: |purchase, rng| {
            let (fee, more) = (rng.range(1000, 9000), rng.range(1, 99));
            report(purchase, rng, |faulty| (faulty.amount, faulty.fee, faulty.line_net) = (-fee, fee + more, -fee));
            expect_on_settlement(purchase, 701, |t| t.amounts(-fee - more, -fee));
        },
    },
    FaultKind {
        name: "settlement-unbalanced-listed",
        spec: CAPTURED,
        plant: |purchase, rng| {
            let (capture, fee, more) = (rng.range(50_000, 90_000), rng.range(1000, 9000), rng.range(1, 99));
            report(purchase, rng, |faulty| {
                (faulty.amount, faulty.capture, faulty.fee, faulty.listed) = (capture - fee + more, capture, fee, true);
            });
            expect_on_settlement(purchase, 701, |t| t.amounts(capture - fee, capture - fee + more));
        },
    },
    FaultKind {
        name: "settlement-lines-differ",
        spec: CAPTURED,
        plant: |purchase, rng| {
            let (fee, more) = (rng.range(1000, 9000), rng.range(1, 99));
            report(purchase, rng, |faulty| (faulty.amount, faulty.fee, faulty.line_net) = (-fee, fee, more - fee));
            expect_on_settlement(purchase, 702, |t| t.amounts(-fee, more - fee));
        },
    },
    FaultKind {
        name: "settlement-line-unknown",
        spec: CAPTURED,
        plant: |purchase, rng| {
            let missing = purchase.main.id.another(rng);
            let (capture, fee) = (rng.range(10_000, 90_000), rng.range(100, 900));
            captured_line(purchase, rng, capture, fee, Some(missing));
            expect_on_settlement(purchase, 703, |t| t.at("transactions", 0));
        },
    },
    FaultKind {
        name: "settlement-line-without-transaction",
        spec: CAPTURED,
        plant: |purchase, rng| {
            let (capture, fee) = (rng.range(10_000, 90_000), rng.range(100, 900));
            captured_line(purchase, rng, capture, fee, None);
            expect_on_settlement(purchase, 703, |t| t.at("transactions", 0));
        },
    },
    FaultKind {
        name: "settled-differ",
        spec: SETTLED,
        plant: |purchase, rng| {
            let (amount, less) = (purchase.main.amount, rng.range(1, 99));
            let Some(line) = purchase.settled.first_mut() else { return };
            line.capture -= less;
            purchase.expect_on_payment(704, |t| t.amounts(amount, amount - less));
            purchase.expect_on_payment(709, |t| t.amounts(amount, amount - less));
        },
    },
    FaultKind {
        name: "settled-differ-refund",
        spec: PurchaseSpec::plain(Lifecycle::PartRefunded(1, 1)).days_ago(20, 40).settled(),
        plant: |purchase, rng| {
            let (amount, more) = (purchase.main.sum(EventType::Refund), rng.range(1, 99));
            let Some(line) = purchase.settled.last_mut() else { return };
            line.refund += more;
            purchase.expect_on_payment(704, |t| t.amounts(amount, amount + more));
            purchase.expect_on_payment(709, |t| t.amounts(amount, amount + more));
        },
    },
    FaultKind {
        name: "settlement-status-mismatch",
        spec: SETTLED,
        plant: |purchase, _| {
            purchase.main.settlement_status = "NOT_SETTLED";
            purchase.expect_on_payment(705, as_is);
        },
    },
    FaultKind {
        name: "settlement-status-mismatch-nothing-captured",
        spec: PurchaseSpec::plain(Lifecycle::Voided),
        plant: |purchase, _| {
            purchase.main.settlement_status = "SETTLED";
            purchase.expect_on_payment(705, as_is);
        },
    },
    FaultKind {
        name: "unsettled",
        spec: CAPTURED.days_ago(20, 40),
        plant: |purchase, _| {
            let amount = purchase.main.amount;
            purchase.expect_on_payment(706, |t| t.amounts(None, amount));
        },
    },
];

/// Adds a separate report with one line; values that `set` does not change are 0.
fn report(purchase: &mut Purchase, rng: &mut Rng, set: impl FnOnce(&mut FaultyReport)) {
    let id = rng.pair();
    let mut faulty = FaultyReport { id, amount: 0, fee: 0, capture: 0, line_net: 0, line_names: None, listed: false };
    set(&mut faulty);
    purchase.faulty_report = Some(faulty);
}

/// Adds a balanced report with one captured line that refers to `names`.
fn captured_line(purchase: &mut Purchase, rng: &mut Rng, capture: i64, fee: i64, names: Option<DocumentId>) {
    report(purchase, rng, |faulty| {
        (faulty.amount, faulty.capture, faulty.fee) = (capture - fee, capture, fee);
        (faulty.line_net, faulty.line_names) = (capture - fee, names);
    });
}

fn expect_on_settlement(purchase: &mut Purchase, rule: u16, more: impl FnOnce(ExpectedFinding) -> ExpectedFinding) {
    let Some(faulty) = &purchase.faulty_report else { return };
    purchase.truth.push(more(ExpectedFinding::new(rule, "settlement", uuid_name(faulty.id))));
}
