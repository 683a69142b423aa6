//! AV410 stale-authorization.

use crate::card;
use crate::ledger::{Ledger, Triggers};
use crate::model::event::EventKind;
use crate::model::finding::Hit;
use crate::model::status::Status;
use crate::rules::{Check, Cx, Rule};

card! {
    /// An authorization is still open though the time to capture it has run out.
    ///
    /// Reservations end: 28 days with Klarna, 90 with Walley, about 30 with cards. What is open after that can most
    /// likely no longer be captured, so goods that were sent are not paid, or the payer's money was blocked for
    /// nothing.
    "AV410" "stale-authorization" Warning [Transaction]
    message: "{actual} is still open, and the authorization is older than its product allows"
    action: "Capture what was delivered at once if the provider still lets you, and void the rest."
    fires: "A card payment of 100.00, authorised 31 days ago, status AUTHORIZED."
    silent: "A card payment of 100.00, authorised exactly 30 days ago; one with `collector.invoice` of 60 days ago."
    needs: Nothing
    window: DaysByProduct { key: "authorization" }
    tolerance: None
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Ledger(Triggers::OPEN, check)] };

fn check<'p>(ledger: &Ledger<'p>, cx: &mut Cx<'_, 'p>) {
    let open = ledger.open();
    if ledger.is_order() || open <= 0 {
        return;
    }
    let Some(Status::Authorized | Status::PartiallyCaptured) = ledger.status() else { return };
    let authorized = ledger.last_effective(EventKind::Authorize).and_then(|event| event.time);
    let Some(since) = authorized.or(ledger.head.created_at) else { return };
    let head = &ledger.head;
    let window = cx.settings.authorization(head.product_type.unwrap_or_default(), &head.product);
    cx.hit_after(since, window, Hit::actual(open));
}
