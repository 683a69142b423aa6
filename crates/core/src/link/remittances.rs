//! Joins lines of providers that pay out themselves with the transactions that have their ids.

use std::collections::{BTreeMap, BTreeSet};

use super::join::Joiner;
use super::remitted::{CorrelatedFacts, event_of};
use super::rows::{LinkFacts, LinkRow};
use crate::payout::{JoinedBy, JoinedLine, write_join};

impl Joiner<'_> {
    /// Writes for each line which transactions of its currency have its id.
    pub(super) fn by_correlation(&mut self, rows: &[LinkRow<'_>]) {
        let mut transactions: BTreeMap<(&str, JoinedBy), Vec<CorrelatedFacts<'_>>> = BTreeMap::new();
        for row in rows {
            if let LinkFacts::Correlated(facts) = row.facts {
                transactions.entry((facts.currency, facts.by)).or_default().push(facts);
            }
        }
        // A line with several transactions is joined with none: two of them tell that.
        for facts in transactions.values_mut() {
            let mut ids = BTreeSet::new();
            facts.retain(|facts| ids.len() < 2 && ids.insert(facts.id));
        }
        for row in rows {
            let LinkFacts::Remitted(line) = row.facts else { continue };
            let same = |by: &JoinedBy| transactions.get(&(line.currency, *by));
            for facts in JoinedBy::ALL.iter().filter_map(same).flatten() {
                let event = if facts.by == JoinedBy::Metadata { event_of(&line, facts.moves) } else { facts.event };
                let joined = JoinedLine {
                    by: facts.by,
                    transaction: facts.id.to_owned(),
                    event,
                    product_type: facts.product_type.map(str::to_owned),
                };
                write_join(&mut self.out.remittances, line.key, &joined);
            }
        }
    }
}
