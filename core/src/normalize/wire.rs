//! How values lie in rows: short numbers take few bytes, texts are borrowed back.

use crate::model::instant::Instant;
use crate::model::money::Sum;

/// Appends values to a row.
pub trait Wire {
    /// One byte.
    fn byte(&mut self, value: u8);
    /// A number without sign.
    fn number(&mut self, value: u64);
    /// A number with sign.
    fn signed(&mut self, value: i64);
    /// A sum.
    fn sum(&mut self, value: Sum);
    /// A text.
    fn text(&mut self, value: &str);
    /// A text without zero bytes, in a form whose bytes compare as the texts do, whatever follows it.
    fn terminated(&mut self, value: &str);
    /// Raw bytes with their length.
    fn bytes(&mut self, value: &[u8]);
    /// A text, or none.
    fn opt_text(&mut self, value: Option<&str>);
    /// A point in time, or none.
    fn opt_instant(&mut self, value: Option<Instant>);
    /// A number with sign, or none.
    fn opt_signed(&mut self, value: Option<i64>);
    /// A word: by its place in a dictionary, else as text.
    fn word(&mut self, dictionary: &[&str], value: Option<&str>);
}

/// A number's bytes, seven bits in each and the highest bit set in all but the last: in one word, with how many they
/// are. The number has at most 56 bits.
#[inline(always)]
fn septets(value: u64) -> (u64, usize) {
    let halves = (value & 0x0fff_ffff) | (value & 0x00ff_ffff_f000_0000) << 4;
    let quarters = (halves & 0x0000_3fff_0000_3fff) | (halves & 0x0fff_c000_0fff_c000) << 2;
    let bytes = (quarters & 0x007f_007f_007f_007f) | (quarters & 0x3f80_3f80_3f80_3f80) << 1;
    let count = 8 - (bytes | 1).leading_zeros() as usize / 8;
    let goes_on = 0x8080_8080_8080_8080 & ((1 << (8 * (count - 1))) - 1);
    (bytes | goes_on, count)
}

/// Appends a few bytes and a number behind them, in one go: more is written than is kept.
#[inline(always)]
fn append<const N: usize>(out: &mut Vec<u8>, front: [u8; N], value: u64) {
    if value >> 56 != 0 {
        out.extend_from_slice(&front);
        return append_long(out, value);
    }
    let (word, count) = septets(value);
    let mut bytes = [0; 16];
    bytes[..N].copy_from_slice(&front);
    bytes[N..N + 8].copy_from_slice(&word.to_le_bytes());
    let length = out.len() + N + count;
    out.extend_from_slice(&bytes);
    out.truncate(length);
}

#[cold]
fn append_long(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// A number with its sign in the lowest bit.
#[inline(always)]
fn folded(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

impl Wire for Vec<u8> {
    #[inline]
    fn byte(&mut self, value: u8) {
        self.push(value);
    }

    #[inline]
    fn number(&mut self, value: u64) {
        if value < 0x80 {
            return self.push(value as u8);
        }
        append(self, [], value);
    }

    #[inline]
    fn signed(&mut self, value: i64) {
        append(self, [], folded(value));
    }

    #[inline]
    fn sum(&mut self, value: Sum) {
        match i64::try_from(value) {
            Ok(small) => append(self, [0], folded(small)),
            Err(_) => {
                self.push(1);
                self.extend_from_slice(&value.to_le_bytes());
            }
        }
    }

    #[inline]
    fn text(&mut self, value: &str) {
        self.bytes(value.as_bytes());
    }

    #[inline]
    fn terminated(&mut self, value: &str) {
        assert!(!value.as_bytes().contains(&0), "an id has no control characters");
        self.extend_from_slice(value.as_bytes());
        self.push(0);
    }

    #[inline]
    fn bytes(&mut self, value: &[u8]) {
        self.number(value.len() as u64);
        self.extend_from_slice(value);
    }

    #[inline]
    fn opt_text(&mut self, value: Option<&str>) {
        match value {
            None => self.push(0),
            Some(text) => {
                self.number(text.len() as u64 + 1);
                self.extend_from_slice(text.as_bytes());
            }
        }
    }

    #[inline]
    fn opt_instant(&mut self, value: Option<Instant>) {
        let Some(Instant { seconds, nanos }) = value else { return self.push(0) };
        match (u32::try_from(seconds), nanos) {
            (Ok(seconds), 0) => {
                self.push(1);
                self.extend_from_slice(&seconds.to_le_bytes());
            }
            (Ok(seconds), nanos) => {
                self.push(2);
                self.extend_from_slice(&(u64::from(nanos) << 32 | u64::from(seconds)).to_le_bytes());
            }
            (Err(_), nanos) => {
                self.push(3);
                self.extend_from_slice(&seconds.to_le_bytes());
                self.extend_from_slice(&nanos.to_le_bytes());
            }
        }
    }

    #[inline]
    fn opt_signed(&mut self, value: Option<i64>) {
        match value {
            None => self.push(0),
            Some(number) => append(self, [1], folded(number)),
        }
    }

    #[inline]
    fn word(&mut self, dictionary: &[&str], value: Option<&str>) {
        let Some(word) = value else { return self.push(0) };
        match dictionary.iter().position(|known| *known == word) {
            Some(place) => self.push(place as u8 + 2),
            None => {
                self.push(1);
                self.text(word);
            }
        }
    }
}

/// Takes values back from a row.
///
/// Rows are ours: they were written by [`Wire`], and what lay on disk was checked by its checksum. So a row
/// that does not hold what it must is a mistake of ours, and a panic that says so.
#[derive(Clone, Copy, Debug)]
pub struct Unpacker<'p> {
    rest: &'p [u8],
}

impl<'p> Unpacker<'p> {
    /// Starts at the front of a row's bytes.
    pub fn new(bytes: &'p [u8]) -> Self {
        Unpacker { rest: bytes }
    }

    /// What is left.
    pub fn rest(&self) -> &'p [u8] {
        self.rest
    }

    #[inline]
    fn take(&mut self, length: usize) -> &'p [u8] {
        assert!(length <= self.rest.len(), "a row ends before its values do");
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }

    /// One byte.
    #[inline]
    pub fn byte(&mut self) -> u8 {
        self.take(1)[0]
    }

    #[inline]
    fn array<const N: usize>(&mut self) -> [u8; N] {
        let (taken, rest) = self.rest.split_first_chunk::<N>().expect("a row ends before its values do");
        self.rest = rest;
        *taken
    }

    /// A number without sign; nearly all take one byte.
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

    fn long_number(&mut self) -> u64 {
        // Of eight bytes at once: the last one of the number is the first below 0x80.
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

    /// Four bytes as they stand.
    #[inline]
    pub fn fixed(&mut self) -> u32 {
        u32::from_le_bytes(self.array())
    }

    /// A number without sign that counts something in memory.
    #[inline]
    pub fn count(&mut self) -> usize {
        self.number() as usize
    }

    /// A number with sign.
    #[inline]
    pub fn signed(&mut self) -> i64 {
        let value = self.number();
        (value >> 1) as i64 ^ -((value & 1) as i64)
    }

    /// A sum.
    #[inline]
    pub fn sum(&mut self) -> Sum {
        if self.byte() == 0 {
            return Sum::from(self.signed());
        }
        Sum::from_le_bytes(self.array())
    }

    /// Raw bytes.
    #[inline]
    pub fn bytes(&mut self) -> &'p [u8] {
        let length = self.count();
        self.take(length)
    }

    /// A text that ends in a zero byte.
    #[inline]
    pub fn terminated(&mut self) -> &'p str {
        let length = self.rest.iter().position(|byte| *byte == 0).expect("a text in a row has an end");
        let text = text_of(self.take(length));
        self.skip(1);
        text
    }

    /// A text that [`keyed`](super::keyed) has written.
    pub fn keyed(&mut self) -> String {
        let mut bytes = Vec::new();
        loop {
            match self.byte() {
                0 if self.byte() == 0 => return String::from_utf8(bytes).expect("a text in a row was a text"),
                byte => bytes.push(byte),
            }
        }
    }

    /// A number of 32 bits, the upper ones first.
    pub fn be_u32(&mut self) -> u32 {
        self.take(4).iter().fold(0, |number, byte| number << 8 | u32::from(*byte))
    }

    /// A number of 64 bits, the upper ones first.
    pub fn be_u64(&mut self) -> u64 {
        self.take(8).iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
    }

    /// Passes by so many bytes.
    #[inline]
    pub fn skip(&mut self, count: usize) {
        self.take(count);
    }

    /// A text.
    #[inline]
    pub fn text(&mut self) -> &'p str {
        text_of(self.bytes())
    }

    /// The bytes of a text, or none.
    #[inline]
    pub fn opt_bytes(&mut self) -> Option<&'p [u8]> {
        let length = self.count();
        (length > 0).then(|| self.take(length - 1))
    }

    /// A text, or none.
    #[inline]
    pub fn opt_text(&mut self) -> Option<&'p str> {
        self.opt_bytes().map(text_of)
    }

    /// Passes by a word; whether there was one.
    #[inline]
    pub fn skip_word(&mut self) -> bool {
        let place = self.byte();
        if place == 1 {
            self.bytes();
        }
        place != 0
    }

    /// A point in time, or none.
    #[inline]
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

    /// A number with sign, or none.
    #[inline]
    pub fn opt_signed(&mut self) -> Option<i64> {
        (self.byte() == 1).then(|| self.signed())
    }

    /// A word of a dictionary, or another text.
    #[inline]
    pub fn word(&mut self, dictionary: &[&'static str]) -> Option<&'p str> {
        match self.byte() {
            0 => None,
            1 => Some(self.text()),
            place => Some(dictionary[usize::from(place) - 2]),
        }
    }
}

/// Brings the lower seven bits of eight bytes together, the first byte's lowest.
#[inline]
fn sevens(word: u64) -> u64 {
    let pairs = word & 0x007f_007f_007f_007f | (word & 0x7f00_7f00_7f00_7f00) >> 1;
    let fours = pairs & 0x0000_3fff_0000_3fff | (pairs & 0x3fff_0000_3fff_0000) >> 2;
    fours & 0x0000_0000_0fff_ffff | (fours & 0x0fff_ffff_0000_0000) >> 4
}

/// The text that was packed as these bytes.
#[inline]
pub fn text_of(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("texts in rows were texts when they were packed")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_every_length_come_back_wherever_they_stand() {
        let edges = (0..64).flat_map(|bit| [1u64 << bit, (1 << bit) - 1, (1 << bit) | 1, u64::MAX >> bit]);
        for number in edges {
            let mut row = Vec::new();
            append_long(&mut row, number);
            let mut short = Vec::new();
            short.number(number);
            assert_eq!(short, row, "{number}");
            assert_eq!(Unpacker::new(&row).number(), number);
            row.extend_from_slice(&[0xff; 9]);
            let mut back = Unpacker::new(&row);
            assert_eq!((back.number(), back.rest().len()), (number, 9));
        }
    }

    #[test]
    fn values_come_back() {
        let mut row = Vec::new();
        let borders = (0..64).map(|bits| 1u64 << bits).flat_map(|power| [power - 1, power, power + 1]);
        let numbers: Vec<u64> = borders.chain([u64::MAX - 1, u64::MAX]).collect();
        let signed = [0, -1, 1, i64::MIN, i64::MAX];
        let sums = [0, -1, Sum::from(i64::MAX) + 1, Sum::MIN];
        numbers.iter().for_each(|n| row.number(*n));
        signed.iter().for_each(|n| row.signed(*n));
        sums.iter().for_each(|n| row.sum(*n));
        row.opt_text(None);
        row.opt_text(Some(""));
        row.terminated("id");
        row.word(&["A", "B"], Some("B"));
        row.word(&["A", "B"], Some("C"));
        row.word(&["A", "B"], None);
        let ends = [0, i64::from(u32::MAX), i64::from(u32::MAX) + 1, -5, i64::MIN, i64::MAX];
        let instants =
            ends.into_iter().flat_map(|seconds| [0, 1, 1_500_000_000].map(|nanos| Instant { seconds, nanos }));
        instants.clone().for_each(|instant| row.opt_instant(Some(instant)));
        row.opt_instant(None);
        let mut back = Unpacker::new(&row);
        assert!(numbers.iter().all(|n| back.number() == *n));
        assert!(signed.iter().all(|n| back.signed() == *n));
        assert!(sums.iter().all(|n| back.sum() == *n));
        assert_eq!((back.opt_text(), back.opt_text()), (None, Some("")));
        assert_eq!(back.terminated(), "id");
        assert_eq!(
            [back.word(&["A", "B"]), back.word(&["A", "B"]), back.word(&["A", "B"])],
            [Some("B"), Some("C"), None]
        );
        assert!(instants.into_iter().all(|instant| back.opt_instant() == Some(instant)));
        assert_eq!(back.opt_instant(), None);
        assert!(back.rest().is_empty());
    }
}
