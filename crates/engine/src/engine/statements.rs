//! Reads a file of bank statements from a source that was begun.

use std::io::{BufRead, Error, Read, Result};

use avstem_core::bank::{BankCsv, BankFile, Room, camt, delimited};
use avstem_core::model::reject::{FileFault, FileReason};

use crate::io::decode::SourceReader;

/// Bytes read at a time.
const STEP: usize = 64 << 10;

/// How a file of bank statements is written.
#[derive(Clone, Copy, Debug)]
pub enum StatementFormat<'c> {
    Camt,
    Csv(&'c BankCsv),
}

impl<'c> StatementFormat<'c> {
    /// The format of a file that was named as a bank statement and is no camt, by its first bytes.
    pub fn of(text: &[u8], csv: Option<&'c BankCsv>) -> std::result::Result<StatementFormat<'c>, FileFault> {
        let refuse = |what: &str| Err(FileFault::new(FileReason::NotAnExport, what));
        if text.trim_ascii_start().starts_with(b"<") {
            return refuse("it was named with --bank, and is no camt.053 or camt.054 of version 02 to 13");
        }
        match csv {
            Some(csv) => Ok(StatementFormat::Csv(csv)),
            None => refuse("it was named with --bank, is no camt, and no [bank.csv] says how to read it"),
        }
    }

    /// Reads the file to its end; `begun` are the bytes that were read already. Returns it with the
    /// number of further bytes.
    pub fn read(
        self,
        begun: &[u8],
        reader: &mut SourceReader,
        room: &dyn Room,
    ) -> (std::result::Result<BankFile, FileFault>, u64) {
        let mut stream = Stream { begun, reader, buffer: Vec::new(), start: 0, fault: None, decoded: 0 };
        let read = match self {
            StatementFormat::Camt => camt::read(&mut stream, room),
            StatementFormat::Csv(csv) => delimited::read(&mut stream, csv, room),
        };
        let Stream { reader, fault, decoded, .. } = stream;
        // A decoding error takes precedence, since it explains broken text.
        let read = read.map_err(|broken| fault.or_else(|| reader.drain().err()).unwrap_or(broken));
        (read, decoded)
    }
}

/// The bytes that were read already, then those of the source.
struct Stream<'s> {
    begun: &'s [u8],
    reader: &'s mut SourceReader,
    buffer: Vec<u8>,
    start: usize,
    fault: Option<FileFault>,
    decoded: u64,
}

impl BufRead for Stream<'_> {
    fn fill_buf(&mut self) -> Result<&[u8]> {
        if !self.begun.is_empty() {
            return Ok(self.begun);
        }
        if self.start == self.buffer.len() {
            self.buffer.resize(STEP, 0);
            self.start = 0;
            let count = self.reader.read(&mut self.buffer).map_err(|fault| {
                self.fault = Some(fault);
                Error::other("the source cannot be read")
            });
            self.buffer.truncate(*count.as_ref().unwrap_or(&0));
            self.decoded += count? as u64;
        }
        Ok(&self.buffer[self.start..])
    }

    fn consume(&mut self, count: usize) {
        if self.begun.is_empty() {
            self.start += count;
        } else {
            self.begun = &self.begun[count..];
        }
    }
}

impl Read for Stream<'_> {
    fn read(&mut self, buf: &mut [u8]) -> Result<usize> {
        let bytes = self.fill_buf()?;
        let count = bytes.len().min(buf.len());
        buf[..count].copy_from_slice(&bytes[..count]);
        self.consume(count);
        Ok(count)
    }
}
