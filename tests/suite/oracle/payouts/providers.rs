//! Payouts by the reports of those who pay out, and which transactions their lines are.

use std::collections::BTreeSet;

use super::account::{Parts, Payout};
use crate::oracle::documents::{SettlementEntry, Transaction};
use crate::oracle::world::World;

/// A payout of Vipps or Klarna.
pub struct ProviderPayout {
    pub payout: Payout,
    /// The debt or balance before and after it, where stated.
    pub opening: Option<i128>,
    pub closing: Option<i128>,
    /// Whose payouts follow each other: the ledger, or Klarna's `merchant_id` where it and the day
    /// are stated.
    pub chain: Option<String>,
    /// Its place in the chain.
    pub rank: (String, String),
    /// The sums of SALE and RETURN of a Klarna payout that has lines.
    pub line_sums: Option<Parts>,
}

/// Whether the line is one transaction of its currency. "The first of these with a hit counts: one
/// transaction, joined; several, not."
pub fn is_joined(world: &World, currency: &str, ids: &[Option<String>]) -> bool {
    let ids: Vec<&str> = ids.iter().flatten().map(String::as_str).filter(|id| !id.is_empty()).collect();
    let is_one = |text: &Option<String>| text.as_deref().is_some_and(|text| ids.contains(&text));
    let of_entry = |entry: &SettlementEntry| is_one(&entry.event_correlation_id);
    let by_entries = |transaction: &Transaction| {
        transaction.events.iter().flatten().any(|event| event.settlements.entries.iter().any(of_entry))
    };
    let by_events = |transaction: &Transaction| {
        transaction.events.iter().flatten().any(|event| is_one(&event.payout_correlation_id))
    };
    let by_itself = |transaction: &Transaction| is_one(&transaction.payout_correlation_id);
    let ways: [&dyn Fn(&Transaction) -> bool; 3] = [&by_entries, &by_events, &by_itself];
    for way in ways {
        let full = world.transaction_ledgers.iter().filter_map(|ledger| ledger.transaction.as_ref());
        let hits: BTreeSet<&str> = full
            .filter(|transaction| transaction.currency.as_deref() == Some(currency) && way(transaction))
            .map(|transaction| transaction.id.as_str())
            .collect();
        if !hits.is_empty() {
            return hits.len() == 1;
        }
    }
    false
}
