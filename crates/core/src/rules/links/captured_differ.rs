//! AV501 captured-differ.

use super::{comparable, compare_totals};
use crate::card;
use crate::ledger::OrderPartners;
use crate::model::event::EventList;
use crate::rules::{Check, Cx, Rule};

card! {
    /// An order and its transactions do not agree on what was captured.
    ///
    /// An order only records what the shop was told; the money moves on the transaction. A capture made in the back
    /// office never reaches the order, and a capture that the order believes in may have failed: either the goods
    /// are sent without being paid, or the books know nothing of money that came in.
    ///
    /// A change of an order may be booked as a negative capture where the payment has a refund. Such an order is fine
    /// when captured less refunded is the same on both sides.
    "AV501" "captured-differ" Error [Order]
    message: "the order has {actual} captured, its transactions have {expected}: {delta} apart"
    action: "Compare the captures of both sides one by one, and record on the order what really moved."
    fires: "The order has a capture of 278.40, its transaction none."
    silent: "The order has a capture of 278.40, its two transactions have 200.00 and 78.40."
    needs: Partners
    window: None
    tolerance: MinorUnits
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::OrderPartners(check)] };

fn check<'p>(pair: &OrderPartners<'_, 'p>, cx: &mut Cx<'_, 'p>) {
    let Some(transactions) = comparable(pair, EventList::Captures) else { return };
    if pair.nets_by_reversal() {
        return;
    }
    let captured = transactions.map(|t| t.captured).sum();
    compare_totals(pair, captured, pair.order.captured, cx);
}
