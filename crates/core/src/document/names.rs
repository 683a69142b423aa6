//! The names of members that a provider's documents have: told by a few words of their bytes, not by one text after
//! another.

use super::simd::{PADDING, Padded};

/// The names that documents of one provider have, as their readers ask for them.
pub trait MemberName: Copy + PartialEq {
    /// The name that a text is.
    fn of(text: &str) -> Self;
    /// The name that stands at a place.
    fn at(text: Padded<'_>, start: usize, length: usize) -> Self;
    /// The name as it is written; empty for names that we do not know.
    fn text(self) -> &'static str;
    /// Its number, below 128.
    fn number(self) -> u32;
}

/// The longest name that can be told.
const LONGEST: usize = 24;

/// What tells a name: its length and at most 24 bytes in three words.
#[derive(Clone, Copy)]
struct Known<T> {
    first: u64,
    middle: u64,
    last: u64,
    length: usize,
    name: T,
}

const fn word(text: &[u8], from: usize) -> u64 {
    let (mut word, mut n) = (0u64, 0);
    while n < 8 && from + n < text.len() {
        word |= (text[from + n] as u64) << (8 * n);
        n += 1;
    }
    word
}

const fn known<T: Copy>(name: T, text: &[u8]) -> Known<T> {
    let length = text.len();
    assert!(length <= LONGEST);
    let middle = if length > 16 { word(text, 8) } else { 0 };
    let last = if length > 8 { word(text, length - 8) } else { 0 };
    Known { first: word(text, 0), middle, last, length, name }
}

/// The bytes of a word that belong to a name of this length, or of eight and more.
const MASKS: [u64; 9] = {
    let mut masks = [!0; 9];
    let mut n = 0;
    while n < 8 {
        masks[n] = !(!0 << (8 * n));
        n += 1;
    }
    masks
};

/// Names in slots, so that one look finds the only one that a text can be.
pub struct Slots<T: 'static> {
    factor: u64,
    slots: [Known<T>; 256],
    other: T,
}

impl<T: Copy> Slots<T> {
    /// The names, and what any other is called. The factor spreads them over the slots so that no two share one; it is
    /// found by trying, and another is needed when this does not compile.
    pub const fn new(names: &[(T, &str)], other: T, factor: u64) -> Self {
        let mut slots = [Known { first: 0, middle: 0, last: 0, length: usize::MAX, name: other }; 256];
        let mut n = 0;
        while n < names.len() {
            let one = known(names[n].0, names[n].1.as_bytes());
            let slot = slot(factor, one.first, one.last, one.length);
            assert!(slots[slot].length == usize::MAX, "two names fall on one slot");
            slots[slot] = one;
            n += 1;
        }
        Slots { factor, slots, other }
    }

    /// The name that a text is.
    pub fn of(&self, text: &str) -> T {
        if text.len() > LONGEST {
            return self.other;
        }
        let mut padded = [0; LONGEST + PADDING];
        padded[..text.len()].copy_from_slice(text.as_bytes());
        self.at(Padded::new(&padded, text.len()), 0, text.len())
    }

    /// The name that stands at a place.
    #[inline(always)]
    pub fn at(&self, text: Padded<'_>, start: usize, length: usize) -> T {
        let first = text.word(start) & MASKS[length.min(8)];
        let last = if length > 8 { text.word(start.wrapping_add(length).wrapping_sub(8)) } else { 0 };
        let known = &self.slots[slot(self.factor, first, last, length)];
        let is_it = known.first == first
            && known.last == last
            && known.length == length
            && (length <= 16 || text.word(start.wrapping_add(8)) == known.middle);
        if is_it { known.name } else { self.other }
    }
}

#[inline(always)]
const fn slot(factor: u64, first: u64, last: u64, length: usize) -> usize {
    ((first ^ last.rotate_left(7)).wrapping_add(length as u64).wrapping_mul(factor) >> 56) as usize
}

/// What tells a name with the quote and colon behind it.
#[derive(Clone, Copy)]
pub struct Quoted {
    /// The first eight bytes; noughts where there are no eight.
    pub front: u64,
    /// The bytes of the front that belong to it.
    mask: u64,
    second: u64,
    third: u64,
    end: u64,
    /// How many bytes it takes with the quote and colon.
    pub length: usize,
}

impl Quoted {
    /// Of the name as it is written.
    pub const fn new(name: &str) -> Self {
        let name = name.as_bytes();
        let (mut text, mut n) = ([0; LONGEST + 2], 0);
        while n < name.len() {
            text[n] = name[n];
            n += 1;
        }
        (text[n], text[n + 1]) = (b'"', b':');
        let length = n + 2;
        let mask = if length < 8 { !(!0 << (8 * length)) } else { !0 };
        let end = if length > 8 { word(&text, length - 8) } else { 0 };
        Quoted { front: word(&text, 0), mask, second: word(&text, 8), third: word(&text, 16), end, length }
    }

    /// Whether it is this name that stands at a place, where these eight bytes stand.
    #[inline(always)]
    pub fn stands_at(&self, text: Padded<'_>, start: usize, front: u64) -> bool {
        let word = |from: usize| text.word_or_nought(start.wrapping_add(from));
        front & self.mask == self.front
            && (self.length <= 8 || word(self.length - 8) == self.end)
            && (self.length <= 16 || word(8) == self.second)
            && (self.length <= 24 || word(16) == self.third)
    }
}
