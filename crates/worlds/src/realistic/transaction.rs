//! A transaction as the export has it, and the webhook that told of it.

use super::private;
use super::random::Rng;
use super::session;
use super::text::Text;
use super::world::*;

/// What goes into a document besides the facts.
pub struct Dress<'a> {
    /// Everything that an export has, personal data included; else only what a reconciliation reads.
    pub fat: bool,
    /// The session inside the transaction.
    pub session: Option<&'a Session>,
    /// Where the filling comes from.
    pub filling: Rng,
}

/// Writes a transaction as one line.
pub fn write(out: &mut Text, tx: &Tx, dress: &mut Dress<'_>) {
    out.s("{\"id\":\"");
    out.bytes(tx.id.bytes());
    out.s("\",\"account_id\":\"");
    out.bytes(tx.id.account());
    out.field("\",\"amount\":", tx.amount);
    out.s(",\"currency\":\"");
    out.s(tx.currency);
    out.s("\",\"payment_product\":\"");
    out.s(tx.product.name);
    out.s("\",\"payment_product_type\":\"");
    out.s(tx.product.kind);
    out.s("\",\"status\":\"");
    out.s(tx.status);
    out.s("\",\"settlement_status\":\"");
    out.s(tx.settlement_status);
    out.s("\",\"merchant_reference\":\"");
    out.bytes(tx.reference.bytes());
    out.s("\",\"merchant_reference_2\":\"");
    out.bytes(&tx.reference.bytes()[..6]);
    out.s("\",\"session_id\":\"");
    out.bytes(tx.session_id.bytes());
    out.field("\",\"version\":", tx.version);
    out.s(",\"payment_operation\":\"unscheduled_purchase\",\"channel\":\"ecommerce\"");
    merchant(out, tx);
    if dress.fat {
        private::customer(out, &mut dress.filling);
        private::addresses(out, &mut dress.filling);
        private::card(out, &mut dress.filling);
        private::metadata(out, &mut dress.filling);
        if let Some(embedded) = dress.session {
            out.s(",\"session\":");
            session::write(out, embedded, Some(&mut dress.filling));
        }
    }
    lines(out, tx, dress);
    events(out, tx);
    out.s(",\"created_at\":");
    out.time(tx.created);
    out.s(",\"updated_at\":");
    out.time(tx.updated);
    out.s("}\n");
}

/// Writes the webhook that told of a transaction: the transaction without its events.
pub fn write_webhook(out: &mut Text, tx: &Tx) {
    out.s("{\"account_id\":\"");
    out.bytes(tx.id.account());
    out.s("\",\"event\":\"checkout_transaction\",\"event_delivery\":{\"attempt\":1},\"transaction\":{\"id\":\"");
    out.bytes(tx.id.bytes());
    out.field("\",\"amount\":", tx.amount);
    out.s(",\"currency\":\"");
    out.s(tx.currency);
    out.s("\",\"status\":\"");
    out.s(tx.status);
    out.s("\",\"payment_product_type\":\"");
    out.s(tx.product.kind);
    out.s("\",\"merchant_reference\":\"");
    out.bytes(tx.reference.bytes());
    out.s("\",\"created_at\":");
    out.time(tx.created);
    out.s("}}\n");
}

fn merchant(out: &mut Text, tx: &Tx) {
    if let Some(platform) = tx.platform {
        out.s(",\"platform_type\":\"");
        out.s(platform);
        out.s("\"");
    }
    if tx.merchant_named {
        out.s(",\"store\":{\"id\":\"s1\",\"payout_destination_id\":\"seller-00000\"}");
    }
    if tx.gift_card != 0 {
        out.s(",\"gift_cards\":[{\"type\":\"dintero\",\"card_id\":\"");
        gift_card_id(out, tx);
        out.field("\",\"amount\":", tx.gift_card);
        out.s("}]");
    }
}

/// The gift card of a transaction; the id is personal data and must never be seen again.
fn gift_card_id(out: &mut Text, tx: &Tx) {
    out.s("gift-");
    out.bytes(&tx.id.bytes()[10..26]);
}

fn lines(out: &mut Text, tx: &Tx, dress: &mut Dress<'_>) {
    if let Some(option) = tx.lines.iter().find(|l| matches!(l.id, LineId::Shipping(_))) {
        out.s(",\"shipping_option\":");
        shipping(out, option, dress.fat.then_some(&mut dress.filling));
    }
    if tx.lines.is_empty() {
        return;
    }
    out.s(",\"items\":[");
    for (i, line) in tx.items().enumerate() {
        out.s(if i > 0 { ",{" } else { "{" });
        sold(out, line);
        if dress.fat {
            private::goods(out, &mut dress.filling);
        }
        out.s("}");
    }
    out.s("]");
}

/// The members of an item that is sold, without the braces.
pub fn sold(out: &mut Text, line: &Line) {
    moved(out, line);
    out.field(",\"vat\":25,\"vat_amount\":", line.amount / 5);
    if let Some((gross, off)) = line.discount {
        out.field(",\"gross_amount\":", gross);
        out.field(",\"discount_lines\":[{\"amount\":", off);
        out.s(",\"discount_type\":\"customer\"}]");
    }
}

/// The members of a line, or of the part of it that an event moves.
fn moved(out: &mut Text, line: &Line) {
    out.s("\"line_id\":\"");
    line_id(out, line.id);
    out.field("\",\"amount\":", line.amount);
    if let Some(quantity) = line.quantity {
        out.field(",\"quantity\":", quantity);
    }
    if let Some(split) = line.split {
        splits(out, &[split]);
        fee_split(out, &[split.0]);
    }
}

fn line_id(out: &mut Text, id: LineId) {
    match id {
        LineId::Number(n) => out.int(i64::from(n)),
        LineId::Shipping(n) => {
            out.s("bring-pick-up-");
            out.padded(u64::from(n), 5);
        }
        LineId::Rounding => out.s("rounding-fee"),
    }
}

/// The shipping option.
pub fn shipping(out: &mut Text, line: &Line, filling: Option<&mut Rng>) {
    out.s("{\"id\":\"pick-up\",");
    moved(out, line);
    out.s(",\"title\":\"Hentested\",\"operator\":\"Bring\"");
    if let Some(rng) = filling {
        private::pick_up(out, rng);
    }
    out.s("}");
}

fn destination(out: &mut Text, seller: u32) {
    out.s("\"seller-");
    out.padded(u64::from(seller), 5);
    out.s("\"");
}

fn splits(out: &mut Text, splits: &[(u32, i64)]) {
    out.s(",\"splits\":[");
    for (i, &(seller, amount)) in splits.iter().enumerate() {
        out.s(if i > 0 { ",{\"payout_destination_id\":" } else { "{\"payout_destination_id\":" });
        destination(out, seller);
        out.field(",\"amount\":", amount);
        out.s("}");
    }
    out.s("]");
}

fn fee_split(out: &mut Text, sellers: &[u32]) {
    out.s(",\"fee_split\":{\"type\":\"proportional\",\"destinations\":[");
    for (i, &seller) in sellers.iter().enumerate() {
        if i > 0 {
            out.s(",");
        }
        destination(out, seller);
    }
    out.s("]}");
}

fn events(out: &mut Text, tx: &Tx) {
    out.s(",\"events\":[");
    for (i, event) in tx.events.iter().enumerate() {
        out.s(if i > 0 { ",{\"id\":\"" } else { "{\"id\":\"" });
        out.uuid(event.id);
        out.s("\",\"event\":\"");
        out.s(event.kind.word());
        out.s("\"");
        if let Some(status) = event.status {
            out.s(",\"transaction_status\":\"");
            out.s(status);
            out.s("\"");
        }
        if let Some(amount) = event.amount {
            out.field(",\"amount\":", amount);
        }
        out.s(",\"created_at\":");
        out.time(event.at);
        shares(out, tx, event);
        requests(out, event);
        out.s(if event.success {
            ",\"success\":true}"
        } else {
            ",\"success\":false,\"error\":{\"code\":\"declined\",\"message\":\"Avvist av utsteder\"}}"
        });
    }
    out.s("]");
}

fn shares(out: &mut Text, tx: &Tx, event: &Event) {
    if let Some(items) = &event.items {
        out.s(",\"items\":[");
        for (i, line) in items.iter().enumerate() {
            out.s(if i > 0 { ",{" } else { "{" });
            moved(out, line);
            out.s("}");
        }
        out.s("]");
    }
    if !event.splits.is_empty() {
        splits(out, &event.splits);
    }
    if !event.fee_to.is_empty() {
        fee_split(out, &event.fee_to);
    }
    if event.gift != 0 {
        out.s(",\"gift_cards\":[{\"card_id\":\"");
        gift_card_id(out, tx);
        out.field("\",\"amount\":", event.gift);
        out.s("}]");
    }
}

fn requests(out: &mut Text, event: &Event) {
    if let Some(request) = event.request {
        out.s(",\"request_id\":\"");
        out.uuid(request);
        out.s("\"");
    }
    if let Some(answered) = event.answers {
        // The same number in its other spelling: capitals, no hyphens.
        out.s(",\"correlation_request_id\":\"");
        let start = out.0.len();
        out.uuid(answered);
        let spelled: Vec<u8> = out.0[start..].iter().filter(|b| **b != b'-').map(u8::to_ascii_uppercase).collect();
        out.0.truncate(start);
        out.bytes(&spelled);
        out.s("\"");
    }
    if let Some((capture, refund, void)) = event.correction {
        out.field(",\"correction\":{\"remaining_capture_amount\":", capture);
        out.field(",\"remaining_refund_amount\":", refund);
        out.field(",\"remaining_void_amount\":", void);
        out.s("}");
    }
}
