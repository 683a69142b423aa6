//! Findings that the configuration accepts: listed and counted as ever, but no reason to fail.
//!
//! An acceptance is a promise with an end. One that has expired, that a finding exceeds, or whose finding says
//! something else than when it was accepted does not hold; one that means nothing any more is named.

use std::collections::BTreeMap;

use avstem_core::model::finding::Finding;
use avstem_core::model::instant::Instant;
use avstem_core::model::money::Sum;

use super::ageing::magnitude;
use super::number;
use crate::config::{Accept, Meant};

/// How an entry of the configuration stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AcceptanceState {
    /// It accepts what it means.
    Holds,
    /// Its last day is over.
    Expired,
    /// A finding that it means is larger than its ceiling.
    Exceeded,
    /// The finding that it means says something else than when it was accepted.
    Changed,
    /// It means nothing that was found.
    Unused,
}

impl AcceptanceState {
    /// All of them.
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

/// An entry, and what came of it.
#[derive(Clone, Debug)]
pub struct Acceptance {
    pub entry: Accept,
    /// How many findings it means.
    pub meant: u64,
    /// How many of them it accepts.
    pub accepted: u64,
    /// How many exceed it.
    pub exceeded: u64,
    /// How many have changed since.
    pub changed: u64,
    /// Whether its last day is over.
    pub expired: bool,
}

/// What an entry means, a part each.
#[derive(Clone, Copy, Debug, Default)]
pub struct Meaning<'m> {
    pub exception: Option<&'m str>,
    /// The rule's code.
    pub rule: Option<&'static str>,
    /// The id of the ledger or document.
    pub id: Option<&'m str>,
    /// The merchant reference.
    pub reference: Option<&'m str>,
}

impl Acceptance {
    /// What it means.
    pub fn meaning(&self) -> Meaning<'_> {
        match &self.entry.meant {
            Meant::Exception(id) => Meaning { exception: Some(id), ..Meaning::default() },
            Meant::Id(rule, id) => Meaning { rule: Some(rule), id: Some(id), ..Meaning::default() },
            Meant::Reference(rule, text) => Meaning { rule: Some(rule), reference: Some(text), ..Meaning::default() },
        }
    }

    fn new(entry: &Accept, as_of: Option<Instant>) -> Acceptance {
        let expired = matches!((entry.expires, as_of), (Some(expires), Some(now)) if now > expires);
        Acceptance { entry: entry.clone(), meant: 0, accepted: 0, exceeded: 0, changed: 0, expired }
    }

    /// How it stands; of several reasons the first that would remain if the others were mended.
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

    /// Counts a finding that it means, and says whether it accepts it.
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

/// The entries of a configuration, found by what they mean.
#[derive(Debug)]
pub struct Acceptances {
    entries: Vec<Acceptance>,
    by_exception: BTreeMap<u64, Vec<usize>>,
    by_id: BTreeMap<&'static str, BTreeMap<String, Vec<usize>>>,
    by_reference: BTreeMap<&'static str, BTreeMap<String, Vec<usize>>>,
}

impl Acceptances {
    /// Those of a configuration, at an instant.
    pub fn new(entries: &[Accept], as_of: Option<Instant>) -> Acceptances {
        let mut all = Acceptances {
            entries: entries.iter().map(|entry| Acceptance::new(entry, as_of)).collect(),
            by_exception: BTreeMap::new(),
            by_id: BTreeMap::new(),
            by_reference: BTreeMap::new(),
        };
        for (at, entry) in entries.iter().enumerate() {
            let places = match &entry.meant {
                Meant::Exception(id) => all.by_exception.entry(number(id).unwrap_or_default()).or_default(),
                Meant::Id(rule, id) => all.by_id.entry(rule).or_default().entry(id.clone()).or_default(),
                Meant::Reference(rule, text) => {
                    all.by_reference.entry(rule).or_default().entry(text.clone()).or_default()
                }
            };
            places.push(at);
        }
        all
    }

    /// Marks a finding, named already, that any of them accepts.
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

    /// What came of each, in the order of the configuration.
    pub fn finish(self) -> Vec<Acceptance> {
        self.entries
    }
}
