//! AV408 pending-operation.

use std::cmp::Ordering;

use crate::card;
use crate::ledger::{Event, Ledger, Triggers};
use crate::model::event::EventKind;
use crate::model::finding::Hit;
use crate::rules::{Check, Cx, Rule};

card! {
    /// A capture, refund or void was asked for, and nothing ever said how it ended.
    ///
    /// Some providers answer later: the request is recorded first, and a completing event refers to it. While that
    /// is missing, nobody knows whether the money moved: a shop that asks again may capture or refund twice, one
    /// that does not may never be paid.
    "AV408" "pending-operation" Warning [Transaction]
    message: "{event} asked for an operation that no event completed since"
    action: "Ask the provider how this request ended before it is repeated."
    fires: "An INITIATE_CAPTURE of two days ago whose `request_id` no `correlation_request_id` names."
    silent: "An INITIATE_CAPTURE that a CAPTURE refers to, be it without hyphens or in other letter case; or one of exactly a day ago."
    needs: Nothing
    window: Seconds { key: "pending", default: 86_400 }
    tolerance: None
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Ledger(Triggers::REQUEST, check)] };

fn check<'p>(ledger: &Ledger<'p>, cx: &mut Cx<'_, 'p>) {
    let window = cx.window();
    let mut completed = None;
    for event in ledger.events.iter().filter(|event| asks(event)) {
        let (Some(request), Some(time)) = (event.request_id, event.time) else { continue };
        let completed = completed.get_or_insert_with(|| completed_requests(ledger));
        if completed.binary_search_by(|other| compare(other, request)).is_err() {
            cx.hit_after(time, window, Hit::new().at(event));
        }
    }
}

/// Whether it is an effective request for an operation.
fn asks(event: &Event<'_>) -> bool {
    let initiates =
        matches!(event.kind, EventKind::InitiateCapture | EventKind::InitiateRefund | EventKind::InitiateVoid);
    initiates && event.effective()
}

/// The requests that any event refers to, sorted.
fn completed_requests<'p>(ledger: &Ledger<'p>) -> Vec<&'p str> {
    let mut requests: Vec<&str> = ledger.events.iter().filter_map(|event| event.correlation_request_id).collect();
    requests.sort_unstable_by(|a, b| compare(a, b));
    requests
}

/// Request ids are UUIDs that are written with and without hyphens, in either letter case.
fn compare(a: &str, b: &str) -> Ordering {
    plain(a).cmp(plain(b))
}

fn plain(id: &str) -> impl Iterator<Item = u8> {
    id.bytes().filter(|byte| *byte != b'-').map(|byte| byte.to_ascii_lowercase())
}
