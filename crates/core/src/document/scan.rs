//! Finds where a container is closed, 64 bytes at a time: brackets outside strings, their kinds and how deep they go.

use crate::model::limits::MAX_DEPTH;

/// Which of 64 bytes are what, strings not yet considered; bit `n` speaks of byte `n`.
pub(crate) struct ByteClasses {
    pub quotes: u64,
    pub backslashes: u64,
    /// Brackets of every kind.
    pub brackets: u64,
}

/// What became of a container that was skipped at speed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Skipped {
    /// It is closed; this is the place after its last bracket.
    Closed(usize),
    /// The text ends first.
    AtEnd,
    /// Something is wrong with it, or it is deeper than was said: [`container_end`] knows what.
    Unusual,
}

/// Why a container has no end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unclosed {
    /// The text ends first.
    AtEnd,
    /// A bracket of the other kind closes it.
    Mismatch(usize),
    /// It goes deeper than a record may.
    TooDeep(usize),
}

/// How deep a container may go to be skipped at speed: a bit for each open bracket, in one word.
pub(crate) const FAST_DEPTH: u32 = 63;

/// Skips the container that opens at `at` and is closed before `end`, by whatever tells bytes apart and joins parities
/// on this processor. Bytes behind `end` are looked at, never counted.
#[inline(always)]
pub(crate) fn skip_with(
    text: &[u8],
    at: usize,
    end: usize,
    room: u32,
    raw: impl Fn(&[u8; 64]) -> ByteClasses,
    parity: impl Fn(u64) -> u64 + Copy,
) -> Skipped {
    // Above the bits of the open brackets stands one more; where it is shifted out they are too many.
    let outermost = 1 << (63 - room.min(FAST_DEPTH));
    let mut walk =
        Walk { kinds: outermost << 1 | u64::from(text[at] >> 5 & 1), wrong: u64::from(room == 0), ..Walk::default() };
    let mut from = at + 1;
    while from < end {
        let closed = match text[from..].first_chunk::<64>() {
            Some(chunk) => walk.step(chunk, &raw(chunk), outermost, parity),
            None => {
                let chunk = padded(&text[from..]);
                walk.step(&chunk, &raw(&chunk), outermost, parity)
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
    /// A bit for each open bracket, the innermost lowest: whether it is curly.
    kinds: u64,
    /// Whether a bracket was closed by one of the other kind, or there were too many.
    wrong: u64,
}

impl Walk {
    /// Takes 64 bytes; where the container ends within them, how many of them are its own.
    #[inline(always)]
    fn step(
        &mut self,
        chunk: &[u8; 64],
        raw: &ByteClasses,
        outermost: u64,
        parity: impl Fn(u64) -> u64,
    ) -> Option<usize> {
        let is_plain = raw.backslashes == 0 && !self.escapes.is_open();
        let escaped = if is_plain { 0 } else { self.escapes.of(raw.backslashes) };
        let inside = parity(raw.quotes & !escaped) ^ self.in_string;
        self.in_string = ((inside as i64) >> 63) as u64;
        let mut brackets = raw.brackets & !inside;
        while brackets != 0 {
            let at = brackets.trailing_zeros() as usize;
            brackets &= brackets - 1;
            let byte = chunk[at % 64];
            // Of the four brackets, those that open have the second bit, and curly ones the sixth. Which is which cannot
            // be foreseen, so both are worked out.
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

/// Which bytes are escaped, from one stretch of 64 to the next.
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

/// Bit `n` is the parity of the bits up to and with `n`: set from an opening quote to before its closing one.
#[inline(always)]
pub(crate) fn prefix_xor(mut bits: u64) -> u64 {
    bits ^= bits << 1;
    bits ^= bits << 2;
    bits ^= bits << 4;
    bits ^= bits << 8;
    bits ^= bits << 16;
    bits ^ (bits << 32)
}

/// The brackets of a text outside strings, with their places.
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

/// Where the container that opens at `at` is closed: the place after its last bracket. Kinds of brackets must match, a
/// bit each on a stack; `depth` levels are open around it. Exact, byte by byte.
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

/// The same by counting alone, for containers that are deeper than a record may be.
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
