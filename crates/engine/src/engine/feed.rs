//! One file as a feed of blocks that hold whole records, taken in turn by whichever worker is free.

use avstem_core::document::{Layout, Opening, Options, Pieces, Splitter, WINDOW, opening};
use avstem_core::model::reject::{FileFault, FileReason};
use avstem_core::provider::Provider;
use avstem_core::provider::active::Active;

use super::block::ReadBuffer;
use crate::io::decode::{FileFacts, SourceReader};

/// What a feed gives.
#[derive(Debug)]
pub enum Fed {
    /// The block's first bytes, as many as said, hold whole records; the first byte's offset comes first.
    Records {
        /// The offset of the block's first byte in the stream.
        base: u64,
        /// How many bytes of it are to be read.
        length: usize,
        /// Where the records are.
        pieces: Pieces,
    },
    /// A record that is larger than records may be.
    TooLarge {
        offset: u64,
        /// Its length; 0 for a line of blanks alone, which is no record.
        length: u64,
    },
    /// There is no more.
    End,
}

#[derive(Debug)]
enum FeedState {
    Start,
    Lines,
    Text(Box<Splitter>),
    Blank,
}

/// A file on its way in.
#[derive(Debug)]
pub struct FileFeed {
    reader: SourceReader,
    /// What its path says of its records.
    pub layout: Layout,
    state: FeedState,
    rest: Vec<u8>,
    base: u64,
    first_value: u64,
    ended: bool,
    too_large: Vec<(u64, u64)>,
    block_size: usize,
    max_record: usize,
    /// How many blocks were given.
    pub given: u32,
}

/// Bytes of a block: small enough for a worker's cache, large enough that nothing else weighs.
pub const BLOCK: usize = 256 << 10;

impl FileFeed {
    /// A feed at the start of a stream.
    pub fn new(reader: SourceReader, layout: Layout, options: Options, block_size: usize) -> Self {
        FileFeed {
            reader,
            layout,
            state: FeedState::Start,
            rest: Vec::new(),
            base: 0,
            first_value: 0,
            ended: false,
            too_large: Vec::new(),
            block_size,
            max_record: usize::try_from(options.max_record).unwrap_or(usize::MAX / 4),
            given: 0,
        }
    }

    /// Raw bytes taken in so far.
    pub fn consumed(&self) -> u64 {
        self.reader.consumed()
    }

    /// Decoded bytes given so far.
    pub fn decoded(&self) -> u64 {
        self.base + self.rest.len() as u64
    }

    /// Fills the block with the next whole records.
    pub fn next(&mut self, block: &mut ReadBuffer) -> Result<Fed, FileFault> {
        if let Some((offset, length)) = self.too_large.pop() {
            self.given += 1;
            return Ok(Fed::TooLarge { offset, length });
        }
        if self.ended && self.rest.is_empty() {
            return self.end();
        }
        block.begin(&self.rest, self.block_size);
        self.rest.clear();
        match self.state {
            FeedState::Start => self.start(block)?,
            _ => self.fill(block, self.block_size)?,
        }
        let fed = match self.state {
            FeedState::Lines => self.lines(block),
            FeedState::Text(_) => self.text(block),
            FeedState::Start | FeedState::Blank => return self.end(),
        }?;
        self.given += u32::from(!matches!(fed, Fed::End));
        Ok(fed)
    }

    fn end(&mut self) -> Result<Fed, FileFault> {
        if matches!(self.state, FeedState::Blank | FeedState::Start) {
            return Err(FileFault::from(FileReason::EmptyInput));
        }
        Ok(Fed::End)
    }

    /// Whether the file holds nothing but blanks.
    pub fn is_blank(&self) -> bool {
        matches!(self.state, FeedState::Blank | FeedState::Start)
    }

    /// The offset of the first value, of a file that may hold one value only: a text with one value that is no
    /// list, or lines.
    pub fn single_value(&self) -> Option<u64> {
        match &self.state {
            FeedState::Text(splitter) if splitter.top().values == 1 && !splitter.top().is_list => {
                Some(self.first_value)
            }
            FeedState::Lines => Some(self.first_value),
            _ => None,
        }
    }

    /// Whether the file is made of lines.
    pub fn is_lines(&self) -> bool {
        matches!(self.state, FeedState::Lines)
    }

    /// Reads more, of a file in whole blocks, so that its pages stay aligned.
    fn fill(&mut self, block: &mut ReadBuffer, more: usize) -> Result<(), FileFault> {
        if !self.ended {
            let more = more.next_multiple_of(self.block_size);
            self.ended = !block.fill(more, &mut self.reader)?;
        }
        Ok(())
    }

    /// Finds out how the stream is to be read.
    fn start(&mut self, block: &mut ReadBuffer) -> Result<(), FileFault> {
        let mut more = self.block_size.max(16);
        loop {
            self.fill(block, more)?;
            let bytes = block.bytes();
            let mark = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
            match opening(&bytes[mark..], self.ended) {
                None => {}
                Some(Opening::Refused(fault)) => return Err(fault),
                Some(Opening::Blank) => {
                    self.state = FeedState::Blank;
                    return Ok(());
                }
                Some(found) => {
                    block.skip(mark);
                    self.base += mark as u64;
                    let blanks = block.bytes().iter().take_while(|b| b.is_ascii_whitespace()).count();
                    self.first_value = self.base + blanks as u64;
                    self.state = match found {
                        Opening::Lines => FeedState::Lines,
                        _ => FeedState::Text(Box::new(Splitter::new(self.max_record as u64, Active::ENVELOPES))),
                    };
                    return Ok(());
                }
            }
            // Blanks alone can go on for ever; anything else is told within the window.
            if bytes.len() > WINDOW && bytes.iter().all(u8::is_ascii_whitespace) {
                self.base += bytes.len() as u64;
                block.begin(&[], self.block_size);
                more = self.block_size;
            } else {
                more = bytes.len();
            }
        }
    }

    fn lines(&mut self, block: &mut ReadBuffer) -> Result<Fed, FileFault> {
        loop {
            let bytes = block.bytes();
            let cut = match memchr::memrchr(b'\n', bytes) {
                Some(at) => at + 1,
                None if self.ended => bytes.len(),
                None if bytes.len() > self.max_record => return self.pass_line(block),
                None => {
                    self.fill(block, bytes.len())?;
                    continue;
                }
            };
            if cut == 0 {
                return Ok(Fed::End);
            }
            self.rest.extend_from_slice(&bytes[cut..]);
            let base = self.base;
            self.base += cut as u64;
            return Ok(Fed::Records { base, length: cut, pieces: Pieces::Lines });
        }
    }

    /// Passes by a line that is larger than a record may be. Blanks around it are none of it.
    fn pass_line(&mut self, block: &mut ReadBuffer) -> Result<Fed, FileFault> {
        let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r');
        let (mut first, mut last) = (None, self.base);
        loop {
            let bytes = block.bytes();
            let end = memchr::memchr(b'\n', bytes);
            let line = &bytes[..end.unwrap_or(bytes.len())];
            if let Some(at) = line.iter().rposition(|byte| !is_blank(byte)) {
                let blanks = line.iter().take_while(|byte| is_blank(byte)).count();
                first.get_or_insert(self.base + blanks as u64);
                last = self.base + at as u64 + 1;
            }
            self.base += line.len() as u64;
            if let Some(at) = end {
                self.rest.extend_from_slice(&bytes[at + 1..]);
                self.base += 1;
            }
            if end.is_some() || self.ended {
                let offset = first.unwrap_or(last);
                return Ok(Fed::TooLarge { offset, length: last - offset });
            }
            block.begin(&[], self.block_size);
            self.fill(block, self.block_size)?;
        }
    }

    fn text(&mut self, block: &mut ReadBuffer) -> Result<Fed, FileFault> {
        loop {
            let FeedState::Text(splitter) = &mut self.state else { return Ok(Fed::End) };
            let bytes = block.bytes();
            let (pieces, cut) = match splitter.split(bytes, self.base, self.ended) {
                Ok(split) => split,
                // What does not decode is broken before its text is.
                Err(fault) => return Err(self.reader.drain().err().unwrap_or(fault)),
            };
            self.too_large = splitter.take_too_large();
            if cut == 0 && !self.ended {
                self.fill(block, bytes.len())?;
                continue;
            }
            self.rest.extend_from_slice(&bytes[cut..]);
            let base = self.base;
            self.base += cut as u64;
            return Ok(Fed::Records { base, length: cut, pieces });
        }
    }

    /// What the file was, once it was read or refused.
    pub fn finish(self) -> Result<FileFacts, FileFault> {
        self.reader.finish()
    }
}
