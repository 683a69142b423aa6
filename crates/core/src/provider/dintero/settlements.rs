//! Triggers in settlements.

use crate::ledger::{Convention, Conventions};

/// How refunds and fees are written: the documentation has magnitudes, and the others were met.
pub(super) const CONVENTIONS: Conventions = Conventions {
    documented: Convention { refund: -1, fee: -1 },
    others: &[Convention { refund: 1, fee: -1 }, Convention { refund: 1, fee: 1 }, Convention { refund: -1, fee: 1 }],
};
