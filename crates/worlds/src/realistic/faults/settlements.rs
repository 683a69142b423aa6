//! Faults between settlement reports and the payments' own record of payouts: AV707 to AV712.

use super::fault::FaultKind;
use crate::realistic::model::*;
use crate::realistic::names::uuid_name;
use crate::realistic::spec::{Lifecycle, PurchaseSpec};
use crate::realistic::truth::ExpectedFinding;

const SETTLED: PurchaseSpec = PurchaseSpec::plain(Lifecycle::Captured(1)).days_ago(20, 40).settled();
const REFUNDED: PurchaseSpec = PurchaseSpec::plain(Lifecycle::PartRefunded(1, 1)).days_ago(20, 40).settled();
const IN_TWO: PurchaseSpec = PurchaseSpec::plain(Lifecycle::Captured(2)).days_ago(20, 40).settled().domestic();

/// AV704 does not judge a payment with splits.
const SHARED: Splitting = Splitting::OnEvents;

pub static ALL: &[FaultKind] = &[
    FaultKind {
        name: "settlement-missing",
        spec: SETTLED,
        plant: |purchase, rng| {
            let missing = purchase.whole_payout(rng);
            purchase.expect_on_payout(707, missing.id, |t| t.amounts(None, missing.amount()));
        },
    },
    FaultKind {
        name: "settled-event-differs",
        spec: IN_TWO,
        plant: |purchase, rng| {
            let moved = rng.range(1, 9);
            let captures = [purchase.main.first(EventType::Capture), purchase.main.last(EventType::Capture)];
            for (place, more) in captures.into_iter().flatten().zip([moved, -moved]) {
                let event = &mut purchase.main.events[place];
                let (Some(record), Some(amount)) = (&mut event.own_record, event.amount) else { return };
                record.capture += more;
                purchase.settled[record.line].capture += more;
                purchase.expect_on_payment(708, |t| t.at("events", place).amounts(amount, amount + more));
            }
        },
    },
    FaultKind {
        name: "settled-event-differs-refund",
        spec: REFUNDED.split(SHARED),
        plant: |purchase, rng| {
            let less = rng.range(1, 9);
            let Some((place, refund)) = purchase.refund() else { return };
            let (Some(record), Some(amount)) = (&mut refund.own_record, refund.amount) else { return };
            record.refund -= less;
            let line = record.line;
            purchase.settled[line].refund -= less;
            purchase.expect_on_payment(708, |t| t.at("events", place).amounts(amount, amount - less));
        },
    },
    FaultKind {
        name: "settlement-line-differs",
        spec: SETTLED.split(SHARED),
        plant: |purchase, rng| {
            let (amount, less) = (purchase.main.amount, rng.range(1, 99));
            let Some(line) = purchase.settled.first_mut() else { return };
            line.capture -= less;
            purchase.expect_on_payment(709, |t| t.amounts(amount, amount - less));
        },
    },
    FaultKind {
        name: "settlement-line-differs-refund",
        spec: REFUNDED.split(SHARED),
        plant: |purchase, rng| {
            let (amount, less) = (purchase.main.sum(EventType::Refund), rng.range(1, 9));
            let Some(line) = purchase.settled.last_mut() else { return };
            line.refund -= less;
            purchase.expect_on_payment(709, |t| t.amounts(amount, amount - less));
        },
    },
    FaultKind {
        name: "settlement-line-unnamed",
        spec: IN_TWO,
        plant: |purchase, rng| {
            let Some(place) = purchase.main.last(EventType::Capture) else { return };
            let own = purchase.own_payout(rng, Some(place));
            let Some(record) = purchase.main.events[place].own_record.take() else { return };
            if record.line > 0 {
                purchase.settled.pop();
            } else if let Some(line) = purchase.settled.first_mut() {
                // One line had both captures.
                (line.capture, line.fee) = (line.capture - record.capture, line.fee - record.fee);
            }
            if own.amount() > 0 {
                purchase.book(&own, 0, own.amount());
            }
            let subject = ExpectedFinding::new(710, "settlement", uuid_name(own.id));
            purchase.truth.push(subject.at("transactions", 0).amounts(None, own.amount()));
            purchase.payouts.push(own);
        },
    },
    FaultKind {
        name: "over-settled",
        spec: SETTLED.split(SHARED),
        plant: |purchase, rng| {
            let (amount, more) = (purchase.main.amount, rng.range(1, 999));
            forget_own_records(purchase);
            let Some(line) = purchase.settled.first_mut() else { return };
            line.capture += more;
            purchase.expect_on_payment(711, |t| t.amounts(amount, amount + more));
        },
    },
    FaultKind {
        name: "over-settled-refund",
        spec: REFUNDED.split(SHARED),
        plant: |purchase, rng| {
            let (amount, more) = (purchase.main.sum(EventType::Refund), rng.range(1, 99));
            forget_own_records(purchase);
            let Some(line) = purchase.settled.last_mut() else { return };
            line.refund += more;
            purchase.expect_on_payment(711, |t| t.amounts(amount, amount + more));
        },
    },
    FaultKind {
        name: "payout-unbalanced",
        spec: SETTLED.domestic(),
        plant: |purchase, rng| {
            let mut own = purchase.whole_payout(rng);
            own.listed_more = rng.range(1, 9999);
            let (amount, listed) = (own.amount(), own.amount() + own.listed_more);
            purchase.book(&own, 0, amount);
            purchase.expect_on_payout(712, own.id, |t| t.amounts(amount, listed));
            purchase.payouts.push(own);
        },
    },
];

/// An older export, in which payments do not say what was paid out of them.
fn forget_own_records(purchase: &mut Purchase) {
    purchase.main.events.iter_mut().for_each(|event| event.own_record = None);
}
