//! Descriptions of what fields must hold, for users.

/// Describes what the field at a path must hold; `None` for a record as a whole.
pub(in crate::provider::dintero) fn wanted(path: &str) -> Option<&'static str> {
    let name = path.rsplit('.').next().filter(|name| !name.is_empty())?;
    if name.ends_with(']') {
        return Some(if path.contains("fee_split") { "a text" } else { "an object" });
    }
    Some(match name {
        "line_id" => "a text or a whole number",
        "quantity" => "a number, or a text that is one",
        "success" | "partial_payment" => "true or false",
        "version" => "a whole number",
        "capture" | "refund" | "fee" | "balanceBefore" | "balanceAfter" => "a whole number of minor units",
        "items" | "events" | "splits" | "destinations" | "gift_cards" | "discount_lines" | "authorizations"
        | "captures" | "refunds" | "cancellations" | "transactions" | "orders" | "sessions" | "settlements"
        | "draft_orders" | "amounts" | "payouts" => "a list",
        "order" | "transaction" | "session" | "shipping_option" | "store" | "fee_split" | "correction" | "payout"
        | "payment_details" | "totals" => "an object",
        name if name.ends_with("amount") => "a whole number of minor units",
        name if name == "time" || name.ends_with("_at") => "a time as text, like 2026-11-20T09:30:00Z",
        _ => "a text",
    })
}
