//! Writes orders: one document each, and sometimes operations in separate files.

use crate::json::JsonText;
use crate::realistic::model::{COLLECTIONS, OrderOperation, ShoppingOrder};
use crate::realistic::names::seller_name;

/// Writes an order as one line, with its operations unless they are in separate files.
pub fn write(out: &mut JsonText, order: &ShoppingOrder) {
    out.object(|out| {
        out.text_member("order_id", order.id);
        if let Some(currency) = order.currency {
            out.text_member("currency", currency);
        }
        if let Some(status) = order.payment_status {
            out.text_member("payment_status", status);
        }
        out.text_member("status", "open");
        out.int_member("gross_amount", order.gross);
        out.int_member("net_amount", order.gross * 4 / 5);
        out.array_member("items", &order.lines, |out, &(line, gross)| {
            out.object(|out| {
                out.int_member("line_id", line.into());
                out.int_member("gross_amount", gross);
                out.int_member("quantity", 1);
                out.array_member("tax_lines", [gross / 5], |out, tax| {
                    out.object(|out| {
                        out.int_member("amount", tax);
                        out.int_member("percentage", 25);
                    });
                });
            });
        });
        if !order.operations_in_files {
            (0..COLLECTIONS.len()).for_each(|list| collection(out, order, list));
        }
        out.time_member("created_at", order.created);
        out.time_member("updated_at", order.updated);
    });
    out.raw("\n");
}

/// Writes one collection as the envelope of a separate file.
pub fn write_collection(out: &mut JsonText, order: &ShoppingOrder, list: usize) {
    out.object(|out| collection(out, order, list));
    out.raw("\n");
}

fn collection(out: &mut JsonText, order: &ShoppingOrder, list: usize) {
    out.array_member(COLLECTIONS[list], &order.operations[list], |out, operation| {
        out.object(|out| {
            out.uuid_member("id", operation.id);
            if let Some(amount) = operation.amount {
                out.int_member("amount", amount);
            }
            if !operation.items.is_empty() {
                items(out, operation);
            }
            if let Some(id) = operation.authorization {
                out.uuid_member("authorization_id", id);
            }
            if let Some(payment) = operation.payment {
                out.object_member("payment_details", |out| {
                    out.text_member("payment_id", payment);
                    out.text_member("payment_product_type", order.product.kind);
                });
            }
            out.time_member("processed_at", operation.at);
            out.text_member("processed_by", "dintero-checkout");
            out.time_member("created_at", operation.at);
            out.bool_member("success", operation.success);
        });
    });
}

fn items(out: &mut JsonText, operation: &OrderOperation) {
    out.array_member("items", &operation.items, |out, &(id, amount, split)| {
        out.object(|out| {
            out.int_member("line_id", id.into());
            out.int_member("amount", amount);
            if let Some((seller, part)) = split {
                out.object_member("payout", |out| {
                    out.array_member("destinations", [seller], |out, seller| {
                        out.object(|out| {
                            out.text_member("destination", seller_name(seller));
                            out.int_member("amount", part);
                        });
                    });
                });
            }
        });
    });
}
