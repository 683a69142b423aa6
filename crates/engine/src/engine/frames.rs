//! Kept documents of all partitions in report order.

use std::io;
use std::sync::Arc;

use avstem_core::bank::BankInput;
use avstem_core::judge::ledger_of;
use avstem_core::ledger::Ledger;
use avstem_core::model::card::Kind;
use avstem_core::model::origin::Origin;
use avstem_core::resolve::{Fate, Group, SealedRows, merge};
use avstem_core::rows::{Row, RowKind, Unpacker, Wire};

use super::sorted::{Merge, Sorted, Sorter};
use crate::io::spill::Scratch;

/// Rows kept after judging, so that ledgers can be read again.
pub struct Kept {
    /// The rows of each id, sorted by kind and id.
    pub groups: Sorted,
    /// The statements of bank accounts.
    pub bank: BankInput,
    /// Stores read errors of iterations that cannot return them.
    pub scratch: Arc<Scratch>,
}

/// Moves the rows of a partition into a sorter; all rows of one id become one row.
pub fn keep_groups(rows: &SealedRows<'_>, sorter: &mut Sorter) -> io::Result<()> {
    let mut kept = Ok(());
    let take = |group: &Group<'_>| {
        if kept.is_ok() {
            kept = sorter.push(|out| {
                out.byte(group.kind as u8);
                out.terminated(group.id());
                for row in &group.rows {
                    row.write(out, |out| out.extend_from_slice(row.body));
                }
            });
        }
    };
    rows.each_group(take);
    kept
}

#[derive(Clone, Debug)]
pub struct DocumentFate {
    /// The kind of the document; an operation has the kind of its order.
    pub kind: Kind,
    /// Its id; for an operation the id of its order.
    pub id: String,
    /// Position of its record; the file is an index into the sources of the outcome.
    pub origin: Origin,
    pub fate: Fate,
}

impl Kept {
    /// Calls `take` with the rows of each id, ordered by kind and id.
    pub(super) fn groups<E>(&self, mut take: impl FnMut(&Group<'_>) -> Result<(), E>) -> Result<(), E> {
        let mut groups = self.groups.merge().unwrap_or_else(|error| self.none(error));
        loop {
            let group = match groups.next() {
                Ok(Some(group)) => group,
                Ok(None) => return Ok(()),
                Err(error) => {
                    self.scratch.keep(error);
                    return Ok(());
                }
            };
            let mut values = Unpacker::new(group);
            values.byte();
            values.terminated();
            Group::read(values.rest()).as_ref().map_or(Ok(()), &mut take)?;
        }
    }

    /// Stores the error and returns an empty merge.
    fn none(&self, error: io::Error) -> Merge<'_> {
        self.scratch.keep(error);
        Merge::default()
    }

    /// Calls `take` with every ledger, ordered by kind and id; partial documents are left out.
    pub fn ledgers<E>(&self, mut take: impl FnMut(&Ledger<'_>) -> Result<(), E>) -> Result<(), E> {
        self.groups(|group| {
            let is_partial = group.kept_row().is_some_and(|kept| kept.kind == RowKind::Partial);
            let mut ledger = Ledger::new();
            if is_partial || !ledger_of(group, &mut ledger) {
                return Ok(());
            }
            take(&ledger)
        })
    }

    /// Calls `take` with the fate of every document, ordered by kind, id and input order.
    pub fn documents<E>(&self, mut take: impl FnMut(&DocumentFate) -> Result<(), E>) -> Result<(), E> {
        self.groups(|group| fates(group).iter().try_for_each(&mut take))
    }
}

/// The fates of the documents of a group, in input order.
pub(super) fn fates(group: &Group<'_>) -> Vec<DocumentFate> {
    let mut fates = Vec::new();
    let mut add = |row: &Row<'_>, fate| {
        fates.push(DocumentFate { kind: group.kind, id: row.id.to_owned(), origin: row.origin, fate });
    };
    if group.kind == Kind::Order {
        let operations = merge(&group.rows, group.kept).1;
        operations.into_iter().for_each(|(at, fate)| add(&group.rows[at], fate));
    }
    for (at, row) in group.rows.iter().enumerate() {
        if !matches!(row.kind, RowKind::Operation | RowKind::Given | RowKind::EmbeddedSession | RowKind::FormerSession)
        {
            add(row, group.fate(at));
        }
    }
    fates.sort_by_key(|fate| fate.origin.place());
    fates
}
