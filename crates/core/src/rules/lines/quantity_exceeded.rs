//! AV208 quantity-exceeded.

use crate::card;
use crate::ledger::{Ledger, Triggers};
use crate::model::finding::Hit;
use crate::model::money::beyond;
use crate::rules::{Check, Cx, Rule};

card! {
    /// More pieces of a line were captured than were ordered.
    ///
    /// Amounts alone decide what is paid, so no money is wrong yet. But more goods were billed than sold: the wrong
    /// article was shipped, or a capture repeats an earlier one at another price. Goods by weight count with their
    /// exact decimals.
    "AV208" "quantity-exceeded" Warning [Transaction]
    message: "captured {actual} pieces of line {line}, of which {expected} were ordered"
    action: "Compare the captures of this line with what was shipped, and correct the quantity or refund what was billed twice."
    fires: "A line with quantity 2, captured with quantities 1.5 and 0.75."
    silent: "A line with quantity 2, captured with quantities 1.5 and 0.5."
    needs: Nothing
    window: None
    tolerance: None
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Ledger(Triggers::LINES, check)] };

fn check<'p>(ledger: &Ledger<'p>, cx: &mut Cx<'_, 'p>) {
    if ledger.is_order() {
        return;
    }
    for tally in ledger.tallies.iter().filter(|tally| tally.on_ledger) {
        let (Some(ordered), Some(captured)) = (tally.quantity, tally.captured_quantity) else { continue };
        if beyond(captured.0, ordered.0, 0) {
            cx.hit(Hit::words(ordered.display(), captured.display()).line(Some(tally.line)));
        }
    }
}
