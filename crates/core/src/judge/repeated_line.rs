//! Finds a repeated line of a settlement report that explains why its lines do not sum to the payout.

use crate::findings::{Trace, Traced};
use crate::ledger::{Running, Settlement, SettlementLine};
use crate::model::cause::{Cause, Repair};
use crate::model::finding::{RuleHit, is_same_finding};

/// Reports with more repeated lines are not traced.
const TRIES: usize = 12;

/// Finds the only repeated line whose removal makes the lines sum to the payout and causes no new
/// finding. Returns its place and the causes of the hits. `ask` runs the rules on a modified
/// report.
pub fn repeated_line<'p>(
    settlement: &Settlement<'p>,
    hits: &[RuleHit<'p>],
    ask: &dyn Fn(&Settlement<'p>) -> Vec<RuleHit<'p>>,
) -> Option<(u32, Traced)> {
    let root = hits.iter().position(|(card, _)| card.repair == Repair::RemoveLine)?;
    let mut lines: Vec<&SettlementLine<'p>> =
        settlement.lines.iter().filter(|line| line.transaction_id.is_some()).collect();
    lines.sort_by_key(|line| (content(line), line.place));
    // Of lines with equal content, the last counts as the repeat.
    let alike = lines.chunk_by(|a, b| content(a) == content(b)).filter(|alike| alike.len() > 1);
    let mut repeated: Vec<u32> = alike.filter_map(|alike| alike.last()).map(|line| line.place).collect();
    repeated.sort_unstable();
    if repeated.len() > TRIES {
        return None;
    }
    let explains = |place: &u32| {
        let mut tried = settlement.clone();
        tried.lines.retain(|line| line.place != *place);
        let is_known = |other: &RuleHit<'p>| hits.iter().any(|hit| is_same_finding(hit, other));
        let after = ask(&tried);
        after.iter().all(|hit| hit.0.repair != Repair::RemoveLine && is_known(hit))
    };
    let mut found = repeated.into_iter().filter(explains);
    let (Some(place), None) = (found.next(), found.next()) else { return None };
    let trace = Trace { root, cause: Cause::DuplicateEvent, explained: hits[root].1.delta() };
    let mut traces = vec![None; hits.len()];
    traces[root] = Some(trace);
    Some((place, Traced { traces, undone: Some((trace, Running::default())) }))
}

/// The content of a line, without its place.
fn content<'p>(line: &SettlementLine<'p>) -> (Option<&'p str>, [Option<i64>; 4]) {
    (line.transaction_id, [line.capture, line.refund, line.fee, line.net])
}
