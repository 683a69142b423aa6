//! A cursor that reads a record on demand; texts borrow from the block or the arena.

mod values;

use std::marker::PhantomData;

use bumpalo::Bump;

use super::fault::{Fault, Read};
use super::names::MemberName;
use super::scan::{FAST_DEPTH, Skipped, Unclosed, container_end, container_end_by_count};
use super::simd::{Padded, Way};
use crate::model::limits::MAX_DEPTH;
use crate::model::number::Number;
use crate::model::reject::RecordReason::{self, *};

/// A block as text, with padding behind it.
#[derive(Clone, Copy)]
pub struct Text<'b> {
    pub whole: &'b str,
    pub padded: Padded<'b>,
}

/// Shared by all records of a block.
#[derive(Clone, Copy)]
pub struct Tools<'b> {
    pub way: Way,
    pub arena: &'b Bump,
}

/// A position in a record, and the record's end. `N` is the type of its member names.
#[derive(Clone)]
pub struct Cursor<'b, N> {
    whole: &'b str,
    /// The block up to the end of the record.
    text: Padded<'b>,
    way: Way,
    arena: &'b Bump,
    at: usize,
    depth: u32,
    forgiving: bool,
    names: PhantomData<N>,
}

/// The members of an object seen so far, to detect duplicate names.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seen(u128);

impl Seen {
    #[inline(always)]
    pub fn has(self, name: impl MemberName) -> bool {
        self.0 >> name.number() & 1 == 1
    }

    /// Notes a member; whether it was not there yet.
    #[inline(always)]
    pub fn insert(&mut self, name: impl MemberName) -> bool {
        let is_new = !self.has(name);
        self.0 |= 1 << name.number();
        is_new
    }

    pub fn has_other_than(self, name: impl MemberName) -> bool {
        self.0 & !(1 << name.number()) != 0
    }
}

/// Reads a known member into `$place`; it may occur only once.
macro_rules! member {
    ($cur:ident, $seen:ident, $name:ident, $place:expr => $read:expr) => {
        $cur.once(&mut $seen, Name::$name, |$cur| {
            $place = $read;
            Ok(())
        })
    };
}
pub(crate) use member;

#[inline(always)]
pub(crate) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

impl<'b, N: MemberName> Cursor<'b, N> {
    /// A cursor over `block[start..end]`, which holds one record.
    pub fn new(block: Text<'b>, tools: Tools<'b>, start: usize, end: usize) -> Self {
        let Tools { way, arena } = tools;
        let text = block.padded.until(end);
        Cursor { whole: block.whole, text, way, arena, at: start, depth: 0, forgiving: false, names: PhantomData }
    }

    /// Ignores missing members: a missing one is reported only when nothing else is wrong.
    pub fn forgiving(self) -> Self {
        Cursor { forgiving: true, ..self }
    }

    /// For texts that differ from the input.
    pub fn arena(&self) -> &'b Bump {
        self.arena
    }

    pub fn at(&self) -> usize {
        self.at
    }

    /// Returns 0 at the end of the record.
    #[inline(always)]
    pub fn peek(&self) -> u8 {
        self.text.byte(self.at)
    }

    /// Skips white space.
    #[inline(always)]
    pub fn blanks(&mut self) {
        if self.peek() <= b' ' {
            self.skip_blanks();
        }
    }

    #[inline(never)]
    fn skip_blanks(&mut self) {
        while is_blank(self.peek()) {
            self.at += 1;
        }
    }

    /// A defect at the current position; `Syntax` at the end of the record becomes
    /// `TruncatedRecord`.
    #[cold]
    pub fn fault(&self, reason: RecordReason) -> Box<Fault> {
        let cut = self.at >= self.text.end() && reason == Syntax;
        Fault::new(if cut { TruncatedRecord } else { reason }, self.at)
    }

    /// `WrongType` where a value begins, else `Syntax`.
    #[cold]
    pub fn wrong_type(&self) -> Box<Fault> {
        let literal = |word: &[u8]| self.text.text()[self.at..].starts_with(word);
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

    /// Walks an object's members; `member` gets the name, and must read or skip the value.
    #[inline(always)]
    pub fn object(&mut self, mut member: impl FnMut(&mut Self, N) -> Read<()>) -> Read<()> {
        if self.peek() != b'{' {
            return Err(self.wrong_type());
        }
        self.enter()?;
        if self.peek() != b'"' && self.ends(b'}') {
            return Ok(());
        }
        loop {
            let name_at = self.at;
            let name = self.name()?;
            self.blanks();
            let value_at = self.at;
            member(self, name).map_err(|fault| duplicate_at_name(fault, value_at, name_at))?;
            // Fast path: nearly always the next name follows without blanks.
            if self.text.has(self.at, *b",\"") {
                self.at = self.at.wrapping_add(1);
            } else if self.ends(b'}') {
                return Ok(());
            } else {
                self.comma()?;
            }
        }
    }

    /// Skips blanks; consumes the closing bracket of the current container if it is next.
    #[inline(always)]
    fn ends(&mut self, bracket: u8) -> bool {
        self.blanks();
        if self.peek() != bracket {
            return false;
        }
        self.at += 1;
        self.depth -= 1;
        true
    }

    /// Consumes a comma and the blanks after it.
    #[inline(never)]
    fn comma(&mut self) -> Read<()> {
        if self.peek() != b',' {
            return Err(self.fault(Syntax));
        }
        self.at += 1;
        self.blanks();
        Ok(())
    }

    /// Walks an array's elements; `element` must read or skip each.
    #[inline(always)]
    pub fn array(&mut self, mut element: impl FnMut(&mut Self, usize) -> Read<()>) -> Read<()> {
        if self.peek() != b'[' {
            return Err(self.wrong_type());
        }
        self.enter()?;
        if self.ends(b']') {
            return Ok(());
        }
        for number in 0.. {
            element(self, number).map_err(|fault| fault.element(number))?;
            if self.peek() == b',' {
                self.at += 1;
                self.blanks();
            } else if self.ends(b']') {
                break;
            } else {
                self.comma()?;
            }
        }
        Ok(())
    }

    /// Reads a known member: a duplicate is a defect, and the path of a defect inside gets its
    /// name.
    #[inline(always)]
    pub fn once(&mut self, seen: &mut Seen, name: N, read: impl FnOnce(&mut Self) -> Read<()>) -> Read<()> {
        if !seen.insert(name) {
            return Err(self.fault(DuplicateKey).within(name.text()));
        }
        read(self).map_err(|fault| fault.within(name.text()))
    }

    /// Consumes `null` if it is next.
    #[inline(always)]
    pub fn null(&mut self) -> Read<bool> {
        if self.peek() != b'n' {
            return Ok(false);
        }
        self.literal(b"null").map(|()| true)
    }

    /// Does not advance.
    pub fn is_null(&self) -> bool {
        self.clone().literal(b"null").is_ok()
    }

    fn literal(&mut self, word: &[u8]) -> Read<()> {
        let rest = &self.text.text()[self.at..];
        if rest.starts_with(word)
            && rest.get(word.len()).is_none_or(|b| is_blank(*b) || matches!(b, b',' | b'}' | b']'))
        {
            self.at += word.len();
            return Ok(());
        }
        let cut = rest.len() < word.len() && word.starts_with(rest);
        Err(Fault::new(if cut { TruncatedRecord } else { Syntax }, self.at))
    }

    /// `None` for null, else what `read` returns.
    #[inline(always)]
    pub fn optional<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<Option<T>> {
        if self.null()? { Ok(None) } else { read(self).map(Some) }
    }

    /// Skips a string without escapes, as most are; returns the position of its closing quote.
    #[inline(always)]
    fn plain_string(&mut self) -> Option<usize> {
        let mark = self.text.special(self.at.wrapping_add(1));
        if self.text.byte(mark) != b'"' {
            return None;
        }
        self.at = mark.wrapping_add(1);
        Some(mark)
    }

    /// Reads a string, unescaped where needed.
    #[inline(always)]
    fn string(&mut self) -> Read<&'b str> {
        let start = self.at + 1;
        match self.plain_string() {
            Some(close) => Ok(&self.whole[start..close]),
            None => self.unusual_string(),
        }
    }

    /// Reads a member's name and its colon.
    #[inline(always)]
    fn name(&mut self) -> Read<N> {
        let start = self.at.wrapping_add(1);
        let mark = self.text.special(start);
        if self.peek() == b'"' && self.text.has(mark, *b"\":") {
            self.at = mark.wrapping_add(2);
            return Ok(N::at(self.text, start, mark.wrapping_sub(start)));
        }
        self.unusual_name()
    }

    /// Reads a name with escapes or with blanks before its colon; a fault if there is none.
    #[cold]
    fn unusual_name(&mut self) -> Read<N> {
        if self.peek() != b'"' {
            return Err(self.fault(Syntax));
        }
        let name = N::of(self.string()?);
        self.blanks();
        if self.peek() != b':' {
            return Err(self.fault(Syntax));
        }
        self.at += 1;
        Ok(name)
    }

    #[cold]
    fn unusual_string(&mut self) -> Read<&'b str> {
        let start = self.at + 1;
        self.skip_unusual_string()?;
        super::escape::unescape(&self.whole[start..self.at - 1], start, self.arena)
    }

    /// Skips a string that holds escapes or control characters.
    #[cold]
    fn skip_unusual_string(&mut self) -> Read<()> {
        let mut at = self.at + 1;
        while at < self.text.end() {
            let mark = self.text.special(at);
            match self.text.byte(mark) {
                b'"' => {
                    self.at = mark + 1;
                    return Ok(());
                }
                b'\\' => at = mark + 2,
                _ => at = mark + 1,
            }
        }
        self.at = self.text.end();
        Err(self.fault(Syntax))
    }

    #[inline(always)]
    pub fn text(&mut self) -> Read<&'b str> {
        if self.peek() != b'"' {
            return Err(self.wrong_type());
        }
        self.string()
    }

    #[inline(always)]
    pub fn optional_text(&mut self) -> Read<Option<&'b str>> {
        if self.peek() == b'"' {
            return self.string().map(Some);
        }
        self.optional(Self::text)
    }

    /// Null is a defect here: a result that is not an error is always `Some`.
    #[inline(always)]
    pub fn required<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<Option<T>> {
        let at = self.at;
        if self.null()? { Err(Fault::new(NullField, at)) } else { read(self).map(Some) }
    }

    /// A default from a forgiving cursor, else the fault of a missing member.
    #[cold]
    pub fn missing<T: Default>(&self, seen: Seen, name: N) -> Read<T> {
        if self.forgiving {
            return Ok(T::default());
        }
        let reason = if seen.has(name) { NullField } else { MissingField };
        Err(Fault::new(reason, self.at).within(name.text()))
    }

    /// A text; an empty one counts as missing.
    #[inline(always)]
    pub fn reference(&mut self) -> Read<Option<&'b str>> {
        Ok(self.optional_text()?.filter(|text| !text.is_empty()))
    }

    /// Advances to the end of a number or literal.
    #[inline(always)]
    fn skip_scalar(&mut self) {
        self.at = self.text.word_end(self.at);
        while self.peek() < b' ' && self.at < self.text.end() && !is_blank(self.peek()) {
            self.at = self.text.word_end(self.at + 1);
        }
    }

    /// Like `skip_scalar`, for a value that is not parsed: quotes and opening brackets end it too.
    #[inline(always)]
    fn skip_unread_scalar(&mut self) {
        self.at = self.text.unread_word_end(self.at);
        while self.peek() < b' ' && self.at < self.text.end() && !is_blank(self.peek()) {
            self.at = self.text.unread_word_end(self.at + 1);
        }
    }

    /// Skips an unread value: only strings must close and brackets must match.
    #[inline(always)]
    pub fn skip(&mut self) -> Read<()> {
        match self.peek() {
            b'"' => match self.plain_string() {
                Some(_) => Ok(()),
                None => self.skip_unusual_string(),
            },
            b'{' | b'[' => self.skip_container(),
            b',' | b'}' | b']' | b':' | 0 => Err(self.fault(Syntax)),
            _ => {
                self.skip_unread_scalar();
                Ok(())
            }
        }
    }

    /// Skips a string, a valid number, or a JSON literal.
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
                let number = Number::parse(&self.text.text()[at..self.at]);
                number.map(|_| ()).ok_or_else(|| Fault::new(Syntax, at))
            }
        }
    }

    /// Skips an element that is a record of its own; its depth is checked when it is read.
    pub fn skip_record(&mut self) -> Read<()> {
        let depth = std::mem::take(&mut self.depth);
        let skipped = self.skip();
        self.depth = depth;
        self.past_depth(skipped)
    }

    /// Advances past a container that is too deep, if it is closed at all.
    pub fn past_depth(&mut self, skipped: Read<()>) -> Read<()> {
        match skipped {
            Err(fault) if fault.reason == NestingTooDeep => {
                self.at = container_end_by_count(self.text.text(), self.at).ok_or(fault)?;
                Ok(())
            }
            skipped => skipped,
        }
    }

    #[inline(always)]
    fn skip_container(&mut self) -> Read<()> {
        let room = FAST_DEPTH.min(MAX_DEPTH - self.depth);
        match self.way.skip(self.text.with_padding(), self.at, self.text.end(), room) {
            Skipped::Closed(after) => {
                self.at = after;
                Ok(())
            }
            _ => self.skip_unusual_container(),
        }
    }

    #[cold]
    fn skip_unusual_container(&mut self) -> Read<()> {
        match container_end(self.text.text(), self.at, self.depth) {
            Ok(after) => {
                self.at = after;
                Ok(())
            }
            Err(Unclosed::AtEnd) => {
                self.at = self.text.end();
                Err(self.fault(Syntax))
            }
            Err(Unclosed::Mismatch(at)) => Err(Fault::new(Syntax, at)),
            Err(Unclosed::TooDeep(at)) => Err(Fault::new(NestingTooDeep, at)),
        }
    }
}

/// Reports a duplicate name at the name's position, not the value's.
#[cold]
fn duplicate_at_name(mut fault: Box<Fault>, value_at: usize, name_at: usize) -> Box<Fault> {
    if fault.reason == DuplicateKey && fault.at == value_at {
        fault.at = name_at;
    }
    fault
}
