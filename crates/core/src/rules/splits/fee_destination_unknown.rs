//! AV304 fee-destination-unknown.

use super::{FEW, counted_items};
use crate::card;
use crate::ledger::{Ledger, Split, Triggers};
use crate::model::finding::{EventRef, Hit};
use crate::rules::{Check, Cx, Rule};

card! {
    /// A fee is to be paid by a destination that gets no share.
    ///
    /// A `fee_split` lists the sellers who pay the provider's fee, out of what the splits beside it give them. A
    /// destination that is not among those splits has nothing to pay from, so the fee lands on others or on the
    /// merchant.
    "AV304" "fee-destination-unknown" Error [Transaction]
    message: "the fee is to be paid by {destination}, which the splits beside it do not name"
    action: "Correct the fee split where the shop builds it: every destination there must be among the splits of the same item or event."
    fires: "Splits name `seller-1`, the fee split beside them names `seller-2`."
    silent: "Splits name `seller-1` and `seller-2`, the fee split beside them names `seller-2` alone."
    needs: Nothing
    window: None
    tolerance: None
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Ledger(Triggers::SPLITS, check)] };

fn check<'p>(ledger: &Ledger<'p>, cx: &mut Cx<'_, 'p>) {
    if ledger.fees.is_empty() || ledger.splits.is_empty() {
        return;
    }
    for event in ledger.events.iter().filter(|event| event.effective()) {
        for destination in unknown_destinations(ledger.fees(event.fees), || ledger.splits_of(event)) {
            cx.hit(Hit::new().at(event).destination(destination));
        }
    }
    for (event, item) in counted_items(ledger) {
        for destination in unknown_destinations(ledger.fees(item.fees), || ledger.splits(item.splits).iter()) {
            cx.hit(Hit::new().at_some(event.map(EventRef::from)).line(item.line).destination(destination));
        }
    }
}

/// The fee destinations that no split names, each once; none if there are no splits.
fn unknown_destinations<'l, 'p: 'l, I>(fees: &[&'p str], splits: impl Fn() -> I) -> Vec<&'p str>
where
    I: Iterator<Item = &'l Split<'p>>,
{
    let is_named = |fee: &&str| splits().any(|split| split.destination == *fee);
    if fees.len() <= FEW && fees.iter().all(is_named) {
        return Vec::new();
    }
    let mut named: Vec<&str> = splits().map(|split| split.destination).collect();
    if named.is_empty() {
        return Vec::new();
    }
    named.sort_unstable();
    let mut unknown_destinations: Vec<&str> =
        fees.iter().copied().filter(|fee| named.binary_search(fee).is_err()).collect();
    unknown_destinations.sort_unstable();
    unknown_destinations.dedup();
    unknown_destinations
}
