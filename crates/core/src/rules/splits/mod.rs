//! Shares of payout destinations and who pays the fee.

pub mod destination_over_refunded;
pub mod duplicate_destination;
pub mod fee_destination_unknown;
pub mod gift_card_with_splits;
pub mod item_split_unbalanced;
pub mod negative_split;
pub mod precheck;
pub mod seller_missing;
pub mod split_unbalanced;
pub mod splits_missing;

use crate::ledger::{Event, Item, Ledger};

/// Lists up to this length are searched linearly; longer ones are sorted first.
const FEW: usize = 16;

/// The items whose splits count: the document's own, and those of effective events.
fn counted_items<'l, 'p>(ledger: &'l Ledger<'p>) -> impl Iterator<Item = (Option<&'l Event<'p>>, &'l Item<'p>)> {
    let effective = ledger.events.iter().filter(|event| event.effective());
    let of_events = effective.flat_map(|event| ledger.items(event.items).iter().map(move |item| (Some(event), item)));
    ledger.own_items().map(|item| (None, item)).chain(of_events)
}
