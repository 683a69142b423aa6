//! Buffers raw bytes for a decoder.

use std::io::{self, BufRead, Read};

use avstem_core::model::reject::FileFault;

use super::disk::BUFFER;
use super::raw::Raw;

/// A buffered raw source. Reads as an empty one while its content is moved out.
#[derive(Default)]
pub(super) struct RawBuffer(Option<Box<Inner>>);

struct Inner {
    raw: Raw,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    /// The fault behind an I/O error that was passed through a decoder.
    failed: Option<FileFault>,
}

impl RawBuffer {
    /// Creates a buffer that begins with bytes already read from the source.
    pub(super) fn new(raw: Raw, head: &[u8]) -> RawBuffer {
        let mut buffer = vec![0; BUFFER];
        buffer[..head.len()].copy_from_slice(head);
        RawBuffer(Some(Box::new(Inner { raw, buffer, start: 0, end: head.len(), failed: None })))
    }

    pub(super) fn raw(&self) -> Option<&Raw> {
        self.0.as_ref().map(|inner| &inner.raw)
    }

    pub(super) fn into_raw(self) -> Option<Raw> {
        self.0.map(|inner| inner.raw)
    }

    /// Number of raw bytes that the decoder consumed.
    pub(super) fn taken(&self) -> u64 {
        self.0.as_ref().map_or(0, |inner| inner.raw.consumed() - (inner.end - inner.start) as u64)
    }

    /// Returns the source's fault if it caused the decoder's error.
    pub(super) fn take_failed(&mut self) -> Option<FileFault> {
        self.0.as_mut().and_then(|inner| inner.failed.take())
    }

    /// Returns the buffered bytes, refilled if there are none; empty only at the end.
    pub(super) fn fill(&mut self) -> Result<&[u8], FileFault> {
        self.peek(1)
    }

    /// Returns the buffered bytes, at least `wanted` of them unless the source ends earlier.
    pub(super) fn peek(&mut self, wanted: usize) -> Result<&[u8], FileFault> {
        let Some(inner) = &mut self.0 else { return Ok(&[]) };
        if inner.end - inner.start < wanted && inner.start > 0 {
            inner.buffer.copy_within(inner.start..inner.end, 0);
            (inner.start, inner.end) = (0, inner.end - inner.start);
        }
        while inner.end - inner.start < wanted {
            let count = inner.raw.read(&mut inner.buffer[inner.end..])?;
            if count == 0 {
                break;
            }
            inner.end += count;
        }
        Ok(&inner.buffer[inner.start..inner.end])
    }

    /// Marks bytes as consumed.
    pub(super) fn take(&mut self, count: usize) {
        if let Some(inner) = &mut self.0 {
            assert!(count <= inner.end - inner.start, "a decoder takes no more than there is");
            inner.start += count;
        }
    }
}

impl BufRead for RawBuffer {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if let Err(fault) = self.fill() {
            if let Some(inner) = &mut self.0 {
                inner.failed = Some(fault);
            }
            return Err(io::ErrorKind::Other.into());
        }
        Ok(self.0.as_ref().map_or(&[], |inner| &inner.buffer[inner.start..inner.end]))
    }

    fn consume(&mut self, count: usize) {
        self.take(count);
    }
}

impl Read for RawBuffer {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let count = available.len().min(buf.len());
        buf[..count].copy_from_slice(&available[..count]);
        self.take(count);
        Ok(count)
    }
}
