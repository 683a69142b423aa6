//! The rows of a CSV file, with their lines.

use std::io::BufRead;

use csv_core::{ReadRecordResult, Reader, ReaderBuilder, Terminator};

use super::super::settings::{BankCsv, StatementEncoding};
use super::super::stream::{Bounded, REFETCH, decoded, unreadable};
use crate::model::limits::MAX_VALUE;
use crate::model::reject::{FileFault, FileReason};

/// Bytes of UTF-8 that mark the beginning of a file.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// A row and the line that it begins on.
#[derive(Debug)]
pub struct StatementRow {
    pub line: u64,
    pub cells: Vec<String>,
}

impl StatementRow {
    /// Whether the cells from one on are empty.
    pub fn is_empty_from(&self, column: usize) -> bool {
        self.cells.iter().skip(column).all(|cell| cell.is_empty())
    }
}

pub fn fault(reason: FileReason, what: &str, line: u64) -> FileFault {
    FileFault::new(reason, format!("{what} on line {line}"))
}

pub struct CsvRows<R> {
    input: Bounded<R>,
    encoding: StatementEncoding,
    reader: Reader,
    /// The number of lines read.
    pub lines: u64,
    /// Whether a line was not blank.
    pub has_text: bool,
    raw: Vec<u8>,
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl<R: BufRead> CsvRows<R> {
    pub fn new(input: R, csv: &BankCsv) -> CsvRows<R> {
        let reader = ReaderBuilder::new().delimiter(csv.delimiter).terminator(Terminator::Any(b'\n')).build();
        CsvRows {
            input: Bounded::new(input),
            encoding: csv.encoding,
            reader,
            lines: 0,
            has_text: false,
            raw: Vec::new(),
            // A line has less than one cell for each byte, and one for its end.
            text: vec![0; MAX_VALUE + 1],
            ends: vec![0; MAX_VALUE + 1],
        }
    }

    /// Drops lines; returns whether there were so many.
    pub fn skip(&mut self, lines: u64) -> Result<bool, FileFault> {
        while self.lines < lines {
            self.input.allow(MAX_VALUE);
            if !self.line()? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Reads the next row; `None` at the end.
    pub fn next(&mut self) -> Result<Option<StatementRow>, FileFault> {
        let (mut first, mut length, mut cells) = (None, 0, 0);
        self.input.allow(MAX_VALUE);
        loop {
            if !self.line()? {
                return match first {
                    None => Ok(None),
                    Some(line) => Err(FileFault::new(
                        FileReason::BrokenText,
                        format!("a quoted cell is not closed, it begins on line {line}: {REFETCH}"),
                    )),
                };
            }
            if first.is_none() && is_blank(&self.raw) {
                self.input.allow(MAX_VALUE);
                continue;
            }
            let line = *first.get_or_insert(self.lines);
            let (text, ends) = (&mut self.text[length..], &mut self.ends[cells..]);
            let (result, _, written, ended) = self.reader.read_record(&self.raw, text, ends);
            (length, cells) = (length + written, cells + ended);
            match result {
                ReadRecordResult::Record => return self.row(line, cells).map(Some),
                // The line ends within quotes.
                ReadRecordResult::InputEmpty => {}
                _ => return Err(too_large(line)),
            }
        }
    }

    /// Reads a line, which then ends with a line feed alone; returns false at the end.
    fn line(&mut self) -> Result<bool, FileFault> {
        self.raw.clear();
        if self.input.read_until(b'\n', &mut self.raw).is_err() {
            return Err(if self.input.is_used_up() { too_large(self.lines + 1) } else { unreadable() });
        }
        if self.raw.is_empty() {
            return Ok(false);
        }
        self.lines += 1;
        if self.lines == 1 && self.raw.starts_with(MARK) {
            self.raw.drain(..MARK.len());
        }
        if self.raw.last() == Some(&b'\n') {
            self.raw.pop();
        }
        if self.raw.last() == Some(&b'\r') {
            self.raw.pop();
        }
        self.raw.push(b'\n');
        self.has_text |= !is_blank(&self.raw);
        Ok(true)
    }

    fn row(&self, line: u64, cells: usize) -> Result<StatementRow, FileFault> {
        let is_latin1 = self.encoding == StatementEncoding::Latin1;
        let mut start = 0;
        let cell = |end: &usize| {
            let bytes = &self.text[std::mem::replace(&mut start, *end)..*end];
            let text = decoded(bytes, is_latin1).filter(|text| !text.contains('\0'));
            Some(text?.trim().to_owned())
        };
        let cells: Option<Vec<String>> = self.ends[..cells].iter().map(cell).collect();
        let cells = cells.ok_or_else(|| {
            let expected = if is_latin1 { "ISO-8859-1" } else { "UTF-8" };
            fault(FileReason::Encoding, &format!("expected {expected}, found other bytes"), line)
        })?;
        Ok(StatementRow { line, cells })
    }
}

fn is_blank(line: &[u8]) -> bool {
    line.iter().all(|byte| matches!(byte, b' ' | b'\n'))
}

fn too_large(line: u64) -> FileFault {
    fault(FileReason::BrokenText, "a row is longer than 64 KiB, it begins", line)
}
