//! AV005 exponent-suspicious.

use crate::card;
use crate::ledger::{Ledger, Triggers};
use crate::model::currency::exponent;
use crate::model::finding::Hit;
use crate::model::money::Sum;
use crate::rules::{Check, Cx, Rule};

card! {
    /// A currency without decimals, and every amount is a multiple of a hundred.
    ///
    /// Several shop modules multiply every price by 100 to get "cents", also in currencies that have none, such as
    /// ISK and JPY. The payer is then asked for a hundred times the price. Round prices exist, so this is only a
    /// hint; it speaks where the total is large enough to matter.
    "AV005" "exponent-suspicious" Info [Transaction Order]
    message: "{currency} has no decimals, yet every amount is divisible by 100: perhaps all are a hundred times too large"
    action: "Compare one order with the shop's own price. If it is a hundred times larger here, correct the shop module's currency setting."
    fires: "A transaction over 1990000 ISK with lines of 1490000 and 500000, captured in full."
    silent: "The same with one line of 14950 ISK; or any transaction over 9900 ISK."
    needs: Nothing
    window: None
    tolerance: None
    repair: None
}

/// The least authorised amount that the rule judges, in minor units.
const MIN_AMOUNT: Sum = 10_000;

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Ledger(Triggers::CURRENCY, check)] };

fn check<'p>(ledger: &Ledger<'p>, cx: &mut Cx<'_, 'p>) {
    let Some(currency) = ledger.head.currency else { return };
    if ledger.authorized < MIN_AMOUNT || exponent(currency) != Some(0) {
        return;
    }
    let of_events = ledger.events.iter().filter_map(|event| event.amount);
    let of_lines = ledger.tallies.iter().filter(|line| line.on_ledger).filter_map(|line| line.amount);
    if std::iter::once(ledger.authorized).chain(of_events).chain(of_lines).all(|amount| amount % 100 == 0) {
        cx.hit(Hit::new());
    }
}
