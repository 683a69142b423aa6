//! Where the strings and brackets of a record are, found in one pass over it: two bits for each of its bytes.

use super::scan::{Escapes, Looks};
use super::simd::Padded;

/// How many stretches of 64 bytes can be marked. A record that is larger is read without marks.
const WORDS: usize = 2048;

/// The marks of one record, by its own places; room that is used again for the next. Bit `n` of a word speaks of byte
/// `n` of its stretch.
#[derive(Debug)]
pub(super) struct Marks {
    /// Quotes, backslashes and control characters.
    specials: Box<[u64; WORDS]>,
    /// Brackets outside strings.
    brackets: Box<[u64; WORDS]>,
}

impl Default for Marks {
    fn default() -> Self {
        Marks { specials: Box::new([0; WORDS]), brackets: Box::new([0; WORDS]) }
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
        let mut words = self.specials.iter_mut().zip(self.brackets.iter_mut());
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
            *specials = looks.quotes | looks.others;
            *brackets = looks.brackets & !inside;
            at += 64;
        }
        // What stands behind the end stops every search, and is no bracket.
        let length = end - start;
        let (specials, brackets) = words.next()?;
        (*specials, *brackets) = (!0, 0);
        if !length.is_multiple_of(64) {
            let behind = !0 << (length % 64);
            self.specials[length / 64] |= behind;
            self.brackets[length / 64] &= !behind;
        }
        Some(end)
    }

    /// Where the first quote, backslash or control character stands at or after a place of the record.
    #[inline(always)]
    pub(super) fn special(&self, from: usize) -> usize {
        let bits = self.specials[from / 64 % WORDS] >> (from % 64);
        if bits != 0 {
            return from.wrapping_add(bits.trailing_zeros() as usize);
        }
        self.special_behind(from / 64)
    }

    /// The same in the stretches behind this one; there is one where the record ends.
    #[inline(always)]
    fn special_behind(&self, mut stretch: usize) -> usize {
        loop {
            stretch = stretch.wrapping_add(1) % WORDS;
            let bits = self.specials[stretch];
            if bits != 0 {
                return stretch * 64 + bits.trailing_zeros() as usize;
            }
        }
    }

    /// The place after the bracket that closes the one at `at`; `None` where none does, where one of the other kind
    /// does, or where more than 63 are open.
    #[inline(never)]
    pub(super) fn container_end(&self, record: Padded<'_>, at: usize) -> Option<usize> {
        let words = self.brackets.get(at / 64..=record.end() / 64)?;
        // A bit for each open bracket, the innermost lowest: whether it is curly. One more stands above them.
        let mut kinds = 1u64;
        let (mut base, mut before) = (at / 64 * 64, (1 << (at % 64)) - 1);
        if words[0] & (before + 1) == 0 {
            return None;
        }
        for word in words {
            let mut bits = word & !before;
            before = 0;
            while bits != 0 {
                let bracket = base + bits.trailing_zeros() as usize;
                bits &= bits - 1;
                let byte = record.byte(bracket);
                // Of the four brackets, those that open have the second bit, and curly ones the sixth.
                let kind = u64::from(byte >> 5);
                if byte & 2 != 0 {
                    if kinds >> 63 != 0 {
                        return None;
                    }
                    kinds = kinds << 1 | (kind & 1);
                } else {
                    if (kinds ^ kind) & 1 != 0 {
                        return None;
                    }
                    kinds >>= 1;
                    if kinds == 1 {
                        return Some(bracket + 1);
                    }
                }
            }
            base += 64;
        }
        None
    }
}
