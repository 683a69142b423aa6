//! The names and references that a kept document states, for reports and joins.

use super::Head;
use crate::model::instant::Instant;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Names<'p> {
    /// The currency as written.
    pub currency: Option<&'p str>,
    /// A transaction's `status`, an order's `payment_status`, as written.
    pub status: Option<&'p str>,
    /// The settlement status as written.
    pub settlement_status: Option<&'p str>,
    pub product_type: Option<&'p str>,
    pub merchant_reference: Option<&'p str>,
    pub merchant_reference_2: Option<&'p str>,
    pub session_id: Option<&'p str>,
    pub created_at: Option<Instant>,
}

impl<'p> From<&Head<'p>> for Names<'p> {
    fn from(head: &Head<'p>) -> Self {
        Names {
            currency: head.currency,
            status: head.status_word,
            settlement_status: head.settlement_status,
            product_type: head.product_type,
            merchant_reference: head.merchant_reference,
            merchant_reference_2: head.merchant_reference_2,
            session_id: head.session_id,
            created_at: head.created_at,
        }
    }
}
