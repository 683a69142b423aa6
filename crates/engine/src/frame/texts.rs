//! The texts of a column: a dictionary and indices while texts repeat, otherwise one after the other.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use avstem_core::model::bytes::prefix;

use super::column::Showing;
use super::encode::{GROUP_BYTES, GROUP_ROWS, runs, width};

/// A dictionary is dropped at `MOST_TEXTS` texts, or at `FEW_TEXTS` if it has more than half as
/// many texts as rows.
const FEW_TEXTS: usize = 64;
const MOST_TEXTS: usize = 1 << 14;

/// Numbers of words that are remembered.
const MOST_NUMBERS: usize = 1 << 12;

/// Number of recent texts whose dictionary index is remembered.
const RECENT: usize = 64;

/// Longer bounds are left out of the statistics: a shortened one would no longer be a value.
const BOUND_BYTES: usize = 256;

/// The texts of PLAIN-encoded bytes.
fn lengthy(mut plain: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let (length, rest) = plain.split_first_chunk::<4>()?;
        let (text, rest) = rest.split_at(u32::from_le_bytes(*length) as usize);
        plain = rest;
        Some(text)
    })
}

/// The texts of a column: indices of a dictionary while texts repeat, otherwise plain.
#[derive(Debug)]
pub struct TextColumn {
    /// PLAIN-encoded (length-prefixed) texts: of the dictionary while there is one, otherwise of
    /// all rows.
    plain: Vec<u8>,
    numbers: Vec<u32>,
    dictionary: Dictionary,
    recent: Box<[Recent; RECENT]>,
    /// Of words by their numbers: the index in the dictionary, and the length.
    numbered: Vec<(u32, u32)>,
}

#[derive(Debug, Default)]
struct Dictionary {
    given_up: bool,
    /// Ranges of the texts in `plain`.
    places: Vec<Range<usize>>,
    numbers: HashMap<Box<[u8]>, u32>,
}

/// A recent text of the dictionary that is shown as it is.
#[derive(Clone, Copy, Debug)]
struct Recent {
    /// With the length all of a text of up to 16 bytes.
    prefix: u128,
    length: usize,
    way: Showing,
    number: u32,
}

impl Recent {
    /// Equal to no text.
    const NONE: Recent = Recent { prefix: 0, length: usize::MAX, way: Showing::Raw, number: 0 };

    #[inline(always)]
    fn new(text: &str, way: Showing) -> Recent {
        Recent { prefix: prefix(text.as_bytes()), length: text.len(), way, number: 0 }
    }

    /// Its slot: few distinct texts rarely collide.
    #[inline(always)]
    fn slot(&self) -> usize {
        let mixed = (self.prefix >> 64) as u64 ^ self.prefix as u64 ^ self.length as u64;
        (mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 58) as usize
    }
}

impl TextColumn {
    pub fn new() -> TextColumn {
        let recent = Box::new([Recent::NONE; RECENT]);
        TextColumn {
            plain: Vec::new(),
            numbers: Vec::with_capacity(GROUP_ROWS),
            dictionary: Dictionary::default(),
            recent,
            numbered: Vec::new(),
        }
    }

    /// Adds a text; returns its length as it is shown.
    #[inline(always)]
    pub fn push(&mut self, text: &str, way: Showing) -> usize {
        if self.dictionary.given_up {
            if !way.keeps(text) {
                return self.push_changed(text, way);
            }
            self.append(text.as_bytes());
            return text.len();
        }
        let wanted = Recent::new(text, way);
        let found = self.recent[wanted.slot()];
        let is_equal = (found.prefix, found.length, found.way) == (wanted.prefix, wanted.length, way);
        if is_equal && (text.len() <= 16 || self.is_word(found.number, text)) {
            self.numbers.push(found.number);
            return text.len();
        }
        self.push_word(text, wanted)
    }

    /// Adds a word that has a number.
    #[inline(always)]
    pub fn push_numbered(&mut self, text: &str, way: Showing, number: u32) -> usize {
        match self.numbered.get(number as usize) {
            Some((index, length)) if *length > 0 => {
                self.numbers.push(*index);
                *length as usize
            }
            _ => self.push_new_number(text, way, number),
        }
    }

    fn push_new_number(&mut self, text: &str, way: Showing, number: u32) -> usize {
        let length = self.push(text, way);
        // Words beyond the limit are rare, and found as other texts are.
        if let Some(index) = self.numbers.last().filter(|_| (number as usize) < MOST_NUMBERS) {
            self.numbered.resize(self.numbered.len().max(number as usize + 1), (0, 0));
            self.numbered[number as usize] = (*index, length as u32);
        }
        length
    }

    fn is_word(&self, number: u32, text: &str) -> bool {
        self.place(number as usize).is_some_and(|place| self.plain[place] == *text.as_bytes())
    }

    #[cold]
    fn push_changed(&mut self, text: &str, way: Showing) -> usize {
        let shown = way.show(text);
        self.append(shown.as_bytes());
        shown.len()
    }

    /// Adds a text that is not among the recent ones.
    fn push_word(&mut self, text: &str, recent: Recent) -> usize {
        let shown = recent.way.show(text);
        let number = match self.dictionary.numbers.get(shown.as_bytes()) {
            Some(number) => *number,
            None => self.add(shown.as_bytes()),
        };
        if matches!(shown, Cow::Borrowed(_)) {
            self.recent[recent.slot()] = Recent { number, ..recent };
        }
        self.numbers.push(number);
        let texts = self.dictionary.places.len();
        if texts >= MOST_TEXTS || (texts >= FEW_TEXTS && 2 * texts > self.numbers.len()) {
            self.give_up();
        }
        shown.len()
    }

    fn place(&self, number: usize) -> Option<Range<usize>> {
        self.dictionary.places.get(number).cloned()
    }

    /// Adds a text to the dictionary; returns its index.
    fn add(&mut self, text: &[u8]) -> u32 {
        let number = self.dictionary.places.len() as u32;
        self.append(text);
        self.dictionary.places.push(self.plain.len() - text.len()..self.plain.len());
        self.dictionary.numbers.insert(text.into(), number);
        number
    }

    #[inline(always)]
    fn append(&mut self, text: &[u8]) {
        self.plain.extend_from_slice(&(text.len() as u32).to_le_bytes());
        let end = self.plain.len() + text.len();
        match (text.first_chunk::<16>(), text.last_chunk::<16>()) {
            // Copies of a fixed size are no calls.
            (Some(first), Some(last)) if text.len() <= 32 => {
                self.plain.extend_from_slice(first);
                self.plain.truncate(end - 16);
                self.plain.extend_from_slice(last);
            }
            _ => self.plain.extend_from_slice(text),
        }
    }

    /// Converts dictionary indices to plain texts, because texts hardly repeat.
    fn give_up(&mut self) {
        let (numbers, plain) = (std::mem::take(&mut self.numbers), self.plain.clone());
        let places = std::mem::take(&mut self.dictionary).places;
        self.dictionary.given_up = true;
        self.numbered.clear();
        self.plain.clear();
        // Growing copies; room that is not used costs nothing.
        self.plain.reserve(GROUP_BYTES.min(GROUP_ROWS * (plain.len() / places.len() + 1)));
        for number in numbers {
            self.append(&plain[places[number as usize].clone()]);
        }
    }

    pub fn equals(&self, other: &TextColumn) -> bool {
        self.plain == other.plain
            && self.numbers == other.numbers
            && self.dictionary.given_up == other.dictionary.given_up
    }

    /// The PLAIN-encoded texts of the dictionary, and their number; `None` without a dictionary.
    pub fn dictionary(&self) -> Option<(&[u8], usize)> {
        let is_one = !self.dictionary.given_up && !self.numbers.is_empty();
        is_one.then_some((&self.plain, self.dictionary.places.len()))
    }

    /// Appends the index of each text in the dictionary.
    pub fn write_indices(&self, body: &mut Vec<u8>) {
        let bits = width(self.dictionary.places.len() as u64 - 1).max(1);
        body.push(bits as u8);
        runs(body, bits, &self.numbers);
    }

    /// All texts, PLAIN-encoded, where there is no dictionary.
    pub fn plain(&self) -> &[u8] {
        &self.plain
    }

    /// Whether all texts are the same word.
    pub fn is_one_word(&self) -> bool {
        self.dictionary.places.len() == 1
    }

    /// Calls `take` with each text.
    pub fn each<'t>(&'t self, mut take: impl FnMut(&'t [u8])) {
        if self.dictionary.given_up {
            return lengthy(&self.plain).for_each(take);
        }
        for number in &self.numbers {
            take(&self.plain[self.dictionary.places[*number as usize].clone()]);
        }
    }

    pub fn bounds(&self) -> [Option<Vec<u8>>; 2] {
        let mut texts = lengthy(&self.plain).map(|text| (prefix(text), text));
        let Some(first) = texts.next() else { return [None, None] };
        let (mut least, mut greatest) = (first, first);
        for text in texts {
            // Most lie between both.
            if least.0 < text.0 && text.0 < greatest.0 {
                continue;
            }
            if text > greatest {
                greatest = text;
            } else if text < least {
                least = text;
            }
        }
        [least, greatest].map(|(_, bound)| (bound.len() <= BOUND_BYTES).then(|| bound.to_vec()))
    }

    pub fn clear(&mut self) {
        self.plain.clear();
        self.numbers.clear();
        self.dictionary = Dictionary::default();
        *self.recent = [Recent::NONE; RECENT];
        self.numbered.clear();
    }
}
