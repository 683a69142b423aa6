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
        let first_line = if part.start <= part.text { part.text } else { line_after(&mut file, part.start - 1)? };
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
fn line_after(file: &mut File, from: u64) -> Result<u64, FileFault> {
    file.seek(SeekFrom::Start(from)).map_err(|error| fault::of_error(&error))?;
    let (mut at, mut buffer) = (from, vec![0; STEP]);
    loop {
        let read = match disk::read(file, &mut buffer) {
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

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// What the parts of a text give, read a few bytes at a time; and the bytes that each has as its own.
    fn parts(text: &[u8], size: u64, step: usize) -> Vec<(u64, Vec<u8>, Vec<u8>)> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lines");
        fs::write(&path, text).unwrap();
        let state = FileState::of(&fs::metadata(&path).unwrap());
        let part = |at: u64| Part { start: at * size, end: state.length.min((at + 1) * size), text: 0, state };
        let mut given = Vec::new();
        for at in 0..state.length.div_ceil(size) {
            let mut file = PartFile::open(&path, part(at)).unwrap();
            let (mut lines, mut own, mut buffer) = (Vec::new(), Vec::new(), vec![0; step]);
            loop {
                match file.read(&mut buffer, |bytes| own.extend_from_slice(bytes)).unwrap() {
                    0 => break,
                    read => lines.extend_from_slice(&buffer[..read]),
                }
            }
            file.check().unwrap();
            given.push((file.first_line(), lines, own));
        }
        given
    }

    #[test]
    fn every_line_is_in_the_part_in_which_it_begins_whatever_the_parts() {
        let texts: [&[u8]; 5] =
            [b"a\nbcd\n\nefghijkl\r\nm\n", b"a\nlong without an end", b"\n\n\n\n", b"one", b"ab\ncd\nef\n"];
        for text in texts {
            for size in 1..=text.len() as u64 {
                for step in [1, 3, 64] {
                    let given = parts(text, size, step);
                    let all: Vec<u8> = given.iter().flat_map(|(_, lines, _)| lines.clone()).collect();
                    assert_eq!(all, text, "parts of {size}, read by {step}");
                    let own: Vec<u8> = given.iter().flat_map(|(.., own)| own.clone()).collect();
                    assert_eq!(own, text, "every byte is hashed once");
                    for (at, (first, lines, _)) in (0..).zip(&given) {
                        let is_own = |at: u64, first: u64| first >= at * size && first < (at + 1) * size;
                        assert_eq!(lines.is_empty(), !is_own(at, *first) || *first == text.len() as u64);
                        assert!(lines.is_empty() || text[*first as usize..].starts_with(lines));
                    }
                }
            }
        }
    }
}
