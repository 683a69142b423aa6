//! The only module with `unsafe` code: uses the widest instructions that the processor has, chosen
//! at run time.
//!
//! Every implementation classifies bytes the same way. The portable one is always available, needs
//! no unsafe code, is the only one with the feature `portable`, and is the reference in tests.
#![allow(unsafe_code)] // what the widest instructions need; each block says why it holds

use super::scan::{ByteClasses, Skipped, prefix_xor, skip_with};
use crate::model::bytes::is_ascii;

/// The container skipping function chosen for this processor.
#[derive(Clone, Copy, Debug)]
pub struct Way(fn(&[u8], usize, usize, u32) -> Skipped);

impl Default for Way {
    fn default() -> Self {
        Way::best()
    }
}

impl Way {
    /// The fastest implementation available on this processor.
    pub fn best() -> Way {
        #[cfg(all(target_arch = "x86_64", not(feature = "portable")))]
        {
            if x86::has_avx512() {
                // SAFETY: the processor has just been asked for the features that the function is compiled for.
                return Way(|text, at, end, room| unsafe { x86::skip_avx512(text, at, end, room) });
            }
            if let Some(way) = Way::avx2() {
                return way;
            }
        }
        Way::portable()
    }

    #[cfg(all(target_arch = "x86_64", not(feature = "portable")))]
    fn avx2() -> Option<Way> {
        // SAFETY: the function is only there where the processor has the features that it is compiled for.
        x86::has_avx2().then_some(Way(|text, at, end, room| unsafe { x86::skip_avx2(text, at, end, room) }))
    }

    /// The implementation that works on every processor.
    pub fn portable() -> Way {
        Way(|text, at, end, room| skip_with(text, at, end, room, portable_masks, portable_backslashes, prefix_xor))
    }

    /// Every implementation that this processor supports.
    #[cfg(test)]
    pub(crate) fn all() -> Vec<Way> {
        let two = [Way::portable(), Way::best()];
        #[cfg(all(target_arch = "x86_64", not(feature = "portable")))]
        return two.into_iter().chain(Way::avx2()).collect();
        #[cfg(not(all(target_arch = "x86_64", not(feature = "portable"))))]
        two.to_vec()
    }

    /// Skips the container that opens at `at`, up to `end` and at most `room` levels deep.
    #[inline(always)]
    pub(crate) fn skip(self, text: &[u8], at: usize, end: usize, room: u32) -> Skipped {
        (self.0)(text, at, end, room)
    }
}

/// Asks the processor to bring something near, because it is read soon.
#[inline(always)]
#[cfg_attr(any(not(target_arch = "x86_64"), feature = "portable"), allow(unused_variables))]
pub fn prefetch<T>(item: &T) {
    #[cfg(all(target_arch = "x86_64", not(feature = "portable")))]
    {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: every processor of this architecture has the instruction, which changes nothing that the program can
        // see; the address is that of a value.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(item).cast()) }
    }
}

const ONES: u64 = 0x0101_0101_0101_0101;
const LOWS: u64 = ONES * 0x7f;

/// A bit for each byte, by the high bits that `marks` gives for eight at a time.
fn portable_bits(chunk: &[u8; 64], marks: impl Fn(u64) -> u64) -> u64 {
    let words = chunk.as_chunks::<8>().0.iter().enumerate();
    words.fold(0, |bits, (n, word)| {
        let marks = marks(u64::from_le_bytes(*word)) & !LOWS;
        bits | ((marks >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56) << (8 * n)
    })
}

/// Sets the high bit of each byte that is `byte`; no byte carries into the next.
fn equal(word: u64, byte: u8) -> u64 {
    let other = word ^ (ONES * u64::from(byte));
    !(((other & LOWS) + LOWS) | other)
}

fn portable_masks(chunk: &[u8; 64]) -> ByteClasses {
    // `[` and `{` differ in one bit, and so do `]` and `}`.
    let is_bracket = |word: u64| equal(word | (ONES * 0x20), b'{') | equal(word | (ONES * 0x20), b'}');
    ByteClasses {
        quotes: portable_bits(chunk, |word| equal(word, b'"')),
        has_backslashes: portable_backslashes(chunk) != 0,
        brackets: portable_bits(chunk, is_bracket),
    }
}

fn portable_backslashes(chunk: &[u8; 64]) -> u64 {
    portable_bits(chunk, |word| equal(word, b'\\'))
}

/// Bytes as a text, if all are ASCII. Takes a fraction of the time of [`str::from_utf8`] for the
/// short texts that rows are made of.
#[inline]
pub fn ascii_text(bytes: &[u8]) -> Option<&str> {
    // SAFETY: bytes that are all ASCII are UTF-8.
    is_ascii(bytes).then(|| unsafe { std::str::from_utf8_unchecked(bytes) })
}

/// Bytes that can be read past the end of a [`Padded`] text.
pub const PADDING: usize = 64;

/// A text with padding behind it, so that one comparison allows reading a word or wide register
/// anywhere in it.
///
/// Invariant: `length + PADDING <= bytes.len()`.
#[derive(Clone, Copy, Debug)]
pub struct Padded<'b> {
    bytes: &'b [u8],
    length: usize,
}

impl<'b> Padded<'b> {
    /// The first `length` bytes are the text; panics unless [`PADDING`] more bytes, of any value,
    /// follow.
    pub fn new(bytes: &'b [u8], length: usize) -> Self {
        assert!(length <= bytes.len() && bytes.len() - length >= PADDING, "a text needs room behind it");
        Padded { bytes, length }
    }

    pub fn text(self) -> &'b [u8] {
        &self.bytes[..self.length]
    }

    /// Cuts the text at `end`; the bytes after it become padding.
    pub(crate) fn until(self, end: usize) -> Self {
        assert!(end <= self.length);
        Padded { bytes: self.bytes, length: end }
    }

    pub(crate) fn from(self, start: usize) -> Self {
        assert!(start <= self.length);
        Padded { bytes: &self.bytes[start..], length: self.length - start }
    }

    /// The text and its padding.
    pub(crate) fn with_padding(self) -> &'b [u8] {
        self.bytes
    }

    #[inline(always)]
    pub(crate) fn end(self) -> usize {
        self.length
    }

    /// Returns 0 past the end.
    #[inline(always)]
    pub(crate) fn byte(self, at: usize) -> u8 {
        if at >= self.length {
            return 0;
        }
        // SAFETY: `at < length <= bytes.len()`.
        unsafe { *self.bytes.get_unchecked(at) }
    }

    #[inline(always)]
    pub(crate) fn has(self, at: usize, pair: [u8; 2]) -> bool {
        if at >= self.length.saturating_sub(1) {
            return false;
        }
        // SAFETY: `at + 1 < length <= bytes.len()`; no alignment is asked for.
        unsafe { self.bytes.as_ptr().add(at).cast::<[u8; 2]>().read_unaligned() == pair }
    }

    /// The eight bytes at `at`, padding included; panics past the end.
    #[inline(always)]
    pub(crate) fn word(self, at: usize) -> u64 {
        assert!(at <= self.length);
        // SAFETY: `at + 8 <= length + PADDING <= bytes.len()`; no alignment is asked for.
        u64::from_le(unsafe { self.bytes.as_ptr().add(at).cast::<u64>().read_unaligned() })
    }

    /// Like [`Padded::word`], but returns 0 past the end.
    #[inline(always)]
    pub(crate) fn word_or_zero(self, at: usize) -> u64 {
        if at > self.length {
            return 0;
        }
        self.word(at)
    }

    /// The sixteen bytes at `at`, padding included; panics past the end.
    #[inline(always)]
    fn chunk(self, at: usize) -> &'b [u8; 16] {
        assert!(at <= self.length);
        // SAFETY: `at + 16 <= length + PADDING <= bytes.len()`, and bytes have no alignment.
        unsafe { &*self.bytes.as_ptr().add(at).cast::<[u8; 16]>() }
    }

    /// The 32 bytes at `at`, padding included; `None` past the end.
    #[inline(always)]
    pub(crate) fn window(self, at: usize) -> Option<&'b [u8; 32]> {
        // SAFETY: `at + 32 <= length + PADDING <= bytes.len()`, and bytes have no alignment.
        (at <= self.length).then(|| unsafe { &*self.bytes.as_ptr().add(at).cast::<[u8; 32]>() })
    }

    /// Whether the `length` bytes at `one` are those at `other`, and 16 or more; false where they are not all in the text.
    #[inline(always)]
    pub(crate) fn repeats(self, one: usize, other: usize, length: usize) -> bool {
        let part = |start: usize| self.text().get(start..start.wrapping_add(length));
        let (Some(one), Some(other)) = (part(one), part(other)) else { return false };
        let is_same = |(one, other)| lanes::differing(one, other) == 0;
        let chunks = one.as_chunks::<16>().0.iter().zip(other.as_chunks::<16>().0);
        // What differs mostly differs at the end.
        one.last_chunk().zip(other.last_chunk()).is_some_and(is_same) && chunks.into_iter().all(is_same)
    }

    /// The first marked position at or after `from`; the end or a position past it when there is
    /// none.
    #[inline(always)]
    fn find(self, from: usize, marks: impl Fn(&[u8; 16]) -> u32) -> usize {
        let mut at = from;
        while at <= self.length {
            let bits = marks(self.chunk(at));
            if bits != 0 {
                return at.wrapping_add(bits.trailing_zeros() as usize);
            }
            at = at.wrapping_add(16);
        }
        self.length
    }

    /// The first quote, backslash or control character at or after `from`: the end of a string
    /// without escapes, or what makes the string unusual. The end or a position past it when there
    /// is none; never one before `from`, if that is in the text.
    #[inline(always)]
    pub(crate) fn special(self, from: usize) -> usize {
        self.find(from, lanes::special)
    }

    /// The first comma, closing bracket, blank or control character at or after `from`, else the
    /// end.
    #[inline(always)]
    pub(crate) fn word_end(self, from: usize) -> usize {
        self.find(from, lanes::word_ends).min(self.length)
    }

    /// Like [`Padded::word_end`], but also stops at opening brackets and quotes.
    #[inline(always)]
    pub(crate) fn unread_word_end(self, from: usize) -> usize {
        self.find(from, |chunk| lanes::word_ends(chunk) | lanes::opens(chunk)).min(self.length)
    }
}

/// Whether those bytes of `text` that `mask` has a bit for are at the beginning of `here`; they begin with the first
/// one.
#[inline(always)]
pub(crate) fn begins(here: &[u8; 32], text: &[u8; 32], mask: u32) -> bool {
    let (here, text) = (here.as_chunks::<16>().0, text.as_chunks::<16>().0);
    let (low, high) = (mask & 0xffff, mask >> 16);
    low & lanes::differing(&here[0], &text[0]) == 0 && (high == 0 || high & lanes::differing(&here[1], &text[1]) == 0)
}

/// A [`Padded`] text that is UTF-8.
///
/// Invariant: `text.text()` is UTF-8.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PaddedStr<'b> {
    text: Padded<'b>,
}

impl<'b> PaddedStr<'b> {
    /// `text` must be the bytes of `whole`, in the same place.
    pub(crate) fn new(whole: &'b str, text: Padded<'b>) -> Self {
        assert!(std::ptr::eq(whole.as_bytes(), text.text()), "a text is at one place");
        PaddedStr { text }
    }

    #[inline(always)]
    pub(crate) fn padded(self) -> Padded<'b> {
        self.text
    }

    pub(crate) fn as_str(self) -> &'b str {
        // SAFETY: by the invariant.
        unsafe { std::str::from_utf8_unchecked(self.text.text()) }
    }

    /// The text of the string that opens at `open`, and the position of its closing quote; `None` if there is none, or
    /// if it has escapes or control characters.
    #[inline(always)]
    pub(crate) fn string(self, open: usize) -> Option<(&'b str, usize)> {
        let Padded { bytes, length } = self.text;
        if self.text.byte(open) != b'"' {
            return None;
        }
        let start = open.wrapping_add(1);
        let close = self.text.special(start);
        if self.text.byte(close) != b'"' {
            return None;
        }
        debug_assert!(start <= close && close < length && close < bytes.len());
        // SAFETY: `byte` gives a quote only before `length`, so that `start <= length` and `close < length <= bytes.len()`;
        // `special` then gives no position before `start`, so that `start <= close`. A quote is a character of one byte:
        // characters begin behind `open` and end before `close`, and what is between them is UTF-8 as the whole is.
        Some((unsafe { std::str::from_utf8_unchecked(bytes.get_unchecked(start..close)) }, close))
    }
}

/// Compares sixteen bytes at a time with SSE2, which every x86-64 has. Only the lowest set bit can
/// be relied on, as in the portable version.
#[cfg(all(target_arch = "x86_64", not(feature = "portable")))]
mod lanes {
    use std::arch::x86_64::*;

    #[inline(always)]
    fn load(chunk: &[u8; 16]) -> __m128i {
        // SAFETY: the reference says that 16 bytes are there; no alignment is asked for, and SSE2 is always there.
        unsafe { _mm_loadu_si128(chunk.as_ptr().cast()) }
    }

    #[inline(always)]
    fn equal(bytes: __m128i, byte: u8) -> __m128i {
        // SAFETY: SSE2 is always there.
        unsafe { _mm_cmpeq_epi8(bytes, _mm_set1_epi8(byte as i8)) }
    }

    /// Maps the quote to a blank and blanks to a quote; control characters stay such.
    #[inline(always)]
    fn quotes_as_blanks(bytes: __m128i) -> __m128i {
        // SAFETY: SSE2 is always there.
        unsafe { _mm_xor_si128(bytes, _mm_set1_epi8((b'"' ^ b' ') as i8)) }
    }

    /// Marks bytes that are at most `byte`, unsigned.
    #[inline(always)]
    fn up_to(bytes: __m128i, byte: u8) -> __m128i {
        // SAFETY: SSE2 is always there.
        unsafe { _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(byte as i8)), bytes) }
    }

    #[inline(always)]
    fn either(one: __m128i, other: __m128i) -> __m128i {
        // SAFETY: SSE2 is always there.
        unsafe { _mm_or_si128(one, other) }
    }

    /// Sets bit 0x20, which maps `[` to `{` and `]` to `}`.
    #[inline(always)]
    fn folded(bytes: __m128i) -> __m128i {
        // SAFETY: SSE2 is always there.
        unsafe { _mm_or_si128(bytes, _mm_set1_epi8(0x20)) }
    }

    #[inline(always)]
    fn bits(mask: __m128i) -> u32 {
        // SAFETY: SSE2 is always there.
        unsafe { _mm_movemask_epi8(mask) as u32 }
    }

    /// Marks every byte that differs.
    #[inline(always)]
    pub fn differing(one: &[u8; 16], other: &[u8; 16]) -> u32 {
        // SAFETY: SSE2 is always there.
        bits(unsafe { _mm_cmpeq_epi8(load(one), load(other)) }) ^ 0xffff
    }

    /// Quotes, backslashes, control characters.
    #[inline(always)]
    pub fn special(chunk: &[u8; 16]) -> u32 {
        let bytes = load(chunk);
        bits(either(equal(bytes, b'\\'), up_to(quotes_as_blanks(bytes), b' ')))
    }

    /// Commas, closing brackets, blanks.
    #[inline(always)]
    pub fn word_ends(chunk: &[u8; 16]) -> u32 {
        let bytes = load(chunk);
        bits(either(either(equal(bytes, b','), equal(folded(bytes), b'}')), up_to(bytes, b' ')))
    }

    /// Quotes, opening brackets.
    #[inline(always)]
    pub fn opens(chunk: &[u8; 16]) -> u32 {
        let bytes = load(chunk);
        bits(either(equal(bytes, b'"'), equal(folded(bytes), b'{')))
    }
}

#[cfg(not(all(target_arch = "x86_64", not(feature = "portable"))))]
use portable_lanes as lanes;

#[cfg_attr(all(target_arch = "x86_64", not(feature = "portable")), cfg(test))]
mod portable_lanes;

#[cfg(all(target_arch = "x86_64", not(feature = "portable")))]
mod x86 {
    use std::arch::x86_64::*;

    use super::super::scan::{ByteClasses, Skipped, skip_with};

    pub fn has_avx512() -> bool {
        is_x86_feature_detected!("avx512bw") && has_avx2()
    }

    pub fn has_avx2() -> bool {
        is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("pclmulqdq")
            && is_x86_feature_detected!("bmi1")
            && is_x86_feature_detected!("bmi2")
    }

    /// Bit `n` is the parity of bits `0..=n`: a carry-less product by all ones.
    #[inline]
    #[target_feature(enable = "pclmulqdq")]
    fn parity(bits: u64) -> u64 {
        let product = _mm_clmulepi64_si128(_mm_set_epi64x(0, bits as i64), _mm_set1_epi8(-1), 0);
        _mm_cvtsi128_si64(product) as u64
    }

    #[target_feature(enable = "avx512f,avx512bw,avx2,pclmulqdq,bmi1,bmi2")]
    pub fn skip_avx512(text: &[u8], at: usize, end: usize, room: u32) -> Skipped {
        // SAFETY: the reference says that 64 bytes are there to be read; no alignment is asked for.
        let load = |chunk: &[u8; 64]| unsafe { _mm512_loadu_si512(chunk.as_ptr().cast()) };
        let equal = |bytes, byte: u8| _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(byte as i8));
        let masks = |chunk: &[u8; 64]| {
            let bytes = load(chunk);
            let folded = _mm512_or_si512(bytes, _mm512_set1_epi8(0x20));
            ByteClasses {
                quotes: equal(bytes, b'"'),
                has_backslashes: equal(bytes, b'\\') != 0,
                brackets: equal(folded, b'{') | equal(folded, b'}'),
            }
        };
        skip_with(text, at, end, room, masks, |chunk| equal(load(chunk), b'\\'), |bits| parity(bits))
    }

    #[target_feature(enable = "avx2,pclmulqdq,bmi1,bmi2")]
    pub fn skip_avx2(text: &[u8], at: usize, end: usize, room: u32) -> Skipped {
        let load = |chunk: &[u8; 64]| {
            let (low, high) = chunk.split_at(32);
            // SAFETY: each half is a slice of 32 bytes; no alignment is asked for.
            unsafe { [_mm256_loadu_si256(low.as_ptr().cast()), _mm256_loadu_si256(high.as_ptr().cast())] }
        };
        let equal =
            |halves: [__m256i; 2], byte: u8| halves.map(|half| _mm256_cmpeq_epi8(half, _mm256_set1_epi8(byte as i8)));
        let join = |masks: [__m256i; 2]| {
            let bits = masks.map(|mask| u64::from(_mm256_movemask_epi8(mask) as u32));
            bits[0] | bits[1] << 32
        };
        let masks = |chunk: &[u8; 64]| {
            let halves = load(chunk);
            let folded = halves.map(|half| _mm256_or_si256(half, _mm256_set1_epi8(0x20)));
            // At each low half of a byte the one folded bracket that has it; no folded byte is zero.
            let lane = _mm_setr_epi8(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, b'{' as i8, 0, b'}' as i8, 0, 0);
            let table = _mm256_broadcastsi128_si256(lane);
            let [low, high] = equal(halves, b'\\');
            let any = _mm256_or_si256(low, high);
            ByteClasses {
                quotes: join(equal(halves, b'"')),
                has_backslashes: _mm256_movemask_epi8(any) != 0,
                brackets: join(folded.map(|half| _mm256_cmpeq_epi8(_mm256_shuffle_epi8(table, half), half))),
            }
        };
        skip_with(text, at, end, room, masks, |chunk| join(equal(load(chunk), b'\\')), |bits| parity(bits))
    }
}

#[cfg(test)]
mod tests;
