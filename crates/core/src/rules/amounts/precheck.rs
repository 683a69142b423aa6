//! The amount of an event, before its ledger is settled.

use crate::ledger::{Event, Ledger, Triggers};

/// The amount of a capture or refund, and its triggers; `None` on 64-bit overflow.
pub fn amount_of(ledger: &Ledger<'_>, event: &Event<'_>) -> Option<(Option<i64>, Triggers)> {
    let items = ledger.items(event.items);
    let sum = items.iter().try_fold(0i64, |sum, item| sum.checked_add(item.amount.unwrap_or(0)))?;
    let sum = Some(sum).filter(|_| !items.is_empty());
    let mut triggers = Triggers::NONE;
    triggers.note(event.stated.is_some() && sum.is_some() && event.stated != sum, Triggers::ITEMS);
    let amount = event.stated.or(sum);
    triggers.note(amount.is_none(), Triggers::AMOUNT);
    Some((amount, triggers))
}
