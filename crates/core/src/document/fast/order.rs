//! The order of members, learned while reading: after this member came that one. A member that
//! comes as expected is told by one comparison of its whole text, any other that was met before by a
//! look into a table. How fast a file is read depends on what was learned, never what is read.

use super::{Fast, Read, Unusual};
use crate::document::lexer::Calendar;
use crate::document::names::MemberName;
use crate::document::simd::Padded;

/// Members that can be remembered; the first stands for the record itself.
const ROOM: usize = 256;
/// A power of two.
const SLOTS: usize = 1024;
/// How many slots are looked at for one member.
const PROBES: usize = 8;

/// A member within an object, which is itself the value of a member or of its elements.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
struct Member<N> {
    /// What stands before its value: the bracket or comma, and its name with quotes and colon, with
    /// the blanks before and between.
    text: [u8; 32],
    /// A bit for each byte of the text.
    mask: u32,
    length: u8,
    name: N,
    object: u8,
    /// The bracket or comma.
    opening: u8,
    /// What came first in the last object that was its value, what came next where the beginning was
    /// not walked, and what came after it the last time; 0 for nothing.
    first: u8,
    second: u8,
    next: u8,
}

/// The members met in a block, and the last day.
#[derive(Debug)]
pub struct Memory<N> {
    members: [Member<N>; ROOM],
    known: usize,
    /// The members by their objects and by the beginnings of their names.
    slots: [u8; SLOTS],
    pub(super) calendar: Calendar,
    /// Parts of the record that may be repeated in it.
    pub(super) parts: Vec<(usize, usize)>,
}

impl<N: MemberName> Default for Memory<N> {
    fn default() -> Self {
        // No text has the byte that the first one waits for.
        let text = [0xff; 32];
        let (mask, length, name, object, opening, first, second, next) = (1, 0, N::OTHER, 0, 0, 0, 0, 0);
        let nothing = Member { text, mask, length, name, object, opening, first, second, next };
        let (members, slots) = ([nothing; ROOM], [0; SLOTS]);
        Memory { members, known: 1, slots, calendar: Calendar::default(), parts: Vec::new() }
    }
}

/// The first slot of a member at `at`.
#[inline(always)]
fn first_slot(text: Padded<'_>, at: usize, object: u8) -> usize {
    // Behind bracket and quote: names of two letters and more are followed by nothing else that differs.
    let key = text.word_or_zero(at.wrapping_add(2)) as u32 ^ u32::from(object).wrapping_mul(0x0101_0101);
    (key.wrapping_mul(0x9e37_79b1) >> 22) as usize
}

impl<N: MemberName> Memory<N> {
    /// What is expected to come first in the object that is this member's value, or first behind
    /// the beginning that was not walked.
    #[inline(always)]
    pub(super) fn first_of(&self, member: u8, opening: u8) -> u8 {
        let member = &self.members[usize::from(member)];
        if opening == b'{' { member.first } else { member.second }
    }

    /// What is expected to come after this member.
    #[inline(always)]
    pub(super) fn after(&self, member: u8) -> u8 {
        self.members[usize::from(member)].next
    }

    /// Expects a member after `last` in `object` from now on; 0 for the first one walked.
    #[inline(always)]
    fn expect(&mut self, number: u8, object: u8, last: u8) {
        let opening = self.members[usize::from(number)].opening;
        let before = &mut self.members[usize::from(if last == 0 { object } else { last })];
        match (opening, last) {
            (b'{', _) => before.first = number,
            (_, 0) => before.second = number,
            _ => before.next = number,
        }
    }

    /// Remembers a member whose first slot is `slot`; `None` if there is no room.
    fn learn(&mut self, text: &[u8], name: N, (object, opening): (u8, u8), slot: usize) -> Option<u8> {
        let slots = (slot..slot + PROBES).map(|slot| slot % SLOTS);
        let slot = slots.into_iter().find(|slot| self.slots[*slot] == 0)?;
        let number = u8::try_from(self.known).ok()?;
        let member = self.members.get_mut(self.known)?;
        member.text.get_mut(..text.len())?.copy_from_slice(text);
        member.mask = u32::MAX >> (32 - text.len());
        (member.length, member.name) = (text.len() as u8, name);
        (member.object, member.opening) = (object, opening);
        self.slots[slot] = number;
        self.known += 1;
        Some(number)
    }
}

impl<N: MemberName> Fast<'_, '_, N> {
    /// Reads what stands before the value of an expected member; returns its number and name.
    #[inline(always)]
    pub(super) fn expected_name(&mut self, number: u8) -> Option<(u8, N)> {
        let member = &self.memory.members[usize::from(number)];
        if !self.text.starts_with(self.at, &member.text, member.mask) {
            return None;
        }
        let name = member.name;
        self.at = self.at.wrapping_add(usize::from(member.length));
        self.blanks();
        Some((number, name))
    }

    /// Reads what stands before the value of any other member, which begins with `opening`; `None`
    /// at the end of the object.
    #[inline(never)]
    pub(super) fn other_name(&mut self, opening: u8, object: u8, last: u8) -> Read<Option<(u8, N)>> {
        let slot = first_slot(self.text, self.at, object);
        match self.name_in_slot(slot, opening, object) {
            Some((number, name)) => {
                self.memory.expect(number, object, last);
                Ok(Some((number, name)))
            }
            None => self.name_behind(slot, opening, object, last),
        }
    }

    #[inline(always)]
    fn name_in_slot(&mut self, slot: usize, opening: u8, object: u8) -> Option<(u8, N)> {
        let number = self.memory.slots[slot % SLOTS];
        let member = &self.memory.members[usize::from(number)];
        if (member.object, member.opening) == (object, opening) { self.expected_name(number) } else { None }
    }

    /// Reads a name that is not in its first slot.
    #[inline(never)]
    fn name_behind(&mut self, slot: usize, opening: u8, object: u8, last: u8) -> Read<Option<(u8, N)>> {
        for slot in slot + 1..slot + PROBES {
            if let Some((number, name)) = self.name_in_slot(slot, opening, object) {
                self.memory.expect(number, object, last);
                return Ok(Some((number, name)));
            }
        }
        self.new_name(opening, object, last, slot)
    }

    /// Reads a name that was not met before.
    fn new_name(&mut self, opening: u8, object: u8, last: u8, slot: usize) -> Read<Option<(u8, N)>> {
        let start = self.at;
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
        let close = self.text.special(open);
        if !self.text.has(close, *b"\":") {
            return Err(Unusual);
        }
        self.at = close.wrapping_add(2);
        let name = N::at(self.text, open, close.wrapping_sub(open));
        let text = self.whole.as_bytes().get(start..self.at).ok_or(Unusual)?;
        let number = self.memory.learn(text, name, (object, opening), slot);
        if let Some(number) = number {
            self.memory.expect(number, object, last);
        }
        self.blanks();
        Ok(Some((number.unwrap_or(last), name)))
    }
}
