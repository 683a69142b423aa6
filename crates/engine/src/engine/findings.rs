//! Findings of all partitions and joins in report order: named, marked as accepted, counted.

use std::io;
use std::sync::Arc;

use avstem_core::findings::{Namer, read_finding, sorted_finding, write_finding};
use avstem_core::model::finding::Finding;
use avstem_core::rows::Wire;

use super::coverage::RuleTally;
use super::finding_pass::FindingPass;
use super::listed::{FindingCounts, Findings};
use super::payouts::PayoutFindings;
use super::sequence::Sequence;
use super::sorted::{Sorted, Sorter};
use crate::io::spill::Scratch;

pub struct Finished {
    pub findings: Findings,
    pub fired: RuleTally,
    /// Kind, id and severity of each finding, sorted; balances count them.
    pub subjects: Sorted,
    pub on_payouts: PayoutFindings,
    /// The comparison with the baseline and the acceptances, not finished yet.
    pub night: FindingPass,
}

/// Finishes each finding in report order. `limit` bounds the bytes held, for findings and for
/// subjects each.
pub fn finish(sorted: &Sorted, limit: usize, scratch: &Arc<Scratch>, mut night: FindingPass) -> io::Result<Finished> {
    let mut rows = Sequence::new(limit, scratch, write_finding, read_finding);
    let mut subjects = Sorter::new(limit, scratch);
    let (mut counts, mut fired, mut namer) = (FindingCounts::default(), RuleTally::default(), Namer::default());
    let mut on_payouts = PayoutFindings::default();
    let mut merge = sorted.merge()?;
    while let Some(row) = merge.next()? {
        let mut finding = sorted_finding(row);
        namer.name(&mut finding);
        night.take(&mut finding);
        counts.add(&finding);
        fired.add(&finding);
        on_payouts.add(&finding);
        subjects.push(|out| subject(out, &finding))?;
        rows.push(&finding)?;
    }
    Ok(Finished { findings: Findings::new(rows, counts), fired, subjects: subjects.finish(), on_payouts, night })
}

/// Writes the subject of a finding as a row that sorts by kind, id and severity.
fn subject(out: &mut Vec<u8>, finding: &Finding) {
    out.byte(finding.kind as u8);
    out.terminated(&finding.id);
    out.byte(finding.severity as u8);
}
