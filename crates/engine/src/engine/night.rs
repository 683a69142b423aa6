//! What the configuration and an earlier night say of findings, taken while they are walked once.

use std::sync::Arc;

use avstem_core::model::finding::Finding;
use avstem_core::model::instant::Instant;

use super::outcome::{age_days, open_days};
use crate::config::Accept;
use crate::history::acceptance::{Acceptance, Acceptances};
use crate::history::ageing::Ageing;
use crate::history::comparison::Tonight;
use crate::history::{Baseline, Comparison, PastError};

/// Tonight, while its findings are walked.
pub struct NightWalk {
    acceptances: Acceptances,
    comparison: Option<Comparison>,
    ageing: Ageing,
    as_of: Option<Instant>,
    as_of_day: Option<i64>,
}

/// Tonight, when they were.
pub struct NightResult {
    /// What came of each acceptance.
    pub acceptances: Vec<Acceptance>,
    /// Tonight held against the baseline.
    pub comparison: Option<Comparison>,
    /// How old the findings are.
    pub ageing: Ageing,
    pub as_of_day: Option<i64>,
}

impl NightWalk {
    /// A night before its first finding.
    pub fn new(
        accept: &[Accept],
        baseline: Option<&Arc<Baseline>>,
        tonight: Tonight<'_>,
        day_of: &dyn Fn(Instant) -> i64,
    ) -> NightWalk {
        let as_of = tonight.facts.as_of;
        NightWalk {
            acceptances: Acceptances::new(accept, as_of),
            comparison: baseline.map(|baseline| Comparison::new(Arc::clone(baseline), tonight)),
            ageing: Ageing::default(),
            as_of,
            as_of_day: as_of.map(day_of),
        }
    }

    /// Takes a finding, named already, and marks it where it is accepted.
    pub fn take(&mut self, finding: &mut Finding) {
        self.acceptances.mark(finding);
        let standing = self.comparison.as_ref().map(|comparison| comparison.baseline.standing(finding));
        let (age, open) = (age_days(finding, self.as_of), open_days(standing.as_ref(), self.as_of_day));
        self.ageing.add(finding, age, open);
        if let Some(comparison) = &mut self.comparison {
            comparison.see(finding);
        }
    }

    /// What is known when all were taken.
    pub fn finish(self) -> Result<NightResult, PastError> {
        let mut comparison = self.comparison;
        if let Some(comparison) = &mut comparison {
            comparison.settle()?;
        }
        Ok(NightResult {
            acceptances: self.acceptances.finish(),
            comparison,
            ageing: self.ageing,
            as_of_day: self.as_of_day,
        })
    }
}
