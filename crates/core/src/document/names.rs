//! Member names of a provider's documents, found by a hash of a few words instead of comparing one
//! string after another.

use super::simd::{PADDING, Padded};

/// The member names of one provider's documents.
pub trait MemberName: Copy + PartialEq + 'static {
    /// Any name that is not known.
    const OTHER: Self;
    fn of(text: &str) -> Self;
    fn at(text: Padded<'_>, start: usize, length: usize) -> Self;
    /// The name as written; empty for unknown names.
    fn text(self) -> &'static str;
    /// Below 128: a bit of a `u128` set.
    fn number(self) -> u32;
}

/// The names of documents that are few: each is compared.
macro_rules! few_names {
    ($visibility:vis $name:ident { $($variant:ident = $text:literal,)+ }) => {
        /// A known member name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        $visibility enum $name {
            $(#[doc = concat!("`", $text, "`.")] $variant,)+
            /// Any other.
            Other,
        }

        impl $crate::document::names::MemberName for $name {
            const OTHER: $name = $name::Other;

            fn of(text: &str) -> $name {
                match text {
                    $($text => $name::$variant,)+
                    _ => $name::Other,
                }
            }

            fn at(text: $crate::document::Padded<'_>, start: usize, length: usize) -> $name {
                let bytes = text.text().get(start..start.wrapping_add(length)).unwrap_or_default();
                str::from_utf8(bytes).map_or($name::Other, $name::of)
            }

            fn text(self) -> &'static str {
                match self {
                    $($name::$variant => $text,)+
                    $name::Other => "",
                }
            }

            fn number(self) -> u32 {
                self as u32
            }
        }
    };
}
pub(crate) use few_names;

/// Length in bytes of the longest name that can be matched.
const LONGEST: usize = 24;

/// A name's length and its bytes, at most 24, in three words.
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

/// Masks of the bytes of a word that belong to a name, by its length up to eight.
const MASKS: [u64; 9] = {
    let mut masks = [!0; 9];
    let mut n = 0;
    while n < 8 {
        masks[n] = !(!0 << (8 * n));
        n += 1;
    }
    masks
};

/// A perfect hash table: one lookup finds the only name that a text can be.
pub struct Slots<T: 'static> {
    factor: u64,
    slots: [Known<T>; 256],
    other: T,
}

impl<T: Copy> Slots<T> {
    /// `other` is returned for unknown names. `factor` must put every name into its own slot; it is
    /// found by trial, and a new one is needed when this does not compile.
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

    pub fn of(&self, text: &str) -> T {
        if text.len() > LONGEST {
            return self.other;
        }
        let mut padded = [0; LONGEST + PADDING];
        padded[..text.len()].copy_from_slice(text.as_bytes());
        self.at(Padded::new(&padded, text.len()), 0, text.len())
    }

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
