//! Writes checkout sessions.

use super::{filler, line};
use crate::json::JsonText;
use crate::realistic::model::{CheckoutSession, DAY, Millis, SECOND};
use crate::rng::Rng;

/// Writes a session as an object; `filling` adds the members that a reconciliation does not read.
pub fn write(out: &mut JsonText, session: &CheckoutSession, mut filling: Option<&mut Rng>) {
    out.object(|out| {
        out.text_member("id", session.id);
        if let Some(transaction) = session.transaction {
            out.text_member("transaction_id", transaction);
        }
        out.object_member("order", |out| {
            out.int_member("amount", session.amount);
            out.text_member("currency", session.currency);
            out.text_member("merchant_reference", session.reference);
            items(out, session, filling.as_deref_mut());
            if let Some(rng) = filling.as_deref_mut() {
                filler::addresses(out, rng);
            }
        });
        out.time_member("created_at", session.created);
        out.time_member("expires_at", session.created + DAY);
        if let Some(at) = session.cancelled {
            out.time_member("cancelled_at", at);
            out.text_member("cancelled_by", "merchant");
        }
        events(out, session, filling.as_deref_mut());
        if let Some(rng) = filling {
            filler::configuration(out, rng);
        }
        out.time_member("updated_at", session.updated);
    });
}

/// Writes the items, and shipping as a separate option.
fn items(out: &mut JsonText, session: &CheckoutSession, mut filling: Option<&mut Rng>) {
    if session.lines.is_empty() {
        return;
    }
    line::items(out, session.lines.iter().filter(|line| !line.id.is_shipping()), filling.as_deref_mut());
    if let Some(option) = session.lines.iter().find(|line| line.id.is_shipping()) {
        line::shipping_option(out, option, filling);
    }
}

/// The payer's actions; none of them moves money.
fn events(out: &mut JsonText, session: &CheckoutSession, mut filling: Option<&mut Rng>) {
    let names = ["INITIATED", "VISITED", "SET_SHIPPING_ADDRESS", "PAY_LOCK_START", "PAY_LOCK_END"];
    let known = if filling.is_some() { names.len() } else { 2 };
    out.array_member("events", names[..known].iter().zip(0..), |out, (name, i)| {
        out.object(|out| {
            out.text_member("name", name);
            out.time_member("created_at", session.created + i as Millis * 4 * SECOND);
            if let Some(rng) = filling.as_deref_mut() {
                out.uuid_member("id", rng.pair());
                out.uuid_member("request_id", rng.pair());
            }
        });
    });
}
