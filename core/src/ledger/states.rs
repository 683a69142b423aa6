//! Which states a transaction's totals allow, and what a product can do.

use std::borrow::Cow;

use super::{Ledger, Running};
use crate::model::event::EventList;
use crate::model::money::Sum;
use crate::model::status::Status::{self, *};

/// The states that totals allow at a moment, the first row of the table that applies; empty where the
/// table says nothing.
pub fn expected(authorized: Sum, now: &Running) -> &'static [Status] {
    let (a, c, r) = (authorized, now.captured, now.refunded);
    if a == 0 {
        &[Authorized, Captured, Initiated, AuthorizationVoided, OnHold, Declined, Failed]
    } else if c == 0 && r == 0 {
        match (now.voided, now.authorized) {
            (true, _) => &[AuthorizationVoided],
            (false, true) => &[Authorized, OnHold],
            (false, false) => &[Initiated, OnHold, Declined, Failed],
        }
    } else if 0 < c && c < a {
        match (r, now.voided) {
            (0, false) => &[PartiallyCaptured],
            (0, true) => &[PartiallyCaptured, Captured],
            (r, false) if 0 < r && r < c => &[PartiallyCapturedRefunded],
            (r, true) if 0 < r && r < c => &[PartiallyCapturedRefunded, PartiallyRefunded],
            (r, _) if r >= c => &[PartiallyCapturedRefunded, Refunded],
            _ => &[],
        }
    } else if c >= a {
        match r {
            0 => &[Captured],
            r if 0 < r && r < c => &[PartiallyRefunded],
            r if r >= c => &[Refunded],
            _ => &[],
        }
    } else {
        &[]
    }
}

/// Product types that can void what a partial capture left.
pub fn can_void_remainder(product_type: &str) -> bool {
    matches!(
        product_type,
        "payex.creditcard"
            | "payex.mobilepay"
            | "payex.vipps"
            | "payex.applepay"
            | "payex.clicktopay"
            | "payex.googlepay"
            | "vipps"
            | "klarna.klarna"
            | "klarna.billie"
    )
}

/// The state that a ledger's totals imply, as reports show it: several are joined by ` or `.
pub fn derived(ledger: &Ledger<'_>) -> Option<Cow<'static, str>> {
    if ledger.is_order() {
        return derived_payment_status(ledger).map(Cow::Borrowed);
    }
    match expected(ledger.authorized, &ledger.totals) {
        [] => None,
        [only] => Some(Cow::Borrowed(only.word())),
        several => Some(Cow::Owned(Status::join(several))),
    }
}

/// An order's payment status by its totals; `None` where captures and refunds are not both given.
fn derived_payment_status(ledger: &Ledger<'_>) -> Option<&'static str> {
    if !ledger.given(EventList::Captures) || !ledger.given(EventList::Refunds) {
        return None;
    }
    let (c, r) = (ledger.totals.captured, ledger.totals.refunded);
    match ledger.head.gross.map(Sum::from).filter(|_| !ledger.head.has_reversed_line) {
        _ if c > 0 && r >= c => Some("refunded"),
        _ if 0 < r && r < c => Some("partially_refunded"),
        _ if r != 0 || c < 0 => None,
        _ if c == 0 => Some("pending"),
        Some(gross) if c >= gross => Some("paid"),
        Some(_) => Some("partially_paid"),
        None => Some("partially_paid or paid"),
    }
}
