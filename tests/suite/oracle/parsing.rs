//! From the JSON of a record to the documents.

use serde_json::Value;

use super::documents::*;
use super::json;

fn splits(value: &Value, list: &str, destination: &str) -> Vec<Split> {
    json::list(value, list)
        .iter()
        .map(|split| Split {
            destination: json::text(split, destination).unwrap_or_default(),
            amount: json::minor(split, "amount").unwrap_or(0),
        })
        .collect()
}

fn fee_destinations(value: &Value) -> Vec<String> {
    match json::field(value, "fee_split") {
        Some(fee_split) => json::texts(fee_split, "destinations"),
        None => Vec::new(),
    }
}

fn gift_cards(value: &Value) -> Vec<GiftCard> {
    json::list(value, "gift_cards")
        .iter()
        .map(|card| GiftCard { card_id: json::text(card, "card_id"), amount: json::minor(card, "amount") })
        .collect()
}

fn discounts(value: &Value) -> Option<i128> {
    let lines = json::list(value, "discount_lines");
    let sum = lines.iter().map(|line| json::minor(line, "amount").unwrap_or(0)).sum();
    (!lines.is_empty()).then_some(sum)
}

fn item(value: &Value) -> Item {
    Item {
        line_id: json::line_id(value),
        amount: json::minor(value, "amount"),
        quantity: json::quantity(value, "quantity"),
        gross_amount: json::minor(value, "gross_amount"),
        discounts: discounts(value),
        splits: splits(value, "splits", "payout_destination_id"),
        fee_destinations: fee_destinations(value),
    }
}

fn items(value: &Value) -> Vec<Item> {
    json::list(value, "items").iter().map(item).collect()
}

fn operation_item(value: &Value) -> Item {
    let no_payout = Value::Null;
    let payout = json::field(value, "payout").unwrap_or(&no_payout);
    Item {
        line_id: json::line_id(value),
        amount: json::minor(value, "amount"),
        splits: splits(payout, "destinations", "destination"),
        ..Item::default()
    }
}

fn shipping_option(value: &Value) -> Option<Item> {
    json::field(value, "shipping_option").map(item)
}

/// An item of a session: no rule reads its splits.
fn without_splits(mut item: Item) -> Item {
    item.splits.clear();
    item.fee_destinations.clear();
    item
}

fn correction(value: &Value) -> Correction {
    match json::field(value, "correction") {
        Some(stated) => Correction {
            remaining_capture_amount: json::minor(stated, "remaining_capture_amount"),
            remaining_refund_amount: json::minor(stated, "remaining_refund_amount"),
            remaining_void_amount: json::minor(stated, "remaining_void_amount"),
        },
        None => Correction::default(),
    }
}

fn own_settlements(value: &Value) -> OwnSettlements {
    let Some(stated) = json::field(value, "settlements") else {
        return OwnSettlements::default();
    };
    let entry = |entry: &Value| {
        Some(SettlementEntry {
            settlement_id: json::text(entry, "settlement_id")?,
            amount: json::minor(entry, "amount"),
            capture: json::minor(entry, "capture"),
            refund: json::minor(entry, "refund"),
            fee: json::minor(entry, "fee"),
            provider_reference: json::reference(entry, "provider_reference"),
            event_correlation_id: json::reference(entry, "event_correlation_id"),
        })
    };
    OwnSettlements {
        status: json::text(stated, "settlement_status"),
        entries: json::list(stated, "events").iter().filter_map(entry).collect(),
    }
}

fn payout_correlation_id(value: &Value) -> Option<String> {
    json::reference(json::field(value, "metadata")?, "payout_correlation_id")
}

fn transaction_event(value: &Value) -> Event {
    let written_kind = json::text(value, "event");
    Event {
        kind: EventKind::of_transaction(written_kind.as_deref()),
        written_kind,
        id: json::reference(value, "id"),
        transaction_status: json::text(value, "transaction_status"),
        success: json::flag(value, "success"),
        amount: json::minor(value, "amount"),
        items: items(value),
        splits: splits(value, "splits", "payout_destination_id"),
        fee_destinations: fee_destinations(value),
        gift_cards: gift_cards(value),
        request_id: json::reference(value, "request_id"),
        correlation_request_id: json::reference(value, "correlation_request_id"),
        correction: correction(value),
        settlements: own_settlements(value),
        payout_correlation_id: payout_correlation_id(value),
        authorization_id: None,
        payment_id: None,
        processed_at: None,
        created_at: json::instant(value, "created_at"),
        updated_at: None,
        version: None,
    }
}

pub fn operation(value: &Value, collection: Collection) -> Event {
    let payment_id = json::field(value, "payment_details").and_then(|details| json::reference(details, "payment_id"));
    Event {
        kind: collection.kind(),
        written_kind: None,
        id: json::reference(value, "id"),
        transaction_status: None,
        success: json::flag(value, "success"),
        amount: json::minor(value, "amount"),
        items: json::list(value, "items").iter().map(operation_item).collect(),
        splits: Vec::new(),
        fee_destinations: Vec::new(),
        gift_cards: Vec::new(),
        request_id: None,
        correlation_request_id: None,
        correction: Correction::default(),
        settlements: OwnSettlements::default(),
        payout_correlation_id: None,
        authorization_id: json::reference(value, "authorization_id"),
        payment_id,
        processed_at: json::instant(value, "processed_at"),
        created_at: json::instant(value, "created_at"),
        updated_at: json::instant(value, "updated_at"),
        version: json::minor(value, "version"),
    }
}

pub fn operations(value: &Value, collection: Collection) -> Vec<Event> {
    json::list(value, collection.name()).iter().map(|element| operation(element, collection)).collect()
}

pub fn transaction(value: &Value) -> Option<Transaction> {
    let no_store = Value::Null;
    let store = json::field(value, "store").unwrap_or(&no_store);
    let events =
        json::has_list(value, "events").then(|| json::list(value, "events").iter().map(transaction_event).collect());
    Some(Transaction {
        id: json::text(value, "id")?,
        amount: json::minor(value, "amount"),
        currency: json::text(value, "currency"),
        status: json::text(value, "status"),
        settlement_status: json::text(value, "settlement_status"),
        payment_product_type: json::text(value, "payment_product_type"),
        merchant_reference: json::reference(value, "merchant_reference"),
        merchant_reference_2: json::reference(value, "merchant_reference_2"),
        payout_destination_id: json::text(value, "payout_destination_id"),
        platform_type: json::text(value, "platform_type"),
        store_payout_destination_id: json::text(store, "payout_destination_id"),
        shipping_option: shipping_option(value),
        gift_cards: gift_cards(value),
        items: items(value),
        events,
        session_id: json::reference(value, "session_id"),
        // Without `id` or `order.amount` it is not a document, and none of it is used.
        session: json::field(value, "session")
            .map(session)
            .filter(|inner| inner.id.is_some() && inner.amount.is_some()),
        payout_correlation_id: payout_correlation_id(value),
        created_at: json::instant(value, "created_at"),
        updated_at: json::instant(value, "updated_at"),
        version: json::minor(value, "version"),
    })
}

pub fn session(value: &Value) -> Session {
    let no_order = Value::Null;
    let order = json::field(value, "order").unwrap_or(&no_order);
    Session {
        id: json::reference(value, "id"),
        amount: json::minor(order, "amount"),
        currency: json::text(order, "currency"),
        partial_payment: json::flag(order, "partial_payment") == Some(true),
        merchant_reference: json::reference(order, "merchant_reference"),
        merchant_reference_2: json::reference(order, "merchant_reference_2"),
        items: items(order).into_iter().map(without_splits).collect(),
        shipping_option: shipping_option(order).map(without_splits),
        transaction_id: json::reference(value, "transaction_id"),
        cancelled_at: json::instant(value, "cancelled_at"),
        created_at: json::instant(value, "created_at"),
        updated_at: json::instant(value, "updated_at"),
        version: json::minor(value, "version"),
        number_of_events: json::list(value, "events").len(),
    }
}

/// "Its id is `order_id`, else `id`."
pub fn order(value: &Value) -> Option<Order> {
    let id = json::text(value, "order_id").or_else(|| json::text(value, "id"))?;
    let collections = COLLECTIONS
        .into_iter()
        .filter(|collection| json::has_list(value, collection.name()))
        .map(|collection| (collection, operations(value, collection)))
        .collect();
    Some(Order {
        id,
        currency: json::text(value, "currency"),
        payment_status: json::text(value, "payment_status"),
        gross_amount: json::minor(value, "gross_amount"),
        has_reversed_item: json::list(value, "items")
            .iter()
            .any(|item| json::minor(item, "gross_amount").is_some_and(|gross| gross < 0)),
        created_at: json::instant(value, "created_at"),
        updated_at: json::instant(value, "updated_at"),
        version: json::minor(value, "version"),
        collections,
    })
}

fn header(value: &Value) -> Header {
    Header {
        currency: json::text(value, "currency"),
        amount: json::minor(value, "amount"),
        capture: json::minor(value, "capture"),
        refund: json::minor(value, "refund"),
        fee: json::minor(value, "fee"),
    }
}

fn settlement_texts(value: &Value) -> SettlementTexts {
    SettlementTexts {
        settlement_reference: json::reference(value, "settlement_reference"),
        settlement_date: json::reference(value, "settlement_date"),
        settled_at: json::reference(value, "settled_at"),
        payment_status: json::reference(value, "payment_status"),
        provider: json::reference(value, "provider"),
        provider_reference: json::reference(value, "provider_reference"),
        payout_destination_id: json::reference(value, "payout_destination_id"),
    }
}

fn settlement_line(value: &Value) -> SettlementLine {
    SettlementLine {
        transaction_id: json::reference(value, "transaction_id"),
        capture: json::minor(value, "capture"),
        refund: json::minor(value, "refund"),
        fee: json::minor(value, "fee"),
        net: json::minor(value, "net_amount").or_else(|| json::minor(value, "amount")),
    }
}

/// A settlement report has no times.
pub fn settlement_report(value: &Value) -> Option<Settlement> {
    Some(Settlement {
        id: json::text(value, "dintero_settlement_id")?,
        is_report: json::has_list(value, "transactions"),
        headers: vec![header(value)],
        texts: settlement_texts(value),
        lines: json::list(value, "transactions").iter().map(settlement_line).collect(),
        created_at: None,
        updated_at: None,
        version: None,
    })
}

pub fn settlement_list_item(value: &Value) -> Option<Settlement> {
    Some(Settlement {
        id: json::text(value, "id")?,
        is_report: false,
        headers: json::list(value, "amounts").iter().map(header).collect(),
        texts: settlement_texts(value),
        lines: Vec::new(),
        created_at: json::instant(value, "created_at"),
        updated_at: json::instant(value, "updated_at"),
        version: json::minor(value, "version"),
    })
}
