//! AV703 settlement-line-unknown.

use crate::card;
use crate::ledger::{Settlement, SettlementLine};
use crate::model::finding::Hit;
use crate::rules::{Check, Cx, Rule};

card! {
    /// A line of a settlement report belongs to no transaction of the input.
    ///
    /// Money was paid out, or held back, for a sale that the books do not have: the export is not complete, the sale
    /// was made past the shop, or somebody else's money came along. Fees and corrections without a capture or refund
    /// need no transaction.
    "AV703" "settlement-line-unknown" Warning [Settlement]
    message: "{event} settles money of a transaction that the input does not have, or that it does not name"
    action: "Export the transaction too, with a wider date range if need be; if there is none, ask the provider what was sold."
    fires: "A line names a transaction that is in none of the files; or names none, and has a capture of 100.00."
    silent: "A line names a transaction of which only a webhook is there; or names none, and has nothing but a fee."
    needs: Transactions
    window: None
    tolerance: None
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Settlement(nameless), Check::UnknownLine(unknown)] };

fn nameless<'p>(settlement: &Settlement<'p>, cx: &mut Cx<'_, 'p>) {
    for line in settlement.lines.iter().filter(|line| line.transaction_id.is_none()) {
        if line.capture.unwrap_or(0) != 0 || line.refund.unwrap_or(0) != 0 {
            cx.hit(Hit::new().at(settlement.line_ref(line)).settlement(settlement.id));
        }
    }
}

fn unknown<'p>(settlement: &Settlement<'p>, line: &SettlementLine<'p>, cx: &mut Cx<'_, 'p>) {
    if line.transaction_id.is_some() {
        cx.hit(Hit::new().at(settlement.line_ref(line)).settlement(settlement.id));
    }
}
