//! The kind of each record, and everything found in the input.

use std::collections::BTreeSet;

use serde_json::Value;

use super::documents::*;
use super::json;
use super::parsing;
use super::{Input, Record, Source};

/// Where something was read: the place of its source in input order, the
/// record's offset, and the place inside the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub source: usize,
    pub offset: u64,
    pub inner: usize,
}

#[derive(Clone, Debug)]
pub struct Found<T> {
    pub place: Place,
    pub document: T,
}

/// An operation outside of an order document.
#[derive(Clone, Debug)]
pub struct LooseOperation {
    pub order_id: String,
    pub collection: Collection,
    pub event: Event,
    pub place: Place,
}

/// A record of the report of one who pays out.
#[derive(Clone, Debug)]
pub struct ProviderRecord {
    pub place: Place,
    pub path: String,
    pub value: Value,
}

#[derive(Default)]
pub struct Everything {
    pub transactions: Vec<Found<Transaction>>,
    pub sessions: Vec<Found<Session>>,
    pub orders: Vec<Found<Order>>,
    pub settlements: Vec<Found<Settlement>>,
    pub operations: Vec<LooseOperation>,
    /// The collections with a list or an element outside of the order document.
    pub given_lists: BTreeSet<(String, Collection)>,
    pub funds: Vec<ProviderRecord>,
    pub klarna_payouts: Vec<ProviderRecord>,
    pub klarna_lines: Vec<ProviderRecord>,
    /// The sources of records without content, which are accepted.
    pub other_records: Vec<usize>,
}

/// "The order of sources by their bytes, equal ones by content hash, `-` last."
pub fn in_input_order(input: &Input) -> Vec<&Source> {
    let mut sources: Vec<&Source> = input.sources.iter().collect();
    sources.sort_by(|a, b| {
        let a_key = (a.name == "-", a.name.as_bytes());
        let b_key = (b.name == "-", b.name.as_bytes());
        a_key.cmp(&b_key)
    });
    sources
}

pub fn read(sources: &[&Source]) -> Everything {
    let mut everything = Everything::default();
    for (number, source) in sources.iter().enumerate() {
        for record in &source.records {
            let place = Place { source: number, offset: record.offset, inner: 0 };
            read_record(&mut everything, record, &source.name, place);
        }
    }
    everything
}

/// The first shape that applies; rules 1, 3 and 9 of the shapes were applied
/// when the records were split.
fn read_record(everything: &mut Everything, record: &Record, name: &str, place: Place) {
    let value = &record.value;
    let has = |field: &str| json::field(value, field).is_some();
    let has_object = |field: &str| json::field(value, field).is_some_and(Value::is_object);
    let in_path = order_in_path(name);
    // 2. `dintero_settlement_id`: a settlement report.
    if has("dintero_settlement_id") {
        let report = parsing::settlement_report(value);
        keep(&mut everything.settlements, report, place);
    // 4. an object under `order`: a checkout session.
    } else if has_object("order") {
        keep(&mut everything.sessions, Some(parsing::session(value)), place);
    // "A record with `entryType` and `ledgerDate` is a funds entry."
    } else if has("entryType") && has("ledgerDate") {
        everything.funds.push(ProviderRecord { place, path: name.to_owned(), value: value.clone() });
    // "`payment_reference` and an object `totals`: a Klarna payout. `payment_reference`, `type`,
    // `amount`: a Klarna line. These shapes precede row 5."
    } else if has("payment_reference") && has_object("totals") {
        everything.klarna_payouts.push(ProviderRecord { place, path: name.to_owned(), value: value.clone() });
    } else if has("payment_reference") && has("type") && has("amount") {
        everything.klarna_lines.push(ProviderRecord { place, path: name.to_owned(), value: value.clone() });
    // 5. an order, with its collections.
    } else if is_order(value) {
        keep(&mut everything.orders, parsing::order(value), place);
    // 6. lists of operations.
    } else if COLLECTIONS.iter().any(|c| json::has_list(value, c.name())) {
        let order_id = json::text(value, "order_id").or_else(|| in_path.map(|found| found.0));
        read_lists(everything, record, order_id, place);
    // 7. the path is such a path: one operation.
    } else if let Some((order_id, collection)) = in_path {
        read_operation(everything, value, order_id, collection, place);
    // 8. `event` and `transaction`: a webhook; its transaction.
    } else if has("event") && value.get("transaction").is_some() {
        match json::field(value, "transaction").and_then(parsing::transaction) {
            Some(inside) => keep(&mut everything.transactions, Some(inside), place),
            None => everything.other_records.push(place.source),
        }
    // 10. a list under `amounts`: a settlement list item.
    } else if json::has_list(value, "amounts") {
        let list_item = parsing::settlement_list_item(value);
        keep(&mut everything.settlements, list_item, place);
    // 10a. one operation of an order that nothing names: rejected.
    } else if is_lone_operation(value) {
        // 11. two or more of these: a transaction.
    } else if TRANSACTION_FIELDS.iter().filter(|field| has(field)).count() >= 2 {
        keep(&mut everything.transactions, parsing::transaction(value), place);
    }
}

fn is_lone_operation(value: &Value) -> bool {
    let has = |field: &&str| json::field(value, field).is_some();
    has(&"success")
        && ["processed_at", "processed_by", "authorization_id"].iter().any(has)
        && !["currency", "events", "status", "payment_product"].iter().any(has)
}

fn read_operation(everything: &mut Everything, value: &Value, order_id: String, collection: Collection, place: Place) {
    everything.given_lists.insert((order_id.clone(), collection));
    everything.operations.push(LooseOperation {
        order_id,
        collection,
        event: parsing::operation(value, collection),
        place,
    });
}

const TRANSACTION_FIELDS: [&str; 6] = ["id", "amount", "currency", "events", "status", "payment_product"];

fn keep<T>(list: &mut Vec<Found<T>>, document: Option<T>, place: Place) {
    if let Some(document) = document {
        list.push(Found { place, document });
    }
}

/// "`order_id` and any of `id`, `currency`, `status`, `payment_status`,
/// `gross_amount`, `items`, `created_at`; or `id` and `gross_amount`."
fn is_order(value: &Value) -> bool {
    let has = |field: &str| json::field(value, field).is_some();
    let beside = ["id", "currency", "status", "payment_status", "gross_amount", "items", "created_at"];
    (has("order_id") && beside.iter().any(|field| has(field))) || (has("id") && has("gross_amount"))
}

fn read_lists(everything: &mut Everything, record: &Record, order_id: Option<String>, place: Place) {
    let Some(order_id) = order_id else {
        return;
    };
    for collection in COLLECTIONS {
        if !json::has_list(&record.value, collection.name()) {
            continue;
        }
        everything.given_lists.insert((order_id.clone(), collection));
        let offsets = record.elements.get(collection.name());
        for (inner, event) in parsing::operations(&record.value, collection).into_iter().enumerate() {
            let offset = offsets.map_or(place.offset, |offsets| offsets[inner]);
            everything.operations.push(LooseOperation {
                order_id: order_id.clone(),
                collection,
                event,
                place: Place { offset, inner, ..place },
            });
        }
    }
}

/// The order and collection of a path `…/orders/<order_id>/<collection>`,
/// `….json` or `…/orders/<order_id>/<collection>/<any>`.
fn order_in_path(name: &str) -> Option<(String, Collection)> {
    let parts: Vec<&str> = name.split('/').collect();
    for at in (0..parts.len()).rev() {
        if parts[at] != "orders" || at + 2 >= parts.len() || parts[at + 1].is_empty() {
            continue;
        }
        let rest = &parts[at + 2..];
        let word = match rest {
            [file] => file.strip_suffix(".json").unwrap_or(file),
            [folder, _] => folder,
            _ => continue,
        };
        let collection = COLLECTIONS.into_iter().find(|c| c.name() == word);
        if let Some(collection) = collection {
            return Some((parts[at + 1].to_owned(), collection));
        }
    }
    None
}
