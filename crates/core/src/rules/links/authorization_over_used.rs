//! AV512 authorization-over-used.

use crate::card;
use crate::ledger::{Event, Ledger};
use crate::model::event::{EventKind, EventList};
use crate::model::finding::Hit;
use crate::model::money::Sum;
use crate::rules::amounts::{over_captured, over_released};
use crate::rules::{Check, Cx, Rule};

card! {
    /// More was captured and cancelled on one authorization than it reserved.
    ///
    /// The order as a whole balances, one of its authorizations does not: money was drawn from a payment that never
    /// promised it, while another one keeps an open rest. The provider will refuse the one and let the other expire.
    "AV512" "authorization-over-used" Error [Order]
    message: "{event} reserved {expected}, captures and cancellations on it come to {actual}: {delta} too much"
    action: "Find the capture or cancellation that bears the wrong `authorization_id`, and correct it."
    fires: "Authorizations of 100.00 and 200.00; captures of 150.00 on the first and 100.00 on the second."
    silent: "Authorizations of 100.00 and 200.00; 60.00 captured and 40.00 cancelled on the first, 200.00 captured on the second."
    needs: Nothing
    window: None
    tolerance: MinorUnits
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Order(check)] };

fn check<'p>(ledger: &Ledger<'p>, cx: &mut Cx<'_, 'p>) {
    if !ledger.is_order() || !ledger.events.iter().any(|event| used(event).is_some()) {
        return;
    }
    if !ledger.given(EventList::Authorizations) || over_captured::fires(ledger, cx) || over_released::fires(ledger, cx)
    {
        return;
    }
    let mut uses: Vec<(&str, Sum)> = ledger.events.iter().filter_map(used).collect();
    uses.sort_unstable();
    for authorization in ledger.effective(EventKind::Authorize) {
        let Some(id) = authorization.id else { continue };
        let of_it = &uses[uses.partition_point(|(other, _)| *other < id)..];
        let taken = of_it.iter().take_while(|(other, _)| *other == id).map(|(_, amount)| amount).sum();
        if cx.beyond(taken, authorization.sum()) {
            cx.hit(Hit::amounts(authorization.sum(), taken).at(authorization));
        }
    }
}

/// The authorization that an effective capture or cancellation draws on, and how much.
fn used<'p>(event: &Event<'p>) -> Option<(&'p str, Sum)> {
    let draws = event.is(EventKind::Capture) || event.is(EventKind::Cancel);
    event.authorization_id.filter(|_| draws).map(|id| (id, event.sum()))
}
