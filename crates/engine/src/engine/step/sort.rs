//! Rows sorted by key, for the steps that take them so.

use std::sync::Arc;

use avstem_core::rows::{Unpacker, Wire, keyed};

use super::row::{Give, StepError, StepRow};
use super::tag::Tag;
use crate::engine::sorted::Sorter;
use crate::io::spill::Scratch;

/// Sorts rows by key, then by tag and payload: the same rows come in the same order, however they were spread.
pub struct RowSorter {
    rows: Sorter,
    share: Option<(u16, u16)>,
}

impl RowSorter {
    /// For all keys, or for those of the shares that leave a number when divided by another.
    pub fn new(memory: u64, share: Option<(u16, u16)>) -> RowSorter {
        let limit = usize::try_from(memory / 2).unwrap_or(usize::MAX);
        RowSorter { rows: Sorter::new(limit, &Arc::new(Scratch::beside(None))), share }
    }

    pub fn take(&mut self, row: StepRow<'_>) -> Result<(), StepError> {
        if self.share.is_some_and(|(number, of)| row.share() % of != number) {
            return Ok(());
        }
        Ok(self.rows.push(|out| {
            keyed(out, row.key);
            out.byte(row.tag as u8);
            out.extend_from_slice(row.payload);
        })?)
    }

    /// Gives the rows in their order.
    pub fn finish(self, give: &mut Give<'_>) -> Result<(), StepError> {
        let sorted = self.rows.finish();
        let mut rows = sorted.merge()?;
        while let Some(row) = rows.next()? {
            let mut values = Unpacker::new(row);
            let key = values.keyed();
            let tag = Tag::ALL[usize::from(values.byte())];
            give(StepRow { tag, key: &key, payload: values.rest() })?;
        }
        Ok(())
    }
}
