//! Writes transactions and their webhooks.

use super::{filler, line, session};
use crate::json::JsonText;
use crate::realistic::model::{CheckoutSession, Payment, PaymentEvent};
use crate::realistic::names::seller_name;
use crate::realistic::payout::{OwnRecord, provider_reference};
use crate::rng::Rng;

/// Writes a transaction as one line. `filling` adds the members that a reconciliation does not
/// read, including the embedded session.
pub fn write(out: &mut JsonText, payment: &Payment, inner: Option<&CheckoutSession>, mut filling: Option<&mut Rng>) {
    out.object(|out| {
        out.text_member("id", payment.id);
        out.text_member("account_id", payment.id.account());
        out.int_member("amount", payment.amount);
        out.text_member("currency", payment.currency);
        out.text_member("payment_product", payment.product.name);
        out.text_member("payment_product_type", payment.product.kind);
        out.text_member("status", payment.status);
        out.text_member("settlement_status", payment.settlement_status);
        out.text_member("merchant_reference", payment.reference);
        out.text_member("merchant_reference_2", &payment.reference.as_ref()[..6]);
        out.text_member("session_id", payment.session_id);
        out.int_member("version", payment.version);
        out.text_member("payment_operation", "unscheduled_purchase");
        out.text_member("channel", "ecommerce");
        merchant(out, payment);
        if let Some(rng) = filling.as_deref_mut() {
            filler::customer(out, rng);
            filler::addresses(out, rng);
            filler::card(out, rng);
            filler::metadata(out, rng);
            if let Some(inner) = inner {
                out.name("session");
                session::write(out, inner, Some(rng));
            }
        }
        lines(out, payment, filling);
        out.array_member("events", &payment.events, |out, event| out.object(|out| event_members(out, payment, event)));
        out.time_member("created_at", payment.created);
        out.time_member("updated_at", payment.updated);
    });
    out.raw("\n");
}

/// Writes the webhook of a transaction: the transaction without its events.
pub fn write_webhook(out: &mut JsonText, payment: &Payment) {
    out.object(|out| {
        out.text_member("account_id", payment.id.account());
        out.text_member("event", "checkout_transaction");
        out.object_member("event_delivery", |out| out.int_member("attempt", 1));
        out.object_member("transaction", |out| {
            out.text_member("id", payment.id);
            out.int_member("amount", payment.amount);
            out.text_member("currency", payment.currency);
            out.text_member("status", payment.status);
            out.text_member("payment_product_type", payment.product.kind);
            out.text_member("merchant_reference", payment.reference);
            out.time_member("created_at", payment.created);
        });
    });
    out.raw("\n");
}

fn merchant(out: &mut JsonText, payment: &Payment) {
    if let Some(platform) = payment.platform {
        out.text_member("platform_type", platform);
    }
    if payment.merchant_named {
        out.object_member("store", |out| {
            out.text_member("id", "s1");
            out.text_member("payout_destination_id", seller_name(0));
        });
    }
    if payment.gift_card != 0 {
        out.array_member("gift_cards", [payment.gift_card], |out, amount| {
            out.object(|out| {
                out.text_member("type", "dintero");
                gift_card(out, payment, amount);
            });
        });
    }
}

/// The card id is personal data and must never appear in a report.
fn gift_card(out: &mut JsonText, payment: &Payment, amount: i64) {
    out.quoted_member("card_id", |out| {
        out.raw("gift-");
        out.bytes(&payment.id.as_ref()[10..26]);
    });
    out.int_member("amount", amount);
}

fn lines(out: &mut JsonText, payment: &Payment, mut filling: Option<&mut Rng>) {
    if let Some(option) = payment.lines.iter().find(|line| line.id.is_shipping()) {
        line::shipping_option(out, option, filling.as_deref_mut());
    }
    if !payment.lines.is_empty() {
        line::items(out, payment.items(), filling);
    }
}

fn event_members(out: &mut JsonText, payment: &Payment, event: &PaymentEvent) {
    out.uuid_member("id", event.id);
    out.text_member("event", event.kind.word());
    if let Some(status) = event.status {
        out.text_member("transaction_status", status);
    }
    if let Some(amount) = event.amount {
        out.int_member("amount", amount);
    }
    out.time_member("created_at", event.at);
    parts(out, payment, event);
    requests(out, event);
    own_record(out, event);
    out.bool_member("success", event.success);
    if !event.success {
        out.object_member("error", |out| {
            out.text_member("code", "declined");
            out.text_member("message", "Avvist av utsteder");
        });
    }
}

/// Writes lines, splits and gift card of an event.
fn parts(out: &mut JsonText, payment: &Payment, event: &PaymentEvent) {
    if let Some(items) = &event.items {
        out.array_member("items", items, |out, item| out.object(|out| line::amounts(out, item)));
    }
    if !event.splits.is_empty() {
        line::splits(out, &event.splits);
    }
    if !event.fee_to.is_empty() {
        line::fee_split(out, &event.fee_to);
    }
    if event.gift != 0 {
        out.array_member("gift_cards", [event.gift], |out, amount| out.object(|out| gift_card(out, payment, amount)));
    }
}

/// Writes what the payment itself knows of the payout.
fn own_record(out: &mut JsonText, event: &PaymentEvent) {
    let Some(OwnRecord { settlement: Some(settlement), capture, refund, fee, .. }) = event.own_record else { return };
    out.object_member("settlements", |out| {
        out.text_member("settlement_status", "SETTLED");
        out.array_member("events", [settlement], |out, settlement| {
            out.object(|out| {
                out.uuid_member("settlement_id", settlement);
                out.int_member("amount", capture - refund - fee);
                out.int_member("capture", capture);
                // Refunds are seen with either sign.
                out.int_member("refund", if settlement.0 & 1 == 0 { refund } else { -refund });
                out.int_member("fee", fee);
                out.text_member("provider_reference", provider_reference(settlement));
                out.padded_member("event_correlation_id", "EC", event.id.0, 18);
            });
        });
    });
}

fn requests(out: &mut JsonText, event: &PaymentEvent) {
    if let Some(request) = event.request {
        out.uuid_member("request_id", request);
    }
    if let Some(answered) = event.answers {
        // The same id in its other notation: upper case without hyphens.
        let mut number = JsonText::default();
        number.uuid(answered);
        number.0.retain(|byte| *byte != b'-');
        number.0.make_ascii_uppercase();
        out.text_member("correlation_request_id", number.0);
    }
    if let Some((capture, refund, void)) = event.correction {
        out.object_member("correction", |out| {
            out.int_member("remaining_capture_amount", capture);
            out.int_member("remaining_refund_amount", refund);
            out.int_member("remaining_void_amount", void);
        });
    }
}
