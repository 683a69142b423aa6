//! AV307 negative-split.

use crate::card;
use crate::ledger::{Event, Ledger, Split, Triggers};
use crate::model::finding::Hit;
use crate::model::money::Sum;
use crate::rules::{Check, Cx, Rule};

card! {
    /// A split of a movement is below zero.
    ///
    /// Amounts of splits are positive for captures and refunds alike; only reports show refunds as negative. A
    /// negative share makes the list add up while it hides that other shares are too large.
    "AV307" "negative-split" Error [Transaction]
    message: "{event} gives {destination} a share of {actual}, below zero"
    action: "Correct the splits of this movement with the provider: each share must be what the destination gets, or by a refund gives back, as a positive amount."
    fires: "A capture of 100.00 split into 120.00 and -20.00."
    silent: "A capture of 100.00 split into 100.00 and 0.00."
    needs: Nothing
    window: None
    tolerance: MinorUnits
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Ledger(Triggers::SPLITS, check)] };

fn check<'p>(ledger: &Ledger<'p>, cx: &mut Cx<'_, 'p>) {
    if ledger.is_order() || ledger.splits.iter().all(|split| split.amount >= 0) {
        return;
    }
    for event in ledger.events.iter().filter(|event| event.effective()) {
        judge(event, None, ledger.splits(event.splits), cx);
        for item in ledger.items(event.items) {
            judge(event, item.line, ledger.splits(item.splits), cx);
        }
    }
}

fn judge<'p>(event: &Event<'p>, line: Option<&'p str>, splits: &[Split<'p>], cx: &mut Cx<'_, 'p>) {
    for split in splits {
        if cx.negative(Sum::from(split.amount)) {
            cx.hit(Hit::amounts(0, split.amount).at(event).line(line).destination(split.destination));
        }
    }
}
