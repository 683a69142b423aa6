//! Walks a record: its members, its elements, and what is skipped.

use bumpalo::Bump;

use crate::document::cursor::{Text, Tools, is_blank};
use crate::document::lexer::{Calendar, length_of_digits};
use crate::document::scan::{FAST_DEPTH, Skipped};
use crate::document::simd::{Padded, Way};
use crate::provider::dintero::document::names::Name;

/// A record. Its methods read what is at a position, and return the position after it.
pub(in crate::provider::dintero::document) struct Fast<'b, 'm> {
    pub(super) text: Padded<'b>,
    pub(super) way: Way,
    pub(super) whole: &'b str,
    pub(super) arena: &'b Bump,
    pub(super) calendar: &'m Calendar,
}

/// A position, and the eight bytes there.
#[derive(Clone, Copy)]
pub(super) struct Here {
    pub(super) at: usize,
    pub(super) word: u64,
}

impl Here {
    #[inline(always)]
    pub(super) fn byte(self) -> u8 {
        self.word as u8
    }

    #[inline(always)]
    pub(super) fn after(self, length: usize) -> usize {
        self.at.wrapping_add(length)
    }
}

/// The members of an object seen so far: a known one may occur only once.
#[derive(Default)]
pub(super) struct SeenNames(u128);

impl SeenNames {
    /// Notes a member; `None` when it was seen before.
    #[inline(always)]
    pub(super) fn once(&mut self, name: Name) -> Option<()> {
        let bit = 1 << name as u32;
        if self.0 & bit != 0 {
            return None;
        }
        self.0 |= bit;
        Some(())
    }

    #[inline(always)]
    pub(super) fn has(&self, name: Name) -> bool {
        self.0 & 1 << name as u32 != 0
    }
}

/// Defines the first eight bytes of names with quote and colon, as patterns to match on.
macro_rules! fronts {
    ($($front:ident = $name:ident),+ $(,)?) => {
        $(const $front: u64 = Name::$name.front();)+
    };
}
pub(super) use fronts;

/// Reads a member's value into `$place` with the method `$read`; `None` for a duplicate.
macro_rules! place {
    ($fast:ident, $met:ident, $here:ident, $name:ident, $place:expr, $read:ident $(, $room:expr)*) => {{
        $met.once(Name::$name)?;
        let (value, after) = $fast.$read($fast.value($here, Name::$name) $(, $room)*)?;
        $place = value;
        Some(after)
    }};
}
pub(super) use place;

pub(super) const END_OF_NAME: u16 = u16::from_le_bytes(*b"\":");
pub(super) const NEXT_NAME: u16 = u16::from_le_bytes(*b",\"");

impl<'b, 'm> Fast<'b, 'm> {
    /// The record at `start..end` of a block; positions are counted from `start`.
    pub(in crate::provider::dintero::document) fn new(
        block: Text<'b>,
        tools: Tools<'b>,
        calendar: &'m Calendar,
        (start, end): (usize, usize),
    ) -> Self {
        let text = block.padded.until(end).from(start);
        Fast { text, way: tools.way, whole: &block.whole[start..end], arena: tools.arena, calendar }
    }

    #[inline(always)]
    pub(super) fn byte(&self, at: usize) -> u8 {
        self.text.byte(at)
    }

    /// What is at a position, or after the blanks there.
    #[inline(always)]
    pub(super) fn here(&self, at: usize) -> Here {
        let here = Here { at, word: self.text.word_or_zero(at) };
        if here.byte() <= b' ' { self.after_blanks(at) } else { here }
    }

    #[inline(never)]
    pub(super) fn after_blanks(&self, mut at: usize) -> Here {
        while is_blank(self.byte(at)) {
            at += 1;
        }
        Here { at, word: self.text.word_or_zero(at) }
    }

    /// Whether this name is here, with its quote and its colon.
    #[inline(always)]
    pub(super) fn is(&self, here: Here, name: Name) -> bool {
        name.matches_at(self.text, here.at, here.word)
    }

    /// The value of the member whose name is here.
    #[inline(always)]
    pub(super) fn value(&self, here: Here, name: Name) -> Here {
        self.here(here.after(name.quoted_length()))
    }

    /// Walks an object's members; `member` gets the position of the name, after its opening quote.
    #[inline(always)]
    pub(super) fn members(&self, object: Here, mut member: impl FnMut(Here) -> Option<usize>) -> Option<usize> {
        if object.byte() != b'{' {
            return None;
        }
        let first = self.here(object.after(1));
        if first.byte() != b'"' {
            return (first.byte() == b'}').then_some(first.after(1));
        }
        let mut start = first.after(1);
        loop {
            let after = member(Here { at: start, word: self.text.word_or_zero(start) })?;
            // Fast path: nearly always the next name follows without blanks.
            let word = self.text.word_or_zero(after);
            if word as u16 == NEXT_NAME {
                start = after.wrapping_add(2);
            } else if word as u8 == b'}' {
                return Some(after.wrapping_add(1));
            } else {
                let (is_last, next) = self.unusual_end(after)?;
                if is_last {
                    return Some(next);
                }
                start = next;
            }
        }
    }

    /// The value of a member that no pattern matches, and the length of its name.
    #[inline(always)]
    pub(super) fn other_value(&self, name: Here) -> Option<(Here, usize)> {
        let close = self.text.special(name.at);
        let is_end = self.text.word_or_zero(close) as u16 == END_OF_NAME;
        is_end.then_some((self.here(close.wrapping_add(2)), close.wrapping_sub(name.at)))
    }

    /// Skips a member that is not read.
    #[inline(always)]
    pub(super) fn skip_member(&self, name: Here) -> Option<usize> {
        let (value, _) = self.other_value(name)?;
        self.skip(value)
    }

    /// Reads what follows a member, with blanks around it: whether the object ends, and the
    /// position after the bracket or the next name's opening quote.
    #[inline(never)]
    pub(super) fn unusual_end(&self, after: usize) -> Option<(bool, usize)> {
        let end = self.here(after);
        if end.byte() == b'}' {
            return Some((true, end.after(1)));
        }
        let quote = self.here(end.after(1));
        (end.byte() == b',' && quote.byte() == b'"').then_some((false, quote.after(1)))
    }

    /// Walks an array's elements.
    #[inline(always)]
    pub(super) fn elements(&self, array: Here, mut element: impl FnMut(Here) -> Option<usize>) -> Option<usize> {
        if array.byte() != b'[' {
            return None;
        }
        let mut here = self.here(array.after(1));
        if here.byte() == b']' {
            return Some(here.after(1));
        }
        loop {
            let end = self.here(element(here)?);
            match end.byte() {
                b',' => here = self.here(end.after(1)),
                b']' => return Some(end.after(1)),
                _ => return None,
            }
        }
    }

    /// Skips a value that is not read.
    #[inline(always)]
    pub(super) fn skip(&self, value: Here) -> Option<usize> {
        match value.byte() {
            b'"' => {
                let close = self.text.special(value.after(1));
                if self.byte(close) == b'"' { Some(close.wrapping_add(1)) } else { self.skip_string(close) }
            }
            b'{' | b'[' => self.skip_container(value.at),
            _ => self.skip_word(value),
        }
    }

    #[inline(always)]
    pub(super) fn skip_container(&self, at: usize) -> Option<usize> {
        match self.way.skip(self.text.with_padding(), at, self.text.end(), FAST_DEPTH) {
            Skipped::Closed(after) => Some(after),
            _ => None,
        }
    }

    /// Skips a number or literal.
    #[inline(always)]
    pub(super) fn skip_word(&self, value: Here) -> Option<usize> {
        // Fast path: most are short numbers.
        let digits = length_of_digits(value.word);
        if digits > 0 && digits < 8 && matches!((value.word >> (8 * digits)) as u8, b',' | b'}' | b']') {
            return Some(value.after(digits));
        }
        self.skip_long_word(value.at)
    }

    #[inline(never)]
    pub(super) fn skip_long_word(&self, at: usize) -> Option<usize> {
        match self.byte(at) {
            b',' | b'}' | b']' | b':' | 0 => None,
            _ => Some(self.text.unread_word_end(at)),
        }
    }

    /// Skips the rest of a string with escapes; the first one is at `mark`.
    #[cold]
    pub(super) fn skip_string(&self, mut mark: usize) -> Option<usize> {
        loop {
            match self.byte(mark) {
                b'"' => return Some(mark + 1),
                b'\\' if mark + 2 <= self.text.end() => mark = self.text.special(mark + 2),
                _ => return None,
            }
        }
    }
}
