//! The collections of an order, merged.

use super::documents::*;
use super::reading::{Everything, Found, LooseOperation, Place};

/// An event in its ledger's own list.
#[derive(Clone, Debug)]
pub struct Entry {
    pub event: Event,
    /// `events`, or the name of the collection.
    pub list: &'static str,
    pub index: usize,
    pub place: Place,
}

/// "A collection is given when the order document has the array (also empty)
/// or the input has a list or an element of it." A transaction's events are
/// always given.
#[derive(Clone, Copy, Debug)]
pub struct Given {
    pub authorizations: bool,
    pub captures: bool,
    pub refunds: bool,
    pub cancellations: bool,
}

pub fn given(id: &str, order: Option<&Order>, everything: &Everything) -> Given {
    let is_given = |collection: Collection| {
        let own = order.is_some_and(|order| order.collections.iter().any(|c| c.0 == collection));
        own || everything.given_lists.contains(&(id.to_owned(), collection))
    };
    Given {
        authorizations: is_given(Collection::Authorizations),
        captures: is_given(Collection::Captures),
        refunds: is_given(Collection::Refunds),
        cancellations: is_given(Collection::Cancellations),
    }
}

/// The fate of an operation's record outside of an order document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Accepted,
    Duplicate,
    Superseded,
}

/// One list of an order: "first the kept order document's own array, then
/// operations from elsewhere in input order".
pub fn merge(id: &str, order: Option<&Found<Order>>, collection: Collection, everything: &Everything) -> Vec<Entry> {
    let mut list: Vec<Entry> = Vec::new();
    if let Some(order) = order {
        for (own, events) in &order.document.collections {
            if *own == collection {
                for event in events {
                    // All of them have the place of the order's record.
                    add(&mut list, event, collection, order.place);
                }
            }
        }
    }
    for loose in elsewhere(id, collection, everything) {
        add(&mut list, &loose.event, collection, loose.place);
    }
    for (index, entry) in list.iter_mut().enumerate() {
        entry.index = index;
    }
    list
}

fn elsewhere<'e>(id: &str, collection: Collection, everything: &'e Everything) -> Vec<&'e LooseOperation> {
    let mut elsewhere: Vec<_> =
        everything.operations.iter().filter(|loose| loose.order_id == id && loose.collection == collection).collect();
    elsewhere.sort_by_key(|loose| loose.place);
    elsewhere
}

/// "Operations of one order and collection with the same id are copies of one operation": the fate
/// of each such record against the kept copy.
pub fn fates(
    id: &str,
    order: Option<&Found<Order>>,
    collection: Collection,
    everything: &Everything,
) -> Vec<(usize, Fate)> {
    let merged = merge(id, order, collection, everything);
    let fate = |loose: &&LooseOperation| {
        let is_kept = merged.iter().any(|entry| entry.place == loose.place && entry.event == loose.event);
        let is_equal = merged.iter().any(|entry| entry.event == loose.event);
        match (is_kept, is_equal) {
            (true, _) => Fate::Accepted,
            (false, true) => Fate::Duplicate,
            (false, false) => Fate::Superseded,
        }
    };
    elsewhere(id, collection, everything).iter().map(|loose| (loose.place.source, fate(loose))).collect()
}

fn add(list: &mut Vec<Entry>, event: &Event, collection: Collection, place: Place) {
    if event.id.is_some() {
        // "An operation met again under the same id keeps the first one's
        // place"; the copies are chosen like those of documents: "then the later
        // in input order".
        if let Some(known) = list.iter_mut().find(|entry| entry.event.id == event.id) {
            let old = (known.event.updated_at, known.event.version, known.place);
            if (event.updated_at, event.version, place) >= old {
                known.event = event.clone();
                known.place = place;
            }
            return;
        }
    } else {
        // "Operations without id are each their own, but one is left out when
        // an equal one without id from another file is already in the list."
        let is_known = |entry: &Entry| entry.event == *event && entry.place.source != place.source;
        if list.iter().any(is_known) {
            return;
        }
    }
    list.push(Entry { event: event.clone(), list: collection.name(), index: 0, place });
}
