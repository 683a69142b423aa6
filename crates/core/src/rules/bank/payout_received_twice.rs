//! AV803 payout-received-twice.

use crate::card;
use crate::model::finding::Hit;
use crate::payout::detail::detail;
use crate::payout::facts::Received;
use crate::rules::{Check, Cx, Rule};

card! {
    /// A payout came in full, and a further credit bears its reference.
    ///
    /// The provider paid twice and will take it back, or the statement was exported twice without the bank's own
    /// references, and all of its entries count double.
    "AV803" "payout-received-twice" Error [Payout]
    message: "{actual} came with the reference of a payout that had come in full ({detail})"
    action: "Check whether the statement is in the input twice; if it is not, tell the provider, and keep the money apart."
    fires: "Two credits of 1000.00, both with the reference of one payout of 1000.00."
    silent: "Credits of 400.00 and 600.00 with the reference of one payout of 1000.00."
    needs: Statements
    window: None
    tolerance: MinorUnits
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Received(check)] };

fn check<'p>(received: &Received<'p>, cx: &mut Cx<'_, 'p>) {
    let claim = received.claim;
    for credit in received.repeats().filter(|credit| cx.more(credit.amount(), 0)).collect::<Vec<_>>() {
        let detail = detail(claim.namespace, claim.currency, &credit.name());
        let hit = Hit::amounts(0, credit.amount()).detail(detail);
        cx.hit(hit.currency(Some(claim.currency)).settlement(claim.id));
    }
}
