//! AV709 settlement-line-differs.

use crate::card;
use crate::model::finding::Hit;
use crate::payout::SettledTwice;
use crate::rules::{Check, Cx, Rule};

card! {
    /// A payment and the report of its settlement state other amounts.
    ///
    /// Both come from the provider and are about the same payout. One of them is wrong, and the journal follows the
    /// report.
    "AV709" "settlement-line-differs" Error [Transaction]
    message: "the payment says that {expected} was {detail} in this settlement, the report's lines say {actual}"
    action: "Fetch both again; if they still differ, ask the provider which amount was paid out."
    fires: "The payment names a capture of 100.00 in settlement S1; the report's line of it captures 99.00."
    silent: "Two lines of the report capture 60.00 and 40.00 of that payment."
    needs: Entries
    window: None
    tolerance: MinorUnits
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::SettledTwice(check)] };

fn check<'p>(settled: &SettledTwice<'p>, cx: &mut Cx<'_, 'p>) {
    for (which, (ours, theirs)) in
        ["captured", "refunded"].into_iter().zip(settled.entries.into_iter().zip(settled.lines))
    {
        if cx.differs(theirs, ours) {
            cx.hit(Hit::amounts(ours, theirs).detail(which).settlement(settled.settlement));
        }
    }
}
