//! The walker: reads a record on demand, from the marks of its block, borrowing what it returns.

use bumpalo::Bump;

use super::fault::{Fault, Read};
use super::scan::{Index, Unclosed};
use crate::model::instant::Instant;
use crate::model::limits::MAX_DEPTH;
use crate::model::money::Minor;
use crate::model::number::{NotAnAmount, Number};
use crate::model::quantity::{Quantity, QuantityError};
use crate::model::reject::RecordReason::{self, *};

/// A place in a record, and how far the record goes.
#[derive(Clone)]
pub struct Cursor<'b> {
    whole: &'b str,
    text: &'b [u8],
    index: &'b Index,
    arena: &'b Bump,
    at: usize,
    end: usize,
    depth: u32,
    forgiving: bool,
}

/// The members of an object that were met, to tell a name that stands twice.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seen(u64);

impl Seen {
    /// Whether the member of this number was met.
    pub fn has(self, number: u32) -> bool {
        self.0 >> number & 1 == 1
    }
}

/// Reads a known member into a place.
macro_rules! member {
    ($cur:ident, $seen:ident, $number:literal, $name:literal, $place:expr => $read:expr) => {
        $cur.once(&mut $seen, $number, $name, |$cur| {
            $place = $read;
            Ok(())
        })
    };
}
pub(super) use member;

#[inline(always)]
pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

impl<'b> Cursor<'b> {
    /// A cursor over `text[start..end]`, which holds one record; `index` has the marks of all of `text`.
    pub fn new(text: &'b str, index: &'b Index, arena: &'b Bump, start: usize, end: usize) -> Self {
        Cursor { whole: text, text: text.as_bytes(), index, arena, at: start, end, depth: 0, forgiving: false }
    }

    /// The same, for which nothing that is missing is a defect: what is missing is named only when all else is right.
    pub fn forgiving(self) -> Self {
        Cursor { forgiving: true, ..self }
    }

    /// Whether what is missing is no defect.
    pub fn is_forgiving(&self) -> bool {
        self.forgiving
    }

    /// The arena, for texts that must be written anew.
    pub fn arena(&self) -> &'b Bump {
        self.arena
    }

    /// Where it stands.
    pub fn at(&self) -> usize {
        self.at
    }

    /// The byte it stands at; 0 at the end of the record.
    #[inline(always)]
    pub fn peek(&self) -> u8 {
        if self.at < self.end { self.text[self.at] } else { 0 }
    }

    /// Skips white space.
    #[inline(always)]
    pub fn blanks(&mut self) {
        while self.at < self.end && self.text[self.at] <= b' ' && is_blank(self.text[self.at]) {
            self.at += 1;
        }
    }

    /// A defect here; at the end of the record the record is cut short, whatever was wanted.
    #[cold]
    pub fn fault(&self, reason: RecordReason) -> Box<Fault> {
        let cut = self.at >= self.end && reason == Syntax;
        Fault::new(if cut { TruncatedRecord } else { reason }, self.at)
    }

    /// A value of another type than wanted stands here, or no value at all.
    #[cold]
    pub fn wrong_type(&self) -> Box<Fault> {
        let literal = |word: &[u8]| self.text[self.at..self.end].starts_with(word);
        match self.peek() {
            b'"' | b'{' | b'[' | b'-' | b'0'..=b'9' => self.fault(WrongType),
            b't' if literal(b"true") => self.fault(WrongType),
            b'f' if literal(b"false") => self.fault(WrongType),
            b'n' if literal(b"null") => self.fault(WrongType),
            _ => self.fault(Syntax),
        }
    }

    #[inline(always)]
    fn enter(&mut self) -> Read<()> {
        if self.depth >= MAX_DEPTH {
            return Err(self.fault(NestingTooDeep));
        }
        self.depth += 1;
        self.at += 1;
        Ok(())
    }

    /// Walks an object's members: `member` is called with the unescaped name, and reads or skips the value.
    #[inline(always)]
    pub fn object(&mut self, mut member: impl FnMut(&mut Self, &'b str) -> Read<()>) -> Read<()> {
        if self.peek() != b'{' {
            return Err(self.wrong_type());
        }
        self.enter()?;
        self.blanks();
        if self.peek() == b'}' {
            self.at += 1;
            self.depth -= 1;
            return Ok(());
        }
        loop {
            if self.peek() != b'"' {
                return Err(self.fault(Syntax));
            }
            let name_at = self.at;
            let name = self.string()?;
            self.blanks();
            if self.peek() != b':' {
                return Err(self.fault(Syntax));
            }
            self.at += 1;
            self.blanks();
            let value_at = self.at;
            member(self, name).map_err(|fault| duplicate_at_name(fault, value_at, name_at))?;
            self.blanks();
            match self.peek() {
                b',' => {
                    self.at += 1;
                    self.blanks();
                }
                b'}' => {
                    self.at += 1;
                    self.depth -= 1;
                    return Ok(());
                }
                _ => return Err(self.fault(Syntax)),
            }
        }
    }

    /// Walks an array's elements; `element` reads or skips each.
    #[inline(always)]
    pub fn array(&mut self, mut element: impl FnMut(&mut Self, usize) -> Read<()>) -> Read<()> {
        if self.peek() != b'[' {
            return Err(self.wrong_type());
        }
        self.enter()?;
        self.blanks();
        if self.peek() == b']' {
            self.at += 1;
            self.depth -= 1;
            return Ok(());
        }
        for number in 0.. {
            element(self, number).map_err(|fault| fault.element(number))?;
            self.blanks();
            match self.peek() {
                b',' => {
                    self.at += 1;
                    self.blanks();
                }
                b']' => {
                    self.at += 1;
                    self.depth -= 1;
                    break;
                }
                _ => return Err(self.fault(Syntax)),
            }
        }
        Ok(())
    }

    /// Reads a member that we know: once an object, its name in the path of what is wrong within.
    #[inline(always)]
    pub fn once(
        &mut self,
        seen: &mut Seen,
        number: u32,
        name: &'static str,
        read: impl FnOnce(&mut Self) -> Read<()>,
    ) -> Read<()> {
        if seen.has(number) {
            return Err(self.fault(DuplicateKey).within(name));
        }
        seen.0 |= 1 << number;
        read(self).map_err(|fault| fault.within(name))
    }

    /// Whether null stands here; passes it.
    #[inline(always)]
    pub fn null(&mut self) -> Read<bool> {
        if self.peek() != b'n' {
            return Ok(false);
        }
        self.literal(b"null").map(|()| true)
    }

    /// Whether null stands here.
    pub fn is_null(&self) -> bool {
        self.clone().literal(b"null").is_ok()
    }

    fn literal(&mut self, word: &[u8]) -> Read<()> {
        let rest = &self.text[self.at..self.end];
        if rest.starts_with(word)
            && rest.get(word.len()).is_none_or(|b| is_blank(*b) || matches!(b, b',' | b'}' | b']'))
        {
            self.at += word.len();
            return Ok(());
        }
        let cut = rest.len() < word.len() && word.starts_with(rest);
        Err(Fault::new(if cut { TruncatedRecord } else { Syntax }, self.at))
    }

    /// Null, or what `read` reads.
    #[inline(always)]
    pub fn optional<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<Option<T>> {
        if self.null()? { Ok(None) } else { read(self).map(Some) }
    }

    /// A string, unescaped where needed.
    #[inline(always)]
    fn string(&mut self) -> Read<&'b str> {
        let start = self.at + 1;
        // Most strings are their own value: the first mark is the quote that closes them.
        match self.index.next(start, self.end, |m| m.quotes | m.odd) {
            Some(mark) if self.text[mark] == b'"' => {
                self.at = mark + 1;
                Ok(&self.whole[start..mark])
            }
            _ => self.unusual_string(start),
        }
    }

    #[cold]
    fn unusual_string(&mut self, start: usize) -> Read<&'b str> {
        let Some(close) = self.index.next(start, self.end, |m| m.quotes) else {
            self.at = self.end;
            return Err(self.fault(Syntax));
        };
        self.at = close + 1;
        super::escape::unescape(&self.whole[start..close], start, self.arena)
    }

    /// A text.
    #[inline(always)]
    pub fn text(&mut self) -> Read<&'b str> {
        if self.peek() != b'"' {
            return Err(self.wrong_type());
        }
        self.string()
    }

    /// What `read` reads; null is a defect here.
    #[inline(always)]
    pub fn required<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<Option<T>> {
        let at = self.at;
        if self.null()? { Err(Fault::new(NullField, at)) } else { read(self).map(Some) }
    }

    /// A text where an empty one is the same as none.
    #[inline(always)]
    pub fn reference(&mut self) -> Read<Option<&'b str>> {
        Ok(self.optional(Self::text)?.filter(|text| !text.is_empty()))
    }

    /// An id of a document.
    #[inline(always)]
    pub fn id(&mut self) -> Read<&'b str> {
        let at = self.at;
        let id = self.text()?;
        if id.is_empty() || id.chars().any(char::is_control) {
            return Err(Fault::new(BadId, at));
        }
        Ok(id)
    }

    /// A point in time.
    #[inline(always)]
    pub fn instant(&mut self) -> Read<Instant> {
        let at = self.at;
        let text = self.text()?;
        Instant::parse(text).ok_or_else(|| Fault::new(BadTimestamp, at))
    }

    /// True or false.
    #[inline(always)]
    pub fn boolean(&mut self) -> Read<bool> {
        match self.peek() {
            b't' => self.literal(b"true").map(|()| true),
            b'f' => self.literal(b"false").map(|()| false),
            _ => Err(self.wrong_type()),
        }
    }

    /// The text of a number.
    #[inline(always)]
    fn number_text(&mut self) -> Read<&'b str> {
        if !matches!(self.peek(), b'-' | b'0'..=b'9') {
            return Err(self.wrong_type());
        }
        let start = self.at;
        self.skip_scalar();
        Ok(&self.whole[start..self.at])
    }

    /// A whole number of minor units.
    #[inline(always)]
    pub fn amount(&mut self) -> Read<Minor> {
        let at = self.at;
        let text = self.number_text()?.as_bytes();
        // Up to eighteen digits cannot overflow; anything else takes the exact way.
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
        Fault::new(if self.at >= self.end { TruncatedRecord } else { Syntax }, at)
    }

    /// A quantity: a number, or a text that is one.
    pub fn quantity(&mut self) -> Read<Quantity> {
        let at = self.at;
        let is_text = self.peek() == b'"';
        let text = if is_text { self.text()? } else { self.number_text()? };
        Quantity::parse(text).map_err(|error| match error {
            QuantityError::OutOfRange => Fault::new(QuantityOutOfRange, at),
            QuantityError::NotANumber if is_text => Fault::new(WrongType, at),
            QuantityError::NotANumber => self.broken_number(at),
        })
    }

    /// A line's id: a text, or a whole number as its digits.
    #[inline(always)]
    pub fn line_id(&mut self) -> Read<Option<&'b str>> {
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

    #[inline(always)]
    fn skip_scalar(&mut self) {
        while self.at < self.end && !(is_blank(self.text[self.at]) || matches!(self.text[self.at], b',' | b'}' | b']'))
        {
            self.at += 1;
        }
    }

    /// Skips a value that we do not read: strings must close and brackets must match.
    #[inline(always)]
    pub fn skip(&mut self) -> Read<()> {
        match self.peek() {
            b'"' => match self.index.next(self.at + 1, self.end, |m| m.quotes) {
                Some(close) => {
                    self.at = close + 1;
                    Ok(())
                }
                None => {
                    self.at = self.end;
                    Err(self.fault(Syntax))
                }
            },
            b'{' | b'[' => self.skip_container(),
            b',' | b'}' | b']' | b':' | 0 => Err(self.fault(Syntax)),
            _ => {
                self.skip_scalar();
                Ok(())
            }
        }
    }

    /// Passes a string, a number or a word that JSON knows.
    #[cold]
    pub fn scalar(&mut self) -> Read<()> {
        match self.peek() {
            b'"' => self.skip(),
            b't' => self.literal(b"true"),
            b'f' => self.literal(b"false"),
            b'n' => self.literal(b"null"),
            _ => {
                let at = self.at;
                self.skip_scalar();
                let number = Number::parse(&self.text[at..self.at]);
                number.map(|_| ()).ok_or_else(|| Fault::new(Syntax, at))
            }
        }
    }

    /// Skips an element that is a record of its own: how deep it goes is for its own reader to judge.
    pub fn skip_record(&mut self) -> Read<()> {
        let depth = std::mem::take(&mut self.depth);
        let skipped = self.skip();
        self.depth = depth;
        self.past_depth(skipped)
    }

    /// Goes on behind a container that is deeper than it may be, if it is closed at all.
    pub fn past_depth(&mut self, skipped: Read<()>) -> Read<()> {
        match skipped {
            Err(fault) if fault.reason == NestingTooDeep => {
                let end = self.index.container_end_by_count(self.text, self.at, self.end);
                self.at = end.ok_or(fault)?;
                Ok(())
            }
            skipped => skipped,
        }
    }

    fn skip_container(&mut self) -> Read<()> {
        match self.index.container_end(self.text, self.at, self.end, self.depth) {
            Ok(after) => {
                self.at = after;
                Ok(())
            }
            Err(Unclosed::AtEnd) => {
                self.at = self.end;
                Err(self.fault(Syntax))
            }
            Err(Unclosed::Mismatch(at)) => Err(Fault::new(Syntax, at)),
            Err(Unclosed::TooDeep(at)) => Err(Fault::new(NestingTooDeep, at)),
        }
    }
}

/// A name that stands twice is the defect, so its place is the name's, not the value's.
#[cold]
fn duplicate_at_name(mut fault: Box<Fault>, value_at: usize, name_at: usize) -> Box<Fault> {
    if fault.reason == DuplicateKey && fault.at == value_at {
        fault.at = name_at;
    }
    fault
}
