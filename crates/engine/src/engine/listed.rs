//! Findings and rejects for reports: lists that are iterated, not held in memory.

use std::collections::BTreeMap;
use std::fmt;

use avstem_core::document::Rejected;
use avstem_core::model::card::Severity;
use avstem_core::model::finding::Finding;

/// The rows of a list; each is decoded when the iteration reaches it.
pub trait Rows<T>: Send + Sync {
    /// The rows in report order.
    fn walk(&self) -> Box<dyn Iterator<Item = T> + '_>;
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

/// Findings in report order, with their counts.
pub struct Findings {
    rows: Box<dyn Rows<Finding>>,
    counts: FindingCounts,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FindingCounts {
    /// Findings that are not accepted, by severity, worst first.
    pub open: [u64; Severity::ALL.len()],
    pub accepted: u64,
    /// Findings that do not follow from another finding.
    pub roots: u64,
    /// All findings by rule code; only rules with findings.
    pub by_rule: BTreeMap<&'static str, u64>,
}

impl FindingCounts {
    pub fn add(&mut self, finding: &Finding) {
        if finding.accepted {
            self.accepted += 1;
        } else {
            self.open[finding.severity as usize] += 1;
        }
        self.roots += u64::from(finding.is_root());
        *self.by_rule.entry(finding.card.code).or_default() += 1;
    }

    /// Number of findings of this severity or worse that are not accepted.
    pub fn at_least(&self, severity: Severity) -> u64 {
        self.open[..=severity as usize].iter().sum()
    }
}

impl Findings {
    /// Wraps rows whose counts are already known.
    pub fn new(rows: impl Rows<Finding> + 'static, counts: FindingCounts) -> Findings {
        Findings { rows: Box::new(rows), counts }
    }

    pub fn iter(&self) -> Box<dyn Iterator<Item = Finding> + '_> {
        self.rows.walk()
    }

    pub fn len(&self) -> usize {
        self.rows.count()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.count() == 0
    }

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

/// Rejected records in input order, then by offset, with counts by reason.
pub struct Rejects {
    rows: Box<dyn Rows<Rejected>>,
    by_reason: BTreeMap<&'static str, u64>,
}

impl Rejects {
    /// Wraps rows whose counts are already known.
    pub fn new(rows: impl Rows<Rejected> + 'static, by_reason: BTreeMap<&'static str, u64>) -> Rejects {
        Rejects { rows: Box::new(rows), by_reason }
    }

    pub fn iter(&self) -> Box<dyn Iterator<Item = Rejected> + '_> {
        self.rows.walk()
    }

    pub fn len(&self) -> usize {
        self.rows.count()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.count() == 0
    }

    /// Counts by the code of the reason.
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
