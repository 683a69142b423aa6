//! AV601 session-total-wrong.

use crate::card;
use crate::ledger::{Session, items_sum};
use crate::model::finding::Hit;
use crate::model::money::Sum;
use crate::rules::{Check, Cx, Rule};

card! {
    /// The items of a session's order, with shipping, do not sum to its amount.
    ///
    /// The provider checks this only where the shop asks for it. What the payer is shown line by line is then not what
    /// is charged; the difference turns up later as an unexplained rest on the transaction.
    "AV601" "session-total-wrong" Warning [Session]
    message: "items and shipping sum to {actual}, the order's amount is {expected}: {delta} apart"
    action: "Correct how the shop builds the session (rounding, shipping, discounts), or let the provider refuse such sessions."
    fires: "An amount of 139.00 with items of 99.98 and shipping of 39.00."
    silent: "An amount of 139.00 with items of 100.00 and shipping of 39.00; with partial payment also a lower amount."
    needs: Nothing
    window: None
    tolerance: MinorUnits
    repair: Round(SessionItems)
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Session(check)] };

fn check<'p>(session: &Session<'p>, cx: &mut Cx<'_, 'p>) {
    if session.items.is_empty() {
        return;
    }
    let expected = Sum::from(session.amount);
    let actual = items_sum(&session.items) + shipping_beside(session);
    // With a partial payment the rest may be paid elsewhere, so only a sum that is too small is wrong.
    let wrong = if session.partial_payment { cx.more(expected, actual) } else { cx.differs(actual, expected) };
    if wrong {
        cx.hit(Hit::amounts(expected, actual));
    }
}

/// The shipping option's amount, unless an item has its line.
fn shipping_beside(session: &Session<'_>) -> Sum {
    let Some(shipping) = &session.shipping else { return 0 };
    let among_items = shipping.line.is_some() && session.items.iter().any(|item| item.line == shipping.line);
    if among_items { 0 } else { shipping.amount.map_or(0, Sum::from) }
}
