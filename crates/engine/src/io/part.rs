//! The lines of a part of a file, so that several machines can read one file: a line belongs to the part in which it
//! begins. Together the parts read what one reader would, and each hashes the bytes that are its own.

use std::fs::File;
use std::io::{Seek, SeekFrom};
use std::path::Path;

use avstem_core::model::reject::FileFault;

use super::inputs::{FileState, Part};
use super::{disk, fault};

/// Bytes read at a time in search of the end of a line.
const STEP: usize = 64 << 10;

pub(super) struct PartFile {
    file: File,
    part: Part,
    /// Where the first line of the part begins; it may be behind the part.
    first_line: u64,
    /// The next byte to read.
    at: u64,
    /// Whether the last line was read.
    ended: bool,
}

impl PartFile {
    /// Opens the file, which must be as it was when its parts were made.
    pub(super) fn open(path: &Path, part: Part) -> Result<PartFile, FileFault> {
        let mut file = disk::open(path).map_err(|error| fault::of_error(&error))?;
        let first_line = if part.start <= part.text { part.text } else { line_after(&file, part.start - 1)? };
        file.seek(SeekFrom::Start(part.start)).map_err(|error| fault::of_error(&error))?;
        let opened = PartFile { file, part, first_line, at: part.start, ended: false };
        opened.check()?;
        Ok(opened)
    }

    pub(super) fn first_line(&self) -> u64 {
        self.first_line
    }

    /// How many of the part's own bytes were read.
    pub(super) fn consumed(&self) -> u64 {
        self.at.min(self.part.end) - self.part.start
    }

    /// Reads bytes of the part's lines, 0 at the end; `own` takes the bytes read that are the part's own.
    pub(super) fn read(&mut self, buf: &mut [u8], mut own: impl FnMut(&[u8])) -> Result<usize, FileFault> {
        while !self.ended {
            let read = match disk::read(&mut self.file, buf) {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                read => read.map_err(|error| fault::of_error(&error))?,
            };
            let (from, to) = (self.at, self.at + read as u64);
            let place = |offset: u64| (offset.clamp(from, to) - from) as usize;
            own(&buf[..place(self.part.end)]);
            self.at = to;
            let mut end = read;
            if read == 0 {
                self.ended = true;
            } else if to >= self.part.end && self.part.end < self.part.state.length {
                // The last line is the one that has the last byte.
                let last = place(self.part.end - 1);
                if let Some(newline) = memchr::memchr(b'\n', &buf[last..read]) {
                    (end, self.ended) = (last + newline + 1, true);
                }
                self.ended |= self.first_line >= self.part.end;
            }
            let start = if self.first_line >= self.part.end { end } else { place(self.first_line).min(end) };
            if start < end {
                buf.copy_within(start..end, 0);
                return Ok(end - start);
            }
        }
        Ok(0)
    }

    /// Checks that the file is as it was when its parts were made.
    pub(super) fn check(&self) -> Result<(), FileFault> {
        let now = self.file.metadata().map_err(|error| fault::of_error(&error))?;
        if FileState::of(&now) == self.part.state {
            return Ok(());
        }
        Err(fault::changed("it is another than when the run was planned"))
    }
}

/// Where the line behind the first newline from an offset on begins; the end of the file if there is none.
fn line_after(file: &File, from: u64) -> Result<u64, FileFault> {
    use std::os::unix::fs::FileExt;
    let (mut at, mut buffer) = (from, vec![0; STEP]);
    loop {
        let read = match file.read_at(&mut buffer, at) {
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            read => read.map_err(|error| fault::of_error(&error))?,
        };
        if read == 0 {
            return Ok(at);
        }
        if let Some(newline) = memchr::memchr(b'\n', &buffer[..read]) {
            return Ok(at + newline as u64 + 1);
        }
        at += read as u64;
    }
}
