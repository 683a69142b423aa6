//! A checkout session as the export has it.

use super::private;
use super::random::Rng;
use super::text::Text;
use super::transaction::{shipping, sold};
use super::world::*;

/// Writes a session as an object; `filling` is for everything that a reconciliation does not read.
pub fn write(out: &mut Text, session: &Session, mut filling: Option<&mut Rng>) {
    out.s("{\"id\":\"");
    out.bytes(session.id.bytes());
    out.s("\",");
    if let Some(transaction) = session.transaction {
        out.s("\"transaction_id\":\"");
        out.bytes(transaction.bytes());
        out.s("\",");
    }
    out.field("\"order\":{\"amount\":", session.amount);
    out.s(",\"currency\":\"");
    out.s(session.currency);
    out.s("\",\"merchant_reference\":\"");
    out.bytes(session.reference.bytes());
    out.s("\"");
    items(out, session, filling.as_deref_mut());
    if let Some(rng) = filling.as_deref_mut() {
        private::addresses(out, rng);
    }
    out.s("},\"created_at\":");
    out.time(session.created);
    out.s(",\"expires_at\":");
    out.time(session.created + DAY);
    if let Some(at) = session.cancelled {
        out.s(",\"cancelled_at\":");
        out.time(at);
        out.s(",\"cancelled_by\":\"merchant\"");
    }
    events(out, session, filling.as_deref_mut());
    if let Some(rng) = filling {
        private::configuration(out, rng);
    }
    out.s(",\"updated_at\":");
    out.time(session.updated);
    out.s("}");
}

/// The items, and shipping as the option beside them.
fn items(out: &mut Text, session: &Session, mut filling: Option<&mut Rng>) {
    if session.lines.is_empty() {
        return;
    }
    let beside = |line: &&Line| matches!(line.id, LineId::Shipping(_));
    out.s(",\"items\":[");
    for (i, line) in session.lines.iter().filter(|l| !beside(l)).enumerate() {
        out.s(if i > 0 { ",{" } else { "{" });
        sold(out, line);
        if let Some(rng) = filling.as_deref_mut() {
            private::goods(out, rng);
        }
        out.s("}");
    }
    out.s("]");
    if let Some(option) = session.lines.iter().find(beside) {
        out.s(",\"shipping_option\":");
        shipping(out, option, filling);
    }
}

/// What the payer did; nothing of it moves money.
fn events(out: &mut Text, session: &Session, mut filling: Option<&mut Rng>) {
    let names = ["INITIATED", "VISITED", "SET_SHIPPING_ADDRESS", "PAY_LOCK_START", "PAY_LOCK_END"];
    let known = if filling.is_some() { names.len() } else { 2 };
    out.s(",\"events\":[");
    for (i, name) in names[..known].iter().enumerate() {
        out.s(if i > 0 { ",{\"name\":\"" } else { "{\"name\":\"" });
        out.s(name);
        out.s("\",\"created_at\":");
        out.time(session.created + i as Ms * 4 * SECOND);
        if let Some(rng) = filling.as_deref_mut() {
            out.s(",\"id\":\"");
            out.uuid((rng.next(), rng.next()));
            out.s("\",\"request_id\":\"");
            out.uuid((rng.next(), rng.next()));
            out.s("\"");
        }
        out.s("}");
    }
    out.s("]");
}
