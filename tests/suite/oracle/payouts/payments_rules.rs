//! Payments against their payouts: AV707–AV711.

use std::collections::BTreeSet;

use super::dintero::{Documents, documents, entry_parts};
use super::judged::JudgedPayout;
use crate::oracle::catalogue::{differs, is_more};
use crate::oracle::documents::*;
use crate::oracle::findings::{Draft, Subject};
use crate::oracle::ledger::Ledger;
use crate::oracle::settlements::{is_settled_differ, line_nets, settled_sums};
use crate::oracle::world::World;

pub fn judge(world: &World, payouts: &[JudgedPayout], missing: &BTreeSet<(String, String)>, drafts: &mut Vec<Draft>) {
    for judged in payouts {
        settlement_missing(judged, missing, drafts);
    }
    for ledger in &world.transaction_ledgers {
        settled_event_differs(world, ledger, drafts);
        over_settled(world, ledger, drafts);
    }
    for found in documents(world) {
        settlement_line_differs(world, &found, drafts);
        settlement_line_unnamed(world, &found, drafts);
    }
}

/// AV707: "the input has Dintero settlements, and entries name one that it lacks (id and currency;
/// one without currency is any). One per payout; actual its amount."
fn settlement_missing(judged: &JudgedPayout, missing: &BTreeSet<(String, String)>, drafts: &mut Vec<Draft>) {
    let payout = &judged.payout;
    let key = (payout.id.clone(), payout.currency.clone());
    if payout.namespace == "dintero" && payout.is_unseen && missing.contains(&key) {
        drafts.push(judged.draft("AV707", "").actual(payout.amount));
    }
}

fn entries_of<'l>(ledger: &'l Ledger, settlement_id: &str) -> Vec<&'l SettlementEntry> {
    let all = ledger.entries.iter().flat_map(|entry| &entry.event.settlements.entries);
    all.filter(|entry| entry.settlement_id == settlement_id).collect()
}

fn has_entries(ledger: &Ledger) -> bool {
    ledger.entries.iter().any(|entry| !entry.event.settlements.entries.is_empty())
}

/// AV708: "effective capture or refund with an amount and entries, no `gift_cards` (transaction,
/// events): the entries' captures (refunds, as −effect) sum to more, or,
/// `settlements.settlement_status` SETTLED, to less. kind transaction, event; expected amount,
/// actual sum."
fn settled_event_differs(world: &World, ledger: &Ledger, drafts: &mut Vec<Draft>) {
    let own_cards = ledger.transaction.as_ref().is_some_and(|transaction| !transaction.gift_cards.is_empty());
    if own_cards || ledger.entries.iter().any(|entry| !entry.event.gift_cards.is_empty()) {
        return;
    }
    for entry in ledger.timeline() {
        let event = &entry.event;
        let settled = &event.settlements;
        let (true, Some(amount), false) = (event.is_effective(), event.event_amount(), settled.entries.is_empty())
        else {
            continue;
        };
        let parts = settled.entries.iter().map(entry_parts);
        let sum: i128 = match event.kind {
            EventKind::Capture => parts.map(|parts| parts.captures).sum(),
            EventKind::Refund => parts.map(|parts| -parts.refunds).sum(),
            _ => continue,
        };
        let is_less = settled.status.as_deref() == Some("SETTLED") && is_more("AV708", world.settings, sum, amount);
        if is_more("AV708", world.settings, amount, sum) || is_less {
            drafts.push(Draft::new("AV708", &ledger.subject).at(entry).expected(amount).actual(sum));
        }
    }
}

/// AV709: "a report with lines (without currency: any), and a transaction (of its currency) whose
/// entries name it: the lines naming the transaction sum to another capture, or refund (−effect),
/// than those entries. One each (detail captured, refunded); kind transaction, `settlement_id`;
/// expected entries', actual lines' (no line: 0)."
fn settlement_line_differs(world: &World, found: &Documents, drafts: &mut Vec<Draft>) {
    let (Some(report), Some(currency)) = (found.report, found.report_currency()) else {
        return;
    };
    if report.document.lines.is_empty() {
        return;
    }
    let signs = found.signs(&currency);
    for ledger in &world.transaction_ledgers {
        let entries = entries_of(ledger, found.id);
        let own_currency = ledger.subject.currency.as_deref().unwrap_or("");
        if entries.is_empty() || !(currency.is_empty() || currency == own_currency) {
            continue;
        }
        let parts: Vec<_> = entries.into_iter().map(entry_parts).collect();
        let lines = report.document.lines.iter();
        let lines: Vec<_> = lines.filter(|line| line.transaction_id.as_deref() == Some(ledger.id())).collect();
        let captured: i128 = lines.iter().map(|line| line.capture.unwrap_or(0)).sum();
        let refunded: i128 = lines.iter().map(|line| -signs.refund(line.refund.unwrap_or(0))).sum();
        let checks = [
            ("captured", parts.iter().map(|parts| parts.captures).sum(), captured),
            ("refunded", parts.iter().map(|parts| -parts.refunds).sum(), refunded),
        ];
        for (name, expected, actual) in checks {
            if differs("AV709", world.settings, expected, actual) {
                let draft = Draft::new("AV709", &ledger.subject).partner_settlement(found.id).detail(name);
                drafts.push(draft.expected(expected).actual(actual));
            }
        }
    }
}

/// AV710: "a report's line with capture or refund ≠ 0 names a full transaction with entries, none
/// of this settlement. kind settlement, event `transactions[k]`; actual its net."
fn settlement_line_unnamed(world: &World, found: &Documents, drafts: &mut Vec<Draft>) {
    let Some(report) = found.report else {
        return;
    };
    let subject = Subject::of_settlement(&report.document, report.place);
    let nets = line_nets(&report.document);
    for (index, line) in report.document.lines.iter().enumerate() {
        let named = line.transaction_id.as_deref().and_then(|id| world.transaction_ledger(id));
        let Some(ledger) = named else {
            continue;
        };
        let moves = line.capture.unwrap_or(0) != 0 || line.refund.unwrap_or(0) != 0;
        if moves && has_entries(ledger) && entries_of(ledger, found.id).is_empty() {
            let draft = Draft::new("AV710", &subject).at_settlement_line(index);
            drafts.push(draft.partner_transaction(ledger.id()).actual(nets[index]));
        }
    }
}

/// AV711: "settled capture (rules.md) of a full transaction > max(C, 0), or settled refund >
/// max(R, 0), where AV704 does not fire. One each (detail captured, refunded); kind transaction;
/// expected ours."
fn over_settled(world: &World, ledger: &Ledger, drafts: &mut Vec<Draft>) {
    let Some(transaction) = &ledger.transaction else {
        return;
    };
    for (name, ours, settled) in settled_sums(world, ledger) {
        let is_over = is_more("AV711", world.settings, ours.max(0), settled);
        if is_over && !is_settled_differ(world, ledger, transaction, ours, settled) {
            drafts.push(Draft::new("AV711", &ledger.subject).detail(name).expected(ours).actual(settled));
        }
    }
}
