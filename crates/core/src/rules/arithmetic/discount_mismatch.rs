//! AV602 discount-mismatch.

use crate::card;
use crate::ledger::{Item, Ledger, Session, Triggers};
use crate::model::finding::Hit;
use crate::model::money::Sum;
use crate::rules::{Check, Cx, Rule};

card! {
    /// An item's gross amount less its discounts is not its amount.
    ///
    /// The payer was promised a discount and charged something else, or the discount is stated wrongly. Either way
    /// campaign figures and tax per line rest on amounts that were never charged.
    "AV602" "discount-mismatch" Warning [Transaction Session]
    message: "gross less discounts is {expected} on line {line}, its amount is {actual}: {delta} apart"
    action: "Compare the line with the shop's discount. If the payer was charged too much, refund the difference."
    fires: "Gross 100.00, a discount of 44.00, amount 66.00."
    silent: "Gross 100.00, discounts of 30.00 and 14.00, amount 56.00; or no discount lines at all."
    needs: Nothing
    window: None
    tolerance: MinorUnits
    repair: None
}

pub static RULE: Rule =
    Rule { card: &CARD, checks: &[Check::Ledger(Triggers::ITEMS, check_ledger), Check::Session(check_session)] };

fn check_ledger<'p>(ledger: &Ledger<'p>, cx: &mut Cx<'_, 'p>) {
    check(ledger.document_items(), cx);
}

fn check_session<'p>(session: &Session<'p>, cx: &mut Cx<'_, 'p>) {
    check(&session.items, cx);
}

fn check<'p>(items: &[Item<'p>], cx: &mut Cx<'_, 'p>) {
    for item in items {
        let (Some(gross), Some(discounts), Some(amount)) = (item.gross, item.discounts, item.amount) else { continue };
        let expected = Sum::from(gross) - discounts;
        if cx.differs(Sum::from(amount), expected) {
            cx.hit(Hit::amounts(expected, amount).line(item.line));
        }
    }
}
