//! AV302 item-split-unbalanced.

use super::counted_items;
use crate::card;
use crate::ledger::{Ledger, Triggers, splits_sum};
use crate::model::finding::{EventRef, Hit};
use crate::model::money::Sum;
use crate::rules::{Check, Cx, Rule};

card! {
    /// The splits of an item do not add up to the item's amount.
    ///
    /// Each sold line is shared among sellers by its splits, an order's line by the destinations of its payout.
    /// What they leave over belongs to nobody, and what they promise beyond the amount has to come from somewhere.
    "AV302" "item-split-unbalanced" Error [Transaction Order]
    message: "the splits of an item sum to {actual}, its amount is {expected}: {delta} apart"
    action: "Correct the splits of this item where the shop computes them, and settle the difference with the sellers it concerns."
    fires: "A line of 39.00 whose splits are 20.00 and 18.99."
    silent: "A line of 39.00 whose splits are 20.00 and 19.00, or a line whose splits are to be given at capture."
    needs: Nothing
    window: None
    tolerance: MinorUnits
    repair: Round(ItemSplits)
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Ledger(Triggers::SPLITS, check)] };

fn check<'p>(ledger: &Ledger<'p>, cx: &mut Cx<'_, 'p>) {
    if ledger.splits.is_empty() {
        return;
    }
    for (event, item) in counted_items(ledger) {
        let Some(amount) = item.amount.filter(|_| !item.splits.is_empty()) else { continue };
        let shared = splits_sum(ledger.splits(item.splits));
        if cx.differs(shared, Sum::from(amount)) {
            cx.hit(Hit::amounts(amount, shared).at_some(event.map(EventRef::from)).line(item.line));
        }
    }
}
