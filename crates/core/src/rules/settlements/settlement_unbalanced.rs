//! AV701 settlement-unbalanced.

use crate::card;
use crate::ledger::{Settlement, SettlementAmounts};
use crate::model::finding::Hit;
use crate::model::money::Minor;
use crate::rules::{Check, Cx, Rule};

card! {
    /// The header of a settlement does not add up, whichever sign its refunds and fees bear.
    ///
    /// The amount paid out is what was captured less refunds and fees. Providers write refunds and fees as
    /// magnitudes or as negative numbers, and every such way was tried. What is left is money that was held back, or
    /// paid, for a reason that the settlement does not state: a chargeback, a correction, a guarantee.
    "AV701" "settlement-unbalanced" Error [Settlement]
    message: "the settlement pays out {actual}, its captures less refunds and fees come to {expected}: {delta} apart"
    action: "Ask the provider what the difference is, and book it as that."
    fires: "Amount 194.00, capture 300.00, refund 100.00, fee 7.00."
    silent: "Amount 194.00, capture 300.00, refund -100.00, fee 6.00."
    needs: Nothing
    window: None
    tolerance: None
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Settlement(check)] };

fn check<'p>(settlement: &Settlement<'p>, cx: &mut Cx<'_, 'p>) {
    for (n, header) in settlement.amounts.iter().enumerate() {
        let Some(amount) = unbalanced(settlement, header) else { continue };
        // One finding per currency, even if two headers have the same.
        let is_reported = |earlier: &SettlementAmounts<'_>| {
            earlier.currency == header.currency && unbalanced(settlement, earlier).is_some()
        };
        if settlement.amounts[..n].iter().any(is_reported) {
            continue;
        }
        let expected = settlement.conventions.documented.net(header.capture, header.refund, header.fee);
        let hit = Hit::amounts(expected, amount).detail(header.currency.unwrap_or_default());
        cx.hit(hit.currency(header.currency).settlement(settlement.id));
    }
}

/// The amount of a header for which no convention holds.
fn unbalanced(settlement: &Settlement<'_>, header: &SettlementAmounts<'_>) -> Option<Minor> {
    header.amount.filter(|_| settlement.conventions.of(header).is_none())
}
