//! Merges an order's collections: those of the kept document with the operations recorded elsewhere.

use std::collections::HashMap;

use super::Fate;
use crate::model::event::EventList;
use crate::model::origin::FileNo;
use crate::rows::{OperationRow, Row, RowKind, operation_of, order_operations};

/// An operation of a merged collection.
#[derive(Clone, Copy, Debug)]
pub struct MergedOperation<'p> {
    /// The copy that is kept.
    pub row: OperationRow<'p>,
    /// Index of the operation's own row in the group; `None` if it is part of the order's document.
    pub record: Option<usize>,
    /// Whether another copy has the same update time and version but other content.
    pub has_rival: bool,
}

/// Merges the collections of one order. `rows` are all of its rows, `kept` is the index of its kept
/// document.
///
/// Returns the operations by collection and place, and the fate of each operation's record.
pub fn merge<'p>(rows: &[Row<'p>], kept: Option<usize>) -> (Vec<MergedOperation<'p>>, Vec<(usize, Fate)>) {
    let mut lists: [Collection<'p>; 4] = Default::default();
    let mut records = Vec::new();
    let own = kept.map(|at| order_operations(&rows[at])).unwrap_or_default();
    for row in own {
        place(&mut lists, MergedOperation { row, record: None, has_rival: false });
    }
    for (at, row) in rows.iter().enumerate().filter(|(_, row)| row.kind == RowKind::Operation) {
        records.push(at);
        place(&mut lists, MergedOperation { row: operation_of(row), record: Some(at), has_rival: false });
    }
    let fates = records.iter().map(|&at| (at, fate(&lists, rows, at))).collect();
    (lists.into_iter().flat_map(|list| list.operations).collect(), fates)
}

#[derive(Default)]
struct Collection<'p> {
    operations: Vec<MergedOperation<'p>>,
    by_id: HashMap<&'p str, usize>,
    /// The first file of each operation without id, by the operation's packed bytes.
    anonymous: HashMap<&'p [u8], FileNo>,
}

fn place<'p>(lists: &mut [Collection<'p>; 4], operation: MergedOperation<'p>) {
    let Some(list) = operation.row.list.collection().map(|n| &mut lists[n]) else { return };
    match operation.row.id {
        Some(id) => {
            let at = *list.by_id.entry(id).or_insert(list.operations.len());
            match list.operations.get_mut(at) {
                // Copies share the place of the first one.
                Some(known) => *known = preferred(*known, operation),
                None => list.operations.push(operation),
            }
        }
        None => {
            // An equal operation is dropped only if it comes from another file.
            let file = operation.row.origin.file;
            if *list.anonymous.entry(operation.row.bytes).or_insert(file) == file {
                list.operations.push(operation);
            }
        }
    }
}

fn preferred<'p>(known: MergedOperation<'p>, new: MergedOperation<'p>) -> MergedOperation<'p> {
    let key = |op: &MergedOperation<'_>| (op.row.updated_at, op.row.version, op.row.origin.place());
    // Of two within one record the later counts, so equal keys prefer the new one.
    let (kept, other) = if key(&new) >= key(&known) { (new, known) } else { (known, new) };
    let is_as_new = (kept.row.updated_at, kept.row.version) == (other.row.updated_at, other.row.version);
    let has_rival = kept.has_rival || (is_as_new && (other.has_rival || kept.row.bytes != other.row.bytes));
    MergedOperation { has_rival, ..kept }
}

fn fate(lists: &[Collection<'_>; 4], rows: &[Row<'_>], at: usize) -> Fate {
    let operation = operation_of(&rows[at]);
    let Some(list) = operation.list.collection().map(|n| &lists[n]) else { return Fate::Superseded };
    let is_kept = |known: &MergedOperation<'_>| known.record == Some(at);
    match operation.id {
        Some(id) => match list.by_id.get(id).map(|place| &list.operations[*place]) {
            Some(known) if is_kept(known) => Fate::Accepted,
            Some(known) if known.row.bytes == operation.bytes => Fate::Duplicate,
            _ => Fate::Superseded,
        },
        None if list.operations.iter().any(is_kept) => Fate::Accepted,
        None => Fate::Duplicate,
    }
}

/// Which collections are given outside the order's own document.
pub fn given(rows: &[Row<'_>]) -> [bool; 4] {
    let mut given = [false; 4];
    for row in rows.iter().filter(|row| matches!(row.kind, RowKind::Operation | RowKind::Given)) {
        if let Some(n) = EventList::from_code(row.body[0]).and_then(EventList::collection) {
            given[n] = true;
        }
    }
    given
}
