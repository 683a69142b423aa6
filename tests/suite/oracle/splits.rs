//! Splits: AV301–AV309.

use super::Settings;
use super::catalogue::{differs, is_beyond};
use super::collections::Entry;
use super::documents::*;
use super::findings::Draft;
use super::ledger::Ledger;
use super::world::World;

pub fn judge(world: &World, drafts: &mut Vec<Draft>) {
    let settings = world.settings;
    for ledger in world.ledgers() {
        split_unbalanced(ledger, settings, drafts);
        for (entry, item) in all_items(ledger) {
            item_split_unbalanced(ledger, entry, &item, settings, drafts);
        }
        destination_over_refunded(ledger, settings, drafts);
        fee_destination_unknown(ledger, drafts);
        splits_missing(ledger, drafts);
        duplicate_destination(ledger, drafts);
        negative_split(ledger, settings, drafts);
        seller_missing(ledger, drafts);
        gift_card_with_splits(ledger, drafts);
    }
}

fn effective(ledger: &Ledger) -> Vec<&Entry> {
    ledger.entries.iter().filter(|entry| entry.event.is_effective()).collect()
}

/// The transaction's items, its shipping option, and the items of effective
/// events or operations (these with their event).
fn all_items(ledger: &Ledger) -> Vec<(Option<&Entry>, Item)> {
    let mut items = Vec::new();
    if let Some(transaction) = &ledger.transaction {
        items.extend(transaction.items.iter().map(|item| (None, item.clone())));
        items.extend(transaction.shipping_option.iter().map(|item| (None, item.clone())));
    }
    for entry in effective(ledger) {
        items.extend(entry.event.items.iter().map(|item| (Some(entry), item.clone())));
    }
    items
}

/// A finding on an item: "for a finding on a ledger's own item or shipping
/// option `event` is empty".
fn on_item(rule: &'static str, ledger: &Ledger, entry: Option<&Entry>, item: &Item) -> Draft {
    let draft = Draft::new(rule, &ledger.subject).line(item.line_id.as_deref());
    match entry {
        Some(entry) => draft.at(entry),
        None => draft,
    }
}

/// AV301: "an effective capture or refund with event-level `splits` and an
/// amount: they sum to another amount. expected the amount, actual the sum."
fn split_unbalanced(ledger: &Ledger, settings: &Settings, drafts: &mut Vec<Draft>) {
    for entry in effective(ledger) {
        let event = &entry.event;
        let meant = event.is(EventKind::Capture) || event.is(EventKind::Refund);
        let Some(amount) = event.event_amount() else {
            continue;
        };
        if !meant || event.splits.is_empty() {
            continue;
        }
        let sum = sum_of_splits(&event.splits);
        if differs("AV301", settings, amount, sum) {
            let draft = Draft::new("AV301", &ledger.subject).at(entry);
            drafts.push(draft.expected(amount).actual(sum));
        }
    }
}

/// AV302: "an item with an amount and `splits` (transaction item, shipping
/// option, item of an effective event) or `payout.destinations` (item of an
/// effective order operation): they sum to another amount. expected the item's
/// amount, actual the sum."
fn item_split_unbalanced(
    ledger: &Ledger,
    entry: Option<&Entry>,
    item: &Item,
    settings: &Settings,
    drafts: &mut Vec<Draft>,
) {
    let Some(amount) = item.amount else {
        return;
    };
    let sum = sum_of_splits(&item.splits);
    if !item.splits.is_empty() && differs("AV302", settings, amount, sum) {
        let draft = on_item("AV302", ledger, entry, item);
        drafts.push(draft.expected(amount).actual(sum));
    }
}

/// AV303: "every effective capture of the ledger (order: captures given) has
/// splits (none at all counts as every), and for a payout destination the
/// splits of effective refunds sum to more than those of effective captures.
/// expected captured, actual refunded."
fn destination_over_refunded(ledger: &Ledger, settings: &Settings, drafts: &mut Vec<Draft>) {
    let captures = ledger.effective(EventKind::Capture);
    let all_have_splits = captures.iter().all(|entry| !entry.event.all_splits().is_empty());
    if !ledger.given.captures || !all_have_splits {
        return;
    }
    let captured_sums = ledger.sums_by_destination(EventKind::Capture);
    for (destination, refunded) in ledger.sums_by_destination(EventKind::Refund) {
        let captured = captured_sums.get(&destination).copied().unwrap_or(0);
        if is_beyond("AV303", settings, captured, refunded) {
            let draft = Draft::new("AV303", &ledger.subject).destination(&destination);
            drafts.push(draft.expected(captured).actual(refunded));
        }
    }
}

/// AV304: "a `fee_split` of an effective event, of one of its items, of a
/// transaction item or of the shipping option names a destination that is not
/// among the splits of that same event (section 1) or item; only where there
/// are such splits. One finding per destination."
fn fee_destination_unknown(ledger: &Ledger, drafts: &mut Vec<Draft>) {
    for (entry, item) in all_items(ledger) {
        for destination in unknown_destinations(&item.fee_destinations, &item.splits) {
            let draft = on_item("AV304", ledger, entry, &item);
            drafts.push(draft.destination(&destination));
        }
    }
    for entry in effective(ledger) {
        let event = &entry.event;
        for destination in unknown_destinations(&event.fee_destinations, &event.all_splits()) {
            let draft = Draft::new("AV304", &ledger.subject).at(entry);
            drafts.push(draft.destination(&destination));
        }
    }
}

fn unknown_destinations(fees: &[String], splits: &[Split]) -> Vec<String> {
    let mut unknown: Vec<String> = Vec::new();
    for fee in fees {
        let is_known = splits.iter().any(|split| split.destination == *fee);
        if !splits.is_empty() && !is_known && !unknown.contains(fee) {
            unknown.push(fee.clone());
        }
    }
    unknown
}

/// AV305: "an effective capture has no splits while another effective capture
/// of the transaction has. One finding per capture without; actual its amount."
fn splits_missing(ledger: &Ledger, drafts: &mut Vec<Draft>) {
    if ledger.is_order() {
        return;
    }
    let captures = ledger.effective(EventKind::Capture);
    if captures.iter().all(|entry| entry.event.all_splits().is_empty()) {
        return;
    }
    for entry in captures {
        if entry.event.all_splits().is_empty() {
            let draft = Draft::new("AV305", &ledger.subject).at(entry);
            drafts.push(draft.actual(entry.event.money()));
        }
    }
}

/// AV306: "one split list (effective event, its item, transaction item,
/// shipping option, `payout.destinations`) names a destination twice. One
/// finding per list and destination."
fn duplicate_destination(ledger: &Ledger, drafts: &mut Vec<Draft>) {
    for (entry, item) in all_items(ledger) {
        for destination in twice_named(&item.splits) {
            let draft = on_item("AV306", ledger, entry, &item);
            drafts.push(draft.destination(&destination));
        }
    }
    for entry in effective(ledger) {
        for destination in twice_named(&entry.event.splits) {
            let draft = Draft::new("AV306", &ledger.subject).at(entry);
            drafts.push(draft.destination(&destination));
        }
    }
}

fn twice_named(splits: &[Split]) -> Vec<String> {
    let mut twice: Vec<String> = Vec::new();
    for (at, split) in splits.iter().enumerate() {
        let is_met = splits[..at].iter().any(|other| other.destination == split.destination);
        if is_met && !twice.contains(&split.destination) {
            twice.push(split.destination.clone());
        }
    }
    twice
}

/// AV307: "transaction only: a split amount below zero on an effective event or
/// one of its items. One finding per split; expected 0, actual the split."
fn negative_split(ledger: &Ledger, settings: &Settings, drafts: &mut Vec<Draft>) {
    if ledger.is_order() {
        return;
    }
    let is_negative = |amount: i128| amount < 0 && differs("AV307", settings, 0, amount);
    for entry in effective(ledger) {
        for split in &entry.event.splits {
            if is_negative(split.amount) {
                let draft = Draft::new("AV307", &ledger.subject).at(entry);
                let draft = draft.destination(&split.destination);
                drafts.push(draft.expected(0).actual(split.amount));
            }
        }
        for item in &entry.event.items {
            for split in &item.splits {
                if is_negative(split.amount) {
                    let draft = on_item("AV307", ledger, Some(entry), item);
                    let draft = draft.destination(&split.destination);
                    drafts.push(draft.expected(0).actual(split.amount));
                }
            }
        }
    }
}

/// AV308: "`platform_type` is `aggregator` and neither `payout_destination_id`
/// nor `store.payout_destination_id` is given."
fn seller_missing(ledger: &Ledger, drafts: &mut Vec<Draft>) {
    let Some(transaction) = &ledger.transaction else {
        return;
    };
    if transaction.platform_type.as_deref() == Some("aggregator")
        && transaction.payout_destination_id.is_none()
        && transaction.store_payout_destination_id.is_none()
    {
        drafts.push(Draft::new("AV308", &ledger.subject));
    }
}

/// AV309: "a transaction has `gift_cards`, and any of its effective events has
/// splits."
fn gift_card_with_splits(ledger: &Ledger, drafts: &mut Vec<Draft>) {
    let Some(transaction) = &ledger.transaction else {
        return;
    };
    let with_splits = effective(ledger).into_iter().any(|entry| !entry.event.all_splits().is_empty());
    if !transaction.gift_cards.is_empty() && with_splits {
        drafts.push(Draft::new("AV309", &ledger.subject));
    }
}
