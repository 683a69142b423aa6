//! Findings and rejects as reports take them: lists that are walked, never held whole.

use std::collections::BTreeMap;
use std::fmt;

use avstem_core::document::Rejected;
use avstem_core::model::card::Severity;
use avstem_core::model::finding::Finding;

/// Where the rows of a list lie; each is made anew when its turn comes.
pub trait Rows<T>: Send + Sync {
    /// The rows, in the order of reports.
    fn walk(&self) -> Box<dyn Iterator<Item = T> + '_>;
    /// How many there are.
    fn count(&self) -> usize;
}

impl<T: Clone + Send + Sync> Rows<T> for Vec<T> {
    fn walk(&self) -> Box<dyn Iterator<Item = T> + '_> {
        Box::new(self.iter().cloned())
    }

    fn count(&self) -> usize {
        self.len()
    }
}

/// Findings, in the order of reports, with what is counted of them.
pub struct Findings {
    rows: Box<dyn Rows<Finding>>,
    counts: FindingCounts,
}

/// What is counted of findings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FindingCounts {
    /// Those that nobody has accepted, by severity, worst first.
    pub open: [u64; Severity::ALL.len()],
    pub accepted: u64,
    /// Those that do not follow from another.
    pub roots: u64,
    /// All of them, by the rule's code; rules that fired only.
    pub by_rule: BTreeMap<&'static str, u64>,
}

impl FindingCounts {
    /// Counts a finding.
    pub fn add(&mut self, finding: &Finding) {
        if finding.accepted {
            self.accepted += 1;
        } else {
            self.open[finding.severity as usize] += 1;
        }
        self.roots += u64::from(finding.is_root());
        *self.by_rule.entry(finding.card.code).or_default() += 1;
    }

    /// How many of this severity or worse nobody has accepted.
    pub fn at_least(&self, severity: Severity) -> u64 {
        self.open[..=severity as usize].iter().sum()
    }
}

impl Findings {
    /// A list whose findings are counted already.
    pub fn new(rows: impl Rows<Finding> + 'static, counts: FindingCounts) -> Findings {
        Findings { rows: Box::new(rows), counts }
    }

    /// The findings, one by one.
    pub fn iter(&self) -> Box<dyn Iterator<Item = Finding> + '_> {
        self.rows.walk()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows.count()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.count() == 0
    }

    /// What is counted of them.
    pub fn counts(&self) -> &FindingCounts {
        &self.counts
    }
}

impl From<Vec<Finding>> for Findings {
    fn from(findings: Vec<Finding>) -> Findings {
        let mut counts = FindingCounts::default();
        findings.iter().for_each(|finding| counts.add(finding));
        Findings::new(findings, counts)
    }
}

impl<'f> IntoIterator for &'f Findings {
    type Item = Finding;
    type IntoIter = Box<dyn Iterator<Item = Finding> + 'f>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Rejected records, in input order, then by offset, with how many have each reason.
pub struct Rejects {
    rows: Box<dyn Rows<Rejected>>,
    by_reason: BTreeMap<&'static str, u64>,
}

impl Rejects {
    /// A list whose rejects are counted already.
    pub fn new(rows: impl Rows<Rejected> + 'static, by_reason: BTreeMap<&'static str, u64>) -> Rejects {
        Rejects { rows: Box::new(rows), by_reason }
    }

    /// The rejects, one by one.
    pub fn iter(&self) -> Box<dyn Iterator<Item = Rejected> + '_> {
        self.rows.walk()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows.count()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.count() == 0
    }

    /// How many have each reason, by its code.
    pub fn by_reason(&self) -> &BTreeMap<&'static str, u64> {
        &self.by_reason
    }
}

impl From<Vec<Rejected>> for Rejects {
    fn from(rejects: Vec<Rejected>) -> Rejects {
        let mut by_reason = BTreeMap::new();
        for reject in &rejects {
            *by_reason.entry(reject.reason.code()).or_default() += 1;
        }
        Rejects::new(rejects, by_reason)
    }
}

impl<'r> IntoIterator for &'r Rejects {
    type Item = Rejected;
    type IntoIter = Box<dyn Iterator<Item = Rejected> + 'r>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Debug for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} findings", self.len())
    }
}

impl fmt::Debug for Rejects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}
