//! AV108 negative-amount.

use crate::card;
use crate::ledger::{Ledger, Triggers};
use crate::model::finding::Hit;
use crate::model::money::Sum;
use crate::rules::{Check, Cx, Rule};

card! {
    /// The amount of a transaction, or of one of its events, is below zero.
    ///
    /// A transaction's amounts are magnitudes: the kind of the event says which way the money goes. A negative one
    /// turns a capture into a hidden refund and makes every sum wrong by twice its size. (Orders are another matter:
    /// there a reversed line is captured with a negative amount.)
    "AV108" "negative-amount" Error [Transaction]
    message: "the amount {actual} is below zero"
    action: "Find out with the provider what the event really moved, and correct the system that wrote the sign."
    fires: "A refund of -50.00."
    silent: "A refund of 50.00; an item of -50.00 for a gift card of the shop."
    needs: Nothing
    window: None
    tolerance: MinorUnits
    repair: FlipSign
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Ledger(Triggers::AMOUNT, check)] };

fn check<'p>(ledger: &Ledger<'p>, cx: &mut Cx<'_, 'p>) {
    if ledger.is_order() {
        return;
    }
    if let Some(amount) = ledger.head.amount.filter(|amount| cx.negative(Sum::from(*amount))) {
        cx.hit(Hit::amounts(0, amount));
    }
    for event in &ledger.events {
        if let Some(amount) = event.stated.filter(|amount| cx.negative(Sum::from(*amount))) {
            cx.hit(Hit::amounts(0, amount).at(event));
        }
    }
}
