//! Balances of all partitions, one by one in the order of reports.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io;

use avstem_core::model::card::{Kind, Severity};
use avstem_core::model::finding::Finding;
use avstem_core::normalize::Unpacker;

use super::outcome::{Balance, Balances};

/// Packed balances, a run for each partition, each sorted; with what was found on each ledger.
pub struct PackedBalances {
    runs: Vec<Vec<u8>>,
    /// By kind, then id: how many findings, and the worst.
    found: Vec<(Kind, String, u64, Severity)>,
    /// The number of each file among the outcome's sources.
    sources: Vec<u32>,
}

impl PackedBalances {
    /// Takes the runs, and counts the findings of each subject.
    pub fn new(runs: Vec<Vec<u8>>, findings: &[Finding], sources: Vec<u32>) -> Self {
        let mut subjects: Vec<(Kind, &str, Severity)> =
            findings.iter().map(|f| (f.kind, f.id.as_str(), f.severity)).collect();
        subjects.sort_unstable();
        let groups = subjects.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1));
        let found = groups.map(|g| (g[0].0, g[0].1.to_owned(), g.len() as u64, g[0].2)).collect();
        PackedBalances { runs, found, sources }
    }
}

fn next<'r>(run: &mut &'r [u8]) -> Option<Balance<'r>> {
    let (length, rest) = run.split_first_chunk::<4>()?;
    let (row, rest) = rest.split_at(u32::from_le_bytes(*length) as usize);
    *run = rest;
    Some(Balance::read(&mut Unpacker::new(row)))
}

/// What the heads of runs are merged by; ids are borrowed from the runs themselves.
fn by_kind_and_id<'r>(balance: &Balance<'r>, run: usize) -> Reverse<(Kind, &'r [u8], usize)> {
    Reverse((balance.kind, balance.id.as_bytes(), run))
}

impl Balances for PackedBalances {
    fn visit(&self, take: &mut dyn FnMut(&Balance<'_>) -> io::Result<()>) -> io::Result<()> {
        let mut runs: Vec<&[u8]> = self.runs.iter().map(Vec::as_slice).collect();
        let mut heads: Vec<Option<Balance<'_>>> = runs.iter_mut().map(next).collect();
        let key = |head: &Option<_>, at: usize| head.as_ref().map(|b| by_kind_and_id(b, at));
        let mut heap: BinaryHeap<_> = heads.iter().enumerate().filter_map(|(at, head)| key(head, at)).collect();
        let mut found = self.found.iter().peekable();
        while let Some(Reverse((_, _, at))) = heap.pop() {
            if let Some(mut balance) = heads[at].take() {
                while found
                    .next_if(|(kind, id, ..)| (*kind, id.as_bytes()) < (balance.kind, balance.id.as_bytes()))
                    .is_some()
                {}
                if let Some((kind, id, count, worst)) = found.peek()
                    && (*kind, id.as_str()) == (balance.kind, balance.id)
                {
                    (balance.findings, balance.worst) = (*count, Some(*worst));
                }
                balance.origin.file = self.sources[balance.origin.file as usize];
                take(&balance)?;
            }
            heads[at] = next(&mut runs[at]);
            heap.extend(key(&heads[at], at));
        }
        Ok(())
    }
}
