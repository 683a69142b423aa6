//! AV804 bank-credit-unknown.

use crate::card;
use crate::model::finding::Hit;
use crate::payout::facts::Credited;
use crate::rules::{Check, Cx, Rule};

card! {
    /// Money came from a provider, and no payout of the input explains it.
    ///
    /// The settlement reports are not complete, or the provider paid what it does not report. Credits in which none
    /// of the names in `payers` of `[bank]` stands are left alone: what else comes to the account is not our matter.
    "AV804" "bank-credit-unknown" Warning [Bank]
    message: "{actual} came from a provider, and no payout in the input is as much or has its reference"
    action: "Fetch the settlement reports of these days; if they have no such payout, ask the provider what it paid."
    fires: "A credit of 300.00 with the text `DINTERO R17500`, and no payout of that reference or amount."
    silent: "The same credit with the text `Husleie oktober`; or a payout has its reference, in whatever currency."
    needs: Statements
    window: None
    tolerance: MinorUnits
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Credited(check)] };

fn check<'p>(credited: &Credited<'p>, cx: &mut Cx<'_, 'p>) {
    let amount = credited.credit.amount();
    if credited.names_payer && cx.more(amount, 0) {
        cx.hit(Hit::amounts(0, amount).currency(Some(&credited.credit.entry.currency)));
    }
}
