//! AV605 payment-status-mismatch.

use crate::card;
use crate::ledger::Ledger;
use crate::model::event::EventList;
use crate::model::finding::Hit;
use crate::model::money::Sum;
use crate::model::status::PaymentStatus;
use crate::rules::{Check, Cx, Rule};

card! {
    /// An order's payment status is not what its captures and refunds imply.
    ///
    /// Shops ship goods and close their books by this word. An order that says `paid` without the money has been given
    /// away; one that says `pending` though it was captured keeps a paying customer waiting.
    "AV605" "payment-status-mismatch" Warning [Order]
    message: "the payment status does not fit the order's captured and refunded totals"
    action: "Trust the totals, after a look at the transactions behind them, and correct the order's status."
    fires: "Gross 100.00, captured 60.00, payment status `paid`."
    silent: "Gross 100.00, captured 60.00, payment status `partially_paid`."
    needs: Nothing
    window: None
    tolerance: None
    repair: None
}

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Order(check)] };

fn check<'p>(ledger: &Ledger<'p>, cx: &mut Cx<'_, 'p>) {
    if !ledger.is_order() || !ledger.given(EventList::Captures) || !ledger.given(EventList::Refunds) {
        return;
    }
    if ledger.head.payment_status.is_some_and(|status| fits(ledger, status) == Some(false)) {
        cx.hit(Hit::new());
    }
}

/// Whether the totals match the status; `None` if that cannot be judged.
fn fits(ledger: &Ledger<'_>, status: PaymentStatus) -> Option<bool> {
    let (captured, refunded) = (ledger.totals.captured, ledger.totals.refunded);
    // With reversed lines the gross amount is ambiguous: it counts them with or without their originals.
    let gross = ledger.head.gross.map(Sum::from).filter(|_| !ledger.head.has_reversed_line);
    match status {
        PaymentStatus::Pending => Some(captured == 0),
        PaymentStatus::PartiallyPaid => gross.map(|gross| 0 < captured && captured < gross),
        PaymentStatus::Paid => gross.map(|gross| captured >= gross && refunded == 0),
        PaymentStatus::PartiallyRefunded => Some(0 < refunded && refunded < captured),
        PaymentStatus::Refunded => Some(refunded >= captured && captured > 0),
    }
}
