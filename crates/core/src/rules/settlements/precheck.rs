//! Prechecks what events say about their settlements.

use crate::ledger::Ledger;
use crate::model::event::EventKind;
use crate::model::money::Sum;

/// Whether a capture may be settled with another amount; refunds always may, since their signs are
/// not known here.
pub fn is_settled_otherwise(ledger: &Ledger<'_>) -> bool {
    let named = ledger.events.iter().filter(|event| !event.settlements.entries.is_empty());
    named.into_iter().any(|event| {
        let entries = &ledger.entries[event.settlements.entries.range()];
        let settled: Sum = entries.iter().map(|entry| Sum::from(entry.capture.unwrap_or(0))).sum();
        match event.kind {
            EventKind::Capture => event.stated.map(Sum::from) != Some(settled),
            kind => kind == EventKind::Refund,
        }
    })
}
