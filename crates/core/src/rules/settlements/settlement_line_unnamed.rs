//! AV710 settlement-line-unnamed.

use crate::card;
use crate::ledger::{Settlement, SettlementLine};
use crate::model::finding::{Hit, Value};
use crate::rules::{Check, Cx, Rule};

card! {
    /// A line of a settlement report names a payment that says it was settled elsewhere.
    ///
    /// The payment names its settlements, and this one is not among them: the payment was exported before it was
    /// settled, or the line is of another payment.
    "AV710" "settlement-line-unnamed" Warning [Settlement]
    message: "{event} settles {actual} of a payment that names other settlements, and not this one"
    action: "Fetch the payment again; if it still does not name this settlement, ask the provider whose money it is."
    fires: "A line of S1 names a payment whose events name the settlement S2 alone."
    silent: "A line of S1 names a payment whose events name no settlement."
    needs: Entries
    window: None
    tolerance: None
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::UnnamedLine(check)] };

fn check<'p>(settlement: &Settlement<'p>, line: &SettlementLine<'p>, cx: &mut Cx<'_, 'p>) {
    if line.capture.unwrap_or(0) != 0 || line.refund.unwrap_or(0) != 0 {
        let hit = Hit { actual: Value::Amount(line.net_by(settlement.convention())), ..Hit::new() };
        cx.hit(hit.at(settlement.line_ref(line)).settlement(settlement.id));
    }
}
