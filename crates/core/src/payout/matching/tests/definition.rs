//! Matching as it is defined, pair by pair and subset by subset.

use std::collections::BTreeSet;

use super::WINDOW;
use crate::model::money::Sum;
use crate::payout::claim::{Claim, Credit};
use crate::payout::receipt::{Candidates, MatchedBy, Matches, Receipt, Use};
use crate::payout::words::{capitals, words};

type Pairs = BTreeSet<(usize, usize)>;

fn stands(claim: &Claim<'_>, credit: &Credit<'_>) -> bool {
    claim.tokens.iter().any(|token| {
        let token = capitals(token);
        let token: Vec<&str> = words(&token).collect();
        let joined = token.concat();
        joined.len() >= 5
            && joined.bytes().any(|letter| letter.is_ascii_digit())
            && credit.entry.texts.iter().any(|text| {
                let text = capitals(text);
                let text: Vec<&str> = words(&text).collect();
                text.windows(token.len()).any(|part| part == token) || text.contains(&&*joined)
            })
    })
}

fn is_in_reach(claim: &Claim<'_>, credit: &Credit<'_>) -> bool {
    claim.currency == credit.entry.currency
        && claim.day.is_some_and(|day| (day - 1..=day + WINDOW).contains(&credit.entry.day))
}

/// Connected claims and credits.
fn groups(pairs: &Pairs) -> Vec<(BTreeSet<usize>, BTreeSet<usize>)> {
    let mut groups: Vec<(BTreeSet<usize>, BTreeSet<usize>)> = Vec::new();
    for (claim, credit) in pairs {
        let mut joined = (BTreeSet::from([*claim]), BTreeSet::from([*credit]));
        let is_joined =
            |group: &(BTreeSet<usize>, BTreeSet<usize>)| group.0.contains(claim) || group.1.contains(credit);
        let (of_pair, others): (Vec<_>, Vec<_>) = groups.into_iter().partition(is_joined);
        for (claims, credits) in of_pair {
            joined.0.extend(claims);
            joined.1.extend(credits);
        }
        groups = others;
        groups.push(joined);
    }
    groups
}

struct Run<'r> {
    claims: &'r [Claim<'r>],
    credits: &'r [Credit<'r>],
    matches: Matches,
}

impl Run<'_> {
    fn pay(&mut self, by: MatchedBy, claim: usize, credits: &[usize], received: Sum, repeats: Vec<usize>) {
        credits.iter().for_each(|credit| self.matches.uses[*credit] = Use::Matched(by));
        repeats.iter().for_each(|credit| self.matches.uses[*credit] = Use::Repeat);
        self.matches.receipts[claim] = Receipt::Matched { by, credits: credits.to_vec(), received, repeats };
    }

    fn ambiguous(&mut self, candidates: &BTreeSet<usize>, credit: usize) {
        let mut candidates: Vec<usize> = candidates.iter().copied().collect();
        candidates.sort_by_key(|claim| self.claims[*claim].name());
        self.matches.uses[credit] = Use::Ambiguous(self.matches.candidates.len());
        self.matches.candidates.push(Candidates::of(candidates.into_iter()));
    }

    fn reference(&mut self, pairs: &Pairs) {
        let amount_of = |claim: &usize| self.claims[*claim].amount;
        let by = MatchedBy::Reference;
        for (claims, credits) in groups(pairs) {
            let mut in_order: Vec<usize> = credits.iter().copied().collect();
            in_order.sort_by_key(|credit| self.credits[*credit].place());
            let sum: Sum = in_order.iter().map(|credit| self.credits[*credit].amount()).sum();
            let equal = |claim: &usize, credit: &usize| amount_of(claim) == self.credits[*credit].amount();
            if claims.len() == 1 {
                let claim = *claims.first().unwrap();
                let first = in_order.iter().position(|credit| equal(&claim, credit));
                match first {
                    Some(first) if sum != amount_of(&claim) => {
                        let first = in_order.remove(first);
                        self.pay(by, claim, &[first], amount_of(&claim), in_order);
                    }
                    _ => self.pay(by, claim, &in_order, sum, Vec::new()),
                }
            } else if credits.len() == 1 {
                let credit = in_order[0];
                let equals: Vec<usize> = claims.iter().copied().filter(|claim| equal(claim, &credit)).collect();
                let paid = if claims.iter().map(amount_of).sum::<Sum>() == sum {
                    claims.iter().copied().collect()
                } else if equals.len() == 1 {
                    equals
                } else {
                    for claim in &claims {
                        self.matches.receipts[*claim] = Receipt::Ambiguous { by, candidates: 1 };
                    }
                    self.ambiguous(&claims, credit);
                    continue;
                };
                for claim in paid {
                    self.pay(by, claim, &[credit], amount_of(&claim), Vec::new());
                }
            } else {
                let equals: Pairs = pairs
                    .iter()
                    .copied()
                    .filter(|(claim, credit)| claims.contains(claim) && equal(claim, credit))
                    .collect();
                for (claim, credit) in &equals {
                    let is_alone = equals.iter().filter(|(a, b)| a == claim || b == credit).count() == 1;
                    if is_alone {
                        self.pay(by, *claim, &[*credit], amount_of(claim), Vec::new());
                    }
                }
                let is_left = |credit: &usize| self.matches.uses[*credit] == Use::None;
                let left: Vec<usize> = credits.iter().copied().filter(is_left).collect();
                for claim in &claims {
                    let candidates = left.iter().filter(|credit| pairs.contains(&(*claim, **credit))).count();
                    if candidates > 0 && self.matches.receipts[*claim] == Receipt::Nothing {
                        self.matches.receipts[*claim] = Receipt::Ambiguous { by, candidates };
                    }
                }
                left.iter().for_each(|credit| self.ambiguous(&claims, *credit));
            }
        }
    }

    fn other_currencies(&mut self, pairs: &Pairs) {
        for claim in 0..self.claims.len() {
            if pairs.iter().any(|pair| pair.0 == claim) {
                continue;
            }
            let is_free = |credit: &usize| {
                pairs.iter().all(|pair| pair.1 != *credit) && stands(&self.claims[claim], &self.credits[*credit])
            };
            let free: Vec<usize> = (0..self.credits.len()).filter(is_free).collect();
            if let Some(first) = free.iter().min_by_key(|credit| self.credits[**credit].place()) {
                self.matches.receipts[claim] = Receipt::OtherCurrency(*first);
                free.iter().for_each(|credit| self.matches.uses[*credit] = Use::OtherCurrency);
            }
        }
    }

    fn amount(&mut self, free: &[usize]) {
        let mut pairs = Pairs::new();
        for claim in (0..self.claims.len()).filter(|claim| self.matches.receipts[*claim] == Receipt::Nothing) {
            for credit in free {
                let (of_claim, of_credit) = (&self.claims[claim], &self.credits[*credit]);
                if of_claim.amount == of_credit.amount() && is_in_reach(of_claim, of_credit) {
                    pairs.insert((claim, *credit));
                }
            }
        }
        let by = MatchedBy::Amount;
        for (claims, credits) in groups(&pairs) {
            if (claims.len(), credits.len()) == (1, 1) {
                let claim = *claims.first().unwrap();
                self.pay(by, claim, &[*credits.first().unwrap()], self.claims[claim].amount, Vec::new());
                continue;
            }
            for claim in &claims {
                let candidates = pairs.iter().filter(|pair| pair.0 == *claim).count();
                self.matches.receipts[*claim] = Receipt::Ambiguous { by, candidates };
            }
            credits.iter().for_each(|credit| self.ambiguous(&claims, *credit));
        }
    }

    fn sum(&mut self, free: &[usize]) {
        let left = |claim: &usize| self.matches.receipts[*claim] == Receipt::Nothing;
        let left: Vec<usize> = (0..self.claims.len()).filter(left).collect();
        let seller = |claim: &usize| (self.claims[*claim].provider, self.claims[*claim].destination);
        let sellers: BTreeSet<_> = left.iter().map(seller).collect();
        let mut of_credits: Vec<(usize, Vec<Vec<usize>>)> = Vec::new();
        for credit in free.iter().copied().filter(|credit| self.matches.uses[*credit] == Use::None) {
            let of_credit = &self.credits[credit];
            let mut subsets = Vec::new();
            for of in &sellers {
                let of_seller: Vec<usize> = left
                    .iter()
                    .copied()
                    .filter(|claim| seller(claim) == *of && is_in_reach(&self.claims[*claim], of_credit))
                    .collect();
                if of_seller.len() > 12 {
                    self.matches.totals.entry(of_credit.entry.currency.clone()).or_default().sum_skipped += 1;
                    continue;
                }
                for bits in 0..1_usize << of_seller.len() {
                    let subset: Vec<usize> =
                        (0..of_seller.len()).filter(|at| bits >> at & 1 == 1).map(|at| of_seller[at]).collect();
                    let sum: Sum = subset.iter().map(|claim| self.claims[*claim].amount).sum();
                    if subset.len() >= 2 && sum == of_credit.amount() {
                        subsets.push(subset);
                    }
                }
            }
            of_credits.push((credit, subsets));
        }
        let by = MatchedBy::Sum;
        let has = |subsets: &[Vec<usize>], claim: &usize| subsets.iter().any(|subset| subset.contains(claim));
        let mut paid = BTreeSet::new();
        for (credit, subsets) in of_credits.iter().filter(|(_, subsets)| !subsets.is_empty()) {
            let is_alone = |claim: &usize| of_credits.iter().filter(|(_, subsets)| has(subsets, claim)).count() == 1;
            if let [only] = subsets.as_slice()
                && only.iter().all(is_alone)
            {
                for claim in only {
                    self.pay(by, *claim, &[*credit], self.claims[*claim].amount, Vec::new());
                    paid.insert(*claim);
                }
            } else {
                self.ambiguous(&subsets.iter().flatten().copied().collect(), *credit);
            }
        }
        for claim in left.iter().filter(|claim| !paid.contains(claim)) {
            let candidates = of_credits.iter().filter(|(_, subsets)| has(subsets, claim)).count();
            if candidates > 0 {
                self.matches.receipts[*claim] = Receipt::Ambiguous { by, candidates };
            }
        }
    }
}

pub fn matched(claims: &[Claim<'_>], credits: &[Credit<'_>]) -> Matches {
    let matches = Matches {
        receipts: vec![Receipt::Nothing; claims.len()],
        uses: vec![Use::None; credits.len()],
        ..Matches::default()
    };
    let mut run = Run { claims, credits, matches };
    let mut pairs = Pairs::new();
    for (number, claim) in claims.iter().enumerate() {
        let of_claim = |credit: &usize| claim.currency == credits[*credit].entry.currency;
        let stand = (0..credits.len()).filter(|credit| of_claim(credit) && stands(claim, &credits[*credit]));
        pairs.extend(stand.map(|credit| (number, credit)));
    }
    let is_free = |credit: &usize| claims.iter().all(|claim| !stands(claim, &credits[*credit]));
    let free: Vec<usize> = (0..credits.len()).filter(is_free).collect();
    run.reference(&pairs);
    run.other_currencies(&pairs);
    run.amount(&free);
    run.sum(&free);
    run.matches.total(credits);
    run.matches
}
