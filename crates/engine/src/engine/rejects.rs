//! Rejected records of all files in input order.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use avstem_core::document::Rejected;
use avstem_core::model::origin::Origin;
use avstem_core::model::reject::RecordReason;
use avstem_core::rows::{Unpacker, Wire};

use super::files::Files;
use super::listed::Rejects;
use super::sequence::Sequence;
use super::sorted::{Sorted, Sorter};
use crate::io::spill::Scratch;

/// Appends a reject as a row that sorts by file, offset and position of the defect.
pub fn write(out: &mut Vec<u8>, block: u32, reject: &Rejected) {
    out.extend_from_slice(&reject.origin.file.to_be_bytes());
    out.extend_from_slice(&reject.origin.offset.to_be_bytes());
    out.extend_from_slice(&reject.at.to_be_bytes());
    out.number(u64::from(block));
    out.number(u64::from(reject.origin.length));
    out.number(reject.line.map_or(0, |line| line + 1));
    out.byte(reject.reason as u8);
    out.byte(reject.found);
    out.text(&reject.path);
}

/// The reject of a row, and the block it was found in.
pub fn read(row: &[u8]) -> (u32, Rejected) {
    let mut values = Unpacker::new(row);
    let (file, offset, at) = (values.be_u32(), values.be_u64(), values.be_u64());
    let block = values.number() as u32;
    let origin = Origin { file, offset, length: values.number() as u32 };
    let line = values.number().checked_sub(1);
    let reason = RecordReason::ALL[usize::from(values.byte())];
    let found = values.byte();
    (block, Rejected { origin, line, reason, found, path: values.text().to_owned(), at })
}

/// Drops rejects of refused files, makes line numbers relative to the file, and sorts by input
/// order.
pub fn in_input_order(met: &Sorted, files: &Files<'_>, limit: usize, scratch: &Arc<Scratch>) -> io::Result<Rejects> {
    let mut sorter = Sorter::new(limit, scratch);
    met.each(|row| {
        let (block, mut reject) = read(row);
        let Some(rank) = files.order().ranks[reject.origin.file as usize] else { return Ok(()) };
        reject.line = reject.line.map(|line| line + files.all[rank as usize].1.lines_before(block));
        reject.origin.file = rank;
        sorter.push(|out| write(out, 0, &reject))
    })?;
    let mut by_reason = BTreeMap::new();
    let mut rows = Sequence::new(limit, scratch, |out, reject| write(out, 0, reject), |row| read(row).1);
    let sorted = sorter.finish();
    let mut merge = sorted.merge()?;
    while let Some(row) = merge.next()? {
        let reject = read(row).1;
        *by_reason.entry(reject.reason.code()).or_default() += 1;
        rows.push(&reject)?;
    }
    Ok(Rejects::new(rows, by_reason))
}
