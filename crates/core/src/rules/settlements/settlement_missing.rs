//! AV707 settlement-missing.

use crate::card;
use crate::model::finding::Hit;
use crate::payout::Payout;
use crate::rules::{Check, Cx, Rule};

card! {
    /// Payments say that they were paid out under a settlement that the input does not have.
    ///
    /// Without the settlement nobody can tell whether the money came, or what was kept back of it. Its report was
    /// not exported, or never arrived.
    "AV707" "settlement-missing" Warning [Payout]
    message: "payments of {actual} name this settlement, and no report or list item of it is in the input"
    action: "Fetch the settlement's report; if the provider has none, ask where the payments were paid out."
    fires: "Two payments name the settlement S2; the reports in the input are of S1 and S3."
    silent: "The settlement list has an item for S2."
    needs: Settlements
    window: None
    tolerance: None
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Payout(check)] };

fn check<'p>(payout: &'p Payout, cx: &mut Cx<'_, 'p>) {
    if payout.is_missing {
        cx.hit(Hit::actual(payout.amount));
    }
}
