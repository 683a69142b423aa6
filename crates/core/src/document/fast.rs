//! The fast reader of records as they nearly always are: it keeps no error positions, and gives up
//! with [`Unusual`] on anything unusual; the exact reader then reads the record again.
//!
//! What it reads is identical to what the exact reader reads; the tests of providers compare the two.

mod order;
mod values;

use bumpalo::Bump;

pub use self::order::Memory;
use super::cursor::{Seen, Text, Tools, is_blank};
use super::lexer::{length_of_boolean, length_of_digits};
use super::names::MemberName;
use super::scan::{FAST_DEPTH, Skipped};
use super::simd::{Padded, PaddedStr, Way};

/// The record is left to the exact reader.
#[derive(Clone, Copy, Debug)]
pub struct Unusual;

type Read<T> = Result<T, Unusual>;

/// A record, and the position in it. What is read out of line is read from a copy, so that all of this stays in registers
/// in between.
#[derive(Clone, Copy)]
pub struct Fast<'b, 'm, N: Copy> {
    text: PaddedStr<'b>,
    at: usize,
    /// The member whose value is read, by its number in `memory`.
    member: usize,
    way: Way,
    arena: &'b Bump,
    memory: &'m Memory<N>,
}

impl<'b, 'm, N: MemberName> Fast<'b, 'm, N> {
    /// The record at `start..end` of a block; positions are counted from `start`.
    #[inline(always)]
    pub fn new(block: Text<'b>, tools: Tools<'b>, memory: &'m mut Memory<N>, (start, end): (usize, usize)) -> Self {
        let text = PaddedStr::new(&block.whole[start..end], block.padded.until(end).from(start));
        memory.parts.get_mut().clear();
        let Tools { way, arena } = tools;
        Fast { text, at: 0, member: 0, way, arena, memory }
    }

    /// Reads from a copy.
    #[inline(always)]
    fn apart<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        let mut copy = *self;
        let value = read(&mut copy)?;
        self.at = copy.at;
        Ok(value)
    }

    pub fn at(&self) -> usize {
        self.at
    }

    #[inline(always)]
    fn bytes(&self) -> Padded<'b> {
        self.text.padded()
    }

    /// The text between two positions.
    fn slice(&self, start: usize, end: usize) -> Read<&'b str> {
        self.text.as_str().get(start..end).ok_or(Unusual)
    }

    /// Remembers a part of the record, from the bracket that opens an object.
    #[inline(always)]
    pub fn remember(&mut self, start: usize, length: usize) {
        self.memory.parts.borrow_mut().push((start, length));
    }

    /// The number of the first remembered part, from `first` on, that is here, too, and is a whole
    /// object with a bracket behind it; consumes both.
    #[inline(always)]
    pub fn recall(&mut self, first: usize) -> Option<usize> {
        for (number, (start, length)) in (first..).zip(self.memory.parts.borrow().get(first..)?) {
            let end = self.at.wrapping_add(*length);
            if self.bytes().byte(end) == b'}' && self.bytes().repeats(*start, self.at, *length) {
                self.at = end.wrapping_add(1);
                return Some(number);
            }
        }
        None
    }

    /// Whether exactly the whole record was read: nothing was read beyond its end.
    pub fn is_at_end(&self) -> bool {
        self.at == self.bytes().end()
    }

    pub fn arena(&self) -> &'b Bump {
        self.arena
    }

    /// Returns 0 at the end of the record.
    #[inline(always)]
    fn peek(&self) -> u8 {
        self.bytes().byte(self.at)
    }

    /// The first byte of the value. Blanks that did not stand there when the member's name was learned are unusual.
    #[inline(always)]
    pub fn first(&self) -> Read<u8> {
        let first = self.peek();
        if is_blank(first) { Err(Unusual) } else { Ok(first) }
    }

    #[inline(always)]
    fn word(&self) -> u64 {
        self.bytes().word_or_zero(self.at)
    }

    /// What follows, which may lie behind the end of the record: then nothing that is read of it counts, because the
    /// record does not end where it should.
    #[inline(always)]
    fn here(&self) -> Read<&'b [u8; 32]> {
        self.bytes().window(self.at).ok_or(Unusual)
    }

    #[inline(always)]
    fn advance(&mut self, length: usize) {
        self.at = self.at.wrapping_add(length);
    }

    #[inline(always)]
    fn blanks(&mut self) {
        if self.peek() <= b' ' {
            self.at = self.behind_blanks();
        }
    }

    #[inline(never)]
    fn behind_blanks(mut self) -> usize {
        while is_blank(self.peek()) {
            self.at += 1;
        }
        self.at
    }

    /// Walks an object's members; `member` gets the name, and must read or skip the value.
    #[inline(always)]
    pub fn object(&mut self, mut member: impl FnMut(&mut Self, N) -> Read<()>) -> Read<()> {
        let mut expected = self.memory.first_of(self.member);
        let mut cur = *self;
        let mut here = cur.here()?;
        loop {
            let mut number = expected as u8;
            if !cur.memory.is_here(number, here) {
                number = (expected >> 8) as u8;
                if !cur.memory.is_here(number, here) {
                    let (opening, last) = if cur.at == self.at { (b'{', 0) } else { (b',', cur.member as u8) };
                    let object = self.member as u8;
                    number = cur.memory.find(here, (object, opening), last);
                    if number == 0 {
                        match cur.apart(|cur| cur.new_name((object, opening), last))? {
                            Some(new) => number = new,
                            None => break,
                        }
                    }
                }
            }
            cur.member = usize::from(number);
            let (length, name) = cur.memory.name(cur.member);
            cur.advance(length);
            member(&mut cur, name)?;
            here = cur.here()?;
            // Fast path: nearly always the next name or the end follows without blanks.
            if here[0] == b'}' {
                cur.advance(1);
                break;
            }
            expected = cur.memory.after(cur.member);
        }
        self.at = cur.at;
        Ok(())
    }

    /// Walks an array's elements; `element` gets the index, and must read or skip each.
    #[inline(always)]
    pub fn array(&mut self, mut element: impl FnMut(&mut Self, usize) -> Read<()>) -> Read<()> {
        if self.peek() != b'[' {
            return Err(Unusual);
        }
        let mut cur = *self;
        cur.advance(1);
        cur.blanks();
        if cur.peek() == b']' {
            self.at = cur.at.wrapping_add(1);
            return Ok(());
        }
        let mut number = 0usize;
        loop {
            element(&mut cur, number)?;
            number = number.wrapping_add(1);
            cur.blanks();
            let end = cur.peek();
            cur.advance(1);
            match end {
                b',' => cur.blanks(),
                b']' => break,
                _ => return Err(Unusual),
            }
        }
        self.at = cur.at;
        Ok(())
    }

    /// Reads a known member, which may occur only once.
    #[inline(always)]
    pub fn once(&mut self, seen: &mut Seen, name: N, read: impl FnOnce(&mut Self) -> Read<()>) -> Read<()> {
        if !seen.insert(name) {
            return Err(Unusual);
        }
        self.apart(read)
    }

    pub fn missing<T>(&self, _: Seen, _: N) -> Read<T> {
        Err(Unusual)
    }

    /// Skips a value that is not read.
    #[inline(always)]
    pub fn skip(&mut self) -> Read<()> {
        match self.peek() {
            b'"' => {
                let close = self.bytes().special(self.at.wrapping_add(1));
                if self.bytes().byte(close) != b'"' {
                    return self.apart(|cur| cur.skip_escapes(close));
                }
                self.at = close.wrapping_add(1);
                Ok(())
            }
            b'{' | b'[' => self.skip_container(),
            _ => self.skip_word(),
        }
    }

    #[inline(always)]
    fn skip_container(&mut self) -> Read<()> {
        match self.way.skip(self.bytes().with_padding(), self.at, self.bytes().end(), FAST_DEPTH) {
            Skipped::Closed(after) => {
                self.at = after;
                Ok(())
            }
            _ => Err(Unusual),
        }
    }

    /// Skips a number or literal.
    #[inline(always)]
    fn skip_word(&mut self) -> Read<()> {
        // Fast path: most are numbers of less than eight digits.
        match length_of_digits(self.word()) {
            Some((digits, b',' | b'}' | b']')) if digits > 0 => {
                self.advance(digits);
                Ok(())
            }
            _ => self.apart(Self::skip_long_word),
        }
    }

    #[inline(never)]
    fn skip_long_word(&mut self) -> Read<()> {
        let word = self.word();
        let length = length_of_boolean(word);
        if length > 0 && matches!((word >> (8 * length)) as u8, b',' | b'}') {
            self.advance(length);
            return Ok(());
        }
        let end = self.bytes().unread_word_end(self.at);
        // A name that stands behind the end of the record has no value: nothing is read backwards.
        if end <= self.at || self.peek() == b':' {
            return Err(Unusual);
        }
        self.at = end;
        Ok(())
    }

    /// Skips the rest of a string with escapes; the first one is at `mark`.
    #[cold]
    fn skip_escapes(&mut self, mut mark: usize) -> Read<()> {
        loop {
            match self.bytes().byte(mark) {
                b'"' => {
                    self.at = mark + 1;
                    return Ok(());
                }
                b'\\' if mark + 2 <= self.bytes().end() => mark = self.bytes().special(mark + 2),
                _ => return Err(Unusual),
            }
        }
    }

    /// The number of a member that was not met before; `None` behind the end of the object.
    #[inline(never)]
    fn new_name(&mut self, (object, opening): (u8, u8), last: u8) -> Read<Option<u8>> {
        let (start, here) = (self.at, self.here()?);
        self.blanks();
        let is_end = opening != b'{' && self.peek() == b'}';
        if !is_end && self.peek() != opening {
            return Err(Unusual);
        }
        self.at += 1;
        if is_end {
            return Ok(None);
        }
        self.blanks();
        if opening == b'{' && self.peek() == b'}' {
            self.at += 1;
            return Ok(None);
        }
        if self.peek() != b'"' {
            return Err(Unusual);
        }
        let open = self.at.wrapping_add(1);
        let close = self.bytes().special(open);
        if !self.bytes().has(close, *b"\":") {
            return Err(Unusual);
        }
        self.at = close.wrapping_add(2);
        self.blanks();
        let name = N::at(self.bytes(), open, close.wrapping_sub(open));
        let text = self.bytes().text().get(start..self.at).ok_or(Unusual)?;
        let number = self.memory.learn(here, text, name, (object, opening), last);
        if number != 0 {
            self.at = start;
        }
        Ok(Some(number))
    }
}
