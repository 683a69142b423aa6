//! Reads values into model types, each with the position after it. The object or array around a
//! value checks what follows.

use super::walk::{Fast, Here};
use crate::document::escape::unescape;
use crate::document::lexer::number_of_word;
use crate::document::simd::quoted;
use crate::model::instant::Instant;
use crate::model::money::Minor;
use crate::model::quantity::Quantity;

const NULL: u32 = u32::from_le_bytes(*b"null");
const TRUE: u32 = u32::from_le_bytes(*b"true");
const FALSE_TAIL: u32 = u32::from_le_bytes(*b"alse");

impl<'b> Fast<'b, '_> {
    #[inline(always)]
    pub(super) fn null(&self, value: Here) -> Option<usize> {
        (value.word as u32 == NULL).then_some(value.after(4))
    }

    #[inline(always)]
    pub(super) fn text(&self, value: Here) -> Option<(&'b str, usize)> {
        let close = self.text.special(value.after(1));
        match quoted(self.whole, value.at, close) {
            Some(text) => Some((text, close.wrapping_add(1))),
            None => self.escaped_text(value, close),
        }
    }

    #[cold]
    fn escaped_text(&self, value: Here, mark: usize) -> Option<(&'b str, usize)> {
        if value.byte() != b'"' {
            return None;
        }
        let (start, after) = (value.after(1), self.skip_string(mark)?);
        let text = unescape(&self.whole[start..after - 1], start, self.arena).ok()?;
        Some((text, after))
    }

    #[inline(always)]
    pub(super) fn optional_text(&self, value: Here) -> Option<(Option<&'b str>, usize)> {
        if value.byte() == b'"' {
            return self.text(value).map(|(text, after)| (Some(text), after));
        }
        Some((None, self.null(value)?))
    }

    /// A text, or null; an empty text counts as missing.
    #[inline(always)]
    pub(super) fn reference(&self, value: Here) -> Option<(Option<&'b str>, usize)> {
        let (text, after) = self.optional_text(value)?;
        Some((text.filter(|text| !text.is_empty()), after))
    }

    /// A document id of ASCII characters without escapes; any other is left to the exact reader.
    #[inline(always)]
    pub(super) fn id(&self, value: Here) -> Option<(&'b str, usize)> {
        let (id, after) = self.text(value)?;
        let is_plain = value.after(id.len() + 2) == after && id.bytes().fold(true, |plain, b| plain & (b < 0x7f));
        (is_plain && !id.is_empty()).then_some((id, after))
    }

    /// A whole number of minor units.
    #[inline(always)]
    pub(super) fn amount(&self, value: Here) -> Option<(Minor, usize)> {
        match number_of_word(value.word) {
            Some((number, length)) => Some((Minor::from(number), value.after(length))),
            None => self.long_amount(value.at),
        }
    }

    /// A whole number of minor units, or null.
    #[inline(always)]
    pub(super) fn optional_amount(&self, value: Here) -> Option<(Option<Minor>, usize)> {
        match number_of_word(value.word) {
            Some((number, length)) => Some((Some(Minor::from(number)), value.after(length))),
            None => self.no_short_amount(value),
        }
    }

    #[inline(never)]
    fn no_short_amount(&self, value: Here) -> Option<(Option<Minor>, usize)> {
        match self.null(value) {
            Some(after) => Some((None, after)),
            None => self.long_amount(value.at).map(|(number, after)| (Some(number), after)),
        }
    }

    /// A number of at most eighteen digits, with or without sign.
    #[inline(never)]
    fn long_amount(&self, at: usize) -> Option<(Minor, usize)> {
        let is_negative = self.byte(at) == b'-';
        let start = at + usize::from(is_negative);
        let (mut value, mut after) = (0i64, start);
        while self.byte(after).is_ascii_digit() {
            if after - start == 18 {
                return None;
            }
            value = value * 10 + i64::from(self.byte(after) - b'0');
            after += 1;
        }
        let has_needless_zero = self.byte(start) == b'0' && after - start > 1;
        (after > start && !has_needless_zero).then_some((if is_negative { -value } else { value }, after))
    }

    /// A quantity, or null.
    #[inline(always)]
    pub(super) fn optional_quantity(&self, value: Here) -> Option<(Option<Quantity>, usize)> {
        match number_of_word(value.word) {
            Some((whole, length)) => Some((Some(Quantity::whole(whole)), value.after(length))),
            None => self.unusual_quantity(value),
        }
    }

    #[inline(never)]
    fn unusual_quantity(&self, value: Here) -> Option<(Option<Quantity>, usize)> {
        if let Some(after) = self.null(value) {
            return Some((None, after));
        }
        let (text, after) = if value.byte() == b'"' {
            self.text(value)?
        } else {
            let after = self.text.word_end(value.at);
            (self.whole.get(value.at..after)?, after)
        };
        Some((Some(Quantity::parse(text).ok()?), after))
    }

    /// A line's id: a text, or a whole number as its digits; or null.
    #[inline(always)]
    pub(super) fn line_id(&self, value: Here) -> Option<(Option<&'b str>, usize)> {
        if value.byte() == b'"' {
            return self.text(value).map(|(text, after)| (Some(text).filter(|text| !text.is_empty()), after));
        }
        self.unusual_line_id(value)
    }

    #[inline(never)]
    fn unusual_line_id(&self, value: Here) -> Option<(Option<&'b str>, usize)> {
        if let Some(after) = self.null(value) {
            return Some((None, after));
        }
        let (_, length) = number_of_word(value.word)?;
        Some((self.whole.get(value.at..value.after(length)), value.after(length)))
    }

    #[inline(always)]
    pub(super) fn optional_boolean(&self, value: Here) -> Option<(Option<bool>, usize)> {
        if value.word as u32 == TRUE {
            return Some((Some(true), value.after(4)));
        }
        if value.byte() == b'f' && (value.word >> 8) as u32 == FALSE_TAIL {
            return Some((Some(false), value.after(5)));
        }
        Some((None, self.null(value)?))
    }

    #[inline(always)]
    pub(super) fn optional_instant(&self, value: Here) -> Option<(Option<Instant>, usize)> {
        match self.usual_time(value, 24) {
            Some(time) => Some((Some(time), value.after(26))),
            None => self.other_instant(value),
        }
    }

    /// A time in its usual form, of `length` bytes.
    #[inline(always)]
    fn usual_time(&self, value: Here, length: usize) -> Option<Instant> {
        let start = value.after(1);
        if value.byte() != b'"' || self.byte(start.wrapping_add(length)) != b'"' {
            return None;
        }
        self.calendar.usual_time(self.text, start, length)
    }

    #[inline(never)]
    fn other_instant(&self, value: Here) -> Option<(Option<Instant>, usize)> {
        if let Some(time) = self.usual_time(value, 20) {
            return Some((Some(time), value.after(22)));
        }
        if let Some(after) = self.null(value) {
            return Some((None, after));
        }
        let (text, after) = self.text(value)?;
        Some((Some(Instant::parse(text)?), after))
    }
}
