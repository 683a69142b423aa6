//! Ages of findings in four buckets: since the event, and since a run first saw the finding.

use std::collections::BTreeMap;

use avstem_core::model::finding::Finding;
use avstem_core::model::money::Sum;

use super::moves::Tally;
use super::shown_currency;

/// Label and last day of each bucket.
pub const BUCKETS: [(&str, i64); 4] = [("0-1 days", 1), ("2-7 days", 7), ("8-30 days", 30), ("over 30 days", i64::MAX)];

/// One tally per bucket, then one for findings without an age. Sums are of magnitudes.
pub type Buckets = [Tally; BUCKETS.len() + 1];

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// Since the event, else since the document was created (`age_days`).
    pub since_event: Buckets,
    /// Since a run first saw it (`open_days`).
    pub since_seen: Buckets,
}

/// Age profiles by currency.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ageing {
    pub by_currency: BTreeMap<String, Profile>,
}

impl Ageing {
    pub fn add(&mut self, finding: &Finding, age_days: Option<i64>, open_days: Option<i64>) {
        let amount = magnitude(finding);
        let currency = shown_currency(finding.subject.currency.as_deref());
        if !self.by_currency.contains_key(&*currency) {
            self.by_currency.insert(currency.clone().into_owned(), Profile::default());
        }
        if let Some(profile) = self.by_currency.get_mut(&*currency) {
            profile.since_event[bucket(age_days)].add(amount);
            profile.since_seen[bucket(open_days)].add(amount);
        }
    }
}

/// The bucket index of an age; negative ages belong to the first bucket.
pub fn bucket(days: Option<i64>) -> usize {
    let place = |days: i64| BUCKETS.iter().position(|(_, last)| days <= *last);
    days.and_then(place).unwrap_or(BUCKETS.len())
}

/// The magnitude of the difference, else of the actual amount.
pub fn magnitude(finding: &Finding) -> Sum {
    finding.delta().or_else(|| finding.actual.amount()).unwrap_or(0).abs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_day_of_a_bucket_is_its_own() {
        let days = [-3, 0, 1, 2, 7, 8, 30, 31, 9000];
        assert_eq!(days.map(|days| bucket(Some(days))), [0, 0, 0, 1, 1, 2, 2, 3, 3]);
        assert_eq!(bucket(None), 4);
    }
}
