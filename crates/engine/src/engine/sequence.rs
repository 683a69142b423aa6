//! Rows in insertion order, spilled to a file when they exceed their limit.

use std::io;
use std::sync::Arc;

use avstem_core::rows::{append, split_first};

use super::listed::Rows;
use crate::io::spill::{Frame, Scratch, SpillFile};

/// Approximate frame size in bytes.
const FRAME: usize = 256 << 10;

/// Rows of one type, with their encoder and decoder.
pub struct Sequence<T> {
    scratch: Arc<Scratch>,
    limit: usize,
    count: usize,
    frames: Vec<Frame>,
    file: Option<SpillFile>,
    held: Vec<u8>,
    write: fn(&mut Vec<u8>, &T),
    read: fn(&[u8]) -> T,
}

impl<T> Sequence<T> {
    /// An empty sequence that holds up to `limit` bytes in memory.
    pub fn new(limit: usize, scratch: &Arc<Scratch>, write: fn(&mut Vec<u8>, &T), read: fn(&[u8]) -> T) -> Self {
        let scratch = Arc::clone(scratch);
        Sequence { scratch, limit, count: 0, frames: Vec::new(), file: None, held: Vec::new(), write, read }
    }

    pub fn push(&mut self, row: &T) -> io::Result<()> {
        append(&mut self.held, |out| (self.write)(out, row));
        self.count += 1;
        // Spills once the limit is reached; from then on after every frame.
        let many = if self.file.is_some() { FRAME } else { self.limit };
        if self.held.len() < many {
            return Ok(());
        }
        let file = match &mut self.file {
            Some(file) => file,
            None => self.file.insert(self.scratch.file()?),
        };
        let pieces: Vec<&[u8]> = frames_of(&self.held).collect();
        self.frames.extend(file.append(&pieces)?);
        self.held = Vec::new();
        Ok(())
    }
}

/// Splits rows into pieces of about a frame.
fn frames_of(mut rows: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let start = rows;
        while let Some((_, rest)) = split_first(rows) {
            rows = rest;
            if start.len() - rows.len() >= FRAME {
                break;
            }
        }
        let frame = &start[..start.len() - rows.len()];
        (!frame.is_empty()).then_some(frame)
    })
}

impl<T> Rows<T> for Sequence<T> {
    fn walk(&self) -> Box<dyn Iterator<Item = T> + '_> {
        let walk = Walk { of: self, frames: self.frames.iter(), frame: Vec::new(), next: 0, held: &self.held };
        Box::new(walk)
    }

    fn count(&self) -> usize {
        self.count
    }
}

struct Walk<'s, T> {
    of: &'s Sequence<T>,
    frames: std::slice::Iter<'s, Frame>,
    frame: Vec<u8>,
    next: usize,
    held: &'s [u8],
}

impl<T> Iterator for Walk<'_, T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        while self.next == self.frame.len() {
            let (Some(frame), Some(file)) = (self.frames.next(), &self.of.file) else { break };
            self.frame.clear();
            self.next = 0;
            if let Err(error) = file.read(*frame, &mut self.frame) {
                // Ends the iteration; the run checks for stored errors before its output counts as
                // complete.
                self.of.scratch.keep(error);
                (self.frames, self.held) = ([].iter(), &[]);
                return None;
            }
        }
        let row = match split_first(&self.frame[self.next..]) {
            Some((row, _)) => {
                self.next += 4 + row.len();
                row
            }
            None => {
                let (row, rest) = split_first(self.held)?;
                self.held = rest;
                row
            }
        };
        Some((self.of.read)(row))
    }
}
