//! Faults between payouts and the bank: AV801 to AV807.
//!
//! What can be assigned by its amount alone stays apart in time: payouts without a credit, credits
//! without a payout, and payouts that share a credit each have months of their own.

use super::fault::{FaultKind, as_is};
use crate::realistic::bank::account::{further, masked, of_currency};
use crate::realistic::model::*;
use crate::realistic::payout::{
    AccountMovement, AccountStatement, LAST_DAY, PlantedAccount, arrival, business_day, unreferenced_credit,
};
use crate::realistic::spec::{Lifecycle, PurchaseSpec};
use crate::realistic::truth::ExpectedFinding;
use crate::rng::Rng;

const CAPTURED: PurchaseSpec = PurchaseSpec::plain(Lifecycle::Captured(1)).domestic();
const SETTLED: PurchaseSpec = CAPTURED.days_ago(20, 40).settled();

pub static ALL: &[FaultKind] = &[
    FaultKind {
        name: "payout-not-received",
        spec: CAPTURED.days_ago(60, 75).settled(),
        plant: |purchase, rng| {
            let mut own = purchase.whole_payout(rng);
            own.is_open = true;
            purchase.expect_on_payout(801, own.id, |t| t.amounts(own.amount(), 0));
            purchase.payouts.push(own);
        },
    },
    FaultKind {
        name: "payout-differs",
        spec: SETTLED,
        plant: |purchase, rng| {
            let own = purchase.whole_payout(rng);
            let kept_back = rng.range(1, own.amount() / 3);
            let received = own.amount() - kept_back;
            purchase.book(&own, 0, received);
            purchase.expect_on_payout(802, own.id, |t| t.amounts(own.amount(), received));
            purchase.payouts.push(own);
        },
    },
    FaultKind {
        name: "payout-differs-currency",
        spec: SETTLED,
        plant: |purchase, rng| {
            let own = purchase.whole_payout(rng);
            let credit = purchase.book(&own, 0, own.amount() / 11 + 1);
            purchase.credits[credit].currency = "EUR";
            purchase.expect_on_payout(802, own.id, as_is);
            purchase.payouts.push(own);
        },
    },
    FaultKind {
        name: "payout-received-twice",
        spec: SETTLED,
        plant: |purchase, rng| {
            let own = purchase.whole_payout(rng);
            purchase.book(&own, 0, own.amount());
            let again = purchase.book(&own, 1, own.amount());
            let later = business_day(purchase.credits[again].day + rng.range(0, 2));
            purchase.credits[again].day = later;
            purchase.expect_on_payout(803, own.id, |t| t.amounts(0, own.amount()));
            purchase.payouts.push(own);
        },
    },
    FaultKind {
        name: "payout-received-twice-other-amount",
        spec: SETTLED,
        plant: |purchase, rng| {
            let own = purchase.whole_payout(rng);
            let other = rng.range(1, own.amount() - 1);
            purchase.book(&own, 0, own.amount());
            purchase.book(&own, 1, other);
            purchase.expect_on_payout(803, own.id, |t| t.amounts(0, other));
            purchase.payouts.push(own);
        },
    },
    FaultKind {
        name: "bank-credit-unknown",
        spec: CAPTURED,
        plant: |purchase, rng| {
            let (day, amount) = (business_day(LAST_DAY - rng.range(90, 100)), rng.range(5_000, 500_000));
            let credit = unreferenced_credit(own_number(purchase, 1), "NOK", day, amount);
            expect_on_credit(purchase, 804, &credit, |t| t.amounts(0, amount));
            purchase.credits.push(credit);
        },
    },
    FaultKind {
        name: "statement-unbalanced",
        spec: CAPTURED,
        plant: |purchase, rng| {
            let mut account = savings(purchase, rng, 1);
            let (statement, more) = (&mut account.statements[0], rng.range(1, 9999));
            let sum = statement.closing;
            statement.closing += more;
            expect_on_statement(purchase, 805, &account, 0, |t| t.amounts(sum, sum + more));
            purchase.account = Some(account);
        },
    },
    FaultKind {
        name: "statement-gap",
        spec: CAPTURED,
        plant: |purchase, rng| {
            let mut account = savings(purchase, rng, 3);
            let missing = account.statements.remove(1);
            expect_on_statement(purchase, 806, &account, 1, |t| t.amounts(missing.opening, missing.closing));
            purchase.account = Some(account);
        },
    },
    FaultKind {
        name: "statement-gap-overlap",
        spec: CAPTURED,
        plant: |purchase, rng| {
            let mut account = savings(purchase, rng, 2);
            account.statements[1].days.0 -= 1;
            expect_on_statement(purchase, 806, &account, 1, as_is);
            purchase.account = Some(account);
        },
    },
    FaultKind {
        name: "bank-match-ambiguous",
        spec: PurchaseSpec::plain(Lifecycle::Captured(2)).domestic().days_ago(25, 35).settled().amounts_only(),
        plant: |purchase, rng| {
            let (Some(first), Some(last)) =
                (purchase.main.first(EventType::Capture), purchase.main.last(EventType::Capture))
            else {
                return;
            };
            // Both captures leave the same amount after fees.
            let (half, odd) = (purchase.main.amount / 2, purchase.main.amount % 2);
            for (place, amount, fee) in [(first, half, 100), (last, half + odd, 100 + odd)] {
                let event = &mut purchase.main.events[place];
                event.amount = Some(amount);
                if let Some(record) = &mut event.own_record {
                    (record.capture, record.fee) = (amount, fee);
                }
            }
            purchase.settled.clear();
            let mut payouts = [first, last].map(|place| purchase.own_payout(rng, Some(place)));
            let day = payouts.iter().map(|payout| payout.day).max().unwrap_or(LAST_DAY);
            payouts.iter_mut().for_each(|payout| (payout.day, payout.is_open) = (day, true));
            let amount = payouts[0].amount();
            let arrived = arrival(&payouts[0].paid());
            let credit = unreferenced_credit(own_number(purchase, 2), "NOK", arrived, amount);
            expect_on_credit(purchase, 807, &credit, |t| t.amounts(None, amount));
            purchase.credits.push(credit);
            purchase.payouts.extend(payouts);
        },
    },
];

/// The bank's reference of a movement, unique in the world.
fn own_number(purchase: &Purchase, kind: u64) -> String {
    format!("7{:013}{kind}", purchase.index)
}

fn expect_on_credit(
    purchase: &mut Purchase,
    rule: u16,
    credit: &AccountMovement,
    more: impl FnOnce(ExpectedFinding) -> ExpectedFinding,
) {
    let id = format!("{}/{}", masked(&of_currency(0)), credit.reference);
    purchase.truth.push(more(ExpectedFinding::new(rule, "bank", id)));
}

fn expect_on_statement(
    purchase: &mut Purchase,
    rule: u16,
    account: &PlantedAccount,
    place: usize,
    more: impl FnOnce(ExpectedFinding) -> ExpectedFinding,
) {
    let id = format!("{}/{}", masked(&account.number), account.statements[place].id);
    purchase.truth.push(more(ExpectedFinding::new(rule, "bank", id)));
}

/// An account on which money is put aside, with a deposit in each week.
fn savings(purchase: &Purchase, rng: &mut Rng, weeks: i64) -> PlantedAccount {
    let number = further(purchase.index);
    let mut balance = rng.range(1_000, 90_000) * 100;
    let start = LAST_DAY - 4 - 7 * rng.range(6, 10);
    let statements = (0..weeks).map(|week| {
        let (first, opening, amount) = (start + 7 * week, balance, rng.range(100, 9_000) * 100);
        balance += amount;
        let reference = own_number(purchase, 3 + week as u64);
        let deposit = AccountMovement::plain(reference, "NOK", first + 2, amount, "Sparing");
        AccountStatement {
            id: format!("{number}-{}", week + 1),
            days: (first, first + 6),
            opening,
            closing: balance,
            movements: vec![deposit],
        }
    });
    let statements = statements.collect();
    PlantedAccount { number, statements }
}
