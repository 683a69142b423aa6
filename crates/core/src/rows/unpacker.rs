//! Reads values from rows; texts are borrowed.

use std::borrow::Cow;

use crate::document::ascii_text;
use crate::model::instant::Instant;
use crate::model::money::Sum;
use crate::model::origin::Origin;

/// Reads values from a row.
///
/// Rows are trusted: they were written by [`Wire`](super::Wire), and rows on disk are verified by
/// checksum. A malformed row is therefore a bug, and reading it panics.
#[derive(Clone, Copy, Debug)]
pub struct Unpacker<'p> {
    rest: &'p [u8],
}

impl<'p> Unpacker<'p> {
    pub const fn new(bytes: &'p [u8]) -> Self {
        Unpacker { rest: bytes }
    }

    /// The unread bytes.
    pub fn rest(&self) -> &'p [u8] {
        self.rest
    }

    /// The next `length` bytes.
    #[inline]
    pub fn take(&mut self, length: usize) -> &'p [u8] {
        assert!(length <= self.rest.len(), "a row ends before its values do");
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }

    #[inline]
    pub fn byte(&mut self) -> u8 {
        self.take(1)[0]
    }

    #[inline]
    pub fn array<const N: usize>(&mut self) -> [u8; N] {
        let (taken, rest) = self.rest.split_first_chunk::<N>().expect("a row ends before its values do");
        self.rest = rest;
        *taken
    }

    /// An unsigned number; nearly all take one byte.
    #[inline]
    pub fn number(&mut self) -> u64 {
        match self.rest {
            [byte, rest @ ..] if *byte < 0x80 => {
                self.rest = rest;
                u64::from(*byte)
            }
            _ => self.long_number(),
        }
    }

    /// Skips an unsigned or a signed number.
    #[inline]
    pub fn skip_number(&mut self) {
        while self.byte() >= 0x80 {}
    }

    fn long_number(&mut self) -> u64 {
        // Reads eight bytes at once: the number ends at the first byte below 0x80.
        if let Some(bytes) = self.rest.first_chunk::<8>() {
            let word = u64::from_le_bytes(*bytes);
            let ends = !word & 0x8080_8080_8080_8080;
            if ends != 0 {
                let bits = ends.trailing_zeros();
                self.rest = &self.rest[bits as usize / 8 + 1..];
                return sevens(word & (u64::MAX >> (63 - bits)));
            }
        }
        self.number_by_bytes()
    }

    fn number_by_bytes(&mut self) -> u64 {
        let (mut value, mut shift) = (0u64, 0u32);
        loop {
            let byte = self.byte();
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return value;
            }
            shift += 7;
            assert!(shift < 70, "a number in a row has no end");
        }
    }

    /// A number in four little-endian bytes.
    #[inline]
    pub fn fixed(&mut self) -> u32 {
        u32::from_le_bytes(self.array())
    }

    /// An unsigned number that counts something in memory.
    #[inline]
    pub fn count(&mut self) -> usize {
        self.number() as usize
    }

    /// A signed number, zigzag-encoded.
    #[inline]
    pub fn signed(&mut self) -> i64 {
        let value = self.number();
        (value >> 1) as i64 ^ -((value & 1) as i64)
    }

    #[inline]
    pub fn sum(&mut self) -> Sum {
        if self.byte() == 0 {
            return Sum::from(self.signed());
        }
        Sum::from_le_bytes(self.array())
    }

    /// Length-prefixed bytes.
    #[inline]
    pub fn flag(&mut self) -> bool {
        self.byte() == 1
    }

    #[inline]
    pub fn opt_flag(&mut self) -> Option<bool> {
        match self.byte() {
            0 => None,
            code => Some(code == 2),
        }
    }

    #[inline]
    pub fn opt_sum(&mut self) -> Option<Sum> {
        self.flag().then(|| self.sum())
    }

    #[inline]
    pub fn bytes(&mut self) -> &'p [u8] {
        let length = self.count();
        self.take(length)
    }

    /// A text that ends in a zero byte.
    #[inline]
    pub fn terminated(&mut self) -> &'p str {
        text_of(self.up_to_zero())
    }

    /// Skips a text that ends in a zero byte.
    #[inline]
    pub fn skip_terminated(&mut self) {
        self.up_to_zero();
    }

    /// A text written by [`keyed`](super::keyed).
    pub fn keyed(&mut self) -> Cow<'p, str> {
        let first = self.up_to_zero();
        if self.byte() == 0 {
            return Cow::Borrowed(text_of(first));
        }
        // A zero byte of the text itself, which is followed by another byte.
        let mut bytes = first.to_vec();
        loop {
            bytes.push(0);
            bytes.extend_from_slice(self.up_to_zero());
            if self.byte() == 0 {
                return Cow::Owned(String::from_utf8(bytes).expect("a text in a row was a text"));
            }
        }
    }

    /// Skips a text written by [`keyed`](super::keyed).
    pub fn skip_keyed(&mut self) {
        while {
            self.up_to_zero();
            self.byte() != 0
        } {}
    }

    /// What precedes the next zero byte, which is skipped.
    #[inline]
    fn up_to_zero(&mut self) -> &'p [u8] {
        let length = memchr::memchr(0, self.rest).expect("a text in a row has an end");
        let bytes = self.take(length);
        self.skip(1);
        bytes
    }

    pub fn be_u32(&mut self) -> u32 {
        self.take(4).iter().fold(0, |number, byte| number << 8 | u32::from(*byte))
    }

    pub fn be_u64(&mut self) -> u64 {
        self.take(8).iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
    }

    #[inline]
    pub fn skip(&mut self, count: usize) {
        self.take(count);
    }

    #[inline]
    pub fn text(&mut self) -> &'p str {
        text_of(self.bytes())
    }

    #[inline(always)]
    pub fn opt_bytes(&mut self) -> Option<&'p [u8]> {
        let length = self.count();
        (length > 0).then(|| self.take(length - 1))
    }

    #[inline(always)]
    pub fn opt_text(&mut self) -> Option<&'p str> {
        self.opt_bytes().map(text_of)
    }

    /// The number of a word: its place in the dictionary, from 1; 0 for none, or one that is not there.
    #[inline(always)]
    pub fn word_number(&self) -> u8 {
        self.rest.first().map_or(0, |place| place.saturating_sub(1))
    }

    /// Skips a word; returns whether there was one.
    #[inline]
    pub fn skip_word(&mut self) -> bool {
        let place = self.byte();
        if place == 1 {
            self.bytes();
        }
        place != 0
    }

    #[inline(always)]
    pub fn opt_instant(&mut self) -> Option<Instant> {
        match self.byte() {
            0 => None,
            1 => Some(Instant { seconds: i64::from(u32::from_le_bytes(self.array())), nanos: 0 }),
            2 => {
                let both = u64::from_le_bytes(self.array());
                Some(Instant { seconds: i64::from(both as u32), nanos: (both >> 32) as u32 })
            }
            _ => {
                let seconds = i64::from_le_bytes(self.array());
                Some(Instant { seconds, nanos: u32::from_le_bytes(self.array()) })
            }
        }
    }

    #[inline(always)]
    pub fn origin(&mut self) -> Origin {
        let bytes = u128::from_le_bytes(self.array());
        Origin { file: bytes as u32, offset: (bytes >> 32) as u64, length: (bytes >> 96) as u32 }
    }

    #[inline]
    pub fn opt_signed(&mut self) -> Option<i64> {
        (self.byte() == 1).then(|| self.signed())
    }

    /// A word by its place in a dictionary, or as text.
    #[inline(always)]
    pub fn word(&mut self, dictionary: &[&'static str]) -> Option<&'p str> {
        match self.byte() {
            0 => None,
            1 => Some(self.text()),
            place => Some(dictionary[usize::from(place) - 2]),
        }
    }
}

/// Concatenates the low seven bits of eight bytes, the first byte lowest.
#[inline]
fn sevens(word: u64) -> u64 {
    let pairs = word & 0x007f_007f_007f_007f | (word & 0x7f00_7f00_7f00_7f00) >> 1;
    let fours = pairs & 0x0000_3fff_0000_3fff | (pairs & 0x3fff_0000_3fff_0000) >> 2;
    fours & 0x0000_0000_0fff_ffff | (fours & 0x0fff_ffff_0000_0000) >> 4
}

/// Panics if the bytes are not UTF-8, as no packed text can be.
#[inline]
pub fn text_of(bytes: &[u8]) -> &str {
    ascii_text(bytes).unwrap_or_else(|| other_text(bytes))
}

#[cold]
fn other_text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("texts in rows were texts when they were packed")
}
