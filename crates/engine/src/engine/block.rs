//! A worker's buffer: what was left of the last block stands right before a page, and whole pages of the file are read
//! behind it (a read into an unaligned buffer costs up to five times as much).

use crate::io::decode::SourceReader;
use avstem_core::document::{PADDING, Padded};
use avstem_core::model::reject::FileFault;

const PAGE: usize = 4096;

/// Bytes of a stream on their way to be parsed.
#[derive(Debug, Default)]
pub struct ReadBuffer {
    space: Vec<u8>,
    start: usize,
    end: usize,
}

impl ReadBuffer {
    /// Starts anew with the left-over of the last block.
    pub fn begin(&mut self, rest: &[u8], size: usize) {
        let head = rest.len().next_multiple_of(PAGE);
        let needed = PAGE + head + size + PADDING;
        if self.space.len() < needed {
            self.space = vec![0; needed];
        }
        self.end = self.space.as_ptr().align_offset(PAGE).min(PAGE) + head;
        self.start = self.end - rest.len();
        self.space[self.start..self.end].copy_from_slice(rest);
    }

    /// Reads so many more bytes; false when the stream ended.
    pub fn fill(&mut self, more: usize, reader: &mut SourceReader) -> Result<bool, FileFault> {
        let full = self.end + more;
        if self.space.len() < full + PADDING {
            self.space.resize(full + PADDING, 0);
        }
        while self.end < full {
            match reader.read(&mut self.space[self.end..full])? {
                0 => return Ok(false),
                read => self.end += read,
            }
        }
        Ok(true)
    }

    /// What is there.
    pub fn bytes(&self) -> &[u8] {
        &self.space[self.start..self.end]
    }

    /// The first bytes of what is there, as a text.
    pub fn text(&self, length: usize) -> Padded<'_> {
        assert!(length <= self.end - self.start);
        Padded::new(&self.space[self.start..], length)
    }

    /// Drops bytes at the front.
    pub fn skip(&mut self, count: usize) {
        self.start += count;
    }
}
