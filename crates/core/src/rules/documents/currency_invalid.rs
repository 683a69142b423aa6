//! AV004 currency-invalid.

use crate::card;
use crate::ledger::{Ledger, Triggers};
use crate::model::currency::exponent;
use crate::model::finding::Hit;
use crate::rules::{Check, Cx, Rule};

card! {
    /// The currency is no code of ISO 4217, or an order document states none.
    ///
    /// Amounts are whole numbers of the currency's smallest unit. Without a currency that is known, nobody can say
    /// whether 10000 is a hundred kroner or ten thousand yen, and the amounts add up with no others. Codes count as
    /// written: `nok` is not `NOK`. Withdrawn codes are right in old exports.
    "AV004" "currency-invalid" Error [Transaction Order]
    message: "the currency \"{actual}\" is no code of ISO 4217"
    action: "Correct the currency where the payment is created, and book the amounts by hand until then."
    fires: "A transaction in `nok`; an order document without currency."
    silent: "A transaction in DEM from an old archive; an order that is known by its operations alone."
    needs: Nothing
    window: None
    tolerance: None
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Ledger(Triggers::CURRENCY, check)] };

fn check<'p>(ledger: &Ledger<'p>, cx: &mut Cx<'_, 'p>) {
    if ledger.is_order() && !ledger.head.has_document {
        return;
    }
    let currency = ledger.head.currency.unwrap_or("");
    if exponent(currency).is_none() {
        cx.hit(Hit::words("", currency));
    }
}
