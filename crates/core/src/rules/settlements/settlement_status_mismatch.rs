//! AV705 settlement-status-mismatch.

use crate::card;
use crate::ledger::Settled;
use crate::model::finding::Hit;
use crate::model::status::SettlementStatus;
use crate::rules::{Check, Cx, Rule};

card! {
    /// The settlement status contradicts the settlement reports, or the captures.
    ///
    /// Books that are closed by this status wait for money that has come, or write off as paid out what was never
    /// taken.
    "AV705" "settlement-status-mismatch" Warning [Transaction]
    message: "the settlement status contradicts the settlement reports or the captures"
    action: "Fetch the transaction again; if its status stays, go by the reports and tell the provider."
    fires: "Status NOT_SETTLED, and a report line names the transaction; or SETTLED, and nothing was captured."
    silent: "Status PARTIALLY_SETTLED, and a report line names the transaction."
    needs: Nothing
    window: None
    tolerance: None
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Settled(check)] };

fn check<'p>(settled: &Settled<'_, 'p>, cx: &mut Cx<'_, 'p>) {
    let is_wrong = match settled.status {
        Some(SettlementStatus::Not) => settled.lines > 0,
        Some(SettlementStatus::Whole) => settled.transaction.captured == 0,
        _ => false,
    };
    if is_wrong {
        cx.hit(Hit::new());
    }
}
