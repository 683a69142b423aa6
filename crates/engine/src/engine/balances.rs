//! Balances of all partitions in report order.

use std::io;

use avstem_core::model::card::{Kind, Severity};
use avstem_core::rows::Unpacker;

use super::outcome::{Amounts, Balance, Balances};
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

    /// Number of findings of a subject and their worst severity; callers must ask in ascending
    /// order.
    fn of(&mut self, kind: Kind, id: &str) -> io::Result<(u64, Option<Severity>)> {
        while let Some((k, i, count, worst)) = &self.next {
            match (*k, i.as_str()).cmp(&(kind, id)) {
                std::cmp::Ordering::Less => self.advance()?,
                std::cmp::Ordering::Equal => return Ok((*count, Some(*worst))),
                std::cmp::Ordering::Greater => break,
            }
        }
        Ok((0, None))
    }
}

impl Balances for PackedBalances {
    fn visit(&self, take: &mut dyn FnMut(&Balance<'_>) -> io::Result<()>) -> io::Result<()> {
        let mut subjects = Subjects::new(&self.subjects)?;
        let mut rows = self.rows.merge()?;
        while let Some(row) = rows.next()? {
            let mut balance = Balance::read(&mut Unpacker::new(row));
            (balance.findings, balance.worst) = subjects.of(balance.kind, balance.id)?;
            take(&balance)?;
        }
        Ok(())
    }

    fn amounts(&self, take: &mut dyn FnMut(&Amounts<'_>)) -> io::Result<()> {
        self.rows.each(|row| {
            take(&Amounts::read(row));
            Ok(())
        })
    }

    fn find(&self, is_wanted: &dyn Fn(Kind, &str) -> bool, take: &mut dyn FnMut(&Balance<'_>)) -> io::Result<()> {
        self.rows.each(|row| {
            let (kind, id) = Balance::subject(row);
            if is_wanted(kind, id) {
                take(&Balance::read(&mut Unpacker::new(row)));
            }
            Ok(())
        })
    }
}
