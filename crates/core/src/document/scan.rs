//! Finds where a container is closed, 64 bytes at a time, by the kinds and depth of brackets
//! outside strings.

use crate::model::limits::MAX_DEPTH;

/// Byte classes of 64 bytes, before strings are considered; bit `n` is byte `n`.
pub(crate) struct ByteClasses {
    pub quotes: u64,
    /// Whether there is a backslash, which is seldom.
    pub has_backslashes: bool,
    /// Brackets of every kind.
    pub brackets: u64,
}

/// Result of skipping a container on the fast path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Skipped {
    /// The position after its closing bracket.
    Closed(usize),
    /// The text ends first.
    AtEnd,
    /// It is malformed, or deeper than allowed; [`container_end`] then finds which.
    Unusual,
}

/// Why a container has no end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unclosed {
    /// The text ends first.
    AtEnd,
    /// A bracket of the other kind closes it.
    Mismatch(usize),
    /// It is nested deeper than [`MAX_DEPTH`].
    TooDeep(usize),
}

/// Deepest nesting that the fast path can skip: one bit for each open bracket in a `u64`.
pub(crate) const FAST_DEPTH: u32 = 63;

/// Skips the container that opens at `at` and closes before `end`, with this processor's byte
/// classifiers and prefix parity. Bytes past `end` are scanned, but a container that closes there
/// gives [`Skipped::AtEnd`].
#[inline(always)]
pub(crate) fn skip_with(
    text: &[u8],
    at: usize,
    end: usize,
    room: u32,
    raw: impl Fn(&[u8; 64]) -> ByteClasses,
    backslashes: impl Fn(&[u8; 64]) -> u64 + Copy,
    parity: impl Fn(u64) -> u64 + Copy,
) -> Skipped {
    // A sentinel bit is above the bits of the open brackets; shifting it out means too many levels.
    let outermost = 1 << (63 - room.min(FAST_DEPTH));
    let mut walk =
        Walk { kinds: outermost << 1 | u64::from(text[at] >> 5 & 1), wrong: u64::from(room == 0), ..Walk::default() };
    let (mut from, (chunks, rest)) = (at + 1, text[at + 1..].as_chunks::<64>());
    let mut chunks = chunks.iter();
    while from < end {
        let closed = match chunks.next() {
            Some(chunk) => walk.step(chunk, &raw(chunk), outermost, backslashes, parity),
            None => {
                let chunk = padded(rest);
                walk.step(&chunk, &raw(&chunk), outermost, backslashes, parity)
            }
        };
        if walk.wrong != 0 {
            return Skipped::Unusual;
        }
        if let Some(length) = closed {
            return if from + length <= end { Skipped::Closed(from + length) } else { Skipped::AtEnd };
        }
        from += 64;
    }
    Skipped::AtEnd
}

#[cold]
fn padded(rest: &[u8]) -> [u8; 64] {
    let mut chunk = [b' '; 64];
    chunk[..rest.len()].copy_from_slice(rest);
    chunk
}

#[derive(Default)]
struct Walk {
    /// All ones while a string is open.
    in_string: u64,
    escapes: Escapes,
    /// One bit for each open bracket, the innermost lowest; set for a curly one.
    kinds: u64,
    /// Nonzero after a mismatched bracket or too many levels.
    wrong: u64,
}

impl Walk {
    /// Scans 64 bytes; when the container ends within them, returns how many belong to it.
    #[inline(always)]
    fn step(
        &mut self,
        chunk: &[u8; 64],
        raw: &ByteClasses,
        outermost: u64,
        backslashes: impl Fn(&[u8; 64]) -> u64,
        parity: impl Fn(u64) -> u64,
    ) -> Option<usize> {
        let is_plain = !raw.has_backslashes && !self.escapes.is_open();
        let escaped = if is_plain { 0 } else { self.escapes.of(backslashes(chunk)) };
        let inside = parity(raw.quotes & !escaped) ^ self.in_string;
        self.in_string = ((inside as i64) >> 63) as u64;
        let mut brackets = raw.brackets & !inside;
        while brackets != 0 {
            let at = brackets.trailing_zeros() as usize;
            brackets &= brackets - 1;
            let byte = chunk[at % 64];
            // Opening brackets have bit 1 set, curly ones bit 5. The order cannot be predicted, so
            // both cases are computed without a branch.
            let (opens, kind) = (byte & 2 != 0, u64::from(byte >> 5 & 1));
            self.wrong |= if opens { self.kinds >> 63 } else { (self.kinds ^ kind) & 1 };
            self.kinds = if opens { self.kinds << 1 | kind } else { self.kinds >> 1 };
            if self.kinds == outermost {
                return Some(at + 1);
            }
        }
        None
    }
}

/// Tracks escaped bytes across chunks of 64.
#[derive(Default)]
pub(crate) struct Escapes(u64);

impl Escapes {
    /// Whether the next byte is escaped.
    #[inline(always)]
    pub(crate) fn is_open(&self) -> bool {
        self.0 != 0
    }

    /// Which bytes are escaped by a backslash before them.
    #[inline(always)]
    pub(crate) fn of(&mut self, backslashes: u64) -> u64 {
        const ODD: u64 = 0xAAAA_AAAA_AAAA_AAAA;
        let starts = backslashes & !self.0;
        let runs = (((starts << 1) | ODD).wrapping_sub(starts)) ^ ODD;
        let escaped = runs ^ (backslashes | self.0);
        self.0 = (runs & backslashes) >> 63;
        escaped
    }
}

/// Bit `n` is the parity of bits `0..=n`: set from an opening quote until before its closing one.
#[inline(always)]
pub(crate) fn prefix_xor(mut bits: u64) -> u64 {
    bits ^= bits << 1;
    bits ^= bits << 2;
    bits ^= bits << 4;
    bits ^= bits << 8;
    bits ^= bits << 16;
    bits ^ (bits << 32)
}

/// Brackets outside strings, with their positions.
fn brackets(text: &[u8], from: usize) -> impl Iterator<Item = (usize, u8)> {
    let (mut in_string, mut escaped) = (false, false);
    text.iter().enumerate().skip(from).filter_map(move |(at, byte)| {
        let was_escaped = std::mem::take(&mut escaped);
        match byte {
            b'"' if !was_escaped => in_string = !in_string,
            b'\\' if !was_escaped => escaped = true,
            b'{' | b'[' | b'}' | b']' if !in_string => return Some((at, *byte)),
            _ => {}
        }
        None
    })
}

/// The position after the container that opens at `at`, found exactly, byte by byte. Kinds of
/// brackets must match; `depth` levels are open around it.
#[cold]
pub(crate) fn container_end(text: &[u8], at: usize, depth: u32) -> Result<usize, Unclosed> {
    let mut kinds = 0u128;
    let mut open = depth;
    for (next, bracket) in brackets(text, at) {
        let curly = u128::from(bracket >> 5 & 1);
        if matches!(bracket, b'{' | b'[') {
            if open >= MAX_DEPTH {
                return Err(Unclosed::TooDeep(next));
            }
            open += 1;
            kinds = kinds << 1 | curly;
        } else {
            if kinds & 1 != curly {
                return Err(Unclosed::Mismatch(next));
            }
            kinds >>= 1;
            open -= 1;
            if open == depth {
                return Ok(next + 1);
            }
        }
    }
    Err(Unclosed::AtEnd)
}

/// Like [`container_end`], but only counts brackets; for containers deeper than a record may be.
#[cold]
pub(crate) fn container_end_by_count(text: &[u8], at: usize) -> Option<usize> {
    let mut open = 0u64;
    for (next, bracket) in brackets(text, at) {
        open = if matches!(bracket, b'{' | b'[') { open + 1 } else { open.checked_sub(1)? };
        if open == 0 {
            return Some(next + 1);
        }
    }
    None
}
