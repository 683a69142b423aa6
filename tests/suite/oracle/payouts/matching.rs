//! "Booked credits against payouts. Each step sees what the one before left; input order never
//! matters." By trying everything.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Days;

use super::account::Payout;
use super::bank::{Bank, BankEntry};
use super::words::stands;

/// Payouts and entries by their places in the lists.
#[derive(Default)]
pub struct Matching {
    /// The entries of a payout, by date, account, id.
    pub entries: BTreeMap<usize, Vec<usize>>,
    pub matched_by: BTreeMap<usize, &'static str>,
    /// Entries that pay several payouts.
    pub shared: BTreeSet<usize>,
    /// AV803: payout and entry.
    pub twice: Vec<(usize, usize)>,
    /// Entries that are ambiguous, with the payouts that they form pairs with.
    pub ambiguous: BTreeMap<usize, BTreeSet<usize>>,
    pub ambiguous_payouts: BTreeSet<usize>,
    /// AV802: the entries of another currency that bear a payout's token.
    pub foreign: BTreeMap<usize, Vec<usize>>,
    pub sum_skipped: usize,
}

/// A set of pairs of a payout and an entry.
type Pairs = BTreeSet<(usize, usize)>;

struct Group {
    payouts: BTreeSet<usize>,
    entries: BTreeSet<usize>,
    pairs: Pairs,
}

/// The pairs "by connected group".
fn groups(pairs: &Pairs) -> Vec<Group> {
    let mut left = pairs.clone();
    let mut groups = Vec::new();
    while let Some(first) = left.pop_first() {
        let mut group = Group {
            payouts: BTreeSet::from([first.0]),
            entries: BTreeSet::from([first.1]),
            pairs: BTreeSet::from([first]),
        };
        while let Some(next) =
            left.iter().find(|(payout, entry)| group.payouts.contains(payout) || group.entries.contains(entry)).copied()
        {
            left.remove(&next);
            group.payouts.insert(next.0);
            group.entries.insert(next.1);
            group.pairs.insert(next);
        }
        groups.push(group);
    }
    groups
}

struct Matcher<'a> {
    payouts: &'a [Payout],
    bank: &'a [BankEntry],
    window: i64,
    result: Matching,
    open_payouts: BTreeSet<usize>,
    open_entries: BTreeSet<usize>,
}

pub fn run(payouts: &[Payout], bank: &Bank, window: i64) -> Matching {
    let open_payouts = (0..payouts.len()).filter(|at| payouts[*at].is_matched_with_the_bank()).collect();
    let open_entries = (0..bank.entries.len()).filter(|at| bank.entries[*at].is_credit()).collect();
    let mut matcher =
        Matcher { payouts, bank: &bank.entries, window, result: Matching::default(), open_payouts, open_entries };
    let takers = matcher.open_payouts.clone();
    matcher.by_reference();
    // "No entry in which a token of a payout that takes part (of any currency, matched or not)
    // stands."
    let bears_none = |entry: &usize| !takers.iter().any(|payout| bears(&payouts[*payout], &bank.entries[*entry]));
    matcher.open_entries.retain(bears_none);
    matcher.by_amount();
    matcher.by_sum();
    matcher.result
}

fn bears(payout: &Payout, entry: &BankEntry) -> bool {
    payout.tokens.iter().any(|token| stands(token, &entry.texts))
}

impl Matcher<'_> {
    fn amount(&self, entry: usize) -> i128 {
        self.bank[entry].amount
    }

    fn sorted(&self, entries: impl IntoIterator<Item = usize>) -> Vec<usize> {
        let mut entries: Vec<usize> = entries.into_iter().collect();
        entries.sort_by_key(|entry| self.bank[*entry].order());
        entries
    }

    fn give(&mut self, payout: usize, entries: impl IntoIterator<Item = usize>, by: &'static str) {
        let entries = self.sorted(entries);
        self.open_payouts.remove(&payout);
        for entry in &entries {
            self.open_entries.remove(entry);
        }
        self.result.entries.insert(payout, entries);
        self.result.matched_by.insert(payout, by);
    }

    fn share(&mut self, entry: usize, payouts: impl IntoIterator<Item = usize>, by: &'static str) {
        for payout in payouts {
            self.give(payout, [entry], by);
        }
        self.result.shared.insert(entry);
    }

    /// These entries are ambiguous, and so are the payouts that they form pairs with.
    fn leave(&mut self, entries: &BTreeSet<usize>, payouts: &BTreeSet<usize>, pairs: &Pairs) {
        for entry in entries {
            let of_it = pairs.iter().filter(|pair| pair.1 == *entry).map(|pair| pair.0).collect();
            self.result.ambiguous.insert(*entry, of_it);
            self.open_entries.remove(entry);
        }
        for payout in payouts {
            self.result.ambiguous_payouts.insert(*payout);
            self.open_payouts.remove(payout);
        }
    }

    fn pairs(&self, is_pair: impl Fn(&Payout, &BankEntry) -> bool) -> Pairs {
        let mut pairs = Pairs::new();
        for payout in &self.open_payouts {
            for entry in &self.open_entries {
                if is_pair(&self.payouts[*payout], &self.bank[*entry]) {
                    pairs.insert((*payout, *entry));
                }
            }
        }
        pairs
    }

    /// Step 1: "pairs with a standing token and equal currency, by connected group".
    fn by_reference(&mut self) {
        let bearing = self.pairs(bears);
        let is_equal = |pair: &(usize, usize)| self.payouts[pair.0].currency == self.bank[pair.1].currency;
        let (pairs, foreign): (Pairs, Pairs) = bearing.into_iter().partition(is_equal);
        for group in groups(&pairs) {
            match (group.payouts.len(), group.entries.len()) {
                (1, _) => self.one_payout(&group),
                (_, 1) => self.one_entry(&group),
                _ => self.several(&group),
            }
        }
        // AV802: "no credit of its currency bears its tokens, and some of another do that step 1
        // gives to no payout's group […]; not matched further".
        for (payout, entry) in foreign {
            let bears_own = pairs.iter().any(|pair| pair.0 == payout);
            let is_in_a_group = pairs.iter().any(|pair| pair.1 == entry);
            if !bears_own && !is_in_a_group {
                self.result.foreign.entry(payout).or_default().push(entry);
            }
        }
        for payout in self.result.foreign.keys() {
            self.open_payouts.remove(payout);
        }
    }

    /// "One payout: its entries sum to the amount, or none equals it: all its; else the first equal
    /// one (date, account, id) is its, the others AV803."
    fn one_payout(&mut self, group: &Group) {
        let payout = *group.payouts.first().expect("a group has a payout");
        let amount = self.payouts[payout].amount;
        let sum: i128 = group.entries.iter().map(|entry| self.amount(*entry)).sum();
        let equal = self.sorted(group.entries.iter().copied().filter(|entry| self.amount(*entry) == amount));
        match equal.first() {
            Some(first) if sum != amount => {
                self.give(payout, [*first], "reference");
                for other in self.sorted(group.entries.iter().copied().filter(|entry| entry != first)) {
                    self.open_entries.remove(&other);
                    self.result.twice.push((payout, other));
                }
            }
            _ => self.give(payout, group.entries.clone(), "reference"),
        }
    }

    /// "One entry, several payouts: they sum to it: all; else the only one of equal amount; else
    /// ambiguous."
    fn one_entry(&mut self, group: &Group) {
        let entry = *group.entries.first().expect("a group has an entry");
        let sum: i128 = group.payouts.iter().map(|payout| self.payouts[*payout].amount).sum();
        let mut equal = group.payouts.iter().copied();
        let equal: Vec<usize> = equal.by_ref().filter(|at| self.payouts[*at].amount == self.amount(entry)).collect();
        if sum == self.amount(entry) {
            self.share(entry, group.payouts.clone(), "reference");
        } else if let [only] = equal[..] {
            self.give(only, [entry], "reference");
        } else {
            self.leave(&group.entries, &group.payouts, &group.pairs);
        }
    }

    /// "Several of both: pairs of equal amount, unique on both sides; the rest ambiguous, but a
    /// payout of the rest that bears no entry of the rest goes on."
    fn several(&mut self, group: &Group) {
        let of_equal_amount = |pair: &&(usize, usize)| self.payouts[pair.0].amount == self.amount(pair.1);
        let equal: Vec<(usize, usize)> = group.pairs.iter().filter(of_equal_amount).copied().collect();
        let mut rest_payouts = group.payouts.clone();
        let mut rest_entries = group.entries.clone();
        for (payout, entry) in &equal {
            let is_unique = equal.iter().filter(|pair| pair.0 == *payout || pair.1 == *entry).count() == 1;
            if is_unique {
                self.give(*payout, [*entry], "reference");
                rest_payouts.remove(payout);
                rest_entries.remove(entry);
            }
        }
        rest_payouts.retain(|payout| rest_entries.iter().any(|entry| group.pairs.contains(&(*payout, *entry))));
        self.leave(&rest_entries, &rest_payouts, &group.pairs);
    }

    /// "Entry from payout's day − 1 to + window."
    fn is_in_range(&self, payout: &Payout, entry: &BankEntry) -> bool {
        let Some(day) = payout.day() else {
            return false;
        };
        let last = day + Days::new(self.window.unsigned_abs());
        payout.currency == entry.currency && day - Days::new(1) <= entry.date && entry.date <= last
    }

    /// Step 2: "equal amount and currency […]. A group of one and one: matched; any other:
    /// ambiguous."
    fn by_amount(&mut self) {
        let pairs = self.pairs(|payout, entry| payout.amount == entry.amount && self.is_in_range(payout, entry));
        for group in groups(&pairs) {
            if group.pairs.len() == 1 {
                let (payout, entry) = *group.pairs.first().expect("there is one");
                self.give(payout, [entry], "amount");
            } else {
                self.leave(&group.entries, &group.payouts, &group.pairs);
            }
        }
    }

    /// Every subset of two or more payouts of one provider and destination that sums to the entry.
    fn subsets(&mut self, entry: usize) -> Vec<BTreeSet<usize>> {
        let mut by_sender: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
        for at in &self.open_payouts {
            let payout = &self.payouts[*at];
            if self.is_in_range(payout, &self.bank[entry]) {
                by_sender.entry((&payout.provider, &payout.destination)).or_default().push(*at);
            }
        }
        let mut found = Vec::new();
        for near in by_sender.into_values() {
            if near.len() > 12 {
                self.result.sum_skipped += 1;
                continue;
            }
            for choice in 0_u32..1 << near.len() {
                let subset: BTreeSet<usize> =
                    (0..near.len()).filter(|n| choice & (1 << n) != 0).map(|n| near[n]).collect();
                let sum: i128 = subset.iter().map(|at| self.payouts[*at].amount).sum();
                if subset.len() >= 2 && sum == self.amount(entry) {
                    found.push(subset);
                }
            }
        }
        found
    }

    /// Step 3: "An entry's only subset, sharing no payout with another entry's: matched; other
    /// subsets: ambiguous."
    fn by_sum(&mut self) {
        let entries: Vec<usize> = self.open_entries.iter().copied().collect();
        let all: BTreeMap<usize, Vec<BTreeSet<usize>>> =
            entries.into_iter().map(|entry| (entry, self.subsets(entry))).filter(|(_, own)| !own.is_empty()).collect();
        for (entry, own) in &all {
            let mut others = all.iter().filter(|(other, _)| *other != entry).flat_map(|(_, subsets)| subsets);
            match &own[..] {
                [only] if others.all(|other| other.is_disjoint(only)) => self.share(*entry, only.clone(), "sum"),
                _ => {
                    let payouts: BTreeSet<usize> = own.iter().flatten().copied().collect();
                    let pairs = payouts.iter().map(|payout| (*payout, *entry)).collect();
                    self.leave(&BTreeSet::from([*entry]), &payouts, &pairs);
                }
            }
        }
    }
}
