//! Many nights in a row: what fired, how old it was, how long it took to be put right, and which nights are missing.

use std::collections::{BTreeMap, BTreeSet};

use avstem_core::model::instant::{Instant, format_day};

use super::ageing::{BUCKETS, bucket};
use super::field::Field;
use super::past::{Past, PastError};

/// How many of one rule a night had.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RuleNight {
    /// Findings, accepted ones included.
    pub findings: u64,
    pub accepted: u64,
    /// Those that the night before had not.
    pub new: u64,
    /// What the night before had and was put right.
    pub resolved: u64,
    /// What cannot be seen.
    pub unseen: u64,
}

#[derive(Debug)]
pub struct Night {
    /// The run.
    pub past: Past,
    /// By the rule's code.
    pub rules: BTreeMap<String, RuleNight>,
    /// Findings by how long they are open, and last those without a time.
    pub ages: [u64; BUCKETS.len() + 1],
    /// Days from first seen to put right, of what was put right that night.
    pub days_to_resolve: Vec<i64>,
}

/// What is odd about a row of nights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Oddity {
    /// No run is of these days: first and last.
    Missing(i64, i64),
    /// Two runs are of one day.
    Twice(i64),
    /// A run was not held against the run before it.
    Unchained(usize),
    /// A run's input was not complete.
    Incomplete(usize),
    /// Two runs read the same bytes: the runs, how many files, and whether these are all that either read.
    Overlap(usize, usize, usize, bool),
}

/// Nights in the order of their as-of.
#[derive(Debug)]
pub struct History {
    pub nights: Vec<Night>,
    /// What is odd about them.
    pub oddities: Vec<Oddity>,
}

impl History {
    /// Reads runs.
    ///
    /// # Errors
    ///
    /// When one of them cannot be read.
    pub fn read(runs: Vec<Past>) -> Result<History, PastError> {
        let mut nights = runs.into_iter().map(Night::read).collect::<Result<Vec<_>, _>>()?;
        nights.sort_by(|a, b| (a.past.as_of, a.past.path()).cmp(&(b.past.as_of, b.past.path())));
        let oddities = oddities(&nights);
        Ok(History { nights, oddities })
    }

    /// The rules that any night has, by code.
    pub fn rules(&self) -> Vec<&str> {
        let mut rules: Vec<&str> =
            self.nights.iter().flat_map(|night| night.rules.keys().map(String::as_str)).collect();
        rules.sort_unstable();
        rules.dedup();
        rules
    }

    /// How many were put right within each bucket of days, of all nights.
    pub fn resolved_within(&self) -> [u64; BUCKETS.len()] {
        let mut within = [0; BUCKETS.len()];
        for days in self.nights.iter().flat_map(|night| &night.days_to_resolve) {
            within[bucket(Some(*days)).min(BUCKETS.len() - 1)] += 1;
        }
        within
    }

    /// The day by which half of what was put right was.
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
            ages[bucket(row.days(Field::OpenDays))] += 1;
            Ok(())
        })?;
        if past.has("resolved.csv") {
            past.table("resolved.csv", &mut |row| {
                let of = rules.entry(row.text(Field::Rule).unwrap_or_default().to_owned()).or_default();
                if row.text(Field::State) == Some("unseen") {
                    of.unseen += 1;
                } else {
                    of.resolved += 1;
                    days_to_resolve.extend(row.days(Field::OpenDays));
                }
                Ok(())
            })?;
        }
        Ok(Night { past, rules, ages, days_to_resolve })
    }

    /// All rules together.
    pub fn all(&self) -> RuleNight {
        self.rules.values().fold(RuleNight::default(), |all, of| RuleNight {
            findings: all.findings + of.findings,
            accepted: all.accepted + of.accepted,
            new: all.new + of.new,
            resolved: all.resolved + of.resolved,
            unseen: all.unseen + of.unseen,
        })
    }

    /// How many it has that nobody accepted.
    pub fn open(&self) -> u64 {
        let all = self.all();
        all.findings - all.accepted
    }

    pub fn day(&self) -> Option<i64> {
        self.past.as_of.map(Instant::day)
    }

    /// The day as people write it.
    pub fn name(&self) -> String {
        self.day().map_or_else(|| "undated".to_owned(), format_day)
    }
}

fn oddities(nights: &[Night]) -> Vec<Oddity> {
    let mut oddities = Vec::new();
    // A file that lies in an export twice is one.
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
        match last_same.insert(&hashes[at], at).filter(|_| !hashes[at].is_empty()) {
            Some(before) => oddities.push(Oddity::Overlap(before, at, hashes[at].len(), true)),
            None => {
                oddities.extend(shared.into_iter().map(|(before, files)| Oddity::Overlap(before, at, files, false)));
            }
        }
    }
    oddities
}
