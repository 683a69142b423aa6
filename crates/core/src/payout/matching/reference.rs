//! The first step: a payout's token stands in the credit.
//!
//! A *node* is a mark in one currency, with the claims that have it and the credits that bear it:
//! every claim of a node pairs with every credit of it. Pairs are never listed, since their number
//! may be the product of both.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::model::money::Sum;
use crate::payout::claim::{Claim, Credit};
use crate::payout::receipt::{Candidates, MatchedBy, Matches, Receipt, Use};

/// Connected claims and credits, or those of a node.
type Sides = (Vec<usize>, Vec<usize>);

/// Claims and credits with the nodes that they meet in.
struct Meetings<'m> {
    claims: &'m [Claim<'m>],
    credits: &'m [Credit<'m>],
    /// The claims of a node, and its credits, at least one of each.
    nodes: Vec<Sides>,
    /// The nodes of each claim and of each credit, ascending.
    of_claims: Vec<Vec<usize>>,
    of_credits: Vec<Vec<usize>>,
}

/// Matches by reference; `order` has the claims by name.
pub fn apply(
    claims: &[Claim<'_>],
    credits: &[Credit<'_>],
    marks_of_claims: &[Vec<usize>],
    marks_of_credits: &[Vec<usize>],
    order: &[usize],
    matches: &mut Matches,
) {
    let meetings = Meetings::new(claims, credits, marks_of_claims, marks_of_credits);
    let partners = meetings.partners();
    for (of_claims, of_credits) in meetings.groups(order) {
        match (of_claims.as_slice(), of_credits.as_slice()) {
            ([claim], _) => meetings.one_claim(*claim, of_credits, matches),
            (_, [credit]) => meetings.one_credit(&of_claims, *credit, matches),
            _ => meetings.several(&of_claims, &of_credits, &partners, matches),
        }
    }
    meetings.other_currencies(marks_of_claims, marks_of_credits, matches);
}

/// The only claim or credit of equal amount that one is paired with.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Equal {
    #[default]
    None,
    One(usize),
    Several,
}

impl Equal {
    fn add(&mut self, of_node: &[usize]) {
        *self = match (*self, of_node) {
            (Equal::None, [one]) => Equal::One(*one),
            (Equal::One(known), [one]) if known == *one => Equal::One(known),
            _ => Equal::Several,
        };
    }
}

/// The equals of each claim and of each credit.
struct Partners {
    of_claims: Vec<Equal>,
    of_credits: Vec<Equal>,
}

impl<'m> Meetings<'m> {
    fn new(
        claims: &'m [Claim<'m>],
        credits: &'m [Credit<'m>],
        marks_of_claims: &[Vec<usize>],
        marks_of_credits: &[Vec<usize>],
    ) -> Self {
        let mut nodes: BTreeMap<(usize, &str), Sides> = BTreeMap::new();
        for (claim, marks) in marks_of_claims.iter().enumerate() {
            for mark in marks {
                nodes.entry((*mark, claims[claim].currency)).or_default().0.push(claim);
            }
        }
        for (credit, marks) in marks_of_credits.iter().enumerate() {
            for mark in marks {
                if let Some(node) = nodes.get_mut(&(*mark, credits[credit].entry.currency.as_str())) {
                    node.1.push(credit);
                }
            }
        }
        let nodes: Vec<_> = nodes.into_values().filter(|(_, credits)| !credits.is_empty()).collect();
        let mut of_claims = vec![Vec::new(); claims.len()];
        let mut of_credits = vec![Vec::new(); credits.len()];
        for (node, (claims, credits)) in nodes.iter().enumerate() {
            claims.iter().for_each(|claim| of_claims[*claim].push(node));
            credits.iter().for_each(|credit| of_credits[*credit].push(node));
        }
        Meetings { claims, credits, nodes, of_claims, of_credits }
    }

    /// The connected groups: the claims of each in `order`, and its credits.
    fn groups(&self, order: &[usize]) -> Vec<Sides> {
        // Claims first, then credits.
        let mut parents: Vec<usize> = (0..self.claims.len() + self.credits.len()).collect();
        for (claims, credits) in &self.nodes {
            let first = root(&mut parents, claims[0]);
            for other in claims.iter().copied().chain(credits.iter().map(|credit| self.claims.len() + credit)) {
                let other = root(&mut parents, other);
                parents[other] = first;
            }
        }
        let mut groups: BTreeMap<usize, Sides> = BTreeMap::new();
        for claim in order.iter().copied().filter(|claim| !self.of_claims[*claim].is_empty()) {
            groups.entry(root(&mut parents, claim)).or_default().0.push(claim);
        }
        for credit in (0..self.credits.len()).filter(|credit| !self.of_credits[*credit].is_empty()) {
            groups.entry(root(&mut parents, self.claims.len() + credit)).or_default().1.push(credit);
        }
        groups.into_values().collect()
    }

    fn one_claim(&self, claim: usize, mut credits: Vec<usize>, matches: &mut Matches) {
        let amount = self.claims[claim].amount;
        credits.sort_by_key(|credit| self.credits[*credit].place());
        let received = credits.iter().map(|credit| self.credits[*credit].amount()).sum();
        let first = credits.iter().position(|credit| self.credits[*credit].amount() == amount);
        let (credits, received, repeats) = match first {
            Some(first) if received != amount => {
                let first = credits.remove(first);
                (vec![first], amount, credits)
            }
            _ => (credits, received, Vec::new()),
        };
        let by = MatchedBy::Reference;
        credits.iter().for_each(|credit| matches.uses[*credit] = Use::Matched(by));
        repeats.iter().for_each(|credit| matches.uses[*credit] = Use::Repeat);
        matches.receipts[claim] = Receipt::Matched { by, credits, received, repeats };
    }

    fn one_credit(&self, claims: &[usize], credit: usize, matches: &mut Matches) {
        let amount = self.credits[credit].amount();
        let amount_of = |claim: &usize| self.claims[*claim].amount;
        let equal: Vec<usize> = claims.iter().copied().filter(|claim| amount_of(claim) == amount).collect();
        let paid = if claims.iter().map(amount_of).sum::<Sum>() == amount {
            claims
        } else if equal.len() == 1 {
            &equal
        } else {
            for claim in claims {
                matches.receipts[*claim] = Receipt::Ambiguous { by: MatchedBy::Reference, candidates: 1 };
            }
            return matches.set_ambiguous(Candidates::of(claims.iter().copied()), [credit].into_iter());
        };
        for claim in paid {
            matches.pair(MatchedBy::Reference, *claim, credit, amount_of(claim));
        }
    }

    fn several(&self, claims: &[usize], credits: &[usize], partners: &Partners, matches: &mut Matches) {
        for claim in claims.iter().copied() {
            if let Equal::One(credit) = partners.of_claims[claim]
                && partners.of_credits[credit] == Equal::One(claim)
            {
                matches.pair(MatchedBy::Reference, claim, credit, self.claims[claim].amount);
            }
        }
        let is_left: Vec<usize> = credits.iter().copied().filter(|credit| matches.uses[*credit] == Use::None).collect();
        if is_left.is_empty() {
            return;
        }
        matches.set_ambiguous(Candidates::of(claims.iter().copied()), is_left.into_iter());
        // By the nodes of a claim, how many ambiguous credits they have.
        let mut counts = BTreeMap::new();
        for claim in claims.iter().copied() {
            if matches.receipts[claim] != Receipt::Nothing {
                continue;
            }
            let candidates = self.ambiguous_credits(&self.of_claims[claim], matches, &mut counts);
            if candidates > 0 {
                matches.receipts[claim] = Receipt::Ambiguous { by: MatchedBy::Reference, candidates };
            }
        }
    }

    /// How many ambiguous credits bear one of the marks. Large nodes come first, so that only
    /// the smallest of a list is walked through, and once for each list.
    fn ambiguous_credits(&self, nodes: &[usize], matches: &Matches, counts: &mut BTreeMap<Vec<usize>, usize>) -> usize {
        let size = |node: &usize| self.nodes[*node].1.len();
        let mut nodes = nodes.to_vec();
        nodes.sort_by(|a, b| size(b).cmp(&size(a)).then(a.cmp(b)));
        let mut count = 0;
        for end in 1..=nodes.len() {
            let (before, last) = (&nodes[..end - 1], nodes[end - 1]);
            count = match counts.get(&nodes[..end]) {
                Some(count) => *count,
                None => {
                    let is_new = |credit: &&usize| {
                        matches!(matches.uses[**credit], Use::Ambiguous(_))
                            && !before.iter().any(|node| self.of_credits[**credit].binary_search(node).is_ok())
                    };
                    let count = count + self.nodes[last].1.iter().filter(is_new).count();
                    counts.insert(nodes[..end].to_vec(), count);
                    count
                }
            };
        }
        count
    }

    /// The only credit of equal amount of each claim, and the other way round.
    fn partners(&self) -> Partners {
        let mut of_claims = vec![Equal::None; self.claims.len()];
        let mut of_credits = vec![Equal::None; self.credits.len()];
        for (claims, credits) in &self.nodes {
            let (mut claims, mut credits) = (claims.clone(), credits.clone());
            claims.sort_by_key(|claim| self.claims[*claim].amount);
            credits.sort_by_key(|credit| self.credits[*credit].amount());
            let (mut claims, mut credits) = (claims.as_slice(), credits.as_slice());
            while let (Some(claim), Some(credit)) = (claims.first(), credits.first()) {
                let (claimed, credited) = (self.claims[*claim].amount, self.credits[*credit].amount());
                let equal_claims = claims.iter().take_while(|claim| self.claims[**claim].amount == claimed).count();
                let equal_credits =
                    credits.iter().take_while(|credit| self.credits[**credit].amount() == credited).count();
                let order = claimed.cmp(&credited);
                if order == Ordering::Equal {
                    claims[..equal_claims].iter().for_each(|claim| of_claims[*claim].add(&credits[..equal_credits]));
                    credits[..equal_credits].iter().for_each(|credit| of_credits[*credit].add(&claims[..equal_claims]));
                }
                if order != Ordering::Greater {
                    claims = &claims[equal_claims..];
                }
                if order != Ordering::Less {
                    credits = &credits[equal_credits..];
                }
            }
        }
        Partners { of_claims, of_credits }
    }

    /// Claims whose tokens stand in no credit of their currency, but in some of another that are in
    /// no group.
    fn other_currencies(&self, marks_of_claims: &[Vec<usize>], marks_of_credits: &[Vec<usize>], matches: &mut Matches) {
        let mut of_marks: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (credit, marks) in marks_of_credits.iter().enumerate() {
            if self.of_credits[credit].is_empty() {
                marks.iter().for_each(|mark| of_marks.entry(*mark).or_default().push(credit));
            }
        }
        let place = |credit: &usize| self.credits[*credit].place();
        let firsts: BTreeMap<usize, usize> = of_marks
            .iter()
            .filter_map(|(mark, credits)| Some((*mark, credits.iter().copied().min_by_key(place)?)))
            .collect();
        for (claim, marks) in marks_of_claims.iter().enumerate() {
            if !self.of_claims[claim].is_empty() {
                continue;
            }
            if let Some(first) = marks.iter().filter_map(|mark| firsts.get(mark).copied()).min_by_key(place) {
                matches.receipts[claim] = Receipt::OtherCurrency(first);
                for credit in marks.iter().filter_map(|mark| of_marks.remove(mark)).flatten() {
                    matches.uses[credit] = Use::OtherCurrency;
                }
            }
        }
    }
}

/// The root of an element, and shortens the way to it.
fn root(parents: &mut [usize], mut of: usize) -> usize {
    while parents[of] != of {
        parents[of] = parents[parents[of]];
        of = parents[of];
    }
    of
}
