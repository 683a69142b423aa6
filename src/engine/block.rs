//! A worker's buffer: what was left of the last block stands right before a page, so that the next bytes are
//! read into whole pages (a read into an unaligned buffer costs about twice as much).

use crate::io::decode::Reader;
use avstem_core::model::reject::FileFault;

const PAGE: usize = 4096;

/// Room before the first page for the left-over of the last block.
const HEAD: usize = 64 << 10;

/// Bytes of a stream on their way to be parsed.
#[derive(Debug, Default)]
pub struct Block {
    space: Vec<u8>,
    start: usize,
    end: usize,
}

impl Block {
    /// Starts anew with the left-over of the last block.
    pub fn begin(&mut self, rest: &[u8], size: usize) {
        let needed = HEAD + PAGE + rest.len() + size;
        if self.space.len() < needed {
            self.space = vec![0; needed];
        }
        let page = self.space.as_ptr().align_offset(PAGE).min(PAGE) + HEAD;
        self.start = if rest.len() <= HEAD { page - rest.len() } else { page };
        self.end = self.start + rest.len();
        self.space[self.start..self.end].copy_from_slice(rest);
    }

    /// Reads until so many bytes are there; false when the stream ended.
    pub fn fill(&mut self, size: usize, reader: &mut Reader) -> Result<bool, FileFault> {
        if self.space.len() < self.start + size {
            self.space.resize(self.start + size, 0);
        }
        while self.end - self.start < size {
            let room = self.start + size;
            match reader.read(&mut self.space[self.end..room])? {
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

    /// Drops bytes at the front.
    pub fn skip(&mut self, count: usize) {
        self.start += count;
    }
}
