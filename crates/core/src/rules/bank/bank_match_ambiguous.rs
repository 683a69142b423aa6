//! AV807 bank-match-ambiguous.

use crate::card;
use crate::model::finding::Hit;
use crate::payout::facts::Credited;
use crate::rules::{Check, Cx, Rule};

card! {
    /// A credit may pay one payout as well as another, and nothing tells which.
    ///
    /// It bears the references of several payouts, or none and is as much as several, or as several together. It is
    /// matched with none of them, since a wrong match would hide the payout that did not come.
    "AV807" "bank-match-ambiguous" Warning [Bank]
    message: "{actual} may pay any of these: {candidates}"
    action: "Look up the reference of this credit at the bank, and ask for one reference for each payout."
    fires: "Two payouts of 500.00 on one day, and one credit of 500.00 without a reference."
    silent: "The same, and the credit bears the reference of one of them."
    needs: Statements
    window: None
    tolerance: None
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Credited(check)] };

fn check<'p>(credited: &Credited<'p>, cx: &mut Cx<'_, 'p>) {
    if credited.candidates.is_some() {
        let hit = Hit::actual(credited.credit.amount()).currency(Some(&credited.credit.entry.currency));
        cx.hit(hit.candidates(credited.candidate_names()));
    }
}
