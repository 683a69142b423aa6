//! AV801 payout-not-received.

use crate::card;
use crate::model::finding::Hit;
use crate::payout::detail::detail;
use crate::payout::facts::Received;
use crate::rules::{Check, Cx, Rule};

card! {
    /// A payout did not reach the bank account, though its statements cover all days on which it should have come.
    ///
    /// The days are those of the statements of one account, from the payout's own day until the window of `[bank]` has
    /// passed. A payout that comes a day later than they end is only expected, and so is one without a day. Money that
    /// went to another account, or that the provider kept back, stays unnoticed unless somebody looks for it.
    "AV801" "payout-not-received" Error [Payout]
    message: "{expected} was paid out, and the statements of all days on which it should have come do not have it"
    action: "Look for it on other accounts; if it is on none, claim it from the provider with the reference of the payout."
    fires: "145.00 paid out on the 5th, statements from the 1st to the 31st, and no credit with its reference or its amount."
    silent: "The statements end on the 11th, and the bank has seven days; or the only credit of its amount may pay two payouts."
    needs: Statements
    window: None
    tolerance: MinorUnits
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Received(check)] };

fn check<'p>(received: &Received<'p>, cx: &mut Cx<'_, 'p>) {
    let claim = received.claim;
    if received.is_overdue(cx.facts.as_of, cx.tolerance()) {
        let hit = Hit::amounts(claim.amount, 0).detail(detail(claim.namespace, claim.currency, ""));
        cx.hit(hit.currency(Some(claim.currency)).settlement(claim.id));
    }
}
