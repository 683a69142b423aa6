//! Where the strings and brackets of a record are, found in one pass over it: two bits for each of its bytes.

use super::scan::{Escapes, Looks};
use super::simd::Padded;

/// How many stretches of 64 bytes can be marked. A record that is larger is read without marks.
const WORDS: usize = 2048;

/// How many bytes their marks take.
const BYTES: usize = WORDS * 8;

/// The marks of one record, by its own places; room that is used again for the next. Bit `n` of a word speaks of byte
/// `n` of its stretch.
#[derive(Debug)]
pub(super) struct Marks {
    /// Quotes, backslashes and control characters; by bytes, so that the marks of some sixty places can be read from
    /// anywhere in one go.
    specials: Box<[u8; BYTES + 8]>,
    /// Brackets outside strings.
    brackets: Box<[u64; WORDS]>,
}

impl Default for Marks {
    fn default() -> Self {
        Marks { specials: Box::new([0; BYTES + 8]), brackets: Box::new([0; WORDS]) }
    }
}

impl Marks {
    /// Marks what stands from `start` on, as far as the first line feed when it is a line, else as far as the text goes,
    /// by whatever tells bytes apart and joins parities on this processor. Where that ended; `None` where it is too long.
    #[inline(always)]
    pub(super) fn fill_with(
        &mut self,
        text: Padded<'_>,
        start: usize,
        is_line: bool,
        looks: impl Fn(&[u8; 64]) -> Looks,
        parity: impl Fn(u64) -> u64,
    ) -> Option<usize> {
        let bytes = text.with_room();
        let (mut end, mut at) = (text.end(), start);
        let (mut in_string, mut escapes) = (0u64, Escapes::default());
        let mut words = self.specials.as_chunks_mut().0[..WORDS].iter_mut().zip(self.brackets.iter_mut());
        while at < end {
            let chunk = bytes[at..].first_chunk::<64>()?;
            let looks = looks(chunk);
            let mut quotes = looks.quotes;
            if looks.others != 0 || escapes.is_open() {
                let (backslashes, feeds) = Looks::apart(looks.others, chunk);
                quotes &= !escapes.of(backslashes);
                if is_line && feeds != 0 {
                    end = end.min(at + feeds.trailing_zeros() as usize);
                }
            }
            let inside = parity(quotes) ^ in_string;
            in_string = ((inside as i64) >> 63) as u64;
            let (specials, brackets) = words.next()?;
            *specials = (looks.quotes | looks.others).to_le_bytes();
            *brackets = looks.brackets & !inside;
            at += 64;
        }
        // What stands behind the end stops every search, and is no bracket.
        let length = end - start;
        let (specials, brackets) = words.next()?;
        (*specials, *brackets) = ([!0; 8], 0);
        if !length.is_multiple_of(64) {
            let behind = !0 << (length % 64);
            let last = &mut self.specials.as_chunks_mut::<8>().0[length / 64];
            *last = (u64::from_le_bytes(*last) | behind).to_le_bytes();
            self.brackets[length / 64] &= !behind;
        }
        Some(end)
    }

    /// Where the first quote, backslash or control character stands at or after a place of the record.
    #[inline(always)]
    pub(super) fn special(&self, from: usize) -> usize {
        let bits = self.specials_from(from / 8) >> (from % 8);
        if bits != 0 {
            return from.wrapping_add(bits.trailing_zeros() as usize);
        }
        self.special_behind(from / 8 + 8)
    }

    /// The marks of 64 places, eight times as far as said.
    #[inline(always)]
    fn specials_from(&self, byte: usize) -> u64 {
        self.specials[byte % BYTES..].first_chunk().map_or(!0, |bytes| u64::from_le_bytes(*bytes))
    }

    /// The same in the stretches behind; there is one where the record ends.
    #[inline(never)]
    fn special_behind(&self, mut byte: usize) -> usize {
        loop {
            let bits = self.specials_from(byte);
            if bits != 0 {
                return byte * 8 + bits.trailing_zeros() as usize;
            }
            byte = byte.wrapping_add(8);
        }
    }

    /// The place after the bracket that closes the one at `at`; `None` where none does, where one of the other kind
    /// does, or where more than 63 are open.
    #[inline(never)]
    pub(super) fn container_end(&self, record: Padded<'_>, at: usize) -> Option<usize> {
        let mut words = self.brackets.get(at / 64..=record.end() / 64)?.iter();
        let mut bits = words.next()? >> (at % 64) << (at % 64);
        if bits >> (at % 64) & 1 == 0 {
            return None;
        }
        let mut base = at / 64 * 64;
        // A bit for each open bracket, the innermost lowest: whether it is curly. One more stands above them.
        let (mut kinds, mut wrong) = (1u64, 0);
        loop {
            while bits == 0 {
                bits = *words.next()?;
                base += 64;
            }
            let bracket = base + bits.trailing_zeros() as usize;
            bits &= bits - 1;
            let byte = record.byte(bracket);
            // Of the four brackets, those that open have the second bit, and curly ones the sixth. Which is which cannot
            // be foreseen, so both are worked out.
            let (opens, kind) = (byte & 2 != 0, u64::from(byte >> 5 & 1));
            wrong |= if opens { kinds >> 63 } else { (kinds ^ kind) & 1 };
            kinds = if opens { kinds << 1 | kind } else { kinds >> 1 };
            if kinds == 1 {
                return (wrong == 0).then_some(bracket + 1);
            }
        }
    }
}
