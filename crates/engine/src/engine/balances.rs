//! Balances of all partitions in report order.

use std::io;

use avstem_core::model::card::{Kind, Severity};
use avstem_core::rows::Unpacker;

use super::outcome::{Amounts, Balance, Balances, TakeBalances};
use super::sorted::{Merge, Sorted};

/// Packed balances, sorted by kind and id, and the findings on each ledger.
pub struct PackedBalances {
    pub rows: Sorted,
    /// Kind, id and severity of each finding, sorted.
    pub subjects: Sorted,
}

/// Findings by subject, read in step with the balances.
struct Subjects<'s> {
    rows: Merge<'s>,
    /// The next subject, its number of findings, and the worst severity.
    next: Option<(Kind, String, u64, Severity)>,
    /// The first finding of the subject after `next`.
    ahead: Option<(Kind, String, Severity)>,
}

impl<'s> Subjects<'s> {
    fn new(rows: &'s Sorted) -> io::Result<Self> {
        let mut subjects = Subjects { rows: rows.merge()?, next: None, ahead: None };
        subjects.ahead = subjects.read()?;
        subjects.advance()?;
        Ok(subjects)
    }

    fn read(&mut self) -> io::Result<Option<(Kind, String, Severity)>> {
        let of = |row: &[u8]| {
            let mut values = Unpacker::new(row);
            let kind = Kind::ALL[usize::from(values.byte())];
            (kind, values.terminated().to_owned(), Severity::ALL[usize::from(values.byte())])
        };
        Ok(self.rows.next()?.map(of))
    }

    /// Collects the findings of the next subject. Rows sort by severity, so the first is the worst.
    fn advance(&mut self) -> io::Result<()> {
        let Some((kind, id, worst)) = self.ahead.take() else {
            self.next = None;
            return Ok(());
        };
        let mut count = 1;
        self.ahead = self.read()?;
        while self.ahead.as_ref().is_some_and(|(k, i, _)| (*k, i) == (kind, &id)) {
            count += 1;
            self.ahead = self.read()?;
        }
        self.next = Some((kind, id, count, worst));
        Ok(())
    }

    /// Writes the number of findings and their worst severity into balances, which follow those of
    /// the last call.
    fn count(&mut self, mut balances: &mut [Balance<'_>]) -> io::Result<()> {
        while let (Some((kind, id, count, worst)), Some(last)) = (&self.next, balances.last()) {
            let subject = (*kind, id.as_str());
            if (last.kind, last.id) < subject {
                return Ok(());
            }
            let from = balances.partition_point(|balance| (balance.kind, balance.id) < subject);
            balances = &mut balances[from..];
            // A settlement has a row for each currency.
            let own = balances.iter().take_while(|balance| (balance.kind, balance.id) == subject).count();
            for balance in &mut balances[..own] {
                (balance.findings, balance.worst) = (*count, Some(*worst));
            }
            balances = &mut balances[own..];
            if !balances.is_empty() {
                self.advance()?;
            }
        }
        Ok(())
    }
}

/// Balances read at a time: as many as a word of definition levels has bits, and few enough for the
/// nearest cache.
const BATCH: usize = 64;

impl Balances for PackedBalances {
    fn batches(&self, take: TakeBalances<'_>) -> io::Result<()> {
        let mut subjects = Subjects::new(&self.subjects)?;
        let mut rows = self.rows.merge()?;
        loop {
            let batch = rows.batch(BATCH)?;
            if batch.is_empty() {
                return Ok(());
            }
            let mut balances: Vec<Balance<'_>> = batch.iter().map(|row| Balance::read(row)).collect();
            subjects.count(&mut balances)?;
            take(&balances)?;
        }
    }

    fn amounts(&self, take: &mut dyn FnMut(&Amounts<'_>)) -> io::Result<()> {
        self.rows.each(|row| {
            Amounts::read(row).iter().for_each(&mut *take);
            Ok(())
        })
    }

    fn find(&self, ledgers: &[(Kind, &str)], take: &mut dyn FnMut(&Balance<'_>)) -> io::Result<()> {
        let starts: Vec<Vec<u8>> = ledgers.iter().filter_map(|(kind, id)| Balance::row_start(*kind, id)).collect();
        self.rows.find(&starts, |row| take(&Balance::read(row)))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use avstem_core::rows::Wire;
    use tempfile::tempdir;

    use super::super::control::tests::balance;
    use super::super::sorted::Sorter;
    use super::*;
    use crate::io::spill::Scratch;

    #[test]
    fn findings_are_counted_wherever_a_batch_ends() {
        let folder = tempdir().unwrap();
        let scratch = Arc::new(Scratch::beside(Some(&folder.path().join("run"))));
        let mut sorter = Sorter::new(1 << 20, &scratch);
        let found = [
            (Kind::Transaction, "b", Severity::Info),
            (Kind::Transaction, "b", Severity::Error),
            (Kind::Transaction, "nobody", Severity::Error),
            (Kind::Order, "b", Severity::Warning),
            (Kind::Settlement, "s", Severity::Warning),
            (Kind::Settlement, "z", Severity::Info),
        ];
        for (kind, id, severity) in found {
            sorter
                .push(|out| {
                    out.byte(kind as u8);
                    out.terminated(id);
                    out.byte(severity as u8);
                })
                .unwrap();
        }
        let subjects = sorter.finish();
        let rows = [
            (Kind::Transaction, "a", 0, None),
            (Kind::Transaction, "b", 2, Some(Severity::Error)),
            (Kind::Transaction, "c", 0, None),
            (Kind::Order, "b", 1, Some(Severity::Warning)),
            (Kind::Settlement, "s", 1, Some(Severity::Warning)),
            (Kind::Settlement, "s", 1, Some(Severity::Warning)),
            (Kind::Settlement, "s", 1, Some(Severity::Warning)),
            (Kind::Settlement, "t", 0, None),
            (Kind::Settlement, "z", 1, Some(Severity::Info)),
        ];
        for batch in 1..=rows.len() {
            let mut balances = rows.map(|(kind, id, ..)| Balance { kind, id, findings: 0, worst: None, ..balance() });
            let mut counted = Subjects::new(&subjects).unwrap();
            balances.chunks_mut(batch).for_each(|batch| counted.count(batch).unwrap());
            let found = balances.map(|balance| (balance.kind, balance.id, balance.findings, balance.worst));
            assert_eq!(found, rows, "{batch}");
        }
    }
}
