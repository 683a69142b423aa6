//! States: AV401–AV407, AV412–AV414.

use super::Settings;
use super::catalogue::{differs, tolerance};
use super::documents::*;
use super::findings::Draft;
use super::ledger::{Ledger, Step};
use super::states;
use super::world::World;

pub fn judge(world: &World, drafts: &mut Vec<Draft>) {
    let settings = world.settings;
    for ledger in world.ledgers() {
        before_authorize(ledger, drafts);
        let Some(transaction) = &ledger.transaction else {
            continue;
        };
        status_mismatch(ledger, transaction, drafts);
        last_status_mismatch(ledger, transaction, drafts);
        event_status_mismatch(ledger, drafts);
        capture_after_void(ledger, drafts);
        void_unsupported(ledger, drafts);
        money_on_dead_transaction(ledger, transaction, settings, drafts);
        status_unresolved(world, ledger, transaction, drafts);
        unknown_event(ledger, drafts);
        correction_mismatch(ledger, settings, drafts);
    }
}

/// AV401: "the transaction's known `status` is not among those expected from
/// its final totals. expected: the words joined by ` or `, actual: the status;
/// the amount columns carry expected A and actual C."
fn status_mismatch(ledger: &Ledger, transaction: &Transaction, drafts: &mut Vec<Draft>) {
    let Some(status) = states::judged(transaction.status.as_deref()) else {
        return;
    };
    let Some(expected) = states::expected(ledger.authorised, &ledger.totals) else {
        return;
    };
    if !expected.contains(&status) {
        let draft = Draft::new("AV401", &ledger.subject).expected_words(&expected.join(" or ")).actual_words(status);
        drafts.push(draft.with_amounts(ledger.authorised, ledger.totals.captured));
    }
}

/// AV402: "the last effective event of the timeline that has a known
/// `transaction_status` has another one than the transaction's known `status`
/// (not judged when that is DECLINED or FAILED […]). expected the event's,
/// actual the transaction's; event: that event."
fn last_status_mismatch(ledger: &Ledger, transaction: &Transaction, drafts: &mut Vec<Draft>) {
    let Some(status) = states::judged(transaction.status.as_deref()) else {
        return;
    };
    if status == "DECLINED" || status == "FAILED" {
        return;
    }
    let last = ledger.timeline().into_iter().rev().find_map(|entry| {
        let word = states::judged(entry.event.transaction_status.as_deref())?;
        entry.event.is_effective().then_some((entry, word))
    });
    if let Some((entry, word)) = last
        && word != status
    {
        let draft = Draft::new("AV402", &ledger.subject).at(entry);
        drafts.push(draft.expected_words(word).actual_words(status));
    }
}

/// AV403: "an effective authorize, capture, refund or void has a known
/// `transaction_status` that is not among those expected from the totals up to
/// and with it. One finding per event; expected the words, actual the event's."
fn event_status_mismatch(ledger: &Ledger, drafts: &mut Vec<Draft>) {
    let kinds = [EventKind::Authorize, EventKind::Capture, EventKind::Refund, EventKind::Void];
    for step in &ledger.steps {
        let event = &step.entry.event;
        if !event.is_effective() || !kinds.contains(&event.kind) {
            continue;
        }
        let Some(word) = states::judged(event.transaction_status.as_deref()) else {
            continue;
        };
        let Some(expected) = states::expected(ledger.authorised, &step.after) else {
            continue;
        };
        if !expected.contains(&word) {
            let draft = Draft::new("AV403", &ledger.subject).at(&step.entry);
            let draft = draft.expected_words(&expected.join(" or "));
            drafts.push(draft.actual_words(word));
        }
    }
}

/// AV404: "an effective capture comes after an effective void in a
/// transaction's timeline. One finding per capture; expected 0, actual its
/// amount."
fn capture_after_void(ledger: &Ledger, drafts: &mut Vec<Draft>) {
    for step in &ledger.steps {
        let event = &step.entry.event;
        if event.is_effective() && event.is(EventKind::Capture) && step.before.has_void {
            let draft = Draft::new("AV404", &ledger.subject).at(&step.entry);
            drafts.push(draft.expected(0).actual(event.money()));
        }
    }
}

/// AV405: "an effective capture, void or cancel comes before the first
/// effective authorize of the timeline (there is one). One finding per event.
/// Both ledgers."
fn before_authorize(ledger: &Ledger, drafts: &mut Vec<Draft>) {
    if !ledger.totals.has_authorize {
        return;
    }
    let kinds = [EventKind::Capture, EventKind::Void, EventKind::Cancel];
    for step in &ledger.steps {
        let event = &step.entry.event;
        if event.is_effective() && kinds.contains(&event.kind) && !step.before.has_authorize {
            drafts.push(Draft::new("AV405", &ledger.subject).at(&step.entry));
        }
    }
}

/// The product types that can void a remainder. "A missing product type is not
/// among them."
fn can_void_remainder(ledger: &Ledger) -> bool {
    let types = [
        "payex.creditcard",
        "payex.mobilepay",
        "payex.vipps",
        "payex.applepay",
        "payex.clicktopay",
        "payex.googlepay",
        "vipps",
        "klarna.klarna",
        "klarna.billie",
    ];
    ledger.product_type().is_some_and(|written| types.contains(&written))
}

/// AV406: "an effective void when 0 < C so far < A, on a product type that
/// cannot void a remainder."
fn void_unsupported(ledger: &Ledger, drafts: &mut Vec<Draft>) {
    for step in &ledger.steps {
        let event = &step.entry.event;
        let captured = step.before.captured;
        if event.is_effective()
            && event.is(EventKind::Void)
            && 0 < captured
            && captured < ledger.authorised
            && !can_void_remainder(ledger)
        {
            drafts.push(Draft::new("AV406", &ledger.subject).at(&step.entry));
        }
    }
}

/// AV407: "status is DECLINED, FAILED or INITIATED, and C > 0 or R > 0.
/// expected 0, actual C, or R when C is not above 0."
fn money_on_dead_transaction(ledger: &Ledger, transaction: &Transaction, settings: &Settings, drafts: &mut Vec<Draft>) {
    let status = states::canonical(transaction.status.as_deref());
    if !["DECLINED", "FAILED", "INITIATED"].map(Some).contains(&status) {
        return;
    }
    let above = tolerance("AV407", settings);
    let money = [ledger.totals.captured, ledger.totals.refunded];
    if let Some(actual) = money.into_iter().find(|total| *total > above) {
        drafts.push(Draft::new("AV407", &ledger.subject).expected(0).actual(actual));
    }
}

/// AV412: "status is UNKNOWN, missing, or not one we know; or ON_HOLD with the
/// last event of the timeline more than 7 days (configurable) before as-of.
/// actual: the text as written."
fn status_unresolved(world: &World, ledger: &Ledger, transaction: &Transaction, drafts: &mut Vec<Draft>) {
    let written = transaction.status.as_deref();
    let is_unresolved = match states::canonical(written) {
        None | Some("UNKNOWN") => true,
        Some("ON_HOLD") => {
            let timeline = ledger.timeline();
            let last = timeline.last().and_then(|entry| entry.event.time());
            match (world.as_of, last) {
                (Some(as_of), Some(last)) => as_of.is_past(last, world.settings.windows.on_hold),
                _ => false,
            }
        }
        Some(_) => false,
    };
    if is_unresolved {
        let draft = Draft::new("AV412", &ledger.subject);
        drafts.push(draft.actual_words(written.unwrap_or("")));
    }
}

/// AV413: "a transaction's event is of kind `other`. One finding per event."
fn unknown_event(ledger: &Ledger, drafts: &mut Vec<Draft>) {
    for entry in &ledger.entries {
        if entry.event.is(EventKind::Other) {
            drafts.push(Draft::new("AV413", &ledger.subject).at(entry));
        }
    }
}

/// AV414: "an event's `correction` states `remaining_capture_amount`,
/// `remaining_refund_amount` or `remaining_void_amount` that differs from ours
/// after that event in the timeline: O; N; O, but 0 when C so far > 0 and the
/// product type cannot void a remainder. One finding per stated field; expected
/// ours, actual stated."
fn correction_mismatch(ledger: &Ledger, settings: &Settings, drafts: &mut Vec<Draft>) {
    for step in &ledger.steps {
        let correction = &step.entry.event.correction;
        let [capture, refund, void] = remaining(ledger, step);
        let fields = [
            ("remaining_capture_amount", capture, correction.remaining_capture_amount),
            ("remaining_refund_amount", refund, correction.remaining_refund_amount),
            ("remaining_void_amount", void, correction.remaining_void_amount),
        ];
        for (name, ours, stated) in fields {
            if let Some(stated) = stated
                && differs("AV414", settings, ours, stated)
            {
                let draft = Draft::new("AV414", &ledger.subject).at(&step.entry);
                drafts.push(draft.detail(name).expected(ours).actual(stated));
            }
        }
    }
}

/// What remains to capture, to refund and to void after an event.
fn remaining(ledger: &Ledger, step: &Step) -> [i128; 3] {
    let totals = &step.after;
    let open = ledger.authorised - totals.captured - totals.released;
    let net = totals.captured - totals.refunded;
    let void = match totals.captured > 0 && !can_void_remainder(ledger) {
        true => 0,
        false => open,
    };
    [open, net, void]
}
