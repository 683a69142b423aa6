//! The API's path layout, from which an operation file gets its order.

use crate::document::Layout;
use crate::model::event::EventList;

/// Reads `…/orders/<order_id>/<collection>.json` and `…/orders/<order_id>/<collection>/<any>`.
pub(in crate::provider::dintero) fn of(path: &str) -> Layout {
    let parts: Vec<&str> = path.split(['/', '\\']).collect();
    let named = |order_id: &str, list: &str| {
        let list = EventList::collection_named(list)?;
        (!order_id.is_empty()).then(|| (order_id.to_owned(), list))
    };
    let collection = match parts.as_slice() {
        [.., "orders", order_id, file] => stem(file).and_then(|list| named(order_id, list)),
        _ => None,
    };
    let operation = match parts.as_slice() {
        [.., "orders", order_id, list, _] => named(order_id, list),
        _ => None,
    };
    Layout { path: path.to_owned(), collection: collection.or(operation) }
}

/// The name before `.json`, without the extension of a compressed file.
fn stem(file: &str) -> Option<&str> {
    let plain = file.strip_suffix(".gz").or_else(|| file.strip_suffix(".zst")).unwrap_or(file);
    plain.strip_suffix(".json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_the_api() {
        let of = |path| of(path).collection;
        let captures = Some(("A1".to_owned(), EventList::Captures));
        assert_eq!(of("export/orders/A1/captures.json"), captures);
        assert_eq!(of("orders/A1/captures/c-7.json"), captures);
        assert_eq!(of("orders/A1/captures.json.gz"), captures);
        assert_eq!(of("orders/A1/captures.ndjson"), None);
        assert_eq!(of("orders/A1/notes.json"), None);
        assert_eq!(of("captures.json"), None);
    }
}
