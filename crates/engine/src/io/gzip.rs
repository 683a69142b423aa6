//! gzip, member by member.

use std::io::{Error, ErrorKind, Read};
use std::mem;

use avstem_core::model::reject::{FileFault, FileReason};
use flate2::bufread::GzDecoder;

use super::feed::RawBuffer;

/// Magic number of a gzip file.
pub(super) const MAGIC: [u8; 2] = [0x1f, 0x8b];

/// The start of every member: the magic number and deflate, the only method.
const MEMBER: [u8; 3] = [0x1f, 0x8b, 8];

/// A gzip file.
///
/// The multi-member decoder of `flate2` is not used: it cannot tell data after a member from a
/// damaged member.
pub(super) struct Gzip {
    decoder: GzDecoder<RawBuffer>,
    member: u64,
}

impl Gzip {
    pub(super) fn new(feed: RawBuffer) -> Gzip {
        Gzip { decoder: GzDecoder::new(feed), member: 1 }
    }

    pub(super) fn feed(&self) -> &RawBuffer {
        self.decoder.get_ref()
    }

    pub(super) fn into_feed(self) -> RawBuffer {
        self.decoder.into_inner()
    }

    /// Returns the number of decoded bytes, 0 after the last member. `out` must not be empty.
    pub(super) fn step(&mut self, out: &mut [u8]) -> Result<usize, FileFault> {
        loop {
            match self.decoder.read(out) {
                Ok(0) if !self.next_member()? => return Ok(0),
                Ok(0) => {}
                Ok(count) => return Ok(count),
                Err(error) => return Err(self.explain(&error)),
            }
        }
    }

    /// Starts the next member, if there is one.
    fn next_member(&mut self) -> Result<bool, FileFault> {
        let feed = self.decoder.get_mut();
        let rest = feed.peek(MEMBER.len())?;
        if rest.is_empty() {
            return Ok(false);
        }
        if rest.starts_with(&MEMBER) {
            let feed = mem::take(feed);
            self.decoder.reset(feed);
            self.member += 1;
            return Ok(true);
        }
        if MEMBER.starts_with(rest) {
            return Err(cut(feed));
        }
        Err(trailing("gzip", feed))
    }

    /// Maps a decoder error to a fault.
    fn explain(&mut self, error: &Error) -> FileFault {
        let feed = self.decoder.get_mut();
        match feed.take_failed() {
            Some(fault) => fault,
            None if error.kind() == ErrorKind::UnexpectedEof => cut(feed),
            // The decoder's messages describe the format, never the content.
            None => FileFault::new(FileReason::Corrupt, format!("{error}, in gzip member {}", self.member)),
        }
    }
}

/// The fault of truncated compressed data.
pub(super) fn cut(feed: &RawBuffer) -> FileFault {
    let length = feed.raw().map_or(0, |raw| raw.consumed());
    FileFault::new(FileReason::Truncated, format!("after {length} bytes more must follow; copy or export it again"))
}

/// The fault of bytes after compressed data.
pub(super) fn trailing(format: &str, feed: &RawBuffer) -> FileFault {
    let place = feed.taken();
    FileFault::new(FileReason::TrailingData, format!("the {format} data ends at byte {place} of the file"))
}
