//! A stream of which a reader can take a limited number of bytes at a time: what it keeps until a
//! closing mark comes is bounded.

use std::io::{BufRead, Error, Read, Result};

use crate::model::reject::{FileFault, FileReason};

/// What to do about a file that ends too early.
pub const REFETCH: &str = "the file is cut, fetch it from the bank again";

#[derive(Debug)]
pub struct Bounded<R> {
    inner: R,
    left: usize,
}

impl<R> Bounded<R> {
    pub fn new(inner: R) -> Bounded<R> {
        Bounded { inner, left: 0 }
    }

    /// Sets how many bytes may be taken from now on.
    pub fn allow(&mut self, bytes: usize) {
        self.left = bytes;
    }

    /// Whether all allowed bytes were taken.
    pub fn is_used_up(&self) -> bool {
        self.left == 0
    }
}

impl<R: BufRead> BufRead for Bounded<R> {
    fn fill_buf(&mut self) -> Result<&[u8]> {
        if self.left == 0 {
            return Err(Error::other("the limit is reached"));
        }
        let bytes = self.inner.fill_buf()?;
        Ok(&bytes[..bytes.len().min(self.left)])
    }

    fn consume(&mut self, count: usize) {
        self.left -= count;
        self.inner.consume(count);
    }
}

impl<R: BufRead> Read for Bounded<R> {
    fn read(&mut self, buf: &mut [u8]) -> Result<usize> {
        let bytes = self.fill_buf()?;
        let count = bytes.len().min(buf.len());
        buf[..count].copy_from_slice(&bytes[..count]);
        self.consume(count);
        Ok(count)
    }
}

/// Decodes text whose encoding is known; `None` if it is not in that encoding.
pub fn decoded(bytes: &[u8], is_latin1: bool) -> Option<String> {
    if is_latin1 {
        return Some(bytes.iter().copied().map(char::from).collect());
    }
    Some(str::from_utf8(bytes).ok()?.to_owned())
}

/// Whether bytes have a control character other than a tab or a line end.
pub fn has_controls(bytes: &[u8]) -> bool {
    bytes.iter().any(|byte| *byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r'))
}

/// The fault of a stream that cannot be read; who made the stream knows more.
pub fn unreadable() -> FileFault {
    FileReason::IoError.into()
}
