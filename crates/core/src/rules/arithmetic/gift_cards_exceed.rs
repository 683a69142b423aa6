//! AV603 gift-cards-exceed.

use crate::card;
use crate::ledger::{Ledger, Triggers};
use crate::model::finding::Hit;
use crate::model::money::Sum;
use crate::rules::{Check, Cx, Rule};

card! {
    /// The gift cards of a transaction cover more than its amount.
    ///
    /// A gift card pays a part of the amount, at most all of it. What is drawn beyond is a debt to the card's holder:
    /// the card is emptied, and nothing was sold for it.
    "AV603" "gift-cards-exceed" Error [Transaction]
    message: "gift cards cover {actual} of an amount of {expected}: {delta} too much"
    action: "Check what was drawn from the card with its issuer, and put the difference back."
    fires: "An amount of 100.00 with a gift card of 120.00."
    silent: "An amount of 100.00 with a gift card of 100.00."
    needs: Nothing
    window: None
    tolerance: MinorUnits
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Ledger(Triggers::CARDS, check)] };

fn check<'p>(ledger: &Ledger<'p>, cx: &mut Cx<'_, 'p>) {
    let cards = ledger.cards(ledger.head.cards);
    if cards.is_empty() {
        return;
    }
    let sum: Sum = cards.iter().filter_map(|card| card.amount).map(Sum::from).sum();
    if cx.more(sum, ledger.authorized) {
        cx.hit(Hit::amounts(ledger.authorized, sum));
    }
}
