//! Sign conventions in settlements, and who pays them out.

use crate::ledger::{Convention, Conventions};

/// The payment status of a settlement that is not paid out yet.
pub(super) const POSTPONED: &str = "postponed";

/// The documentation has magnitudes for refunds and fees; the other conventions occur in real
/// exports.
pub(super) const CONVENTIONS: Conventions = Conventions {
    documented: Convention { refund: -1, fee: -1 },
    others: &[Convention { refund: 1, fee: -1 }, Convention { refund: 1, fee: 1 }, Convention { refund: -1, fee: 1 }],
};

/// Those whose payment methods it offers pay out themselves.
pub(super) const PAYERS: &[&str] =
    &["dintero", "klarna", "vipps", "swedbank pay", "payex", "walley", "bambora", "collector"];
