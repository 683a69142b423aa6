//! One file as a sequence of blocks of whole records; any free worker takes the next block.

use avstem_core::bank::camt::is_camt;
use avstem_core::bank::{BankCsv, BankFile};
use avstem_core::document::{Layout, Opening, Options, Pieces, Splitter, WINDOW, opening};
use avstem_core::model::reject::{FileFault, FileReason};
use avstem_core::provider::Provider;
use avstem_core::provider::active::Active;

use super::block::ReadBuffer;
use super::room::StatementRoom;
use super::statements::StatementFormat;
use crate::io::decode::{FileFacts, SourceReader};

#[derive(Debug)]
pub enum Fed {
    /// The first `length` bytes of the block are whole records.
    Records {
        /// The offset of the block's first byte in the stream.
        base: u64,
        length: usize,
        pieces: Pieces,
    },
    /// A record larger than the limit.
    TooLarge {
        offset: u64,
        /// Its length; 0 for a line of blanks only, which is not a record.
        length: u64,
    },
    /// All that a file of bank statements holds.
    Statements(BankFile),
    End,
}

/// What decides who can read a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileForm {
    /// Lines, each a record.
    Lines,
    Statements,
    Other,
}

#[derive(Debug)]
enum FeedState<'c> {
    Start,
    /// Bank statements, which are read at once.
    Statements(StatementFormat<'c>),
    Read,
    Lines,
    Text(Box<Splitter>),
    Blank,
}

#[derive(Debug)]
pub struct FileFeed<'c> {
    reader: SourceReader,
    /// Whether the file was named as a bank statement.
    is_statement: bool,
    /// How it is read then, unless it is camt.
    csv: Option<&'c BankCsv>,
    /// What bank statements may take.
    room: &'c StatementRoom,
    /// What the path says about the kind of its records.
    pub layout: Layout,
    state: FeedState<'c>,
    rest: Vec<u8>,
    base: u64,
    first_value: u64,
    ended: bool,
    too_large: Vec<(u64, u64)>,
    block_size: usize,
    max_record: usize,
    /// Number of blocks returned so far.
    pub given: u32,
}

/// Block size in bytes: fits a worker's cache, and is large enough that the cost per block is
/// negligible.
pub const BLOCK: usize = 256 << 10;

impl<'c> FileFeed<'c> {
    pub fn new(
        reader: SourceReader,
        layout: Layout,
        options: Options,
        block_size: usize,
        room: &'c StatementRoom,
    ) -> Self {
        let part = reader.first_line();
        FileFeed {
            reader,
            is_statement: false,
            csv: None,
            room,
            layout,
            state: if part.is_some() { FeedState::Lines } else { FeedState::Start },
            rest: Vec::new(),
            base: part.unwrap_or(0),
            first_value: 0,
            ended: false,
            too_large: Vec::new(),
            block_size,
            max_record: usize::try_from(options.max_record).unwrap_or(usize::MAX / 4),
            given: 0,
        }
    }

    /// The feed of a file that was named as a bank statement.
    pub fn of_statement(self, csv: Option<&'c BankCsv>) -> Self {
        FileFeed { is_statement: true, csv, ..self }
    }

    /// Reads the first bytes; returns what the file is, and where its text and its first value begin.
    pub fn opened(&mut self, block: &mut ReadBuffer) -> Result<(FileForm, u64, u64), FileFault> {
        block.begin(&[], self.block_size);
        self.start(block)?;
        let form = match self.state {
            FeedState::Statements(_) => FileForm::Statements,
            FeedState::Lines => FileForm::Lines,
            _ => FileForm::Other,
        };
        Ok((form, self.base, self.first_value))
    }

    /// Raw bytes consumed so far.
    pub fn consumed(&self) -> u64 {
        self.reader.consumed()
    }

    /// Decoded bytes returned so far.
    pub fn decoded(&self) -> u64 {
        self.base + self.rest.len() as u64
    }

    /// Fills `block` with the next whole records.
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
            FeedState::Statements(format) => self.statements(format, block),
            FeedState::Start | FeedState::Blank | FeedState::Read => return self.end(),
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

    /// Whether the file contains only blanks.
    pub fn is_blank(&self) -> bool {
        matches!(self.state, FeedState::Blank | FeedState::Start)
    }

    /// The offset of the first value if the file may hold only one value: text with one value that
    /// is not a list, or lines.
    pub fn single_value(&self) -> Option<u64> {
        match &self.state {
            FeedState::Text(splitter) if splitter.top().values == 1 && !splitter.top().is_list => {
                Some(self.first_value)
            }
            // Other parts of the file may hold more.
            FeedState::Lines if self.reader.first_line().is_none() => Some(self.first_value),
            _ => None,
        }
    }

    /// Whether records can be read again where they are.
    pub fn is_repeatable(&self) -> bool {
        self.reader.stamped().is_some()
    }

    pub fn is_lines(&self) -> bool {
        matches!(self.state, FeedState::Lines)
    }

    /// Reads in multiples of the block size to keep reads of the file page-aligned.
    fn fill(&mut self, block: &mut ReadBuffer, more: usize) -> Result<(), FileFault> {
        if !self.ended {
            let more = more.next_multiple_of(self.block_size);
            self.ended = !block.fill(more, &mut self.reader)?;
        }
        Ok(())
    }

    /// The format of a file of bank statements; nothing for another file, `None` when more bytes
    /// are needed.
    fn statement_format(&self, bytes: &[u8]) -> Option<Result<Option<StatementFormat<'c>>, FileFault>> {
        if is_camt(bytes, self.ended)? {
            return Some(Ok(Some(StatementFormat::Camt)));
        }
        let is_statement = self.is_statement && !bytes.trim_ascii().is_empty();
        Some(is_statement.then(|| StatementFormat::of(bytes, self.csv)).transpose())
    }

    /// Detects the format of the stream from its first bytes.
    fn start(&mut self, block: &mut ReadBuffer) -> Result<(), FileFault> {
        let mut more = self.block_size.max(16);
        loop {
            self.fill(block, more)?;
            let bytes = block.bytes();
            let mark = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
            let Some(format) = self.statement_format(&bytes[mark..]) else {
                more = bytes.len();
                continue;
            };
            if let Some(format) = format? {
                self.state = FeedState::Statements(format);
                return Ok(());
            }
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
            // Leading blanks may be unbounded and are dropped; other content is detected within the
            // window.
            if bytes.len() > WINDOW && bytes.iter().all(u8::is_ascii_whitespace) {
                self.base += bytes.len() as u64;
                block.begin(&[], self.block_size);
                more = self.block_size;
            } else {
                more = bytes.len();
            }
        }
    }

    /// Reads the whole file.
    fn statements(&mut self, format: StatementFormat<'c>, block: &ReadBuffer) -> Result<Fed, FileFault> {
        let begun = block.bytes();
        let (read, decoded) = format.read(begun, &mut self.reader, self.room);
        self.base += begun.len() as u64 + decoded;
        self.ended = true;
        let is_empty = matches!(&read, Err(fault) if fault.reason == FileReason::EmptyInput);
        self.state = if is_empty { FeedState::Blank } else { FeedState::Read };
        read.map(Fed::Statements)
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

    /// Skips a line longer than the record limit. Leading and trailing blanks do not count toward
    /// its length.
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
                // A decoding error takes precedence, since it explains broken text.
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

    pub fn finish(self) -> Result<FileFacts, FileFault> {
        self.reader.finish()
    }
}
