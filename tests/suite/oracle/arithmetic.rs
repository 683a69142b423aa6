//! Arithmetic of orders and sessions: AV601–AV605.

use std::collections::{BTreeMap, BTreeSet};

use super::catalogue::{differs, is_more, tolerance};
use super::documents::*;
use super::findings::{Draft, Subject, card_hash};
use super::ledger::Ledger;
use super::lines::carries;
use super::world::World;

pub fn judge(world: &World, drafts: &mut Vec<Draft>) {
    for (id, found) in &world.sessions {
        let subject = world.session_subject(id);
        session_total_wrong(world, &subject, &found.document, drafts);
        discount_mismatch(world, &subject, &found.document.items, drafts);
    }
    for ledger in &world.transaction_ledgers {
        if let Some(transaction) = &ledger.transaction {
            discount_mismatch(world, &ledger.subject, &transaction.items, drafts);
            gift_cards_exceed(world, ledger, transaction, drafts);
            gift_card_over_refunded(world, ledger, drafts);
        }
    }
    for ledger in &world.order_ledgers {
        if let Some(order) = &ledger.order {
            payment_status_mismatch(ledger, order, drafts);
        }
    }
}

/// AV601: "a session's order with items: the item amounts, plus the shipping
/// option's amount unless an item carries its `line_id`, sum to another amount
/// than `order.amount` (with `partial_payment` true: to less). expected
/// `order.amount`, actual the sum."
fn session_total_wrong(world: &World, subject: &Subject, session: &Session, drafts: &mut Vec<Draft>) {
    let Some(amount) = session.amount else {
        return;
    };
    if session.items.is_empty() {
        return;
    }
    let mut sum = sum_of(&session.items);
    if let Some(option) = &session.shipping_option
        && !carries(&session.items, option.line_id.as_deref())
    {
        sum += option.amount.unwrap_or(0);
    }
    let is_wrong = if session.partial_payment {
        sum < amount - tolerance("AV601", world.settings)
    } else {
        differs("AV601", world.settings, amount, sum)
    };
    if is_wrong {
        drafts.push(Draft::new("AV601", subject).expected(amount).actual(sum));
    }
}

/// AV602: "an item (transaction or session) with `gross_amount`, `amount` and
/// non-empty `discount_lines`: gross − discounts differs from `amount`. expected
/// gross − discounts, actual amount."
fn discount_mismatch(world: &World, subject: &Subject, items: &[Item], drafts: &mut Vec<Draft>) {
    for item in items {
        let (Some(gross), Some(amount), Some(discounts)) = (item.gross_amount, item.amount, item.discounts) else {
            continue;
        };
        if differs("AV602", world.settings, gross - discounts, amount) {
            let draft = Draft::new("AV602", subject).line(item.line_id.as_deref());
            drafts.push(draft.expected(gross - discounts).actual(amount));
        }
    }
}

/// AV603: "a transaction's `gift_cards` amounts sum to more than A. expected A,
/// actual the sum."
fn gift_cards_exceed(world: &World, ledger: &Ledger, transaction: &Transaction, drafts: &mut Vec<Draft>) {
    let sum = sum_of_cards(&transaction.gift_cards);
    if !transaction.gift_cards.is_empty() && is_more("AV603", world.settings, ledger.authorised, sum) {
        let draft = Draft::new("AV603", &ledger.subject);
        drafts.push(draft.expected(ledger.authorised).actual(sum));
    }
}

fn sums_by_card(ledger: &Ledger, kind: EventKind) -> BTreeMap<String, i128> {
    let mut sums = BTreeMap::new();
    for entry in ledger.effective(kind) {
        for card in &entry.event.gift_cards {
            if let Some(card_id) = &card.card_id {
                *sums.entry(card_id.clone()).or_insert(0) += card.amount.unwrap_or(0);
            }
        }
    }
    sums
}

/// AV604: "for a `card_id`, gift-card amounts on effective refunds exceed those
/// on effective captures. expected captured, actual refunded."
fn gift_card_over_refunded(world: &World, ledger: &Ledger, drafts: &mut Vec<Draft>) {
    let captured_sums = sums_by_card(ledger, EventKind::Capture);
    let refunded_sums = sums_by_card(ledger, EventKind::Refund);
    let cards: BTreeSet<&String> = captured_sums.keys().chain(refunded_sums.keys()).collect();
    for card in cards {
        let captured = captured_sums.get(card).copied().unwrap_or(0);
        let refunded = refunded_sums.get(card).copied().unwrap_or(0);
        if is_more("AV604", world.settings, captured, refunded) {
            let draft = Draft::new("AV604", &ledger.subject).detail(&card_hash(card));
            drafts.push(draft.expected(captured).actual(refunded));
        }
    }
}

/// AV605: "an order document's `payment_status` (known words only; captures and
/// refunds given) against its totals: `pending` wants C = 0; `partially_paid`
/// 0 < C < gross_amount; `paid` C ≥ gross_amount and R = 0;
/// `partially_refunded` 0 < R < C; `refunded` R ≥ C > 0. Without
/// `gross_amount`, or with an item of the order document whose `gross_amount` is
/// below 0, it is not judged for `partially_paid` and `paid`."
fn payment_status_mismatch(ledger: &Ledger, order: &Order, drafts: &mut Vec<Draft>) {
    if !ledger.given.captures || !ledger.given.refunds {
        return;
    }
    let (c, r) = (ledger.totals.captured, ledger.totals.refunded);
    let gross = order.gross_amount.filter(|_| !order.has_reversed_item);
    let fits = match (order.payment_status.as_deref(), gross) {
        (Some("pending"), _) => c == 0,
        (Some("partially_paid"), Some(gross)) => 0 < c && c < gross,
        (Some("paid"), Some(gross)) => c >= gross && r == 0,
        (Some("partially_refunded"), _) => 0 < r && r < c,
        (Some("refunded"), _) => r >= c && c > 0,
        _ => true,
    };
    if !fits {
        drafts.push(Draft::new("AV605", &ledger.subject));
    }
}
