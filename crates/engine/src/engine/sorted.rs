//! Rows sorted by their bytes (external merge sort).

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::io;
use std::slice::Iter;
use std::sync::Arc;

use avstem_core::rows::{append, pieces, split_first};

use crate::io::spill::{Frame, Scratch, SpillFile};

/// Approximate size of a spilled frame in bytes; small, so that many runs can be merged at once.
const FRAME: usize = 64 << 10;

/// Bytes of single rows collected before they are sorted as a block.
const OPEN: usize = 256 << 10;

#[derive(Debug)]
pub struct Sorter {
    scratch: Arc<Scratch>,
    /// Bytes that may be held in memory.
    limit: usize,
    /// Rows added by `push`, not sorted yet.
    open: Vec<u8>,
    held: usize,
    sorted: Sorted,
}

/// Sorted blocks in memory and sorted runs in a file.
#[derive(Debug, Default)]
pub struct Sorted {
    blocks: Vec<Vec<u8>>,
    runs: Vec<Vec<Frame>>,
    file: Option<Arc<SpillFile>>,
}

impl Sorter {
    /// An empty sorter that holds up to `limit` bytes in memory.
    pub fn new(limit: usize, scratch: &Arc<Scratch>) -> Sorter {
        Sorter { scratch: Arc::clone(scratch), limit, open: Vec::new(), held: 0, sorted: Sorted::default() }
    }

    pub fn push(&mut self, row: impl FnOnce(&mut Vec<u8>)) -> io::Result<()> {
        append(&mut self.open, row);
        if self.open.len() < OPEN.min(self.limit) {
            return Ok(());
        }
        let rows = std::mem::take(&mut self.open);
        self.add(sort(rows))
    }

    /// Adds a block of rows sorted by [`sort`].
    pub fn add(&mut self, block: Vec<u8>) -> io::Result<()> {
        if block.is_empty() {
            return Ok(());
        }
        self.held += block.len();
        self.sorted.blocks.push(block);
        if self.held > self.limit { self.spill() } else { Ok(()) }
    }

    /// Merges the blocks in memory into one run of the file.
    fn spill(&mut self) -> io::Result<()> {
        let held = Sorted { blocks: std::mem::take(&mut self.sorted.blocks), ..Sorted::default() };
        let file = match &self.sorted.file {
            Some(file) => Arc::clone(file),
            None => Arc::clone(self.sorted.file.insert(Arc::new(self.scratch.file()?))),
        };
        let (mut run, mut frame) = (Vec::new(), Vec::with_capacity(FRAME + FRAME / 8));
        let mut rows = held.merge()?;
        while let Some(row) = rows.next()? {
            append(&mut frame, |out| out.extend_from_slice(row));
            if frame.len() >= FRAME {
                run.extend(file.append(&[&frame])?);
                frame.clear();
            }
        }
        run.extend(file.append(&[&frame])?);
        self.sorted.runs.push(run);
        self.held = 0;
        Ok(())
    }

    pub fn finish(mut self) -> Sorted {
        let rows = std::mem::take(&mut self.open);
        if !rows.is_empty() {
            self.sorted.blocks.push(sort(rows));
        }
        self.sorted
    }
}

/// Sorts rows by their bytes; already sorted rows are returned without a copy.
pub fn sort(rows: Vec<u8>) -> Vec<u8> {
    if pieces(&rows).is_sorted() {
        return rows;
    }
    let mut sorted: Vec<&[u8]> = pieces(&rows).collect();
    sorted.sort_unstable();
    let mut out = Vec::with_capacity(rows.len());
    sorted.iter().for_each(|row| append(&mut out, |out| out.extend_from_slice(row)));
    out
}

impl Sorted {
    /// Iterates over all rows in order.
    pub fn merge(&self) -> io::Result<Merge<'_>> {
        let mut merge = Merge::default();
        for mut head in self.heads() {
            if head.advance()? {
                merge.heads.push(head);
            }
        }
        Ok(merge)
    }

    fn heads(&self) -> impl Iterator<Item = Head<'_>> {
        let runs = self.runs.iter().map(|run| Head::new(&[], run.iter(), self.file.as_deref()));
        runs.chain(self.blocks.iter().map(|block| Head::new(block, [].iter(), None)))
    }

    /// Decoded rows in order, for callers without error handling: an error ends the iteration and
    /// is stored in `scratch`.
    pub fn walk<'s, T: 's>(&'s self, scratch: &'s Scratch, read: fn(&[u8]) -> T) -> impl Iterator<Item = T> + 's {
        let mut merge = self.merge();
        std::iter::from_fn(move || {
            let error = match &mut merge {
                Ok(rows) => match rows.next() {
                    Ok(row) => return row.map(read),
                    Err(error) => error,
                },
                Err(error) => std::mem::replace(error, io::ErrorKind::Other.into()),
            };
            scratch.keep(error);
            merge = Ok(Merge::default());
            None
        })
    }

    /// Calls `take` with every row, in no particular order.
    pub fn each(&self, mut take: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
        for mut head in self.heads() {
            while head.advance()? {
                take(head.row())?;
            }
        }
        Ok(())
    }
}

/// The current row of a block or a run.
struct Head<'s> {
    /// Remaining rows of a block.
    held: &'s [u8],
    /// Remaining frames of a run, and their file.
    frames: Iter<'s, Frame>,
    file: Option<&'s SpillFile>,
    /// The current frame, and the offset of its next row.
    frame: Vec<u8>,
    next: usize,
    row: Row<'s>,
}

enum Row<'s> {
    Held(&'s [u8]),
    /// Length of the row that ends at `next`.
    Spilled(usize),
}

impl<'s> Head<'s> {
    fn new(held: &'s [u8], frames: Iter<'s, Frame>, file: Option<&'s SpillFile>) -> Self {
        Head { held, frames, file, frame: Vec::new(), next: 0, row: Row::Held(&[]) }
    }

    fn row(&self) -> &[u8] {
        match self.row {
            Row::Held(row) => row,
            Row::Spilled(length) => &self.frame[self.next - length..self.next],
        }
    }

    /// Moves to the next row; returns false at the end.
    fn advance(&mut self) -> io::Result<bool> {
        if let Some((row, rest)) = split_first(self.held) {
            (self.row, self.held) = (Row::Held(row), rest);
            return Ok(true);
        }
        while self.next == self.frame.len() {
            let (Some(frame), Some(file)) = (self.frames.next(), self.file) else { return Ok(false) };
            self.frame.clear();
            self.next = 0;
            file.read(*frame, &mut self.frame)?;
        }
        let (row, _) = split_first(&self.frame[self.next..]).expect("a frame ends where a row does");
        let length = row.len();
        self.next += 4 + length;
        self.row = Row::Spilled(length);
        Ok(true)
    }
}

/// Reversed order, because `BinaryHeap` is a max-heap.
impl Ord for Head<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        other.row().cmp(self.row())
    }
}

impl PartialOrd for Head<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Head<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.row() == other.row()
    }
}

impl Eq for Head<'_> {}

/// Merges several sorted blocks and runs.
#[derive(Default)]
pub struct Merge<'s> {
    heads: BinaryHeap<Head<'s>>,
    started: bool,
}

impl Merge<'_> {
    pub fn next(&mut self) -> io::Result<Option<&[u8]>> {
        if self.started
            && let Some(mut first) = self.heads.peek_mut()
            && !first.advance()?
        {
            PeekMut::pop(first);
        }
        self.started = true;
        Ok(self.heads.peek().map(Head::row))
    }
}
