//! AV309 gift-card-with-splits.

use crate::card;
use crate::ledger::{Ledger, Triggers};
use crate::model::finding::Hit;
use crate::rules::{Check, Cx, Rule};

card! {
    /// A payment by gift card was split among sellers.
    ///
    /// The provider does not combine the two: the part that the gift card covers is not paid out to any seller, so
    /// splits of the whole amount promise more than there is to pay out.
    "AV309" "gift-card-with-splits" Warning [Transaction]
    message: "the payment has gift cards, and its events have splits"
    action: "Compare what the sellers were promised with what was paid out, and keep gift cards out of payments that are split."
    fires: "A gift card covers 100.00 of the payment, and the capture has splits."
    silent: "A gift card covers 100.00 of the payment, and no event has splits."
    needs: Nothing
    window: None
    tolerance: None
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Ledger(Triggers::CARDS, check)] };

fn check<'p>(ledger: &Ledger<'p>, cx: &mut Cx<'_, 'p>) {
    if ledger.head.cards.is_empty() || ledger.splits.is_empty() || ledger.is_order() {
        return;
    }
    if ledger.events.iter().any(|event| event.effective() && ledger.has_splits(event)) {
        cx.hit(Hit::new());
    }
}
