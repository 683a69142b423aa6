//! Findings that the configuration accepts: they are reported and counted, but do not fail a run.
//!
//! An acceptance does not hold if it has expired, if a finding exceeds its amount, or if the
//! finding changed since it was accepted. Acceptances without any finding are reported as unused.

use std::collections::BTreeMap;

use avstem_core::model::finding::Finding;
use avstem_core::model::instant::Instant;
use avstem_core::model::money::Sum;

use super::ageing::magnitude;
use super::number;
use crate::config::{Accept, Target};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AcceptanceState {
    Holds,
    Expired,
    /// A matching finding exceeds the maximum amount.
    Exceeded,
    /// The matching finding has another fingerprint than when it was accepted.
    Changed,
    /// It matches no finding.
    Unused,
}

impl AcceptanceState {
    pub const ALL: [AcceptanceState; 5] = [
        AcceptanceState::Holds,
        AcceptanceState::Expired,
        AcceptanceState::Exceeded,
        AcceptanceState::Changed,
        AcceptanceState::Unused,
    ];

    /// The word in reports.
    pub const fn word(self) -> &'static str {
        match self {
            AcceptanceState::Holds => "holds",
            AcceptanceState::Expired => "expired",
            AcceptanceState::Exceeded => "exceeded",
            AcceptanceState::Changed => "changed",
            AcceptanceState::Unused => "unused",
        }
    }
}

/// An entry of the configuration, and its result in this run.
#[derive(Clone, Debug)]
pub struct Acceptance {
    pub entry: Accept,
    /// Number of findings that the entry matches.
    pub meant: u64,
    pub accepted: u64,
    /// Matching findings above the maximum amount; changed ones are not included.
    pub exceeded: u64,
    /// Matching findings with another fingerprint.
    pub changed: u64,
    pub expired: bool,
}

/// The criteria of an entry.
#[derive(Clone, Copy, Debug, Default)]
pub struct Criteria<'m> {
    pub exception: Option<&'m str>,
    /// The rule's code.
    pub rule: Option<&'static str>,
    /// The id of the ledger or document.
    pub id: Option<&'m str>,
    /// The merchant reference.
    pub reference: Option<&'m str>,
}

impl Acceptance {
    pub fn meaning(&self) -> Criteria<'_> {
        match &self.entry.meant {
            Target::Exception(id) => Criteria { exception: Some(id), ..Criteria::default() },
            Target::Id(rule, id) => Criteria { rule: Some(rule), id: Some(id), ..Criteria::default() },
            Target::Reference(rule, text) => {
                Criteria { rule: Some(rule), reference: Some(text), ..Criteria::default() }
            }
        }
    }

    fn new(entry: &Accept, as_of: Option<Instant>) -> Acceptance {
        let expired = matches!((entry.expires, as_of), (Some(expires), Some(now)) if now > expires);
        Acceptance { entry: entry.clone(), meant: 0, accepted: 0, exceeded: 0, changed: 0, expired }
    }

    /// The state. The order of the checks is the order in which a user has to fix several problems.
    pub fn stand(&self) -> AcceptanceState {
        if self.expired {
            AcceptanceState::Expired
        } else if self.meant == 0 {
            AcceptanceState::Unused
        } else if self.changed > 0 {
            AcceptanceState::Changed
        } else if self.exceeded > 0 {
            AcceptanceState::Exceeded
        } else {
            AcceptanceState::Holds
        }
    }

    /// Counts a matching finding; returns whether the entry accepts it.
    fn judge(&mut self, finding: &Finding) -> bool {
        self.meant += 1;
        if self.expired {
            return false;
        }
        let has_changed = self.entry.fingerprint.as_ref().is_some_and(|then| *then != finding.fingerprint());
        let is_exceeded = self.entry.max_amount.is_some_and(|ceiling| magnitude(finding) > Sum::from(ceiling));
        self.changed += u64::from(has_changed);
        self.exceeded += u64::from(is_exceeded && !has_changed);
        let holds = !has_changed && !is_exceeded;
        self.accepted += u64::from(holds);
        holds
    }
}

/// The entries of a configuration, indexed by their criteria.
#[derive(Debug)]
pub struct Acceptances {
    entries: Vec<Acceptance>,
    by_exception: BTreeMap<u64, Vec<usize>>,
    by_id: BTreeMap<&'static str, BTreeMap<String, Vec<usize>>>,
    by_reference: BTreeMap<&'static str, BTreeMap<String, Vec<usize>>>,
}

impl Acceptances {
    pub fn new(entries: &[Accept], as_of: Option<Instant>) -> Acceptances {
        let mut all = Acceptances {
            entries: entries.iter().map(|entry| Acceptance::new(entry, as_of)).collect(),
            by_exception: BTreeMap::new(),
            by_id: BTreeMap::new(),
            by_reference: BTreeMap::new(),
        };
        for (at, entry) in entries.iter().enumerate() {
            let places = match &entry.meant {
                Target::Exception(id) => all.by_exception.entry(number(id).unwrap_or_default()).or_default(),
                Target::Id(rule, id) => all.by_id.entry(rule).or_default().entry(id.clone()).or_default(),
                Target::Reference(rule, text) => {
                    all.by_reference.entry(rule).or_default().entry(text.clone()).or_default()
                }
            };
            places.push(at);
        }
        all
    }

    /// Marks the finding as accepted if any entry accepts it; requires its exception id.
    pub fn mark(&mut self, finding: &mut Finding) {
        if self.entries.is_empty() {
            return;
        }
        let rule = finding.card.code;
        let reference = finding.subject.merchant_reference.as_deref();
        let lists = [
            number(&finding.exception_id).and_then(|id| self.by_exception.get(&id)),
            self.by_id.get(rule).and_then(|by_id| by_id.get(&finding.id)),
            self.by_reference.get(rule).and_then(|by_text| by_text.get(reference?)),
        ];
        for &at in lists.into_iter().flatten().flatten() {
            finding.accepted |= self.entries[at].judge(finding);
        }
    }

    /// The results, in configuration order.
    pub fn finish(self) -> Vec<Acceptance> {
        self.entries
    }
}
