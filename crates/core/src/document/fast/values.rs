//! Reads values into model types. The object or array around a value checks what follows it.

use super::{Fast, Read, Unusual};
use crate::document::escape::unescape;
use crate::document::lexer::{length_of_boolean, number_of_word};
use crate::document::names::MemberName;
use crate::model::instant::Instant;
use crate::model::money::Minor;
use crate::model::quantity::Quantity;

const NULL: u32 = u32::from_le_bytes(*b"null");

impl<'b, N: MemberName> Fast<'b, '_, N> {
    /// Whether null is here; consumes it.
    #[inline(always)]
    pub fn null(&mut self) -> Read<bool> {
        if self.peek() != b'n' {
            return Ok(false);
        }
        self.apart(Self::rest_of_null).map(|()| true)
    }

    #[inline(never)]
    fn rest_of_null(&mut self) -> Read<()> {
        if self.word() as u32 != NULL {
            return Err(Unusual);
        }
        self.advance(4);
        Ok(())
    }

    #[inline(always)]
    pub fn optional<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<Option<T>> {
        if self.null()? { Ok(None) } else { read(self).map(Some) }
    }

    #[inline(always)]
    pub fn required<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<Option<T>> {
        read(self).map(Some)
    }

    #[inline(always)]
    pub fn text(&mut self) -> Read<&'b str> {
        match self.text.string(self.at) {
            Some((text, close)) => {
                self.at = close.wrapping_add(1);
                Ok(text)
            }
            None => self.apart(Self::escaped_text),
        }
    }

    #[cold]
    fn escaped_text(&mut self) -> Read<&'b str> {
        if self.peek() != b'"' {
            return Err(Unusual);
        }
        let start = self.at + 1;
        self.skip_escapes(self.bytes().special(start))?;
        let text = self.slice(start, self.at - 1)?;
        unescape(text, start, self.arena).map_err(|_| Unusual)
    }

    #[inline(always)]
    pub fn optional_text(&mut self) -> Read<Option<&'b str>> {
        match self.text.string(self.at) {
            Some((text, close)) => {
                self.at = close.wrapping_add(1);
                Ok(Some(text))
            }
            None => self.apart(Self::unusual_text),
        }
    }

    #[cold]
    fn unusual_text(&mut self) -> Read<Option<&'b str>> {
        if self.null()? { Ok(None) } else { self.escaped_text().map(Some) }
    }

    #[inline(always)]
    pub fn reference(&mut self) -> Read<Option<&'b str>> {
        match self.optional_text()? {
            Some(text) if !text.is_empty() => Ok(Some(text)),
            _ => Ok(None),
        }
    }

    /// A document id of ASCII characters without escapes; any other is left to the exact reader.
    #[inline(always)]
    pub fn id(&mut self) -> Read<&'b str> {
        let start = self.at;
        let id = self.text()?;
        // Eight bytes at a time, the last eight always: what is below 0x7f has no high bit, and gets none when one is
        // added.
        let high = |word: u64| word | word.wrapping_add(0x0101_0101_0101_0101);
        let is_plain = match id.as_bytes().last_chunk::<8>() {
            Some(last) => {
                let words = id.as_bytes().as_chunks::<8>().0.iter().chain([last]);
                words.fold(0, |bits, word| bits | high(u64::from_le_bytes(*word))) & 0x8080_8080_8080_8080 == 0
            }
            None => id.bytes().all(|byte| byte < 0x7f),
        };
        let is_unescaped = self.at == start.wrapping_add(id.len() + 2);
        if is_plain && is_unescaped && !id.is_empty() { Ok(id) } else { Err(Unusual) }
    }

    #[inline(always)]
    pub fn amount(&mut self) -> Read<Minor> {
        match number_of_word(self.word()) {
            Some((number, length)) => {
                self.advance(length);
                Ok(Minor::from(number))
            }
            None => self.apart(Self::long_amount),
        }
    }

    #[inline(always)]
    pub fn optional_amount(&mut self) -> Read<Option<Minor>> {
        match number_of_word(self.word()) {
            Some((number, length)) => {
                self.advance(length);
                Ok(Some(Minor::from(number)))
            }
            None => self.apart(Self::unusual_amount),
        }
    }

    #[inline(never)]
    fn unusual_amount(&mut self) -> Read<Option<Minor>> {
        self.optional(Self::long_amount)
    }

    /// A number of at most eighteen digits, with or without sign.
    #[inline(never)]
    fn long_amount(&mut self) -> Read<Minor> {
        let is_negative = self.peek() == b'-';
        let start = self.at + usize::from(is_negative);
        let (mut value, mut after) = (0i64, start);
        while self.bytes().byte(after).is_ascii_digit() {
            if after - start == 18 {
                return Err(Unusual);
            }
            value = value * 10 + i64::from(self.bytes().byte(after) - b'0');
            after += 1;
        }
        let has_needless_zero = self.bytes().byte(start) == b'0' && after - start > 1;
        if after == start || has_needless_zero {
            return Err(Unusual);
        }
        self.at = after;
        Ok(if is_negative { -value } else { value })
    }

    #[inline(always)]
    pub fn optional_quantity(&mut self) -> Read<Option<Quantity>> {
        let word = self.word();
        let digit = (word as u8).wrapping_sub(b'0');
        // Most have one digit.
        if digit < 10 && matches!((word >> 8) as u8, b',' | b'}') {
            self.advance(1);
            return Ok(Some(Quantity::whole(u32::from(digit))));
        }
        match number_of_word(word) {
            Some((whole, length)) => {
                self.advance(length);
                Ok(Some(Quantity::whole(whole)))
            }
            None => self.apart(Self::unusual_quantity),
        }
    }

    #[inline(never)]
    fn unusual_quantity(&mut self) -> Read<Option<Quantity>> {
        if self.null()? {
            return Ok(None);
        }
        let text = if self.peek() == b'"' {
            self.text()?
        } else {
            let start = self.at;
            self.at = self.bytes().word_end(start);
            self.slice(start, self.at)?
        };
        Quantity::parse(text).map(Some).map_err(|_| Unusual)
    }

    #[inline(always)]
    pub fn optional_line_id(&mut self) -> Read<Option<&'b str>> {
        match self.text.string(self.at) {
            Some((text, close)) => {
                self.at = close.wrapping_add(1);
                Ok(Some(text).filter(|text| !text.is_empty()))
            }
            None => self.apart(Self::unusual_line_id),
        }
    }

    #[inline(never)]
    fn unusual_line_id(&mut self) -> Read<Option<&'b str>> {
        if self.peek() == b'"' {
            return Ok(Some(self.escaped_text()?).filter(|text| !text.is_empty()));
        }
        if self.null()? {
            return Ok(None);
        }
        let start = self.at;
        let (_, length) = number_of_word(self.word()).ok_or(Unusual)?;
        self.advance(length);
        self.slice(start, self.at).map(Some)
    }

    #[inline(always)]
    pub fn optional_boolean(&mut self) -> Read<Option<bool>> {
        let length = length_of_boolean(self.word());
        if length > 0 {
            self.advance(length);
            return Ok(Some(length == 4));
        }
        self.apart(Self::rest_of_null).map(|()| None)
    }

    #[inline(always)]
    pub fn optional_instant(&mut self) -> Read<Option<Instant>> {
        match self.usual_time(24) {
            Some(time) => Ok(Some(time)),
            None => self.apart(Self::unusual_instant),
        }
    }

    pub fn optional_loose_instant(&mut self) -> Read<Option<Instant>> {
        self.optional(|cur| Instant::parse_loosely(cur.text()?).ok_or(Unusual))
    }

    /// A time in its usual form, of `length` bytes.
    #[inline(always)]
    fn usual_time(&mut self, length: usize) -> Option<Instant> {
        let here = self.here().ok()?;
        if here[0] != b'"' || here[length + 1] != b'"' {
            return None;
        }
        let time = self.memory.calendar.usual_time(here[1..].first_chunk()?, length)?;
        self.advance(length + 2);
        Some(time)
    }

    #[inline(never)]
    fn unusual_instant(&mut self) -> Read<Option<Instant>> {
        if let Some(time) = self.usual_time(20) {
            return Ok(Some(time));
        }
        if self.null()? {
            return Ok(None);
        }
        Instant::parse(self.text()?).map(Some).ok_or(Unusual)
    }
}
