//! AV713 payout-chain-broken.

use crate::card;
use crate::model::finding::Hit;
use crate::payout::Payout;
use crate::rules::{Check, Cx, Rule};

card! {
    /// A payout does not begin with what the payout before it left.
    ///
    /// What a provider owes, or is owed, is carried from payout to payout. A break means that a payout between the two
    /// is not in the input, or that money was taken or given on the way.
    "AV713" "payout-chain-broken" Warning [Payout]
    message: "the payout before it left a balance of {expected}, it begins with {actual}"
    action: "Fetch the payouts between the two; if there are none, ask the provider what was booked between them."
    fires: "A payout leaves a debt of 30.00, the next one of the same seller begins with one of 20.00."
    silent: "A payout leaves a debt of 30.00, the next one begins with one of 30.00."
    needs: ProviderPayouts
    window: None
    tolerance: None
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Payout(check)] };

fn check<'p>(payout: &'p Payout, cx: &mut Cx<'_, 'p>) {
    if let Some([closing, opening]) = payout.chain
        && closing != opening
    {
        cx.hit(Hit::amounts(closing, opening));
    }
}
