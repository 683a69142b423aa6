//! Documents: AV001–AV007.

use super::collections::{self, Entry};
use super::copies::{Copied, Copies};
use super::currencies;
use super::documents::*;
use super::findings::{Draft, Subject};
use super::ledger::Ledger;
use super::reading::{Everything, Found};
use super::world::World;

pub fn judge(world: &World, drafts: &mut Vec<Draft>) {
    conflicting_copies(world, drafts);
    history_rewritten(world, drafts);
    sandbox_document(world, drafts);
    for ledger in world.ledgers() {
        currency_invalid(ledger, drafts);
        exponent_suspicious(ledger, drafts);
    }
    partial_document(world, drafts);
    currency_changed(world, drafts);
}

/// AV001: "two copies of a document are not equal though they bear the same
/// `updated_at` (both have one) and the same `version` (or both none). One
/// finding per id."
fn conflicting_copies(world: &World, drafts: &mut Vec<Draft>) {
    for (id, copies) in &world.transactions {
        if conflict(copies) {
            drafts.push(Draft::new("AV001", &world.transaction_subject(id)));
        }
    }
    for (id, copies) in &world.orders {
        if conflict(copies) {
            drafts.push(Draft::new("AV001", &world.order_subject(id)));
        }
    }
    // Embedded sessions are not compared.
    for (id, copies) in &world.own_sessions {
        if conflict(copies) {
            drafts.push(Draft::new("AV001", &world.session_subject(id)));
        }
    }
    // Settlement reports have no times, and the rule does not judge headers.
}

/// Partial documents are not compared.
fn conflict<T: Copied>(copies: &Copies<T>) -> bool {
    let whole: Vec<&T> = copies.all.iter().map(|copy| &copy.document).filter(|document| document.is_whole()).collect();
    whole.iter().any(|one| {
        whole.iter().any(|other| {
            one != other
                && one.updated_at().is_some()
                && one.updated_at() == other.updated_at()
                && one.version() == other.version()
        })
    })
}

/// AV002: "a superseded copy has an effective capture, refund, void or cancel,
/// and no effective event of the kept copy (order: of the whole merged
/// collection) has the same kind, the same amount and the same `id` (events
/// without id: the same instant). […] expected = its amount, actual = 0."
fn history_rewritten(world: &World, drafts: &mut Vec<Draft>) {
    for ledger in &world.transaction_ledgers {
        let copies = &world.transactions[ledger.id()];
        let mut old = Vec::new();
        for copy in copies.superseded() {
            // Partial documents are not compared.
            if let Some(events) = &copy.document.events {
                old.push(entries(events, "events", copy));
            }
        }
        rewritten(ledger, old, drafts);
    }
    for ledger in &world.order_ledgers {
        let Some(copies) = world.orders.get(ledger.id()) else {
            continue;
        };
        let mut old = Vec::new();
        for copy in copies.superseded() {
            // The copy's own lists, with one kept operation per id as usual.
            let alone = Everything::default();
            let lists = COLLECTIONS.into_iter().map(|list| collections::merge(ledger.id(), Some(copy), list, &alone));
            old.push(lists.flatten().collect());
        }
        rewritten(ledger, old, drafts);
    }
}

fn entries<T>(events: &[Event], list: &'static str, copy: &Found<T>) -> Vec<Entry> {
    events
        .iter()
        .enumerate()
        .map(|(index, event)| Entry { event: event.clone(), list, index, place: copy.place })
        .collect()
}

/// Whether an event of an older copy is still there: "the same kind, the same
/// amount and the same `id` (events without id: the same instant)".
fn is_same(old: &Event, other: &Event) -> bool {
    let same_one = match &old.id {
        Some(_) => old.id == other.id,
        None => old.time() == other.time(),
    };
    same_one && old.kind == other.kind && old.event_amount() == other.event_amount()
}

fn has(entries: &[Entry], event: &Event) -> bool {
    entries.iter().any(|entry| entry.event.is_effective() && is_same(event, &entry.event))
}

fn rewritten(ledger: &Ledger, copies: Vec<Vec<Entry>>, drafts: &mut Vec<Draft>) {
    let money = [EventKind::Capture, EventKind::Refund, EventKind::Void, EventKind::Cancel];
    for (at, copy) in copies.iter().enumerate() {
        for entry in copy {
            let event = &entry.event;
            if !event.is_effective() || !money.contains(&event.kind) || has(&ledger.entries, event) {
                continue;
            }
            // "One finding per such event, also when several copies have it
            // (place: in the first of them)."
            if copies[..at].iter().any(|earlier| has(earlier, event)) {
                continue;
            }
            let draft = Draft::new("AV002", &ledger.subject).at(entry);
            drafts.push(draft.expected(event.money()).actual(0));
        }
    }
}

/// Whether an id starts with the letter, eight digits and a dot.
fn is_of_account(id: &str, letter: u8) -> bool {
    let bytes = id.as_bytes();
    bytes.len() >= 10 && bytes[0] == letter && bytes[1..9].iter().all(u8::is_ascii_digit) && bytes[9] == b'.'
}

/// AV003: "a kept document's id starts with `T`, eight digits and a dot, while
/// some document of the input (not partial, not a settlement list item) has an
/// id that starts with `P`, eight digits and a dot."
fn sandbox_document(world: &World, drafts: &mut Vec<Draft>) {
    let mut subjects = Vec::new();
    for ledger in &world.transaction_ledgers {
        subjects.push(ledger.subject.clone());
    }
    for id in world.orders.keys() {
        subjects.push(world.order_subject(id));
    }
    for id in world.sessions.keys() {
        subjects.push(world.session_subject(id));
    }
    for report in world.reports() {
        subjects.push(Subject::of_settlement(&report.document, report.place));
    }
    if !subjects.iter().any(|subject| is_of_account(&subject.id, b'P')) {
        return;
    }
    for subject in subjects {
        if is_of_account(&subject.id, b'T') {
            drafts.push(Draft::new("AV003", &subject));
        }
    }
}

/// AV004: "a ledger's currency is no code of ISO 4217, capitals as written; an
/// order document without currency fires too, an order without document does
/// not. actual: the text."
fn currency_invalid(ledger: &Ledger, drafts: &mut Vec<Draft>) {
    let draft = Draft::new("AV004", &ledger.subject);
    match &ledger.subject.currency {
        Some(code) if !currencies::is_known(code) => drafts.push(draft.actual_words(code)),
        None if ledger.order.is_some() => drafts.push(draft),
        _ => {}
    }
}

/// AV005: "the currency's exponent is 0, A ≥ 10000 and every amount there is
/// (A, events effective or not, ledger lines) is divisible by 100."
fn exponent_suspicious(ledger: &Ledger, drafts: &mut Vec<Draft>) {
    let code = ledger.subject.currency.as_deref().unwrap_or("");
    if !currencies::has_exponent_zero(code) || ledger.authorised < 10_000 {
        return;
    }
    let mut amounts = vec![ledger.authorised];
    amounts.extend(ledger.entries.iter().filter_map(|entry| entry.event.event_amount()));
    amounts.extend(ledger.lines.iter().filter_map(|line| line.amount));
    if amounts.iter().all(|amount| amount % 100 == 0) {
        drafts.push(Draft::new("AV005", &ledger.subject));
    }
}

/// AV006: "a partial transaction, and no full copy of it in the input."
fn partial_document(world: &World, drafts: &mut Vec<Draft>) {
    for (id, copies) in &world.transactions {
        if !copies.kept.document.is_whole() {
            drafts.push(Draft::new("AV006", &world.transaction_subject(id)));
        }
    }
}

/// AV007: "a superseded copy of a transaction or order states another currency
/// than the kept one (both state one). One finding per id; expected the first
/// such copy's, actual the kept one's, as text."
fn currency_changed(world: &World, drafts: &mut Vec<Draft>) {
    for ledger in &world.transaction_ledgers {
        let copies = &world.transactions[ledger.id()];
        let old: Vec<_> = copies.superseded();
        let codes = old.iter().map(|copy| copy.document.currency.as_deref());
        changed(ledger, codes.collect(), drafts);
    }
    for ledger in &world.order_ledgers {
        if let Some(copies) = world.orders.get(ledger.id()) {
            let old: Vec<_> = copies.superseded();
            let codes = old.iter().map(|copy| copy.document.currency.as_deref());
            changed(ledger, codes.collect(), drafts);
        }
    }
}

fn changed(ledger: &Ledger, old: Vec<Option<&str>>, drafts: &mut Vec<Draft>) {
    let Some(kept) = ledger.subject.currency.as_deref() else {
        return;
    };
    if let Some(first) = old.into_iter().flatten().find(|code| *code != kept) {
        let draft = Draft::new("AV007", &ledger.subject);
        drafts.push(draft.expected_words(first).actual_words(kept));
    }
}
