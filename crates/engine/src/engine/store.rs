//! Rows of all partitions: in memory, and in a spill file when they exceed their limit.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};

use avstem_core::rows::{Partitions, append, hash_of, pieces};

use super::locks::lock;
use crate::io::spill::{Frame, Scratch, SpillFile};

/// Rows by partition. Workers fill it concurrently; afterwards it is read partition by partition.
pub struct Store {
    parts: Vec<Mutex<Part>>,
    scratch: Arc<Scratch>,
    file: OnceLock<SpillFile>,
    making: Mutex<()>,
}

#[derive(Default)]
struct Part {
    held: Vec<Vec<u8>>,
    spilled: Vec<Frame>,
}

/// Extracts the id that selects the partition of a row.
pub type IdOf = for<'r> fn(&'r [u8]) -> &'r str;

impl Store {
    pub fn new(count: usize, scratch: &Arc<Scratch>) -> Store {
        let parts = (0..count).map(|_| Mutex::default()).collect();
        Store { parts, scratch: Arc::clone(scratch), file: OnceLock::new(), making: Mutex::new(()) }
    }

    pub fn count(&self) -> usize {
        self.parts.len()
    }

    fn file(&self) -> io::Result<&SpillFile> {
        let _made_once = lock(&self.making);
        if let Some(file) = self.file.get() {
            return Ok(file);
        }
        let file = self.scratch.file()?;
        Ok(self.file.get_or_init(|| file))
    }

    /// Spills a worker's rows if they exceed `limit` bytes.
    pub fn spill_if_over(&self, rows: &mut Partitions, limit: usize) -> io::Result<()> {
        if rows.size() <= limit {
            return Ok(());
        }
        let all: Vec<&[u8]> = (0..rows.count()).map(|at| rows.part(at)).collect();
        let frames = self.file()?.append(&all)?;
        for (part, frame) in self.parts.iter().zip(frames) {
            if !frame.is_empty() {
                lock(part).spilled.push(frame);
            }
        }
        rows.clear();
        Ok(())
    }

    /// Takes ownership of the rows that a worker still holds.
    pub fn keep(&self, mut rows: Partitions) {
        for (at, part) in self.parts.iter().enumerate() {
            let held = rows.take(at);
            if !held.is_empty() {
                lock(part).held.push(held);
            }
        }
    }

    /// Size of the rows of a partition in bytes, spilled ones included.
    pub fn size(&self, at: usize) -> usize {
        let part = lock(&self.parts[at]);
        part.held.iter().map(Vec::len).sum::<usize>() + part.spilled.iter().map(|frame| frame.len()).sum::<usize>()
    }

    /// Locks a partition for reading.
    pub fn open(&self, at: usize) -> Open<'_> {
        Open { store: self, part: lock(&self.parts[at]) }
    }
}

/// A locked partition, read by one worker.
pub struct Open<'s> {
    store: &'s Store,
    part: MutexGuard<'s, Part>,
}

impl Open<'_> {
    /// All rows; spilled ones are read into `buffer`.
    pub fn all<'r>(&'r self, buffer: &'r mut Vec<u8>) -> io::Result<Vec<&'r [u8]>> {
        let start = buffer.len();
        for frame in &self.part.spilled {
            self.store.file()?.read(*frame, buffer)?;
        }
        let mut parts: Vec<&[u8]> = self.part.held.iter().map(Vec::as_slice).collect();
        parts.push(&buffer[start..]);
        Ok(parts)
    }

    /// Calls `take` with one run of rows after another, so that spilled ones are not held together.
    pub fn each<E: From<io::Error>>(&self, mut take: impl FnMut(&[u8]) -> Result<(), E>) -> Result<(), E> {
        self.part.held.iter().try_for_each(|held| take(held))?;
        let mut frame = Vec::new();
        for at in &self.part.spilled {
            frame.clear();
            self.store.file()?.read(*at, &mut frame)?;
            take(&frame)?;
        }
        Ok(())
    }

    /// Appends the rows whose id hash falls into `share`. Returns false if `out` exceeds `most`
    /// bytes.
    pub fn share(&self, share: IdShare, id_of: IdOf, most: usize, out: &mut Vec<u8>) -> io::Result<bool> {
        let mut frame = Vec::new();
        for held in &self.part.held {
            share.take(held, id_of, out);
            if out.len() > most {
                return Ok(false);
            }
        }
        for at in &self.part.spilled {
            frame.clear();
            self.store.file()?.read(*at, &mut frame)?;
            share.take(&frame, id_of, out);
            if out.len() > most {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Releases the rows held in memory; spilled rows stay.
    pub fn drop_rows(&mut self) {
        self.part.held = Vec::new();
    }
}

/// One of a power of two of shares of the ids of a partition.
#[derive(Clone, Copy, Debug)]
pub struct IdShare {
    pub number: usize,
    /// Number of shares, a power of two.
    pub of: usize,
}

impl IdShare {
    fn take(self, rows: &[u8], id_of: IdOf, out: &mut Vec<u8>) {
        for row in pieces(rows) {
            // These hash bits do not take part in the choice of the partition.
            if (hash_of(id_of(row)) >> 48) as usize & (self.of - 1) == self.number {
                append(out, |out| out.extend_from_slice(row));
            }
        }
    }
}
