//! Time: AV408–AV411.

use super::DAY;
use super::documents::*;
use super::findings::Draft;
use super::ledger::Ledger;
use super::states;
use super::world::World;

pub fn judge(world: &World, drafts: &mut Vec<Draft>) {
    for ledger in world.ledgers() {
        operation_failed(ledger, drafts);
        if let Some(transaction) = &ledger.transaction {
            pending_operation(world, ledger, drafts);
            stale_authorization(world, ledger, transaction, drafts);
            events_out_of_order(ledger, drafts);
        }
    }
}

/// "Hyphens and case aside."
fn plain(request_id: &str) -> String {
    request_id.replace('-', "").to_ascii_lowercase()
}

/// AV408: "an effective initiate_capture, initiate_refund or initiate_void with
/// a `request_id`, to which no event's `correlation_request_id` refers (hyphens
/// and case aside), more than 1 day (configurable) before as-of."
fn pending_operation(world: &World, ledger: &Ledger, drafts: &mut Vec<Draft>) {
    let kinds = [EventKind::InitiateCapture, EventKind::InitiateRefund, EventKind::InitiateVoid];
    for entry in ledger.timeline() {
        let event = &entry.event;
        let (Some(request_id), Some(time), Some(as_of)) = (&event.request_id, event.time(), world.as_of) else {
            continue;
        };
        let is_answered = ledger.entries.iter().any(|other| {
            let reference = other.event.correlation_request_id.as_deref();
            reference.is_some_and(|reference| plain(reference) == plain(request_id))
        });
        if event.is_effective()
            && kinds.contains(&event.kind)
            && !is_answered
            && as_of.is_past(time, world.settings.windows.pending)
        {
            drafts.push(Draft::new("AV408", &ledger.subject).at(entry));
        }
    }
}

/// AV409: "the last capture of the timeline, effective or not, failed; likewise
/// the last refund: one finding each; actual the event's amount. Both ledgers."
fn operation_failed(ledger: &Ledger, drafts: &mut Vec<Draft>) {
    for kind in [EventKind::Capture, EventKind::Refund] {
        let timeline = ledger.timeline();
        let last = timeline.into_iter().rev().find(|entry| entry.event.is(kind));
        if let Some(entry) = last
            && !entry.event.is_effective()
        {
            let draft = Draft::new("AV409", &ledger.subject).at(entry);
            drafts.push(draft.actual(entry.event.money()));
        }
    }
}

/// AV410: "status AUTHORIZED or PARTIALLY_CAPTURED, O > 0, and the last
/// effective authorize (its time, else the transaction's `created_at`) is older
/// at as-of than the window […]. actual O."
fn stale_authorization(world: &World, ledger: &Ledger, transaction: &Transaction, drafts: &mut Vec<Draft>) {
    let status = states::canonical(transaction.status.as_deref());
    if !["AUTHORIZED", "PARTIALLY_CAPTURED"].map(Some).contains(&status) || ledger.open() <= 0 {
        return;
    }
    let authorizes = ledger.effective(EventKind::Authorize);
    // Without an effective authorize, `created_at` is the only date.
    let time = authorizes.last().and_then(|last| last.event.time()).or(transaction.created_at);
    let seconds = authorization_days(world, ledger.product_type()) * DAY;
    if let (Some(as_of), Some(time)) = (world.as_of, time)
        && as_of.is_past(time, seconds)
    {
        drafts.push(Draft::new("AV410", &ledger.subject).actual(ledger.open()));
    }
}

/// "28 days for `klarna.*`, 90 for `collector.*`, 30 for others (configurable by
/// product or product type)." "The product is the text before the first dot."
fn authorization_days(world: &World, product_type: Option<&str>) -> i64 {
    let written = product_type.unwrap_or("");
    let product = written.split('.').next().unwrap_or("");
    let set = &world.settings.windows.authorization;
    if let Some(days) = set.get(written).or_else(|| set.get(product)) {
        return *days;
    }
    match product {
        "klarna" => 28,
        "collector" => 90,
        _ => 30,
    }
}

/// AV411: "the transaction document's event times (those there are) are not in
/// non-decreasing order. One finding per ledger."
fn events_out_of_order(ledger: &Ledger, drafts: &mut Vec<Draft>) {
    let times: Vec<_> = ledger.entries.iter().filter_map(|entry| entry.event.time()).collect();
    if !times.is_sorted() {
        drafts.push(Draft::new("AV411", &ledger.subject));
    }
}
