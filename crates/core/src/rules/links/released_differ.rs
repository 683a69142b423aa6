//! AV503 released-differ.

use super::{comparable, compare_totals};
use crate::card;
use crate::ledger::OrderPartners;
use crate::model::event::EventList;
use crate::rules::{Check, Cx, Rule};

card! {
    /// An order and its transactions do not agree on what was released.
    ///
    /// Judged once nothing is left open on the transactions, for until then a cancelled line may still wait for its
    /// void. After that, what one side calls released the other has captured or never had, and one of them is wrong.
    "AV503" "released-differ" Error [Order]
    message: "the order has {actual} cancelled, its transactions have {expected} voided: {delta} apart"
    action: "Compare the cancellations of the order with the voids of its transactions, and record on the order what was really released."
    fires: "The transaction was voided over 100.00, the order has a cancellation of 60.00."
    silent: "The order has a cancellation of 60.00 while 60.00 of its transaction are still open."
    needs: Partners
    window: None
    tolerance: MinorUnits
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::OrderPartners(check)] };

fn check<'p>(pair: &OrderPartners<'_, 'p>, cx: &mut Cx<'_, 'p>) {
    let Some(transactions) = comparable(pair, EventList::Cancellations) else { return };
    if transactions.clone().any(|t| t.open() > 0) {
        return;
    }
    let released = transactions.map(|t| t.released).sum();
    compare_totals(pair, released, pair.order.released, cx);
}
