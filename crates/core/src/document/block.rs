//! A block of a stream that is read at once, and the options for reading it.

use std::any::Any;

use bumpalo::Bump;

use super::cursor::Text;
use super::simd::{PADDING, Padded, Way};
use super::{Layout, Pieces};
use crate::model::origin::FileNo;

#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Whether the grammar of skipped values is checked too.
    pub strict: bool,
    /// The largest record in bytes.
    pub max_record: u64,
}

/// A piece of a decoded stream that holds whole records.
#[derive(Clone, Copy, Debug)]
pub struct Block<'b> {
    pub bytes: Padded<'b>,
    /// Offset of the first byte in the stream.
    pub base: u64,
    pub pieces: &'b Pieces,
    pub file: FileNo,
    pub layout: &'b Layout,
}

/// Buffers reused for every block.
#[derive(Debug, Default)]
pub struct Reading {
    pub(crate) way: Way,
    pub(crate) arena: Bump,
    /// The [`Memory`](super::fast::Memory) of the provider's names.
    pub(crate) memory: Option<Box<dyn Any + Send>>,
}

impl Reading {
    /// Uses the portable implementation, which works on every processor.
    pub fn portable() -> Self {
        Reading { way: Way::portable(), ..Reading::default() }
    }
}

/// Returns the block as text. Each invalid UTF-8 byte is replaced by `?` and its offset returned,
/// so that only the record that holds it is rejected.
pub(crate) fn valid_text<'b>(padded: Padded<'b>, arena: &'b Bump) -> (Text<'b>, Vec<usize>) {
    match simdutf8::basic::from_utf8(padded.text()) {
        Ok(whole) => (Text { whole, padded }, Vec::new()),
        Err(_) => replace_invalid(padded.text(), arena),
    }
}

#[cold]
fn replace_invalid<'b>(bytes: &[u8], arena: &'b Bump) -> (Text<'b>, Vec<usize>) {
    let mut invalid = Vec::new();
    let mut text = bumpalo::collections::String::with_capacity_in(bytes.len() + PADDING, arena);
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for _ in chunk.invalid() {
            invalid.push(text.len());
            text.push('?');
        }
    }
    let length = text.len();
    text.extend(std::iter::repeat_n(' ', PADDING));
    let text = text.into_bump_str();
    (Text { whole: &text[..length], padded: Padded::new(text.as_bytes(), length) }, invalid)
}
