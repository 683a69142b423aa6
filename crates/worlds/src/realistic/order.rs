//! An order as the export has it: one document, and sometimes its operations in files of their own.

use super::text::Text;
use super::world::*;

/// Writes an order as one line, with its operations unless they stand in files.
pub fn write(out: &mut Text, order: &Order) {
    out.s("{\"order_id\":\"");
    out.bytes(order.id.bytes());
    if let Some(currency) = order.currency {
        out.s("\",\"currency\":\"");
        out.s(currency);
    }
    if let Some(status) = order.payment_status {
        out.s("\",\"payment_status\":\"");
        out.s(status);
    }
    out.field("\",\"status\":\"open\",\"gross_amount\":", order.gross);
    out.field(",\"net_amount\":", order.gross * 4 / 5);
    out.s(",\"items\":[");
    for (i, (line, gross)) in order.lines.iter().enumerate() {
        out.field(if i > 0 { ",{\"line_id\":" } else { "{\"line_id\":" }, i64::from(*line));
        out.field(",\"gross_amount\":", *gross);
        out.field(",\"quantity\":1,\"tax_lines\":[{\"amount\":", gross / 5);
        out.s(",\"percentage\":25}]}");
    }
    out.s("]");
    if !order.in_files {
        for (list, name) in COLLECTIONS.iter().enumerate() {
            out.s(",\"");
            out.s(name);
            out.s("\":");
            operations(out, order, list);
        }
    }
    out.s(",\"created_at\":");
    out.time(order.created);
    out.s(",\"updated_at\":");
    out.time(order.updated);
    out.s("}\n");
}

/// Writes one collection as the envelope of its own file.
pub fn write_collection(out: &mut Text, order: &Order, list: usize) {
    out.s("{\"");
    out.s(COLLECTIONS[list]);
    out.s("\":");
    operations(out, order, list);
    out.s("}\n");
}

fn operations(out: &mut Text, order: &Order, list: usize) {
    out.s("[");
    for (i, op) in order.ops[list].iter().enumerate() {
        out.s(if i > 0 { ",{\"id\":\"" } else { "{\"id\":\"" });
        out.uuid(op.id);
        out.s("\"");
        if let Some(amount) = op.amount {
            out.field(",\"amount\":", amount);
        }
        if !op.items.is_empty() {
            items(out, op);
        }
        if let Some(id) = op.authorization {
            out.s(",\"authorization_id\":\"");
            out.uuid(id);
            out.s("\"");
        }
        if let Some(payment) = op.payment {
            out.s(",\"payment_details\":{\"payment_id\":\"");
            out.bytes(payment.bytes());
            out.s("\",\"payment_product_type\":\"");
            out.s(order.product.kind);
            out.s("\"}");
        }
        out.s(",\"processed_at\":");
        out.time(op.at);
        out.s(",\"processed_by\":\"dintero-checkout\",\"created_at\":");
        out.time(op.at);
        out.s(if op.success { ",\"success\":true}" } else { ",\"success\":false}" });
    }
    out.s("]");
}

fn items(out: &mut Text, op: &Op) {
    out.s(",\"items\":[");
    for (i, (line, amount, split)) in op.items.iter().enumerate() {
        out.field(if i > 0 { ",{\"line_id\":" } else { "{\"line_id\":" }, i64::from(*line));
        out.field(",\"amount\":", *amount);
        if let Some((seller, part)) = split {
            out.s(",\"payout\":{\"destinations\":[{\"destination\":\"seller-");
            out.padded(u64::from(*seller), 5);
            out.field("\",\"amount\":", *part);
            out.s("}]}");
        }
        out.s("}");
    }
    out.s("]");
}
