//! A small generator of choices: one seed, one world.

use serde_json::{Value, json};

/// Numbers that look random and are the same in every run (splitmix64).
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `sides`.
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.next() % sides
    }

    pub fn index(&mut self, length: usize) -> usize {
        self.roll(length as u64) as usize
    }

    /// True once in so many throws.
    pub fn once_in(&mut self, throws: u64) -> bool {
        self.roll(throws) == 0
    }

    pub fn one_of<'v, T>(&mut self, values: &'v [T]) -> &'v T {
        &values[self.index(values.len())]
    }

    pub fn word(&mut self, words: &[&'static str]) -> &'static str {
        words[self.index(words.len())]
    }

    /// One of these words, or null for `-`.
    pub fn maybe(&mut self, words: &[&'static str]) -> Value {
        match self.word(words) {
            "-" => Value::Null,
            word => json!(word),
        }
    }

    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in (1..list.len()).rev() {
            list.swap(at, self.index(at + 1));
        }
    }

    /// A list of so many things at most.
    pub fn list<T>(&mut self, longest: u64, mut make: impl FnMut(&mut Dice) -> T) -> Vec<T> {
        (0..self.roll(longest + 1)).map(|_| make(self)).collect()
    }
}
