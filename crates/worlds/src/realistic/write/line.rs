//! Writes lines and their splits between sellers.

use super::filler;
use crate::json::JsonText;
use crate::realistic::model::PurchaseLine;
use crate::realistic::names::seller_name;
use crate::rng::Rng;

/// Writes the list of items sold.
pub fn items<'l>(out: &mut JsonText, lines: impl Iterator<Item = &'l PurchaseLine>, mut filling: Option<&mut Rng>) {
    out.array_member("items", lines, |out, line| {
        out.object(|out| {
            amounts(out, line);
            out.int_member("vat", 25);
            out.int_member("vat_amount", line.amount / 5);
            if let Some((gross, off)) = line.discount {
                out.int_member("gross_amount", gross);
                out.array_member("discount_lines", [off], |out, off| {
                    out.object(|out| {
                        out.int_member("amount", off);
                        out.text_member("discount_type", "customer");
                    });
                });
            }
            if let Some(rng) = filling.as_deref_mut() {
                filler::goods(out, rng);
            }
        });
    });
}

/// Writes the members of a line, or of a part of it in an event.
pub fn amounts(out: &mut JsonText, line: &PurchaseLine) {
    out.text_member("line_id", line.id.to_string());
    out.int_member("amount", line.amount);
    if let Some(quantity) = line.quantity {
        out.int_member("quantity", quantity);
    }
    if let Some(split) = line.split {
        splits(out, &[split]);
        fee_split(out, &[split.0]);
    }
}

pub fn shipping_option(out: &mut JsonText, line: &PurchaseLine, filling: Option<&mut Rng>) {
    out.object_member("shipping_option", |out| {
        out.text_member("id", "pick-up");
        amounts(out, line);
        out.text_member("title", "Hentested");
        out.text_member("operator", "Bring");
        if let Some(rng) = filling {
            filler::pick_up(out, rng);
        }
    });
}

pub fn splits(out: &mut JsonText, splits: &[(u32, i64)]) {
    out.array_member("splits", splits, |out, &(id, amount)| {
        out.object(|out| {
            out.text_member("payout_destination_id", seller_name(id));
            out.int_member("amount", amount);
        });
    });
}

pub fn fee_split(out: &mut JsonText, sellers: &[u32]) {
    out.object_member("fee_split", |out| {
        out.text_member("type", "proportional");
        out.array_member("destinations", sellers, |out, &id| out.quoted(|out| out.raw(&seller_name(id))));
    });
}
