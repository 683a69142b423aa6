//! Lines: AV201–AV208.

use super::Settings;
use super::catalogue::{differs, is_beyond};
use super::documents::*;
use super::findings::Draft;
use super::json;
use super::ledger::Ledger;
use super::world::World;

pub fn judge(world: &World, drafts: &mut Vec<Draft>) {
    let settings = world.settings;
    for ledger in world.ledgers() {
        items_unbalanced(ledger, settings, drafts);
        line_over_captured(ledger, settings, drafts);
        line_over_refunded(ledger, settings, drafts);
        unknown_line(ledger, drafts);
        items_total_wrong(ledger, settings, drafts);
        line_over_released(ledger, settings, drafts);
        duplicate_line(ledger, drafts);
        quantity_exceeded(ledger, drafts);
    }
}

/// AV201: "an effective capture or refund (order: any operation) with its own
/// `amount` and a non-empty `items`: the items' sum differs. expected the
/// amount, actual the sum."
fn items_unbalanced(ledger: &Ledger, settings: &Settings, drafts: &mut Vec<Draft>) {
    for entry in ledger.timeline() {
        let event = &entry.event;
        let meant = ledger.is_order() || event.is(EventKind::Capture) || event.is(EventKind::Refund);
        let Some(amount) = event.amount else {
            continue;
        };
        if !meant || !event.is_effective() || event.items.is_empty() {
            continue;
        }
        let sum = sum_of(&event.items);
        if differs("AV201", settings, amount, sum) {
            let draft = Draft::new("AV201", &ledger.subject).at(entry);
            drafts.push(draft.expected(amount).actual(sum));
        }
    }
}

/// AV202: "a ledger line with an amount (order: authorizations given): the
/// items of effective captures on it sum to more. expected the line's amount,
/// actual captured."
fn line_over_captured(ledger: &Ledger, settings: &Settings, drafts: &mut Vec<Draft>) {
    if !ledger.given.authorizations {
        return;
    }
    let sums = ledger.sums_by_line(EventKind::Capture);
    for line in &ledger.lines {
        let captured = sums.get(&line.line_id).copied().unwrap_or(0);
        if let Some(amount) = line.amount
            && is_beyond("AV202", settings, amount, captured)
        {
            let draft = Draft::new("AV202", &ledger.subject).line(Some(&line.line_id));
            drafts.push(draft.expected(amount).actual(captured));
        }
    }
}

/// AV203: "every effective capture of the ledger (order: captures given) has
/// items (none at all counts as every), and for a `line_id` the items of
/// effective refunds sum to more than those of effective captures. expected
/// captured, actual refunded. A line that no ledger line names counts too."
fn line_over_refunded(ledger: &Ledger, settings: &Settings, drafts: &mut Vec<Draft>) {
    let captures = ledger.effective(EventKind::Capture);
    let all_have_items = captures.iter().all(|entry| !entry.event.items.is_empty());
    if !ledger.given.captures || !all_have_items {
        return;
    }
    let captured_sums = ledger.sums_by_line(EventKind::Capture);
    for (line_id, refunded) in ledger.sums_by_line(EventKind::Refund) {
        let captured = captured_sums.get(&line_id).copied().unwrap_or(0);
        if is_beyond("AV203", settings, captured, refunded) {
            let draft = Draft::new("AV203", &ledger.subject).line(Some(&line_id));
            drafts.push(draft.expected(captured).actual(refunded));
        }
    }
}

/// AV204: "the ledger has lines, and an effective capture or refund (order: or
/// cancel) has items with a `line_id` that none of them has. One finding per
/// event and line_id; actual the items' sum."
fn unknown_line(ledger: &Ledger, drafts: &mut Vec<Draft>) {
    if ledger.lines.is_empty() {
        return;
    }
    for entry in ledger.timeline() {
        let event = &entry.event;
        let kinds = [EventKind::Capture, EventKind::Refund, EventKind::Cancel];
        if !event.is_effective() || !kinds.contains(&event.kind) {
            continue;
        }
        let mut unknown: Vec<(String, i128)> = Vec::new();
        for item in &event.items {
            let Some(line_id) = &item.line_id else {
                continue;
            };
            if ledger.lines.iter().any(|line| line.line_id == *line_id) {
                continue;
            }
            let amount = item.amount.unwrap_or(0);
            match unknown.iter_mut().find(|known| known.0 == *line_id) {
                Some(known) => known.1 += amount,
                None => unknown.push((line_id.clone(), amount)),
            }
        }
        for (line_id, sum) in unknown {
            let draft = Draft::new("AV204", &ledger.subject).at(entry);
            drafts.push(draft.line(Some(&line_id)).actual(sum));
        }
    }
}

/// AV205: "transaction with items: their sum is neither A, nor A when the
/// shipping option's amount is added and no item carries the option's
/// `line_id`. expected A, actual the items' sum."
fn items_total_wrong(ledger: &Ledger, settings: &Settings, drafts: &mut Vec<Draft>) {
    let Some(transaction) = &ledger.transaction else {
        return;
    };
    if transaction.items.is_empty() {
        return;
    }
    let a = ledger.authorised;
    let sum = sum_of(&transaction.items);
    // AV205: the tolerance holds for both differences.
    let mut is_wrong = differs("AV205", settings, a, sum);
    if let Some(option) = &transaction.shipping_option
        && let Some(shipping) = option.amount
        && !carries(&transaction.items, option.line_id.as_deref())
    {
        is_wrong = is_wrong && differs("AV205", settings, a, sum + shipping);
    }
    if is_wrong {
        let draft = Draft::new("AV205", &ledger.subject);
        drafts.push(draft.expected(a).actual(sum));
    }
}

/// Whether an item carries the shipping option's `line_id`.
pub fn carries(items: &[Item], line_id: Option<&str>) -> bool {
    line_id.is_some() && items.iter().any(|item| item.line_id.as_deref() == line_id)
}

/// AV206: "order with authorizations given: an effective cancel names the line,
/// captured + cancelled is more than authorised, captured alone is not.
/// expected authorised − captured, actual cancelled."
fn line_over_released(ledger: &Ledger, settings: &Settings, drafts: &mut Vec<Draft>) {
    if !ledger.is_order() || !ledger.given.authorizations {
        return;
    }
    let captured_sums = ledger.sums_by_line(EventKind::Capture);
    let cancelled_sums = ledger.sums_by_line(EventKind::Cancel);
    for line in &ledger.lines {
        let (Some(amount), Some(cancelled)) = (line.amount, cancelled_sums.get(&line.line_id)) else {
            continue;
        };
        let captured = captured_sums.get(&line.line_id).copied().unwrap_or(0);
        if is_beyond("AV206", settings, amount, captured + cancelled) && !is_beyond("AV206", settings, amount, captured)
        {
            let draft = Draft::new("AV206", &ledger.subject).line(Some(&line.line_id));
            drafts.push(draft.expected(amount - captured).actual(*cancelled));
        }
    }
}

/// AV207: "two items of a transaction bear the same `line_id`. One finding per
/// line_id."
fn duplicate_line(ledger: &Ledger, drafts: &mut Vec<Draft>) {
    let Some(transaction) = &ledger.transaction else {
        return;
    };
    for line in &ledger.lines {
        let bearing = transaction.items.iter().filter(|item| item.line_id.as_ref() == Some(&line.line_id));
        if bearing.count() >= 2 {
            drafts.push(Draft::new("AV207", &ledger.subject).line(Some(&line.line_id)));
        }
    }
}

/// AV208: "transaction: all items of a line and all its effectively captured
/// items have a `quantity`, and the captured quantities (exact decimals) sum to
/// more. expected and actual as plain decimals without trailing zeros." It
/// knows no tolerance.
fn quantity_exceeded(ledger: &Ledger, drafts: &mut Vec<Draft>) {
    if ledger.is_order() {
        return;
    }
    let captured_items = ledger.effective_items(EventKind::Capture);
    for line in &ledger.lines {
        let quantities: Vec<Option<i128>> = captured_items
            .iter()
            .filter(|item| item.line_id.as_ref() == Some(&line.line_id))
            .map(|item| item.quantity)
            .collect();
        let Some(limit) = line.quantity else {
            continue;
        };
        if quantities.iter().any(Option::is_none) {
            continue;
        }
        let captured: i128 = quantities.into_iter().flatten().sum();
        let is_beyond = if limit >= 0 { captured > limit } else { captured < limit };
        if is_beyond {
            let draft = Draft::new("AV208", &ledger.subject).line(Some(&line.line_id));
            let draft = draft.expected_words(&json::quantity_text(limit));
            drafts.push(draft.actual_words(&json::quantity_text(captured)));
        }
    }
}
