//! Reads values into model types: ids, times, amounts, quantities.

use super::Cursor;
use crate::document::fault::{Fault, Read};
use crate::document::lexer::{short_number, usual_time};
use crate::document::names::MemberName;
use crate::model::instant::Instant;
use crate::model::money::Minor;
use crate::model::number::{NotAnAmount, Number};
use crate::model::quantity::{Quantity, QuantityError};
use crate::model::reject::RecordReason::*;

impl<'b, N: MemberName> Cursor<'b, N> {
    /// A document id: not empty, without control characters.
    #[inline(always)]
    pub fn id(&mut self) -> Read<&'b str> {
        let at = self.at;
        let id = self.text()?;
        if id.is_empty() || id.chars().any(char::is_control) {
            return Err(Fault::new(BadId, at));
        }
        Ok(id)
    }

    fn instant(&mut self) -> Read<Instant> {
        let at = self.at;
        Instant::parse(self.text()?).ok_or_else(|| Fault::new(BadTimestamp, at))
    }

    #[inline(never)]
    pub fn optional_instant(&mut self) -> Read<Option<Instant>> {
        let (at, start) = (self.at, self.at.wrapping_add(1));
        // The usual forms are 24 or 20 bytes long, which gives two positions for the closing quote.
        for length in [24, 20] {
            if self.peek() == b'"'
                && self.text.byte(start.wrapping_add(length)) == b'"'
                && let Some(time) = usual_time(self.text, start, length)
            {
                self.at = at + length + 2;
                return Ok(Some(time));
            }
        }
        self.optional(Self::instant)
    }

    pub fn optional_loose_instant(&mut self) -> Read<Option<Instant>> {
        self.optional(|cur| {
            let at = cur.at;
            Instant::parse_loosely(cur.text()?).ok_or_else(|| Fault::new(BadTimestamp, at))
        })
    }

    #[inline(always)]
    pub fn optional_boolean(&mut self) -> Read<Option<bool>> {
        self.optional(Self::boolean)
    }

    #[inline(always)]
    fn boolean(&mut self) -> Read<bool> {
        match self.peek() {
            b't' => self.literal(b"true").map(|()| true),
            b'f' => self.literal(b"false").map(|()| false),
            _ => Err(self.wrong_type()),
        }
    }

    #[inline(always)]
    fn number_text(&mut self) -> Read<&'b str> {
        if !matches!(self.peek(), b'-' | b'0'..=b'9') {
            return Err(self.wrong_type());
        }
        let start = self.at;
        self.skip_scalar();
        Ok(&self.whole[start..self.at])
    }

    /// Reads a whole number of at most seven digits directly before `,`, `}` or `]`.
    #[inline(always)]
    fn short_number(&mut self) -> Option<u32> {
        let (value, after) = short_number(self.text, self.at)?;
        if !matches!(self.text.byte(after), b',' | b'}' | b']') {
            return None;
        }
        self.at = after;
        Some(value)
    }

    /// A whole number of minor units.
    #[inline(always)]
    pub fn amount(&mut self) -> Read<Minor> {
        match self.short_number() {
            Some(value) => Ok(Minor::from(value)),
            None => self.long_amount(),
        }
    }

    /// A whole number of minor units, or null.
    #[inline(always)]
    pub fn optional_amount(&mut self) -> Read<Option<Minor>> {
        match self.short_number() {
            Some(value) => Ok(Some(Minor::from(value))),
            None => self.optional(Self::long_amount),
        }
    }

    #[inline(never)]
    fn long_amount(&mut self) -> Read<Minor> {
        let at = self.at;
        let text = self.number_text()?.as_bytes();
        // Up to eighteen digits cannot overflow; anything else is parsed as a `Number`.
        let digits = text.strip_prefix(b"-").unwrap_or(text);
        if !digits.is_empty() && digits.len() <= 18 && (digits[0] != b'0' || digits.len() == 1) {
            let mut value = 0i64;
            for digit in digits {
                let digit = digit.wrapping_sub(b'0');
                if digit > 9 {
                    return self.unusual_amount(text, at);
                }
                value = value * 10 + i64::from(digit);
            }
            return Ok(if digits.len() < text.len() { -value } else { value });
        }
        self.unusual_amount(text, at)
    }

    #[cold]
    fn unusual_amount(&self, text: &[u8], at: usize) -> Read<Minor> {
        let number = Number::parse(text).ok_or_else(|| self.broken_number(at))?;
        number.amount().map_err(|error| match error {
            NotAnAmount::Fraction => Fault::new(AmountNotInteger, at),
            NotAnAmount::OutOfRange => Fault::new(AmountOutOfRange, at),
        })
    }

    #[cold]
    fn broken_number(&self, at: usize) -> Box<Fault> {
        Fault::new(if self.at >= self.text.end() { TruncatedRecord } else { Syntax }, at)
    }

    /// A number, a text that holds one, or null.
    #[inline(always)]
    pub fn optional_quantity(&mut self) -> Read<Option<Quantity>> {
        self.optional(Self::quantity)
    }

    #[inline(always)]
    fn quantity(&mut self) -> Read<Quantity> {
        match self.short_number() {
            Some(whole) => Ok(Quantity::whole(whole)),
            None => self.long_quantity(),
        }
    }

    #[inline(never)]
    fn long_quantity(&mut self) -> Read<Quantity> {
        let at = self.at;
        let is_text = self.peek() == b'"';
        let text = if is_text { self.text()? } else { self.number_text()? };
        Quantity::parse(text).map_err(|error| match error {
            QuantityError::OutOfRange => Fault::new(QuantityOutOfRange, at),
            QuantityError::NotANumber if is_text => Fault::new(WrongType, at),
            QuantityError::NotANumber => self.broken_number(at),
        })
    }

    /// A text, a whole number as its digits, or null.
    #[inline(always)]
    pub fn optional_line_id(&mut self) -> Read<Option<&'b str>> {
        Ok(self.optional(Self::line_id)?.flatten())
    }

    #[inline(always)]
    fn line_id(&mut self) -> Read<Option<&'b str>> {
        if self.peek() == b'"' {
            return Ok(Some(self.text()?).filter(|text| !text.is_empty()));
        }
        let at = self.at;
        let text = self.number_text()?;
        let number = Number::parse(text.as_bytes()).ok_or_else(|| self.broken_number(at))?;
        if text.contains(['.', 'e', 'E']) {
            let value = number.amount().map_err(|_| Fault::new(WrongType, at))?;
            return Ok(Some(self.arena.alloc_str(&value.to_string())));
        }
        Ok(Some(if text == "-0" { "0" } else { text }))
    }
}
