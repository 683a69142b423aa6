//! The order of members, learned while reading: after this member came that one. A member that
//! comes as expected is told by one comparison of its whole text, any other that was met before by a
//! look into a table. How fast a file is read depends on what was learned, never what is read.

use std::cell::{Cell, RefCell};

use crate::document::lexer::Calendar;
use crate::document::names::MemberName;
use crate::document::simd::begins;

/// Members that can be remembered; the first stands for the record itself, and for a member that could not be remembered:
/// it has no text.
const ROOM: usize = 256;
/// A power of two.
const SLOTS: usize = 1024;
/// How many slots are looked at for one member.
const PROBES: usize = 8;

/// A member within an object, which is itself the value of a member or of its elements.
#[derive(Clone, Copy, Debug)]
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
}

/// A member, and what is expected around it.
#[derive(Debug)]
#[repr(C, align(64))]
struct Place<N: Copy> {
    member: Cell<Member<N>>,
    /// The two members that came first in objects that were its value, and the two that came after it, the latest in the
    /// lower byte; 0 for nothing.
    first: Cell<u16>,
    next: Cell<u16>,
}

/// The members met in the blocks that were read, and the days.
#[derive(Debug)]
pub struct Memory<N: Copy> {
    places: [Place<N>; ROOM],
    known: Cell<usize>,
    /// The members by their objects and by the beginnings of their names.
    slots: [Cell<u8>; SLOTS],
    pub(super) calendar: Calendar,
    /// Parts of the record that may be repeated in it.
    pub(super) parts: RefCell<Vec<(usize, usize)>>,
}

impl<N: MemberName> Default for Memory<N> {
    fn default() -> Self {
        // No text has the byte that the first one waits for.
        let text = [0xff; 32];
        let (mask, length, name, object, opening) = (1, 0, N::OTHER, 0, 0);
        let nothing = Member { text, mask, length, name, object, opening };
        let place = |member| Place { member: Cell::new(member), first: Cell::new(0), next: Cell::new(0) };
        let (places, slots) = ([nothing; ROOM].map(place), [0; SLOTS].map(Cell::new));
        Memory { places, known: Cell::new(1), slots, calendar: Calendar::default(), parts: RefCell::default() }
    }
}

/// The first slot of a member that is here.
fn first_slot(here: &[u8; 32], object: u8) -> usize {
    // Behind bracket and quote: names of two letters and more are followed by nothing else that differs.
    let name = u32::from_le_bytes([here[2], here[3], here[4], here[5]]);
    let key = name ^ u32::from(object).wrapping_mul(0x0101_0101);
    (key.wrapping_mul(0x9e37_79b1) >> 22) as usize
}

impl<N: MemberName> Memory<N> {
    /// Whether no more members can be remembered.
    pub fn is_full(&self) -> bool {
        self.known.get() == ROOM
    }

    #[inline(always)]
    fn member(&self, number: impl Into<usize>) -> Member<N> {
        self.places[number.into() % ROOM].member.get()
    }

    /// What is expected to come first in the object that is this member's value.
    #[inline(always)]
    pub(super) fn first_of(&self, member: usize) -> u16 {
        self.places[member % ROOM].first.get()
    }

    /// What is expected to come after this member.
    #[inline(always)]
    pub(super) fn after(&self, member: usize) -> u16 {
        self.places[member % ROOM].next.get()
    }

    #[inline(always)]
    pub(super) fn is_here(&self, number: u8, here: &[u8; 32]) -> bool {
        let Member { text, mask, .. } = self.member(number);
        begins(here, &text, mask)
    }

    /// The length of what stands before a member's value, and its name.
    #[inline(always)]
    pub(super) fn name(&self, number: usize) -> (usize, N) {
        let Member { length, name, .. } = self.member(number);
        (usize::from(length), name)
    }

    /// The number of a member of `object` that is here, begins with `opening`, and was met before, else 0. From now on
    /// it is expected after `last`, which is 0 before the first one, and behind one that could not be remembered.
    #[inline(never)]
    pub(super) fn find(&self, here: &[u8; 32], (object, opening): (u8, u8), last: u8) -> u8 {
        let slot = first_slot(here, object);
        for slot in slot..slot + PROBES {
            let number = self.slots[slot % SLOTS].get();
            let member = self.member(number);
            let is_its = (member.object, member.opening) == (object, opening);
            if is_its && begins(here, &member.text, member.mask) {
                self.expect(number, object, last);
                return number;
            }
            // Members stand without a gap behind their first slots.
            if number == 0 {
                break;
            }
        }
        0
    }

    /// Expects a member after `last` in `object` from now on.
    #[inline(always)]
    fn expect(&self, number: u8, object: u8, last: u8) {
        let expected = match (self.member(number).opening, last) {
            (b'{', _) => &self.places[usize::from(object)].first,
            (_, 0) => return,
            _ => &self.places[usize::from(last)].next,
        };
        expected.set(expected.get() << 8 | u16::from(number));
    }

    /// Remembers a member that is here; returns its number, 0 if there is no room.
    pub(super) fn learn(&self, here: &[u8; 32], text: &[u8], name: N, (object, opening): (u8, u8), last: u8) -> u8 {
        let first = first_slot(here, object);
        let free = (first..first + PROBES).map(|slot| &self.slots[slot % SLOTS]).find(|slot| slot.get() == 0);
        let known = self.known.get();
        let mut member = self.member(known);
        let (Some(slot), Ok(number), Some(room)) = (free, u8::try_from(known), member.text.get_mut(..text.len()))
        else {
            self.places[0].member.set(Member { name, ..self.member(0u8) });
            return 0;
        };
        room.copy_from_slice(text);
        member.mask = u32::MAX >> (32 - text.len());
        (member.length, member.name) = (text.len() as u8, name);
        (member.object, member.opening) = (object, opening);
        self.places[known].member.set(member);
        slot.set(number);
        self.known.set(known + 1);
        self.expect(number, object, last);
        number
    }
}
