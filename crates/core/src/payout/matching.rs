//! Matches payouts with credits: by reference, then by amount and day, then by sums. Each step sees
//! what the one before left, and the order of the input never matters.

mod amount;
mod marks;
mod reference;
mod sum;
#[cfg(test)]
pub mod tests;
mod unnamed;

use self::marks::{MarkFinder, TokenMarks};
use self::unnamed::Unnamed;
use super::claim::{Claim, Credit};
use super::receipt::Matches;

/// Matches claims with credits. A credit is in reach of a claim from the day before the claim's day
/// to `window` days after it.
pub fn matched(claims: &[Claim<'_>], credits: &[Credit<'_>], window: u64) -> Matches {
    let mut order: Vec<usize> = (0..claims.len()).collect();
    order.sort_by_key(|claim| claims[*claim].name());
    let mut matches = Matches {
        receipts: vec![Default::default(); claims.len()],
        uses: vec![Default::default(); credits.len()],
        ..Matches::default()
    };
    let (marks, of_claims) = TokenMarks::of(claims.iter().map(|claim| claim.tokens.as_slice()));
    let mut finder = MarkFinder::new(&marks);
    let of_credits: Vec<Vec<usize>> = credits.iter().map(|credit| finder.find(&credit.entry.texts)).collect();
    reference::apply(claims, credits, &of_claims, &of_credits, &order, &mut matches);
    let bears_none = of_credits.iter().map(Vec::is_empty).collect();
    let window = i64::try_from(window).unwrap_or(i64::MAX);
    let unnamed = Unnamed { claims, credits, bears_none, window, order: &order };
    amount::apply(&unnamed, &mut matches);
    sum::apply(&unnamed, &mut matches);
    matches.total(credits);
    matches
}
