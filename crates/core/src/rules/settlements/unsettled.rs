//! AV706 unsettled.

use crate::card;
use crate::ledger::Settled;
use crate::model::finding::Hit;
use crate::rules::{Check, Cx, Rule};

card! {
    /// Captured money is in no settlement report, long after it should be.
    ///
    /// Payouts follow captures within days. What is in no report after two weeks is postponed, was paid out to
    /// another account, or its report is missing from the input; nobody else will notice that it never came.
    "AV706" "unsettled" Warning [Transaction]
    message: "{actual} was captured long ago, and no settlement report names the transaction"
    action: "Check that all reports since the capture are in the input; if they are, ask the provider where the money is."
    fires: "Captured 100.00 sixteen days ago, and no line of the reports names the transaction."
    silent: "Captured exactly fourteen days ago; or settled outside the provider (`dintero.external`)."
    needs: Reports
    window: Seconds { key: "unsettled", default: 14 * 86_400 }
    tolerance: None
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Settled(check)] };

fn check<'p>(settled: &Settled<'_, 'p>, cx: &mut Cx<'_, 'p>) {
    let transaction = settled.transaction;
    if !cx.facts.has_reports || settled.lines > 0 || settled.names_settlements || transaction.net() <= 0 {
        return;
    }
    if let Some((_, Some(captured_at))) = transaction.last_capture
        && !settled.product().settles_elsewhere
    {
        cx.hit_after(captured_at, cx.window(), Hit::actual(transaction.net()));
    }
}
