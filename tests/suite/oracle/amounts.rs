//! Amounts: AV101–AV111.

use super::Settings;
use super::catalogue::{differs, is_more};
use super::collections::Entry;
use super::documents::*;
use super::findings::Draft;
use super::ledger::{self, Ledger};
use super::world::World;

pub fn judge(world: &World, drafts: &mut Vec<Draft>) {
    let settings = world.settings;
    for ledger in world.ledgers() {
        over_captured(ledger, settings, drafts);
        over_refunded(ledger, settings, drafts);
        refund_before_capture(ledger, settings, drafts);
        over_released(ledger, settings, drafts);
        void_amounts(ledger, settings, drafts);
        amount_missing(ledger, drafts);
        negative_amount(ledger, settings, drafts);
        negative_total(ledger, settings, drafts);
        for entry in repeated_ids(ledger) {
            // AV110: "expected 0, actual its amount".
            let draft = Draft::new("AV110", &ledger.subject).at(&entry);
            drafts.push(draft.expected(0).actual(entry.event.money()));
        }
        suspected_double(ledger, settings, drafts);
    }
}

/// The first of the entries at which the sum so far exceeds the limit.
fn first_above<'l>(entries: &[&'l Entry], limit: i128) -> Option<&'l Entry> {
    let mut sum = 0;
    for entry in entries {
        sum += entry.event.money();
        if sum > limit {
            return Some(entry);
        }
    }
    None
}

/// AV101: "C > A (order: authorizations given)."
pub fn is_over_captured(ledger: &Ledger, settings: &Settings) -> bool {
    ledger.given.authorizations && is_more("AV101", settings, ledger.authorised, ledger.totals.captured)
}

/// AV101: "expected A, actual C; event: the first at which the captured sum so
/// far exceeds A."
fn over_captured(ledger: &Ledger, settings: &Settings, drafts: &mut Vec<Draft>) {
    if !is_over_captured(ledger, settings) {
        return;
    }
    let mut draft = Draft::new("AV101", &ledger.subject);
    if let Some(entry) = first_above(&ledger.effective(EventKind::Capture), ledger.authorised) {
        draft = draft.at(entry);
    }
    drafts.push(draft.expected(ledger.authorised).actual(ledger.totals.captured));
}

/// AV102: "R > C (order: captures given)."
fn is_over_refunded(ledger: &Ledger, settings: &Settings) -> bool {
    let totals = &ledger.totals;
    ledger.given.captures && is_more("AV102", settings, totals.captured, totals.refunded)
}

/// AV102: "expected C, actual R; event: the first at which the refunded sum so
/// far exceeds the final C."
fn over_refunded(ledger: &Ledger, settings: &Settings, drafts: &mut Vec<Draft>) {
    if !is_over_refunded(ledger, settings) {
        return;
    }
    let totals = &ledger.totals;
    let mut draft = Draft::new("AV102", &ledger.subject);
    if let Some(entry) = first_above(&ledger.effective(EventKind::Refund), totals.captured) {
        draft = draft.at(entry);
    }
    drafts.push(draft.expected(totals.captured).actual(totals.refunded));
}

/// AV103: "AV102 does not fire (order: captures given), and at some effective
/// refund the refunded sum so far (it included) exceeds the captured sum so
/// far. First such event; expected captured so far, actual refunded so far."
fn refund_before_capture(ledger: &Ledger, settings: &Settings, drafts: &mut Vec<Draft>) {
    if is_over_refunded(ledger, settings) || !ledger.given.captures {
        return;
    }
    for step in &ledger.steps {
        let event = &step.entry.event;
        if !event.is_effective() || !event.is(EventKind::Refund) {
            continue;
        }
        let (captured, refunded) = (step.after.captured, step.after.refunded);
        if is_more("AV103", settings, captured, refunded) {
            let draft = Draft::new("AV103", &ledger.subject).at(&step.entry);
            drafts.push(draft.expected(captured).actual(refunded));
            return;
        }
    }
}

/// AV104: "order with authorizations given, C ≤ A: C + V > A."
pub fn is_over_released(ledger: &Ledger, settings: &Settings) -> bool {
    let (c, v) = (ledger.totals.captured, ledger.totals.released);
    ledger.is_order()
        && ledger.given.authorizations
        && c <= ledger.authorised
        && is_more("AV104", settings, ledger.authorised - c, v)
}

/// AV104: "expected A − C, actual V."
fn over_released(ledger: &Ledger, settings: &Settings, drafts: &mut Vec<Draft>) {
    if is_over_released(ledger, settings) {
        let limit = ledger.authorised - ledger.totals.captured;
        let draft = Draft::new("AV104", &ledger.subject);
        drafts.push(draft.expected(limit).actual(ledger.totals.released));
    }
}

/// AV105: "an effective void states its own `amount`, other than what is left
/// at that moment. expected what is left, actual the stated amount."
/// AV106: "an effective void without an `amount` of its own, when nothing is
/// left. expected and actual 0."
fn void_amounts(ledger: &Ledger, settings: &Settings, drafts: &mut Vec<Draft>) {
    for step in &ledger.steps {
        let event = &step.entry.event;
        if !event.is_effective() || !event.is(EventKind::Void) {
            continue;
        }
        let left = ledger::left(ledger.authorised, &step.before);
        match event.amount {
            Some(stated) if differs("AV105", settings, left, stated) => {
                let draft = Draft::new("AV105", &ledger.subject).at(&step.entry);
                drafts.push(draft.expected(left).actual(stated));
            }
            None if left == 0 => {
                let draft = Draft::new("AV106", &ledger.subject).at(&step.entry);
                drafts.push(draft.expected(0).actual(0));
            }
            _ => {}
        }
    }
}

/// AV107: "an effective capture or refund (order: any operation) with neither
/// `amount` nor items."
fn amount_missing(ledger: &Ledger, drafts: &mut Vec<Draft>) {
    for entry in ledger.timeline() {
        let event = &entry.event;
        let meant = ledger.is_order() || event.is(EventKind::Capture) || event.is(EventKind::Refund);
        if meant && event.is_effective() && event.event_amount().is_none() {
            drafts.push(Draft::new("AV107", &ledger.subject).at(entry));
        }
    }
}

/// AV108: "transaction only: its `amount`, or any event's own `amount`
/// (effective or not), is below zero. expected 0, actual the amount. One
/// finding each."
fn negative_amount(ledger: &Ledger, settings: &Settings, drafts: &mut Vec<Draft>) {
    if ledger.is_order() {
        return;
    }
    let is_negative = |amount: i128| amount < 0 && differs("AV108", settings, 0, amount);
    if is_negative(ledger.authorised) {
        let draft = Draft::new("AV108", &ledger.subject);
        drafts.push(draft.expected(0).actual(ledger.authorised));
    }
    for entry in ledger.timeline() {
        if let Some(amount) = entry.event.amount
            && is_negative(amount)
        {
            let draft = Draft::new("AV108", &ledger.subject).at(entry);
            drafts.push(draft.expected(0).actual(amount));
        }
    }
}

/// AV109: "order only: A (authorizations given), C, R or V is below zero […].
/// One finding per total, in that order; expected 0."
fn negative_total(ledger: &Ledger, settings: &Settings, drafts: &mut Vec<Draft>) {
    if !ledger.is_order() {
        return;
    }
    let mut totals = vec![
        ("captured", ledger.totals.captured),
        ("refunded", ledger.totals.refunded),
        ("released", ledger.totals.released),
    ];
    if ledger.given.authorizations {
        totals.insert(0, ("authorised", ledger.authorised));
    }
    for (name, total) in totals {
        if total < 0 && differs("AV109", settings, 0, total) {
            let draft = Draft::new("AV109", &ledger.subject).detail(name);
            drafts.push(draft.expected(0).actual(total));
        }
    }
}

/// AV110: "effective events of one kind (capture, refund, void, cancel,
/// authorize) of one transaction share a non-empty `id`. One finding for each
/// after the first in the timeline."
fn repeated_ids(ledger: &Ledger) -> Vec<Entry> {
    if ledger.is_order() {
        return Vec::new();
    }
    let kinds = [EventKind::Capture, EventKind::Refund, EventKind::Void, EventKind::Cancel, EventKind::Authorize];
    let mut repeated = Vec::new();
    for kind in kinds {
        let mut met: Vec<&str> = Vec::new();
        for entry in ledger.effective(kind) {
            let Some(id) = entry.event.id.as_deref() else {
                continue;
            };
            if met.contains(&id) {
                repeated.push(entry.clone());
            }
            met.push(id);
        }
    }
    repeated
}

/// AV111: "two captures, or two refunds, next to each other among the effective
/// events of their kind in the timeline, with equal amount, equal items (the
/// same multiset of line and amount), both times known and no more than the
/// window apart (600 s by default); AV110 does not name the later one. The
/// later one; expected 0, actual its amount."
fn suspected_double(ledger: &Ledger, settings: &Settings, drafts: &mut Vec<Draft>) {
    let repeated = repeated_ids(ledger);
    for kind in [EventKind::Capture, EventKind::Refund] {
        for pair in ledger.effective(kind).windows(2) {
            let (one, other) = (&pair[0].event, &pair[1].event);
            let (Some(from), Some(to)) = (one.time(), other.time()) else {
                continue;
            };
            let window = settings.windows.double_operation;
            let apart = to.is_past(from, window) || from.is_past(to, window);
            let named = repeated.iter().any(|entry| entry.list == pair[1].list && entry.index == pair[1].index);
            if !apart
                && !named
                && one.event_amount() == other.event_amount()
                && lines_and_amounts(one) == lines_and_amounts(other)
            {
                let draft = Draft::new("AV111", &ledger.subject).at(pair[1]);
                drafts.push(draft.expected(0).actual(other.money()));
            }
        }
    }
}

fn lines_and_amounts(event: &Event) -> Vec<(Option<String>, Option<i128>)> {
    let mut all: Vec<_> = event.items.iter().map(|item| (item.line_id.clone(), item.amount)).collect();
    all.sort();
    all
}
