//! What the steps after the first work on: claims and credits that no reference matches.

use crate::payout::claim::{Claim, Credit};
use crate::payout::receipt::{Matches, Receipt};

/// What is matched without a reference.
pub struct Unnamed<'m> {
    pub claims: &'m [Claim<'m>],
    pub credits: &'m [Credit<'m>],
    /// By credit, whether no token stands in it.
    pub bears_none: Vec<bool>,
    pub window: i64,
    /// The claims by name.
    pub order: &'m [usize],
}

impl Unnamed<'_> {
    /// The claims with a day that nothing is matched with yet, each with its day, by name.
    pub fn claims_left(&self, matches: &Matches) -> impl Iterator<Item = (i64, usize)> {
        let is_left = |claim: &usize| matches.receipts[*claim] == Receipt::Nothing;
        self.order.iter().copied().filter(is_left).filter_map(|claim| Some((self.claims[claim].day?, claim)))
    }
}
