//! A series of runs: findings per rule, their ages, days until resolved, and missing runs.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use avstem_core::model::instant::Instant;

use super::ageing::{BUCKETS, bucket};
use super::field::Field;
use super::past::{Past, PastError};
use super::reason::Reason;

/// Counts of one rule in one run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RuleNight {
    /// Findings, including accepted ones.
    pub findings: u64,
    pub accepted: u64,
    /// Findings that the previous run did not have.
    pub new: u64,
    /// Findings that the run before, whose input was incomplete, does not have.
    pub back: u64,
    /// Findings of the previous run that were resolved.
    pub resolved: u64,
    /// Findings whose document is not in the input.
    pub unseen: u64,
}

#[derive(Debug)]
pub struct Night {
    pub past: Past,
    /// By rule code.
    pub rules: BTreeMap<String, RuleNight>,
    /// Findings by open days; the last entry counts findings without a time.
    pub ages: [u64; BUCKETS.len() + 1],
    /// Days from first seen to resolved, of the findings resolved in this run.
    pub days_to_resolve: Vec<i64>,
}

/// Irregularities in a series of runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Oddity {
    /// No run covers these days: first and last.
    Missing(i64, i64),
    /// Two runs have this day.
    Twice(i64),
    /// The baseline of this run (an index) is not the previous run.
    Unchained(usize),
    /// The input of this run (an index) was incomplete.
    Incomplete(usize),
    /// Two runs have input files with equal content: both run indices, the number of files, and
    /// What a run noticed about its input: the run, and the index of its notice.
    Noticed(usize, usize),
    /// A run read some of the files that an earlier run had read: both runs, and how many files.
    Overlap(usize, usize, usize),
}

/// Runs ordered by their as-of.
#[derive(Debug)]
pub struct History {
    pub nights: Vec<Night>,
    pub oddities: Vec<Oddity>,
}

impl History {
    ///
    /// # Errors
    ///
    /// When one of them cannot be read.
    pub fn read(runs: Vec<Past>) -> Result<History, PastError> {
        let mut nights = runs.into_iter().map(Night::read).collect::<Result<Vec<_>, _>>()?;
        nights.sort_by(|a, b| a.order().cmp(&b.order()));
        let oddities = oddities(&nights);
        Ok(History { nights, oddities })
    }

    /// The codes of all rules with findings, sorted.
    pub fn rules(&self) -> Vec<&str> {
        let mut rules: Vec<&str> =
            self.nights.iter().flat_map(|night| night.rules.keys().map(String::as_str)).collect();
        rules.sort_unstable();
        rules.dedup();
        rules
    }

    /// Number of findings resolved within each bucket of days, over all runs.
    pub fn resolved_within(&self) -> [u64; BUCKETS.len()] {
        let mut within = [0; BUCKETS.len()];
        for days in self.nights.iter().flat_map(|night| &night.days_to_resolve) {
            within[bucket(Some(*days)).min(BUCKETS.len() - 1)] += 1;
        }
        within
    }

    /// Median days until resolved; the lower one of an even number.
    pub fn median_days(&self) -> Option<i64> {
        let mut days: Vec<i64> = self.nights.iter().flat_map(|night| night.days_to_resolve.iter().copied()).collect();
        days.sort_unstable();
        days.get(days.len().saturating_sub(1) / 2).copied()
    }
}

impl Night {
    fn read(past: Past) -> Result<Night, PastError> {
        let (mut rules, mut ages) = (BTreeMap::<String, RuleNight>::new(), [0; BUCKETS.len() + 1]);
        let mut days_to_resolve = Vec::new();
        past.table("exceptions.csv", &mut |row| {
            let of = rules.entry(row.text(Field::Rule).unwrap_or_default().to_owned()).or_default();
            of.findings += 1;
            of.accepted += u64::from(row.text(Field::Accepted) == Some("true"));
            of.new += u64::from(row.text(Field::Change) == Some("new"));
            of.back += u64::from(row.text(Field::Change) == Some("back"));
            ages[bucket(row.days(Field::OpenDays))] += 1;
            Ok(())
        })?;
        if past.has("resolved.csv") {
            past.table("resolved.csv", &mut |row| {
                let of = rules.entry(row.text(Field::Rule).unwrap_or_default().to_owned()).or_default();
                if row.text(Field::State) == Some("unseen") {
                    of.unseen += 1;
                } else if row.text(Field::Reason) != Some(Reason::BaselineIncomplete.word()) {
                    of.resolved += 1;
                    days_to_resolve.extend(row.days(Field::OpenDays));
                }
                Ok(())
            })?;
        }
        Ok(Night { past, rules, ages, days_to_resolve })
    }

    /// Sums over all rules.
    pub fn all(&self) -> RuleNight {
        self.rules.values().fold(RuleNight::default(), |all, of| RuleNight {
            findings: all.findings + of.findings,
            accepted: all.accepted + of.accepted,
            new: all.new + of.new,
            back: all.back + of.back,
            resolved: all.resolved + of.resolved,
            unseen: all.unseen + of.unseen,
        })
    }

    /// Number of findings that are not accepted.
    pub fn open(&self) -> u64 {
        let all = self.all();
        all.findings - all.accepted
    }

    pub fn day(&self) -> Option<i64> {
        self.past.day()
    }

    fn order(&self) -> (Option<i64>, Option<Instant>, &Path) {
        (self.day(), self.past.as_of, self.past.path())
    }

    /// The name of its run.
    pub fn name(&self) -> String {
        self.past.name()
    }
}

fn oddities(nights: &[Night]) -> Vec<Oddity> {
    let mut oddities = Vec::new();
    // Sets, because a file can occur twice in an export.
    let hashes: Vec<BTreeSet<&str>> =
        nights.iter().map(|night| night.past.inputs().map(|(_, hash)| hash).collect()).collect();
    let mut last_with: BTreeMap<&str, usize> = BTreeMap::new();
    let mut last_same: BTreeMap<&BTreeSet<&str>, usize> = BTreeMap::new();
    for (at, night) in nights.iter().enumerate() {
        if let Some(before) = at.checked_sub(1).map(|before| &nights[before]) {
            if let (Some(then), Some(now)) = (before.day(), night.day()) {
                if now - then > 1 {
                    oddities.push(Oddity::Missing(then + 1, now - 1));
                } else if now == then {
                    oddities.push(Oddity::Twice(now));
                }
            }
            if night.past.baseline() != Some(&*before.past.manifest_sha256) {
                oddities.push(Oddity::Unchained(at));
            }
        }
        if !night.past.is_complete() {
            oddities.push(Oddity::Incomplete(at));
        }
        let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
        for hash in &hashes[at] {
            if let Some(before) = last_with.insert(hash, at) {
                *shared.entry(before).or_default() += 1;
            }
        }
        oddities.extend((0..night.past.summary.notices.len()).map(|notice| Oddity::Noticed(at, notice)));
        // The same export again is for the run itself to notice.
        if last_same.insert(&hashes[at], at).is_none() {
            oddities.extend(shared.into_iter().map(|(before, files)| Oddity::Overlap(before, at, files)));
        }
    }
    oddities
}
