//! The third step: one credit pays several payouts of one provider, destination and currency.
//!
//! The payouts in reach of a credit change only where one enters or leaves the reach, so the
//! subsets of one and the same list of payouts are summed once, for all days that have this list.

use std::collections::{BTreeMap, HashMap};

use super::unnamed::Unnamed;
use crate::model::evidence::MOST_DOCUMENTS;
use crate::model::money::Sum;
use crate::payout::claim::{Claim, Credit};
use crate::payout::receipt::{Candidates, MatchedBy, Matches, Receipt, Use};

/// More payouts than this are not searched.
const MOST_CLAIMS: usize = 12;

/// Credits of one currency, amount and day: what sums to one of them sums to all.
#[derive(Default)]
struct Target {
    credits: Vec<usize>,
    /// How many subsets sum to the amount.
    subsets: usize,
    /// The first of them.
    only: Vec<usize>,
    candidates: Candidates,
}

/// The credits of one currency that are left.
#[derive(Default)]
struct Targets {
    /// By amount the targets of its days, by day.
    by_amount: HashMap<Sum, Vec<(i64, usize)>>,
    /// The days of all credits, sorted.
    days: Vec<i64>,
    /// Bits of amounts that may be there: most sums are of no credit, and to look one up takes time.
    maybe: Vec<u64>,
}

impl Targets {
    /// Notes the amounts; all of them must be there.
    fn note_amounts(&mut self) {
        // Of this many bits, few are set.
        let words = (self.days.len() / 4).next_power_of_two();
        let mut maybe = vec![0; words];
        self.by_amount.keys().for_each(|amount| {
            let (word, bit) = place_of(*amount, words);
            maybe[word] |= bit;
        });
        self.maybe = maybe;
    }

    fn may_have(&self, amount: Sum) -> bool {
        let (word, bit) = place_of(amount, self.maybe.len());
        self.maybe[word] & bit != 0
    }
}

/// The word and the bit of an amount among this many words, a power of two.
fn place_of(amount: Sum, words: usize) -> (usize, u64) {
    let hash = (amount as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    ((hash >> 32) as usize & (words - 1), 1 << (hash >> 58))
}

/// The payouts of one provider and destination that are left, by day.
type Seller<'s> = (&'s str, &'s str, &'s str);

struct Search<'s> {
    claims: &'s [Claim<'s>],
    window: i64,
    targets: Vec<Target>,
    /// By claim, how many credits have a subset with it.
    candidates: Vec<usize>,
}

/// Matches sums of what is left.
pub fn apply(unnamed: &Unnamed<'_>, matches: &mut Matches) {
    let &Unnamed { claims, credits, ref bears_none, window, .. } = unnamed;
    let mut search = Search { claims, window, targets: Vec::new(), candidates: vec![0; claims.len()] };
    let is_left = |credit: &usize| bears_none[*credit] && matches.uses[*credit] == Use::None;
    let left: Vec<usize> = (0..credits.len()).filter(is_left).collect();
    let of_currencies = search.targets_of(credits, &left);
    let mut sellers: BTreeMap<Seller<'_>, Vec<(i64, usize)>> = BTreeMap::new();
    for (day, claim) in unnamed.claims_left(matches) {
        let Claim { currency, provider, destination, .. } = claims[claim];
        sellers.entry((currency, provider, destination)).or_default().push((day, claim));
    }
    for ((currency, ..), mut of_seller) in sellers {
        if let Some(targets) = of_currencies.get(currency) {
            of_seller.sort_by_key(|(day, _)| *day);
            let skipped = search.seller(&of_seller, targets);
            if skipped > 0 {
                matches.totals.entry(currency.to_owned()).or_default().sum_skipped += skipped;
            }
        }
    }
    search.finish(matches);
}

impl<'s> Search<'s> {
    /// Makes the targets of the credits that are left, by currency.
    fn targets_of<'c>(&mut self, credits: &[Credit<'c>], left: &[usize]) -> BTreeMap<&'c str, Targets> {
        let key = |credit: &usize| {
            let entry = credits[*credit].entry;
            (entry.currency.as_str(), entry.day, entry.amount)
        };
        let mut left = left.to_vec();
        left.sort_by_key(key);
        let mut of_currencies: BTreeMap<&str, Targets> = BTreeMap::new();
        for equal in left.chunk_by(|a, b| key(a) == key(b)) {
            let (currency, day, amount) = key(&equal[0]);
            let targets = of_currencies.entry(currency).or_default();
            targets.by_amount.entry(amount.into()).or_default().push((day, self.targets.len()));
            targets.days.extend(equal.iter().map(|_| day));
            self.targets.push(Target { credits: equal.to_vec(), ..Target::default() });
        }
        of_currencies.values_mut().for_each(Targets::note_amounts);
        of_currencies
    }

    /// Searches the sums of a seller's payouts. Returns how often there were too many of them.
    fn seller(&mut self, by_day: &[(i64, usize)], targets: &Targets) -> u64 {
        let window = self.window;
        let enters = |at: usize| by_day[at].0.saturating_sub(1);
        let leaves = |at: usize| by_day[at].0.saturating_add(window);
        let (mut low, mut high, mut day, mut skipped) = (0, 0, i64::MIN, 0);
        while low < by_day.len() {
            if low == high {
                day = enters(high);
            }
            while high < by_day.len() && enters(high) <= day {
                high += 1;
            }
            let last = if high < by_day.len() { leaves(low).min(enters(high) - 1) } else { leaves(low) };
            let credits = targets.days.partition_point(|other| *other <= last)
                - targets.days.partition_point(|other| *other < day);
            match high - low {
                2..=MOST_CLAIMS if credits > 0 => self.list(&by_day[low..high], (day, last), targets),
                ..=MOST_CLAIMS => {}
                _ => skipped += credits as u64,
            }
            let Some(next) = last.checked_add(1) else { break };
            day = next;
            while low < high && leaves(low) < day {
                low += 1;
            }
        }
        skipped
    }

    /// Searches the sums of a list of payouts among the credits of these days.
    fn list(&mut self, list: &[(i64, usize)], (day, last): (i64, i64), targets: &Targets) {
        let mut sums: Vec<Sum> = vec![0; 1 << list.len()];
        let mut hits: Vec<(Sum, usize)> = Vec::new();
        for subset in 1..sums.len() {
            let rest = subset & (subset - 1);
            sums[subset] = sums[rest] + self.claims[list[subset.trailing_zeros() as usize].1].amount;
            if rest != 0 && targets.may_have(sums[subset]) && targets.by_amount.contains_key(&sums[subset]) {
                hits.push((sums[subset], subset));
            }
        }
        hits.sort_unstable();
        for equal in hits.chunk_by(|a, b| a.0 == b.0) {
            let union = equal.iter().fold(0, |union, (_, subset)| union | subset);
            let union: Vec<usize> = members(list, union).collect();
            let of_days = &targets.by_amount[&equal[0].0];
            let start = of_days.partition_point(|(other, _)| *other < day);
            for (_, target) in of_days[start..].iter().take_while(|(other, _)| *other <= last) {
                let target = &mut self.targets[*target];
                if target.subsets == 0 && equal.len() == 1 {
                    target.only = union.clone();
                }
                target.subsets += equal.len();
                target.candidates.count += union.len();
                target.candidates.first.extend(&union);
                target.candidates.first.sort_by_key(|claim| self.claims[*claim].name());
                target.candidates.first.truncate(MOST_DOCUMENTS);
                union.iter().for_each(|claim| self.candidates[*claim] += target.credits.len());
            }
        }
    }

    fn finish(self, matches: &mut Matches) {
        for target in self.targets.into_iter().filter(|target| target.subsets > 0) {
            let is_alone = |claim: &usize| self.candidates[*claim] == 1;
            if let [credit] = target.credits[..]
                && target.subsets == 1
                && target.only.iter().all(is_alone)
            {
                for claim in target.only {
                    matches.pair(MatchedBy::Sum, claim, credit, self.claims[claim].amount);
                }
            } else {
                matches.set_ambiguous(target.candidates, target.credits.into_iter());
            }
        }
        for (claim, candidates) in self.candidates.into_iter().enumerate() {
            if candidates > 0 && matches.receipts[claim] == Receipt::Nothing {
                matches.receipts[claim] = Receipt::Ambiguous { by: MatchedBy::Sum, candidates };
            }
        }
    }
}

/// The members of a list that are in a subset.
fn members(list: &[(i64, usize)], subset: usize) -> impl Iterator<Item = usize> {
    list.iter().enumerate().filter(move |(at, _)| subset >> at & 1 == 1).map(|(_, (_, claim))| *claim)
}
