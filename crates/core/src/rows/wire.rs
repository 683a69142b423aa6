//! The encoding of values in rows: small numbers take few bytes.

use crate::model::bytes::has_any;
use crate::model::instant::Instant;
use crate::model::money::Sum;
use crate::model::origin::Origin;

/// Appends values to a row.
pub trait Wire {
    /// Appends the first `length` of `bytes`.
    fn put<const N: usize>(&mut self, bytes: [u8; N], length: usize);

    /// Appends bytes without their length.
    fn raw(&mut self, bytes: &[u8]);

    #[inline(always)]
    fn byte(&mut self, value: u8) {
        self.put([value], 1);
    }

    #[inline(always)]
    fn flag(&mut self, value: bool) {
        self.byte(u8::from(value));
    }

    /// 0 for none, 1 for false, 2 for true.
    #[inline(always)]
    fn opt_flag(&mut self, value: Option<bool>) {
        self.byte(value.map_or(0, |value| 1 + u8::from(value)));
    }

    /// An unsigned number in LEB128.
    #[inline(always)]
    fn number(&mut self, value: u64) {
        if value < 0x80 {
            return self.put([value as u8], 1);
        }
        append(self, [], value);
    }

    /// A signed number, zigzag-encoded.
    #[inline(always)]
    fn signed(&mut self, value: i64) {
        append(self, [], folded(value));
    }

    #[inline(always)]
    fn sum(&mut self, value: Sum) {
        match i64::try_from(value) {
            Ok(small) => append(self, [0], folded(small)),
            Err(_) => self.long_sum(value),
        }
    }

    #[inline(always)]
    fn opt_sum(&mut self, value: Option<Sum>) {
        self.byte(u8::from(value.is_some()));
        value.iter().for_each(|sum| self.sum(*sum));
    }

    /// A sum of more than 64 bits.
    #[cold]
    fn long_sum(&mut self, value: Sum) {
        self.byte(1);
        self.put(value.to_le_bytes(), 16);
    }

    #[inline(always)]
    fn text(&mut self, value: &str) {
        self.bytes(value.as_bytes());
    }

    /// A text without zero bytes, in a form whose bytes compare as the texts do, whatever follows it.
    fn terminated(&mut self, value: &str) {
        assert!(!has_any(value.as_bytes(), [0]), "an id has no control characters");
        self.raw(value.as_bytes());
        self.byte(0);
    }

    /// Length-prefixed bytes.
    #[inline(always)]
    fn bytes(&mut self, value: &[u8]) {
        self.number(value.len() as u64);
        self.raw(value);
    }

    #[inline(always)]
    fn opt_text(&mut self, value: Option<&str>) {
        match value {
            None => self.byte(0),
            Some(text) => {
                self.number(text.len() as u64 + 1);
                self.raw(text.as_bytes());
            }
        }
    }

    #[inline(always)]
    fn opt_instant(&mut self, value: Option<Instant>) {
        self.then_instant([], value);
    }

    /// `front`, and then an optional instant.
    #[inline(always)]
    fn then_instant<const N: usize>(&mut self, front: [u8; N], value: Option<Instant>) {
        let mut bytes = [0; 16];
        bytes[..N].copy_from_slice(&front);
        let Some(Instant { seconds, nanos }) = value else { return self.put(bytes, N + 1) };
        let Ok(short) = u32::try_from(seconds) else {
            bytes[N] = 3;
            self.put(bytes, N + 1);
            self.put(seconds.to_le_bytes(), 8);
            return self.put(nanos.to_le_bytes(), 4);
        };
        bytes[N] = if nanos == 0 { 1 } else { 2 };
        bytes[N + 1..N + 5].copy_from_slice(&short.to_le_bytes());
        bytes[N + 5..N + 9].copy_from_slice(&nanos.to_le_bytes());
        self.put(bytes, N + if nanos == 0 { 5 } else { 9 });
    }

    #[inline(always)]
    fn origin(&mut self, origin: &Origin) {
        let Origin { file, offset, length } = *origin;
        let bytes = u128::from(file) | u128::from(offset) << 32 | u128::from(length) << 96;
        self.put(bytes.to_le_bytes(), 16);
    }

    #[inline(always)]
    fn opt_signed(&mut self, value: Option<i64>) {
        match value {
            None => self.byte(0),
            Some(number) => append(self, [1], folded(number)),
        }
    }

    /// A word: by its place in a dictionary, else as text.
    #[inline(always)]
    fn word(&mut self, dictionary: &[&str], value: Option<&str>) {
        let Some(word) = value else { return self.byte(0) };
        // The reader takes known words from the dictionary, so comparing pointers is usually enough.
        let is_it = |known: &&str| known.len() == word.len() && (known.as_ptr() == word.as_ptr() || *known == word);
        match dictionary.iter().position(is_it) {
            Some(place) => self.byte(place as u8 + 2),
            None => {
                self.byte(1);
                self.text(word);
            }
        }
    }
}

/// By the highest bit of a number of at most 28 bits: the bits that say that more bytes follow, and how many bytes it has.
const SEPTETS: [(u32, u32); 28] = {
    let (mut septets, mut bit) = ([(0, 0); 28], 0);
    while bit < 28 {
        let count = bit as u32 / 7 + 1;
        septets[bit] = (0x0080_8080 & ((1 << (8 * (count - 1))) - 1), count);
        bit += 1;
    }
    septets
};

/// Encodes a number of at most 56 bits in LEB128, in one word; returns it with its length in bytes.
#[inline(always)]
fn septets(value: u64) -> (u64, usize) {
    if value >> 28 == 0 {
        let bytes = value & 0x7f | (value & 0x3f80) << 1 | (value & 0x001f_c000) << 2 | (value & 0x0fe0_0000) << 3;
        let (goes_on, count) = SEPTETS[(value | 1).ilog2() as usize];
        return (bytes | u64::from(goes_on), count as usize);
    }
    let halves = (value & 0x0fff_ffff) | (value & 0x00ff_ffff_f000_0000) << 4;
    let quarters = (halves & 0x0000_3fff_0000_3fff) | (halves & 0x0fff_c000_0fff_c000) << 2;
    let bytes = (quarters & 0x007f_007f_007f_007f) | (quarters & 0x3f80_3f80_3f80_3f80) << 1;
    let count = 8 - (bytes | 1).leading_zeros() as usize / 8;
    let goes_on = 0x8080_8080_8080_8080 & ((1 << (8 * (count - 1))) - 1);
    (bytes | goes_on, count)
}

/// Appends `front` and a number with one `put`, which writes more bytes than it keeps.
#[inline(always)]
fn append<const N: usize>(out: &mut (impl Wire + ?Sized), front: [u8; N], value: u64) {
    if value >> 56 != 0 {
        return append_long(out, &front, value);
    }
    let (word, count) = septets(value);
    let mut bytes = [0; 16];
    bytes[..N].copy_from_slice(&front);
    bytes[N..N + 8].copy_from_slice(&word.to_le_bytes());
    out.put(bytes, N + count);
}

#[cold]
fn append_long(out: &mut (impl Wire + ?Sized), front: &[u8], mut value: u64) {
    out.raw(front);
    while value >= 0x80 {
        out.byte(value as u8 | 0x80);
        value >>= 7;
    }
    out.byte(value as u8);
}

/// Zigzag encoding: the sign moves to the lowest bit.
#[inline(always)]
fn folded(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

impl Wire for Vec<u8> {
    #[inline]
    fn put<const N: usize>(&mut self, bytes: [u8; N], length: usize) {
        let end = self.len() + length;
        self.extend_from_slice(&bytes);
        self.truncate(end);
    }

    #[inline]
    fn raw(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::super::Unpacker;
    use super::*;

    #[test]
    fn numbers_of_every_length_come_back_wherever_they_stand() {
        let edges = (0..64).flat_map(|bit| [1u64 << bit, (1 << bit) - 1, (1 << bit) | 1, u64::MAX >> bit]);
        for number in edges {
            let mut row = Vec::new();
            append_long(&mut row, &[], number);
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
    fn what_is_written_in_one_go_is_what_would_be_written_one_by_one() {
        let times = [0, 1, i64::from(u32::MAX), 1 << 32, -1];
        let times =
            times.iter().flat_map(|seconds| [0, 1, 999_999_999].map(|nanos| Instant { seconds: *seconds, nanos }));
        for time in times.map(Some).chain([None]) {
            let (mut row, mut other) = (vec![], vec![7, 8]);
            row.then_instant([7, 8], time);
            other.opt_instant(time);
            assert_eq!(row, other, "{time:?}");
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
