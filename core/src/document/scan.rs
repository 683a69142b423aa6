//! One pass over a block of text that finds quotes, brackets outside strings, line ends and what makes a
//! string unusual, 64 bytes at a time. Readers then hop from mark to mark instead of looking at bytes.

use crate::model::limits::MAX_DEPTH;

/// What stands where in 64 bytes; bit `n` speaks of byte `n`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// Quotes that open or close a string.
    pub quotes: u64,
    /// Opening brackets outside strings.
    pub open: u64,
    /// Closing brackets outside strings.
    pub close: u64,
    /// Backslashes and control characters: a string without them is its own value.
    pub odd: u64,
    /// Line feeds.
    pub newline: u64,
}

/// How line feeds are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lines {
    /// Each line stands alone: an unclosed string ends with its line.
    Records,
    /// A line feed is white space.
    Blank,
}

/// Which of 64 bytes are what, strings not yet considered.
pub(super) struct Raw {
    pub quotes: u64,
    pub backslashes: u64,
    pub open: u64,
    pub close: u64,
    pub control: u64,
    pub newline: u64,
}

/// Marks of every 64 bytes of a block.
#[derive(Debug, Default)]
pub struct Index {
    marks: Vec<Marks>,
}

impl Index {
    /// Scans a block that begins outside any string.
    pub fn scan(&mut self, block: &[u8], lines: Lines) {
        super::simd::scan(block, lines, &mut self.marks);
    }

    /// The first position at or after `from`, and before `end`, whose bit is set in the chosen marks.
    #[inline(always)]
    pub fn next(&self, from: usize, end: usize, choose: impl Fn(&Marks) -> u64) -> Option<usize> {
        if from >= end {
            return None;
        }
        let mut word = from / 64;
        let mut bits = choose(self.marks.get(word)?) & (!0u64 << (from % 64));
        loop {
            if bits != 0 {
                let at = word * 64 + bits.trailing_zeros() as usize;
                return (at < end).then_some(at);
            }
            word += 1;
            if word * 64 >= end {
                return None;
            }
            bits = choose(self.marks.get(word)?);
        }
    }

    /// Whether any chosen bit is set from `from` up to `end`.
    #[inline(always)]
    pub fn any(&self, from: usize, end: usize, choose: impl Fn(&Marks) -> u64) -> bool {
        self.next(from, end, choose).is_some()
    }

    /// Where the container that opens at `at` is closed: the place after its last bracket. Kinds of brackets
    /// must match, a bit each on a stack; `depth` levels are open around it.
    #[inline]
    pub fn container_end(&self, text: &[u8], at: usize, end: usize, depth: u32) -> Result<usize, Unclosed> {
        let mut kinds = 0u128;
        let mut open = depth;
        let mut from = at;
        while let Some(next) = self.next(from, end, |m| m.open | m.close) {
            // `{` and `}` have this bit, `[` and `]` do not.
            let curly = u128::from(text[next] >> 5 & 1);
            if matches!(text[next], b'{' | b'[') {
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
            from = next + 1;
        }
        Err(Unclosed::AtEnd)
    }

    /// The same by counting alone, for containers that are deeper than a record may be.
    pub fn container_end_by_count(&self, text: &[u8], at: usize, end: usize) -> Option<usize> {
        let (mut open, mut from) = (0u64, at);
        while let Some(next) = self.next(from, end, |m| m.open | m.close) {
            open = if matches!(text[next], b'{' | b'[') { open + 1 } else { open.checked_sub(1)? };
            if open == 0 {
                return Some(next + 1);
            }
            from = next + 1;
        }
        None
    }
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

/// Fills `marks` for a block, by whatever tells single bytes apart and joins parities on this processor.
#[inline(always)]
pub(super) fn scan_with(
    block: &[u8],
    lines: Lines,
    marks: &mut Vec<Marks>,
    raw: impl Fn(&[u8; 64]) -> Raw,
    parity: impl Fn(u64) -> u64 + Copy,
) {
    let (chunks, rest) = block.as_chunks::<64>();
    marks.resize(chunks.len() + 1, Marks::default());
    let mut state = State::default();
    for (out, chunk) in marks.iter_mut().zip(chunks) {
        *out = state.step(chunk, raw(chunk), lines, parity);
    }
    let mut last = [b' '; 64];
    last[..rest.len()].copy_from_slice(rest);
    if let Some(out) = marks.last_mut() {
        *out = state.step(&last, raw(&last), lines, parity);
    }
}

#[derive(Default)]
struct State {
    /// All ones while a string is open.
    in_string: u64,
    /// One when the next byte is escaped.
    escaped: u64,
}

impl State {
    #[inline(always)]
    fn step(&mut self, chunk: &[u8; 64], raw: Raw, lines: Lines, parity: impl Fn(u64) -> u64) -> Marks {
        let before = (self.in_string, self.escaped);
        let escaped = if raw.backslashes | self.escaped == 0 { 0 } else { self.escaped(raw.backslashes) };
        let quotes = raw.quotes & !escaped;
        let inside = parity(quotes) ^ self.in_string;
        if lines == Lines::Records && (raw.newline & inside != 0 || raw.newline & escaped != 0) {
            (self.in_string, self.escaped) = before;
            return self.step_by_bytes(chunk, &raw);
        }
        self.in_string = ((inside as i64) >> 63) as u64;
        Marks {
            quotes,
            open: raw.open & !inside,
            close: raw.close & !inside,
            odd: raw.backslashes | raw.control,
            newline: raw.newline,
        }
    }

    /// Which bytes are escaped by a backslash before them.
    #[inline(always)]
    fn escaped(&mut self, backslashes: u64) -> u64 {
        const ODD: u64 = 0xAAAA_AAAA_AAAA_AAAA;
        let starts = backslashes & !self.escaped;
        let runs = (((starts << 1) | ODD).wrapping_sub(starts)) ^ ODD;
        let escaped = runs ^ (backslashes | self.escaped);
        self.escaped = (runs & backslashes) >> 63;
        escaped
    }

    /// The same by single bytes, where a string is still open at the end of a line: the line is broken, and
    /// the next one starts anew.
    #[cold]
    fn step_by_bytes(&mut self, chunk: &[u8; 64], raw: &Raw) -> Marks {
        let mut marks = Marks { odd: raw.backslashes | raw.control, newline: raw.newline, ..Marks::default() };
        let (mut in_string, mut escaped) = (self.in_string != 0, self.escaped != 0);
        for (n, byte) in chunk.iter().enumerate() {
            let bit = 1u64 << n;
            let was_escaped = std::mem::take(&mut escaped);
            match byte {
                b'\n' => in_string = false,
                b'"' if !was_escaped => {
                    marks.quotes |= bit;
                    in_string = !in_string;
                }
                b'\\' if !was_escaped => escaped = true,
                b'{' | b'[' if !in_string => marks.open |= bit,
                b'}' | b']' if !in_string => marks.close |= bit,
                _ => {}
            }
        }
        self.in_string = if in_string { !0 } else { 0 };
        self.escaped = u64::from(escaped);
        marks
    }
}

/// Bit `n` is the parity of the bits up to and with `n`: set from an opening quote to before its closing one.
#[inline(always)]
pub(super) fn prefix_xor(mut bits: u64) -> u64 {
    bits ^= bits << 1;
    bits ^= bits << 2;
    bits ^= bits << 4;
    bits ^= bits << 8;
    bits ^= bits << 16;
    bits ^ (bits << 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same by the plainest means.
    fn by_bytes(block: &[u8], lines: Lines) -> Vec<Marks> {
        let mut out = vec![Marks::default(); block.len() / 64 + 1];
        let (mut in_string, mut escaped) = (false, false);
        for (n, byte) in block.iter().enumerate() {
            let (marks, bit) = (&mut out[n / 64], 1u64 << (n % 64));
            let was_escaped = std::mem::take(&mut escaped);
            if *byte == b'\\' || *byte < 0x20 {
                marks.odd |= bit;
            }
            if *byte == b'\n' {
                marks.newline |= bit;
                in_string &= lines == Lines::Blank;
            } else if *byte == b'"' && !was_escaped {
                marks.quotes |= bit;
                in_string = !in_string;
            } else if *byte == b'\\' && !was_escaped {
                escaped = true;
            } else if !in_string && matches!(byte, b'{' | b'[') {
                marks.open |= bit;
            } else if !in_string && matches!(byte, b'}' | b']') {
                marks.close |= bit;
            }
        }
        out
    }

    #[test]
    fn marks_are_those_of_the_plain_way() {
        let alphabet = b"\"\\\\\"{[]}\n ab,:\t\x7f\xff";
        let mut seed = 7u64;
        for length in 0..400usize {
            let block: Vec<u8> = (0..length)
                .map(|_| {
                    seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    alphabet[(seed >> 33) as usize % alphabet.len()]
                })
                .collect();
            for lines in [Lines::Records, Lines::Blank] {
                let mut index = Index::default();
                index.scan(&block, lines);
                assert_eq!(index.marks, by_bytes(&block, lines), "{lines:?} {block:?}");
            }
        }
    }
}
