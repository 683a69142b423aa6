//! AV502 refunded-differ.

use super::{comparable, compare_totals};
use crate::card;
use crate::ledger::OrderPartners;
use crate::model::event::EventList;
use crate::rules::{Check, Cx, Rule};

card! {
    /// An order and its transactions do not agree on what was refunded.
    ///
    /// A refund that only the order knows never reached the payer; one that only the transaction knows left the
    /// account without a trace in the shop, and is easily made again.
    ///
    /// A change of an order may be booked as a negative capture where the payment has a refund. Such an order is fine
    /// when captured less refunded is the same on both sides.
    "AV502" "refunded-differ" Error [Order]
    message: "the order has {actual} refunded, its transactions have {expected}: {delta} apart"
    action: "Compare the refunds of both sides one by one; make the refund that is missing, or record on the order what was paid back."
    fires: "The transaction has a refund of 50.00 from the back office, the order none."
    silent: "Both have a refund of 50.00, at different times."
    needs: Partners
    window: None
    tolerance: MinorUnits
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::OrderPartners(check)] };

fn check<'p>(pair: &OrderPartners<'_, 'p>, cx: &mut Cx<'_, 'p>) {
    let Some(transactions) = comparable(pair, EventList::Refunds) else { return };
    if pair.nets_by_reversal() {
        return;
    }
    let refunded = transactions.map(|t| t.refunded).sum();
    compare_totals(pair, refunded, pair.order.refunded, cx);
}
