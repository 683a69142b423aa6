//! AV207 duplicate-line.

use crate::card;
use crate::ledger::{Ledger, Triggers};
use crate::model::finding::Hit;
use crate::rules::{Check, Cx, Rule};

card! {
    /// Two items of a transaction bear the same line id.
    ///
    /// Captures and refunds name the lines they mean by this id. Where two items share it, nobody can tell which one
    /// was captured or refunded; they are judged as one line, and an error between the two stays hidden.
    "AV207" "duplicate-line" Warning [Transaction]
    message: "several items bear the line id {line}"
    action: "Make the shop give every line an id of its own, for instance the row's number instead of the article's."
    fires: "Two rows of the same article, both sent with the article number as line id."
    silent: "Two rows of the same article with the line ids 1 and 2; or two items without any line id."
    needs: Nothing
    window: None
    tolerance: None
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Ledger(Triggers::LINES, check)] };

fn check<'p>(ledger: &Ledger<'p>, cx: &mut Cx<'_, 'p>) {
    let mut repeated = repeated_tallies(ledger);
    repeated.sort_unstable();
    repeated.dedup();
    for tally in repeated {
        cx.hit(Hit::new().line(Some(ledger.tallies[tally as usize].line)));
    }
}

/// The lines of items that are not the first of their line. Lines are numbered in the order in
/// which items name them, so a first item always has the next number.
fn repeated_tallies(ledger: &Ledger<'_>) -> Vec<u32> {
    let (mut next, mut repeated) = (0, Vec::new());
    for tally in ledger.document_items().iter().filter_map(|item| item.tally) {
        if tally < next {
            repeated.push(tally);
        } else {
            next = tally + 1;
        }
    }
    repeated
}
