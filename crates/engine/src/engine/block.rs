//! A worker's read buffer: the rest of the last block ends at a page border, and the file's next
//! bytes are read to aligned addresses behind it. A read into an unaligned buffer costs up to five
//! times as much.

use crate::io::decode::SourceReader;
use avstem_core::document::{PADDING, Padded};
use avstem_core::model::reject::FileFault;

const PAGE: usize = 4096;

/// Unparsed bytes of a stream: `space[start..end]` is filled.
#[derive(Debug, Default)]
pub struct ReadBuffer {
    space: Vec<u8>,
    start: usize,
    end: usize,
}

impl ReadBuffer {
    /// Starts a new block with the bytes that the last block left over.
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

    /// Reads `more` further bytes; returns false at the end of the stream.
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

    pub fn bytes(&self) -> &[u8] {
        &self.space[self.start..self.end]
    }

    /// The first `length` bytes, followed by at least [`PADDING`] readable bytes.
    pub fn text(&self, length: usize) -> Padded<'_> {
        assert!(length <= self.end - self.start);
        Padded::new(&self.space[self.start..], length)
    }

    pub fn skip(&mut self, count: usize) {
        self.start += count;
    }
}
