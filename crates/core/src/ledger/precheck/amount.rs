//! The amount of an event, before its ledger is settled.

use super::super::{Event, Ledger, Triggers, items_sum};
use crate::model::money::Sum;

/// The amount of a capture or refund, and its triggers.
pub(super) fn amount_of(ledger: &Ledger<'_>, event: &Event<'_>) -> (Option<Sum>, Triggers) {
    let items = ledger.items(event.items);
    let sum = (!items.is_empty()).then(|| items_sum(items));
    let stated = event.stated.map(Sum::from);
    let mut triggers = Triggers::NONE;
    triggers.note(stated.is_some() && sum.is_some() && stated != sum, Triggers::ITEMS);
    triggers.note(stated.or(sum).is_none(), Triggers::AMOUNT);
    (stated.or(sum), triggers)
}
