//! AV805 statement-unbalanced.

use crate::bank::Statement;
use crate::card;
use crate::model::finding::Hit;
use crate::payout::statements::closing;
use crate::rules::{Check, Cx, Rule};

card! {
    /// The entries of a bank statement do not lead from its opening balance to its closing balance.
    ///
    /// An entry is missing, or was changed: the file was cut or edited, or the export left something out. What is not
    /// in the statement cannot be matched, and a payout would seem not to have come.
    "AV805" "statement-unbalanced" Error [Bank]
    message: "the opening balance and the entries come to {expected}, the statement closes with {actual}: {delta} apart"
    action: "Export the statement again, with all entries; do not edit it."
    fires: "Opening 100.00, one credit of 1455.00, closing 1545.00."
    silent: "Opening 100.00, one credit of 1455.00 and one still pending, closing 1555.00."
    needs: Statements
    window: None
    tolerance: None
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Statement(check)] };

fn check<'p>(statement: &'p Statement, cx: &mut Cx<'_, 'p>) {
    if let Some((sum, stated)) = closing(statement)
        && sum != stated.amount.into()
    {
        cx.hit(Hit::amounts(sum, stated.amount).currency(Some(&stated.currency)));
    }
}
