//! AV412 status-unresolved.

use crate::card;
use crate::ledger::{Ledger, Triggers};
use crate::model::finding::Hit;
use crate::model::status::Status;
use crate::rules::{Check, Cx, Rule};

card! {
    /// The status leaves open whether there is money.
    ///
    /// UNKNOWN means that the provider itself does not know; a missing status, or a word that nobody knows, means
    /// the same to whoever reads it; and a review that keeps a payment on hold for more than a week has been
    /// forgotten. None of them may be taken for zero.
    "AV412" "status-unresolved" Warning [Transaction]
    message: "the status \"{actual}\" leaves open whether there is money"
    action: "Ask the provider for the outcome, and hold the order back until there is one."
    fires: "Status UNKNOWN; or ON_HOLD with the last event nine days ago."
    silent: "Status ON_HOLD with the last event exactly seven days ago; status `rejected`."
    needs: Nothing
    window: Seconds { key: "on_hold", default: 7 * 86_400 }
    tolerance: None
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Ledger(Triggers::STATUS, check)] };

fn check<'p>(ledger: &Ledger<'p>, cx: &mut Cx<'_, 'p>) {
    if ledger.is_order() {
        return;
    }
    let hit = Hit::words("", ledger.head.status_word.unwrap_or_default());
    match ledger.head.status {
        None | Some(Status::Unknown) => cx.hit(hit),
        Some(Status::OnHold) => {
            let last = ledger.timeline().next_back().and_then(|(event, _)| event.time);
            if let Some(last) = last {
                cx.hit_after(last, cx.window(), hit);
            }
        }
        Some(_) => {}
    }
}
