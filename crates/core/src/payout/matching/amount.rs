//! The second step: equal amount and currency, the credit in reach of the payout's day.

use std::collections::BTreeMap;

use super::unnamed::Unnamed;
use crate::model::money::Sum;
use crate::payout::receipt::{Candidates, MatchedBy, Matches, Receipt};

/// Claims and credits of equal amount and currency, each with its day.
#[derive(Default)]
struct Equals {
    claims: Vec<(i64, usize)>,
    credits: Vec<(i64, usize)>,
}

/// Matches by amount what is left.
pub fn apply(unnamed: &Unnamed<'_>, matches: &mut Matches) {
    let &Unnamed { claims, credits, ref bears_none, window, order } = unnamed;
    let mut equals: BTreeMap<(&str, Sum), Equals> = BTreeMap::new();
    for (day, claim) in unnamed.claims_left(matches) {
        equals.entry((claims[claim].currency, claims[claim].amount)).or_default().claims.push((day, claim));
    }
    for (credit, of) in credits.iter().enumerate() {
        if bears_none[credit]
            && let Some(equals) = equals.get_mut(&(of.entry.currency.as_str(), of.amount()))
        {
            equals.credits.push((of.entry.day, credit));
        }
    }
    let mut ranks = vec![0; claims.len()];
    order.iter().enumerate().for_each(|(rank, claim)| ranks[*claim] = rank);
    for ((_, amount), of) in equals.iter_mut().filter(|(_, of)| !of.credits.is_empty()) {
        of.claims.sort_unstable();
        of.credits.sort_unstable();
        of.match_groups(*amount, window, &ranks, matches);
    }
}

impl Equals {
    /// Both lists are by day, so the credits in reach of a claim are a range whose ends only grow,
    /// and a group is a run of claims whose ranges overlap.
    fn match_groups(&self, amount: Sum, window: i64, ranks: &[usize], matches: &mut Matches) {
        let mut group: Vec<(usize, usize, usize)> = Vec::new();
        for &(day, claim) in &self.claims {
            let start = self.credits.partition_point(|(other, _)| *other < day.saturating_sub(1));
            let end = self.credits.partition_point(|(other, _)| *other <= day.saturating_add(window));
            if start == end {
                continue;
            }
            if group.last().is_some_and(|(_, _, last)| *last <= start) {
                self.match_group(&group, amount, ranks, matches);
                group.clear();
            }
            group.push((claim, start, end));
        }
        self.match_group(&group, amount, ranks, matches);
    }

    fn match_group(&self, group: &[(usize, usize, usize)], amount: Sum, ranks: &[usize], matches: &mut Matches) {
        let ([(_, start, _), ..], [.., (_, _, end)]) = (group, group) else { return };
        let credits = &self.credits[*start..*end];
        if let ([(claim, ..)], [(_, credit)]) = (group, credits) {
            return matches.pair(MatchedBy::Amount, *claim, *credit, amount);
        }
        let mut claims: Vec<usize> = group.iter().map(|(claim, ..)| *claim).collect();
        claims.sort_unstable_by_key(|claim| ranks[*claim]);
        matches.set_ambiguous(Candidates::of(claims.into_iter()), credits.iter().map(|(_, credit)| *credit));
        for (claim, start, end) in group {
            matches.receipts[*claim] = Receipt::Ambiguous { by: MatchedBy::Amount, candidates: end - start };
        }
    }
}
