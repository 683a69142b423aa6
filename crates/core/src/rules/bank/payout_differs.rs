//! AV802 payout-differs.

use crate::card;
use crate::model::finding::Hit;
use crate::payout::detail::detail;
use crate::payout::facts::Received;
use crate::rules::{Check, Cx, Rule};

card! {
    /// The credits with a payout's reference come to another amount, or are in another currency.
    ///
    /// What is missing was kept back on the way: a fee of the bank, an exchange, an old debt. The provider's own
    /// figures say nothing of it, and books that take the payout as it was announced do not agree with the bank.
    "AV802" "payout-differs" Error [Payout]
    message: "{expected} was paid out, {actual} came with its reference"
    action: "Ask the bank and the provider what was kept back or exchanged, and book it as that."
    fires: "1455.00 paid out, and one credit of 1445.00 with its reference; or a credit in SEK for a payout in NOK."
    silent: "1000.00 paid out, and two credits of 400.00 and 600.00 with its reference."
    needs: Statements
    window: None
    tolerance: MinorUnits
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Received(check)] };

fn check<'p>(received: &Received<'p>, cx: &mut Cx<'_, 'p>) {
    let claim = received.claim;
    let amounts = received.other_amount(cx.tolerance());
    let amounts = amounts.map(|(expected, actual)| (Hit::amounts(expected, actual), "amount"));
    let currencies = received.other_currency().map(|currency| (Hit::words(claim.currency, currency), "currency"));
    if let Some((hit, which)) = amounts.or(currencies) {
        let hit = hit.detail(detail(claim.namespace, claim.currency, which));
        cx.hit(hit.currency(Some(claim.currency)).settlement(claim.id));
    }
}
