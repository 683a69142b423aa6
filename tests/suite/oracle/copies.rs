//! Several documents of one kind and id: which copy is kept.

use std::collections::BTreeMap;

use super::documents::*;
use super::reading::Found;
use super::time::Instant;

pub trait Copied: Clone + PartialEq {
    fn id(&self) -> &str;
    /// False for documents that never supersede: partial transactions and settlement headers.
    fn is_whole(&self) -> bool;
    fn updated_at(&self) -> Option<Instant>;
    fn version(&self) -> Option<i128>;
    /// "An order's events are the operations in its own arrays, a settlement's
    /// its lines."
    fn number_of_events(&self) -> usize;
}

impl Copied for Transaction {
    fn id(&self) -> &str {
        &self.id
    }
    fn is_whole(&self) -> bool {
        self.events.is_some()
    }
    fn updated_at(&self) -> Option<Instant> {
        self.updated_at
    }
    fn version(&self) -> Option<i128> {
        self.version
    }
    fn number_of_events(&self) -> usize {
        self.events.as_ref().map_or(0, Vec::len)
    }
}

impl Copied for Session {
    fn id(&self) -> &str {
        self.id.as_deref().unwrap_or("")
    }
    fn is_whole(&self) -> bool {
        true
    }
    fn updated_at(&self) -> Option<Instant> {
        self.updated_at
    }
    fn version(&self) -> Option<i128> {
        self.version
    }
    fn number_of_events(&self) -> usize {
        self.number_of_events
    }
}

impl Copied for Order {
    fn id(&self) -> &str {
        &self.id
    }
    fn is_whole(&self) -> bool {
        true
    }
    fn updated_at(&self) -> Option<Instant> {
        self.updated_at
    }
    fn version(&self) -> Option<i128> {
        self.version
    }
    fn number_of_events(&self) -> usize {
        self.collections.iter().map(|(_, list)| list.len()).sum()
    }
}

impl Copied for Settlement {
    fn id(&self) -> &str {
        &self.id
    }
    fn is_whole(&self) -> bool {
        self.is_report
    }
    fn updated_at(&self) -> Option<Instant> {
        self.updated_at
    }
    fn version(&self) -> Option<i128> {
        self.version
    }
    fn number_of_events(&self) -> usize {
        self.lines.len()
    }
}

/// All copies of one document.
#[derive(Clone, Debug)]
pub struct Copies<T> {
    pub kept: Found<T>,
    /// Every copy, the kept one included, in input order.
    pub all: Vec<Found<T>>,
}

impl<T: Copied> Copies<T> {
    /// The copies that are not equal to the kept one, in input order.
    pub fn superseded(&self) -> Vec<&Found<T>> {
        self.all.iter().filter(|copy| copy.document != self.kept.document).collect()
    }
}

/// "Kept is the one with the latest `updated_at` (same instant: the higher
/// `version`, then the one with more events, then the later in input order; a
/// missing value sorts lowest)." What never supersedes sorts below all others.
pub fn choose<T: Copied>(found: &[Found<T>]) -> BTreeMap<String, Copies<T>> {
    let mut groups: BTreeMap<String, Vec<Found<T>>> = BTreeMap::new();
    for copy in found {
        let id = copy.document.id().to_owned();
        groups.entry(id).or_default().push(copy.clone());
    }
    let mut chosen = BTreeMap::new();
    for (id, mut all) in groups {
        all.sort_by_key(|copy| copy.place);
        let kept = all
            .iter()
            .max_by_key(|copy| {
                let document = &copy.document;
                (
                    document.is_whole(),
                    document.updated_at(),
                    document.version(),
                    document.number_of_events(),
                    copy.place,
                )
            })
            .expect("a group has at least one copy")
            .clone();
        chosen.insert(id, Copies { kept, all });
    }
    chosen
}
