//! Applies acceptances and the baseline to findings in one pass.

use std::sync::Arc;

use avstem_core::model::finding::Finding;
use avstem_core::model::instant::Instant;

use super::outcome::{age_days, open_days};
use crate::config::Accept;
use crate::history::acceptance::{Acceptance, Acceptances};
use crate::history::ageing::Ageing;
use crate::history::comparison::CurrentRun;
use crate::history::{Baseline, Comparison, PastError};

pub struct FindingPass {
    acceptances: Acceptances,
    comparison: Option<Comparison>,
    ageing: Ageing,
    as_of: Option<Instant>,
    as_of_day: Option<i64>,
}

/// Results after the last finding.
pub struct FindingPassResult {
    /// The state of each acceptance.
    pub acceptances: Vec<Acceptance>,
    /// The comparison with the baseline.
    pub comparison: Option<Comparison>,
    pub ageing: Ageing,
    pub as_of_day: Option<i64>,
}

impl FindingPass {
    pub fn new(
        accept: &[Accept],
        baseline: Option<&Arc<Baseline>>,
        tonight: CurrentRun<'_>,
        day_of: &dyn Fn(Instant) -> i64,
    ) -> FindingPass {
        let as_of = tonight.facts.as_of;
        FindingPass {
            acceptances: Acceptances::new(accept, as_of),
            comparison: baseline.map(|baseline| Comparison::new(Arc::clone(baseline), tonight)),
            ageing: Ageing::default(),
            as_of,
            as_of_day: as_of.map(day_of),
        }
    }

    /// Counts a finding that has its id, and marks it if it is accepted.
    pub fn take(&mut self, finding: &mut Finding) {
        self.acceptances.mark(finding);
        let standing = self.comparison.as_ref().map(|comparison| comparison.baseline.standing(finding));
        let (age, open) = (age_days(finding, self.as_of), open_days(standing.as_ref(), self.as_of_day));
        self.ageing.add(finding, age, open);
        if let Some(comparison) = &mut self.comparison {
            comparison.see(finding);
        }
    }

    pub fn finish(self) -> Result<FindingPassResult, PastError> {
        let mut comparison = self.comparison;
        if let Some(comparison) = &mut comparison {
            comparison.settle()?;
        }
        Ok(FindingPassResult {
            acceptances: self.acceptances.finish(),
            comparison,
            ageing: self.ageing,
            as_of_day: self.as_of_day,
        })
    }
}
