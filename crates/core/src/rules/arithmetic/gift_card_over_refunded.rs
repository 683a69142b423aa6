//! AV604 gift-card-over-refunded.

use crate::card;
use crate::ledger::{GiftCard, Ledger, Triggers};
use crate::model::event::EventKind;
use crate::model::finding::Hit;
use crate::model::money::Sum;
use crate::rules::{Check, Cx, Rule};

card! {
    /// More was refunded to a gift card than was captured from it.
    ///
    /// Refunds go to the gift card first, up to what it paid. Beyond that, new value is created on the card: it can be
    /// spent a second time, at the merchant's cost. The card is named by a hash only.
    "AV604" "gift-card-over-refunded" Error [Transaction]
    message: "refunded {actual} to a gift card, from which {expected} was captured: {delta} too much"
    action: "Have the card's issuer take the difference off the card again, and find the refund that should have gone elsewhere."
    fires: "Captured 50.00 from a gift card, refunded 30.00 and 30.00 to it."
    silent: "Captured 50.00 from a gift card, refunded 30.00 and 20.00 to it."
    needs: Nothing
    window: None
    tolerance: MinorUnits
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Ledger(Triggers::CARDS, check)] };

fn check<'p>(ledger: &Ledger<'p>, cx: &mut Cx<'_, 'p>) {
    if ledger.cards.is_empty() {
        return;
    }
    let mut parts: Vec<(&'p str, Sum, Sum)> = Vec::new();
    let amount = |card: &GiftCard<'p>| card.amount.map_or(0, Sum::from);
    for event in ledger.effective(EventKind::Capture) {
        parts.extend(ledger.cards(event.cards).iter().filter_map(|card| Some((card.card?, amount(card), 0))));
    }
    for event in ledger.effective(EventKind::Refund) {
        parts.extend(ledger.cards(event.cards).iter().filter_map(|card| Some((card.card?, 0, amount(card)))));
    }
    parts.sort_unstable();
    for of_card in parts.chunk_by(|a, b| a.0 == b.0) {
        let captured: Sum = of_card.iter().map(|part| part.1).sum();
        let refunded: Sum = of_card.iter().map(|part| part.2).sum();
        if cx.more(refunded, captured) {
            cx.hit(Hit::amounts(captured, refunded).detail(of_card[0].0));
        }
    }
}
