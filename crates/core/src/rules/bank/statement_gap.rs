//! AV806 statement-gap.

use crate::card;
use crate::model::finding::Hit;
use crate::payout::statements::Neighbours;
use crate::rules::{Check, Cx, Rule};

card! {
    /// A bank statement does not follow the one before: it begins before that ends, or opens with another balance.
    ///
    /// Between two statements whose balances do not meet, entries are missing, and days seem to be covered that are
    /// not. In two that overlap, entries without the bank's own reference count twice.
    "AV806" "statement-gap" Warning [Bank]
    message: "the statement before closes with {expected} and this one opens with {actual}, or their days overlap"
    action: "Export the statements again so that each begins on the day after the one before ends."
    fires: "A statement that closes with 1555.00 on the 10th, and one that begins on the 11th and opens with 1500.00."
    silent: "A statement that closes with 1555.00 on the 10th, and one that begins on the 13th and opens with 1555.00."
    needs: Statements
    window: None
    tolerance: None
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Neighbours(check)] };

fn check<'p>(neighbours: &Neighbours<'p>, cx: &mut Cx<'_, 'p>) {
    let currency = neighbours.later.currency.as_deref();
    if neighbours.overlap() {
        cx.hit(Hit::new().currency(currency));
    } else if let Some((closing, opening)) = neighbours.balances()
        && closing != opening
    {
        cx.hit(Hit::amounts(closing, opening).currency(currency));
    }
}
