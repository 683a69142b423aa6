//! A checkout session as the rules see it.

use super::Item;
use crate::model::instant::Instant;
use crate::model::money::Minor;
use crate::model::origin::Origin;

/// A session and the order within it.
#[derive(Clone, Debug, Default)]
pub struct Session<'p> {
    pub id: &'p str,
    pub transaction_id: Option<&'p str>,
    /// The order's amount.
    pub amount: Minor,
    /// The order's currency.
    pub currency: Option<&'p str>,
    /// Whether the order may be paid in part.
    pub partial_payment: bool,
    /// The order's merchant reference.
    pub merchant_reference: Option<&'p str>,
    /// The order's second merchant reference.
    pub merchant_reference_2: Option<&'p str>,
    pub cancelled_at: Option<Instant>,
    pub created_at: Option<Instant>,
    /// The order's items.
    pub items: Vec<Item<'p>>,
    /// The order's shipping option.
    pub shipping: Option<Item<'p>>,
    pub origin: Origin,
}
