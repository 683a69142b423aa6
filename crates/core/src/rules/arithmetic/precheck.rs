//! Prechecks gift cards.

use crate::ledger::{Event, Ledger, Triggers};
use crate::model::event::EventKind;
use crate::model::money::Sum;

pub fn triggers_of_cards(ledger: &Ledger<'_>) -> Triggers {
    let mut triggers = Triggers::NONE;
    let amounts = |cards| ledger.cards(cards).iter().filter_map(|card| card.amount).map(Sum::from);
    let own = ledger.head.cards;
    triggers.note(amounts(own).sum::<Sum>() > Sum::from(ledger.head.amount.unwrap_or(0)), Triggers::CARDS);
    triggers.note(!own.is_empty() && !ledger.splits.is_empty(), Triggers::CARDS);
    let is_refunded = |event: &Event<'_>| event.is(EventKind::Refund) && !event.cards.is_empty();
    // A capture below zero would leave less than nothing to refund.
    let is_below_zero = || ledger.events.iter().any(|event| amounts(event.cards).any(|amount| amount < 0));
    triggers.note(ledger.events.iter().any(is_refunded) || is_below_zero(), Triggers::CARDS);
    triggers
}
