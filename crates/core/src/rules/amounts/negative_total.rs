//! AV109 negative-total.

use crate::card;
use crate::ledger::Ledger;
use crate::model::event::EventList;
use crate::model::finding::Hit;
use crate::rules::{Check, Cx, Rule};

card! {
    /// What an order authorised, captured, refunded or released comes to less than nothing.
    ///
    /// When an order is changed, the old line is reversed with a negative amount and the new one added, so single
    /// operations may be negative. Their total may not: then a reversal has no original, because it was reversed
    /// twice or the first operation is missing from the record.
    "AV109" "negative-total" Error [Order]
    message: "{detail} in all {actual}: reversals exceed what they reverse"
    action: "Look for a line that was reversed twice, or for an operation that the export lacks."
    fires: "Captures of 100.00 and -150.00."
    silent: "Captures of 100.00, -100.00 and 80.00."
    needs: Nothing
    window: None
    tolerance: MinorUnits
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Order(check)] };

fn check<'p>(ledger: &Ledger<'p>, cx: &mut Cx<'_, 'p>) {
    if !ledger.is_order() {
        return;
    }
    let authorized = if ledger.given(EventList::Authorizations) { ledger.authorized } else { 0 };
    let totals = [
        ("authorised", authorized),
        ("captured", ledger.totals.captured),
        ("refunded", ledger.totals.refunded),
        ("released", ledger.totals.released),
    ];
    for (name, total) in totals {
        if cx.negative(total) {
            cx.hit(Hit::amounts(0, total).detail(name));
        }
    }
}
