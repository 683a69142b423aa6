//! AV511 authorization-unknown.

use crate::card;
use crate::ledger::{Event, Ledger};
use crate::model::event::{EventKind, EventList};
use crate::model::finding::Hit;
use crate::rules::{Check, Cx, Rule};

card! {
    /// An operation of an order does not say, or says wrongly, which authorization it belongs to.
    ///
    /// An order paid by several authorizations can only be followed when each capture, refund and cancellation bears
    /// the id of one of them. Otherwise the money is drawn from a payment nobody can name, and what is left of each
    /// authorization is a guess.
    "AV511" "authorization-unknown" Error [Order]
    message: "{event} belongs to no authorization of the order"
    action: "Find out which payment this operation moved money on, and record it with that `authorization_id`."
    fires: "A capture with an `authorization_id` that no authorization has; or one with none, on an order with two authorizations whose other captures bear one."
    silent: "A capture without `authorization_id`, on an order with two authorizations where no operation bears one."
    needs: Nothing
    window: None
    tolerance: None
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Order(check)] };

fn check<'p>(ledger: &Ledger<'p>, cx: &mut Cx<'_, 'p>) {
    // Nearly all orders have a single authorization and do not use these ids.
    if !ledger.is_order() || !ledger.events.iter().any(states_authorization) || !ledger.given(EventList::Authorizations)
    {
        return;
    }
    let authorizations = ledger.events.iter().filter(|event| event.kind == EventKind::Authorize);
    let mut known: Vec<&str> = authorizations.filter_map(|event| event.id).collect();
    known.sort_unstable();
    let must_bear_one = ledger.effective(EventKind::Authorize).nth(1).is_some();
    for event in ledger.events.iter().filter(|event| event.effective() && uses_one(event)) {
        let is_lost = match event.authorization_id {
            Some(id) => known.binary_search(&id).is_err(),
            None => must_bear_one,
        };
        if is_lost {
            cx.hit(Hit::new().at(event));
        }
    }
}

/// Whether it is an operation that belongs to an authorization.
fn uses_one(event: &Event<'_>) -> bool {
    matches!(event.kind, EventKind::Capture | EventKind::Refund | EventKind::Cancel)
}

/// Whether such an operation states its authorization.
fn states_authorization(event: &Event<'_>) -> bool {
    uses_one(event) && event.authorization_id.is_some()
}
