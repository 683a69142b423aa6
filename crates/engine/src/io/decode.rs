//! One source as a stream of decoded bytes: plain, gzip or zstd, detected by its first bytes.

use std::fmt;

use avstem_core::model::reject::{FileFault, FileReason};

use super::disk::BUFFER;
use super::feed::RawBuffer;
use super::gzip::{self, Gzip};
pub use super::hash::{HashKind, joined_blake3};
use super::inputs::Source;
use super::raw::Raw;
pub use super::raw::{Reopened, Stamped};
use super::zstandard::{self, Zstandard};

#[cfg(test)]
mod tests;

/// Expansion is checked from this many decoded bytes on: small files may compress very well.
const JUDGED_FROM: u64 = 64 << 20;

/// Expansion is checked at multiples of this, so that the result does not depend on the caller's
/// buffer.
const JUDGED_EVERY: u64 = 1 << 20;

/// Enough bytes to detect every compression.
const HEAD: usize = 4;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Maximum ratio of decoded to raw bytes, checked from 64 MiB of decoded bytes on.
    pub max_expansion: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    Plain,
    /// One or more gzip members.
    Gzip,
    /// One or more zstd frames.
    Zstd,
}

/// Facts about a source that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFacts {
    /// The raw size.
    pub bytes: u64,
    /// The hash of all raw bytes in hexadecimal digits; `None` if not requested.
    pub hash: Option<String>,
    pub compression: Compression,
    /// The file, if its records can be read again where they are.
    pub stamped: Option<Stamped>,
}

/// A source being read.
pub struct SourceReader {
    body: Body,
    limits: Limits,
    /// Decoded bytes so far.
    decoded: u64,
    ended: bool,
    /// The fault that was found; returned once every byte before it has been returned.
    fault: Option<FileFault>,
}

enum Body {
    Plain { raw: Box<Raw>, head: [u8; HEAD], given: usize, filled: usize },
    Gzip(Box<Gzip>),
    Zstd(Box<Zstandard>),
}

impl fmt::Debug for SourceReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader")
            .field("compression", &self.compression())
            .field("consumed", &self.consumed())
            .field("fault", &self.fault)
            .finish_non_exhaustive()
    }
}

impl SourceReader {
    /// Opens a source and detects its compression. Blocks until a pipe has delivered its first
    /// bytes.
    pub fn open(source: &Source, hash: HashKind, limits: Limits) -> Result<SourceReader, FileFault> {
        let mut raw = Raw::open(source, hash)?;
        let mut head = [0; HEAD];
        let (filled, were_taken) = raw.peek(&mut head)?;
        let (seen, taken) = (&head[..filled], &head[..if were_taken { filled } else { 0 }]);
        let body = if seen.starts_with(&gzip::MAGIC) {
            Body::Gzip(Box::new(Gzip::new(RawBuffer::new(raw, taken))))
        } else if zstandard::begins_frame(seen) {
            Body::Zstd(Box::new(Zstandard::new(RawBuffer::new(raw, taken))?))
        } else {
            Body::Plain { raw: Box::new(raw), head, given: 0, filled: taken.len() }
        };
        Ok(SourceReader { body, limits, decoded: 0, ended: false, fault: None })
    }

    /// Reads the next decoded bytes; 0 is the clean end. A fault is returned after every byte
    /// before it.
    ///
    /// Plain data is read directly into the buffer by one system call; compressed data fills the
    /// whole buffer. The buffer must not be empty.
    pub fn read(&mut self, buf: &mut [u8]) -> Result<usize, FileFault> {
        assert!(!buf.is_empty(), "an empty buffer would look like the end");
        if let Some(fault) = &self.fault {
            return Err(fault.clone());
        }
        let mut filled = 0;
        while filled < buf.len() && !self.ended {
            match self.step(&mut buf[filled..]) {
                Ok(count) => filled += count,
                Err(fault) => {
                    self.fault = Some(fault.clone());
                    return if filled == 0 { Err(fault) } else { Ok(filled) };
                }
            }
            if matches!(self.body, Body::Plain { .. }) {
                break;
            }
        }
        Ok(filled)
    }

    /// Reads to the end and drops the bytes: for a source whose text is already refused, but whose
    /// compression may be the actual fault.
    pub fn drain(&mut self) -> Result<(), FileFault> {
        let mut rest = vec![0; BUFFER];
        while self.read(&mut rest)? > 0 {}
        Ok(())
    }

    /// Returns the raw size, if it is known before the end.
    pub fn size_hint(&self) -> Option<u64> {
        self.raw().and_then(Raw::size_hint)
    }

    /// Raw bytes read so far.
    pub fn consumed(&self) -> u64 {
        self.raw().map_or(0, Raw::consumed)
    }

    pub fn compression(&self) -> Compression {
        match self.body {
            Body::Plain { .. } => Compression::Plain,
            Body::Gzip(_) => Compression::Gzip,
            Body::Zstd(_) => Compression::Zstd,
        }
    }

    /// Returns size and hash of the whole source; a fault if it changed while it was read.
    ///
    /// Before the end, or after a fault, the rest is read undecoded, so that a refused file has a
    /// size and a hash too.
    pub fn finish(self) -> Result<FileFacts, FileFault> {
        let (compression, stamped) = (self.compression(), self.stamped().cloned());
        let raw = match self.body {
            Body::Plain { raw, .. } => Some(*raw),
            Body::Gzip(gzip) => gzip.into_feed().into_raw(),
            Body::Zstd(zstd) => zstd.into_feed().into_raw(),
        };
        let (bytes, hash) = raw.expect("a feed is lent for the length of a reset only").finish()?;
        Ok(FileFacts { bytes, hash, compression, stamped })
    }

    /// The file, if its records can be read again where they are: it is neither packed nor a pipe.
    pub fn stamped(&self) -> Option<&Stamped> {
        match &self.body {
            Body::Plain { raw, .. } => raw.stamped(),
            Body::Gzip(_) | Body::Zstd(_) => None,
        }
    }

    /// Where the first line of a part of a file begins; `None` for another source.
    pub fn first_line(&self) -> Option<u64> {
        self.raw().and_then(Raw::first_line)
    }

    fn raw(&self) -> Option<&Raw> {
        match &self.body {
            Body::Plain { raw, .. } => Some(raw),
            Body::Gzip(gzip) => gzip.feed().raw(),
            Body::Zstd(zstd) => zstd.feed().raw(),
        }
    }

    /// Decodes more bytes, up to the next position where expansion is checked.
    fn step(&mut self, buf: &mut [u8]) -> Result<usize, FileFault> {
        let room = JUDGED_EVERY - self.decoded % JUDGED_EVERY;
        let room = usize::try_from(room).map_or(buf.len(), |room| room.min(buf.len()));
        let (count, taken) = match &mut self.body {
            Body::Plain { raw, head, given, filled } => {
                let count = plain(raw, &head[..*filled], given, buf)?;
                self.ended = count == 0;
                return Ok(count);
            }
            Body::Gzip(gzip) => (gzip.step(&mut buf[..room])?, gzip.feed().taken()),
            Body::Zstd(zstd) => (zstd.step(&mut buf[..room])?, zstd.feed().taken()),
        };
        self.ended = count == 0;
        self.decoded += count as u64;
        let judged = self.ended || self.decoded.is_multiple_of(JUDGED_EVERY);
        if judged && self.decoded >= JUDGED_FROM && self.decoded > self.limits.max_expansion.saturating_mul(taken) {
            return Err(expanded(self.decoded, taken));
        }
        Ok(count)
    }
}

/// Reads what is left of the first bytes, then the file itself.
fn plain(raw: &mut Raw, head: &[u8], given: &mut usize, buf: &mut [u8]) -> Result<usize, FileFault> {
    let rest = &head[*given..];
    let count = rest.len().min(buf.len());
    buf[..count].copy_from_slice(&rest[..count]);
    *given += count;
    Ok(count + raw.read(&mut buf[count..])?)
}

/// The fault of a decompression bomb, or of data that compresses like one.
fn expanded(decoded: u64, taken: u64) -> FileFault {
    let times = decoded / taken.max(1);
    let detail = format!("more than {times} times by byte {decoded}; if that is right, raise --max-expansion");
    FileFault::new(FileReason::ExpansionTooLarge, detail)
}
