//! AV408 pending-operation.

use crate::card;
use crate::ledger::{Ledger, Triggers, compare_requests};
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
    for event in ledger.events.iter().filter(|event| event.asks()) {
        let (Some(request), Some(time)) = (event.request_id, event.time) else { continue };
        let completed = completed.get_or_insert_with(|| completed_requests(ledger));
        if completed.binary_search_by(|other| compare_requests(other, request)).is_err() {
            cx.hit_after(time, window, Hit::new().at(event));
        }
    }
}

/// The requests that any event refers to, sorted.
fn completed_requests<'p>(ledger: &Ledger<'p>) -> Vec<&'p str> {
    let mut requests: Vec<&str> = ledger.events.iter().filter_map(|event| event.correlation_request_id).collect();
    requests.sort_unstable_by(|a, b| compare_requests(a, b));
    requests
}
