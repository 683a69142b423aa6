//! AV007 currency-changed.

use crate::card;
use crate::ledger::Copies;
use crate::model::finding::Hit;
use crate::rules::{Check, Cx, Rule};

card! {
    /// An earlier copy of a transaction or order states another currency than the kept one.
    ///
    /// The currency of a payment never changes. Where it does between two copies, the amounts of one of them are
    /// wrong by an exchange rate or by a factor of a hundred, and whatever was booked on the earlier copy is booked
    /// in the wrong currency.
    "AV007" "currency-changed" Error [Transaction Order]
    message: "an earlier copy is in {expected}, the kept copy in {actual}"
    action: "Ask the provider which currency the payer was charged in, and correct the bookings made on the other copy."
    fires: "Monday's export has the transaction in SEK, Tuesday's, with a later update, in NOK."
    silent: "Both copies are in NOK; or the earlier order document states no currency."
    needs: Nothing
    window: None
    tolerance: None
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Copies(check)] };

fn check<'p>(copies: &Copies<'_, 'p>, cx: &mut Cx<'_, 'p>) {
    let Some(kept) = copies.kept.and_then(|ledger| ledger.head.currency) else { return };
    if let Some(earlier) = copies.currencies.iter().find(|currency| **currency != kept) {
        cx.hit(Hit::words(*earlier, kept));
    }
}
