//! AV305 splits-missing.

use crate::card;
use crate::ledger::{Ledger, Triggers};
use crate::model::event::EventKind;
use crate::model::finding::Hit;
use crate::rules::{Check, Cx, Rule};

card! {
    /// A capture says nothing of sellers, while another one of the transaction does.
    ///
    /// Splits left open when the payment was made must be given at capture. A capture that forgets them is paid
    /// out to the account alone, or waits until somebody asks where the money is.
    "AV305" "splits-missing" Warning [Transaction]
    message: "{event} takes {actual} without splits, though another capture of the transaction has them"
    action: "Find out which sellers this capture belongs to and how it was paid out, and send splits with every capture of a split payment."
    fires: "A first capture of 597.00 with two splits, then one of 86.00 with none."
    silent: "Two captures with splits each, be it on the event or on its items."
    needs: Nothing
    window: None
    tolerance: None
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Ledger(Triggers::SPLITS, check)] };

fn check<'p>(ledger: &Ledger<'p>, cx: &mut Cx<'_, 'p>) {
    if ledger.splits.is_empty() || ledger.is_order() {
        return;
    }
    if !ledger.effective(EventKind::Capture).any(|capture| ledger.has_splits(capture)) {
        return;
    }
    for capture in ledger.effective(EventKind::Capture) {
        if !ledger.has_splits(capture) {
            cx.hit(Hit::actual(capture.sum()).at(capture));
        }
    }
}
