//! The order of members, learned while reading: after this member came that one. A member that
//! comes as expected is told by one comparison of its whole text, any other that was met before by a
//! look into a table. How fast a file is read depends on what was learned, never what is read.

use crate::document::lexer::Calendar;
use crate::document::names::MemberName;
use crate::document::simd::{Padded, begins};

/// Members that can be remembered; the first stands for the record itself.
const ROOM: usize = 256;
/// A power of two.
const SLOTS: usize = 1024;
/// How many slots are looked at for one member.
pub(super) const PROBES: usize = 8;

/// A member within an object, which is itself the value of a member or of its elements.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
struct Member<N> {
    /// What stands before its value: the bracket or comma, and its name with quotes and colon, with
    /// the blanks before, between and behind.
    text: [u8; 32],
    /// A bit for each byte of the text.
    mask: u32,
    length: u8,
    name: N,
    object: u8,
    /// The bracket or comma.
    opening: u8,
    /// The two members that came first in objects that were its value, and the two that came after it, the latest
    /// first; 0 for nothing.
    first: [u8; 2],
    next: [u8; 2],
}

/// The members met in the blocks that were read, and the last day.
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
        let (mask, length, name, object, opening, first, next) = (1, 0, N::OTHER, 0, 0, [0; 2], [0; 2]);
        let nothing = Member { text, mask, length, name, object, opening, first, next };
        let (members, slots) = ([nothing; ROOM], [0; SLOTS]);
        Memory { members, known: 1, slots, calendar: Calendar::default(), parts: Vec::new() }
    }
}

/// The first slot of a member at `at`.
#[inline(always)]
pub(super) fn first_slot(text: Padded<'_>, at: usize, object: u8) -> usize {
    // Behind bracket and quote: names of two letters and more are followed by nothing else that differs.
    let key = text.word_or_zero(at.wrapping_add(2)) as u32 ^ u32::from(object).wrapping_mul(0x0101_0101);
    (key.wrapping_mul(0x9e37_79b1) >> 22) as usize
}

impl<N: MemberName> Memory<N> {
    /// Whether no more members can be remembered.
    pub fn is_full(&self) -> bool {
        self.known == ROOM
    }

    /// What is expected to come first in the object that is this member's value.
    #[inline(always)]
    pub(super) fn first_of(&self, member: u8) -> [u8; 2] {
        self.members[usize::from(member)].first
    }

    /// What is expected to come after this member.
    #[inline(always)]
    pub(super) fn after(&self, member: u8) -> [u8; 2] {
        self.members[usize::from(member)].next
    }

    /// Whether a member is here; returns the length of what stands before its value, and its name.
    #[inline(always)]
    pub(super) fn is_here(&self, number: u8, here: &[u8; 32]) -> Option<(usize, N)> {
        let member = &self.members[usize::from(number)];
        let is_there = begins(here, &member.text, member.mask);
        is_there.then_some((usize::from(member.length), member.name))
    }

    /// The member of a slot, if it is one of `object` that begins with `opening`; else 0.
    #[inline(always)]
    pub(super) fn in_slot(&self, slot: usize, opening: u8, object: u8) -> u8 {
        let number = self.slots[slot % SLOTS];
        let member = &self.members[usize::from(number)];
        if (member.object, member.opening) == (object, opening) { number } else { 0 }
    }

    pub(super) fn is_free(&self, slot: usize) -> bool {
        self.slots[slot % SLOTS] == 0
    }

    /// Expects a member after `last` in `object` from now on; `last` is 0 before the first one, and behind one that
    /// could not be remembered.
    #[inline(always)]
    pub(super) fn expect(&mut self, number: u8, object: u8, last: u8) {
        let opening = self.members[usize::from(number)].opening;
        let expected = match (opening, last) {
            (b'{', _) => &mut self.members[usize::from(object)].first,
            (_, 0) => return,
            _ => &mut self.members[usize::from(last)].next,
        };
        *expected = [number, expected[0]];
    }

    /// Remembers a member whose first slot is `slot`; `None` if there is no room.
    pub(super) fn learn(&mut self, text: &[u8], name: N, (object, opening): (u8, u8), slot: usize) -> Option<u8> {
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
