//! AV306 duplicate-destination.

use super::{FEW, counted_items};
use crate::card;
use crate::ledger::{Ledger, Split, Triggers};
use crate::model::finding::{EventRef, Hit};
use crate::rules::{Check, Cx, Rule};

card! {
    /// One list of splits names a destination twice.
    ///
    /// Two shares of one seller in the same list are often a share copied from another seller's line with the name
    /// left as it was: the sum is right, one seller gets double and another nothing.
    "AV306" "duplicate-destination" Warning [Transaction Order]
    message: "one list of splits names {destination} more than once"
    action: "Check which sellers these shares were meant for; where both are meant for this one, send them as one split."
    fires: "Splits of `seller-1` 297.00 and `seller-1` 300.00 on one capture."
    silent: "`seller-1` once on each of two items of the same capture."
    needs: Nothing
    window: None
    tolerance: None
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Ledger(Triggers::SPLITS, check)] };

fn check<'p>(ledger: &Ledger<'p>, cx: &mut Cx<'_, 'p>) {
    if ledger.splits.is_empty() {
        return;
    }
    for event in ledger.events.iter().filter(|event| event.effective()) {
        for destination in repeated(ledger.splits(event.splits)) {
            cx.hit(Hit::new().at(event).destination(destination));
        }
    }
    for (event, item) in counted_items(ledger) {
        for destination in repeated(ledger.splits(item.splits)) {
            cx.hit(Hit::new().at_some(event.map(EventRef::from)).line(item.line).destination(destination));
        }
    }
}

/// The destinations that a list names more than once, each once.
fn repeated<'p>(splits: &[Split<'p>]) -> Vec<&'p str> {
    let named_before =
        |(n, split): (usize, &Split<'_>)| splits[..n].iter().any(|other| other.destination == split.destination);
    if splits.len() <= FEW && !splits.iter().enumerate().any(named_before) {
        return Vec::new();
    }
    let mut names: Vec<&str> = splits.iter().map(|split| split.destination).collect();
    names.sort_unstable();
    names.chunk_by(|a, b| a == b).filter(|same| same.len() > 1).map(|same| same[0]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_long_lists_are_judged_alike() {
        let names: Vec<String> = (0..3 * FEW).map(|n| format!("seller-{n}")).collect();
        let mut splits: Vec<Split<'_>> = names.iter().map(|name| Split { destination: name, amount: 1 }).collect();
        assert!(repeated(&splits).is_empty());
        splits[FEW].destination = "seller-2";
        splits[FEW + 1].destination = "seller-2";
        assert_eq!(repeated(&splits), ["seller-2"]);
        splits.truncate(FEW);
        assert!(repeated(&splits).is_empty());
        splits[1].destination = "seller-0";
        assert_eq!(repeated(&splits), ["seller-0"]);
    }
}
