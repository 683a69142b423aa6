//! Which keys may join documents: most ids and references occur in one document only, and rows for
//! joining them would be alone with their key.

use std::hint::black_box;

use crate::document::prefetch;

/// What a key identifies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Key {
    /// A transaction's id.
    Transaction,
    /// A session's id.
    Session,
    /// A merchant reference, or the id of an order that names no transaction.
    Reference,
    /// An order's id.
    Order,
    /// A transaction's id, as that of its copies.
    Copy,
    /// An id by which a provider that pays out itself may name a transaction.
    Correlation,
}

impl Key {
    pub const ALL: [Key; 6] = [Key::Transaction, Key::Session, Key::Reference, Key::Order, Key::Copy, Key::Correlation];
}

/// A place has two bits: whether a key was noted there, and whether more than one was. A key has two places.
const PLACES_IN_WORD: u64 = 32;

/// The words of a line of the processor's cache.
const WORDS_TOGETHER: u64 = 8;

/// How many keys are noted together: they lie far apart in memory, which then waits for them at once.
const TOGETHER: usize = 256;

/// The first bit of each place.
const NOTED: u64 = 0x5555_5555_5555_5555;

/// Tells keys that documents have in common from keys that only one document has.
///
/// Keys share places, so a key of one document may seem to be a key of several. A filter of any
/// size gives the same results; a small one only leaves more rows to join.
#[derive(Debug)]
pub struct KeyFilter {
    words: Vec<u64>,
}

/// Where a filter tells of a key.
#[derive(Clone, Copy, Debug)]
pub struct KeyPlaces {
    /// Index of the word.
    word: usize,
    /// The first bits of the two places there, which may be one.
    bits: u64,
}

impl KeyFilter {
    /// Creates an empty filter of at least this many bytes.
    pub fn new(bytes: usize) -> KeyFilter {
        KeyFilter::of_words((bytes / size_of::<u64>()).next_power_of_two())
    }

    /// Creates an empty filter that can be merged with this one.
    pub fn of_same_size(&self) -> KeyFilter {
        KeyFilter::of_words(self.words.len())
    }

    /// Memory that is only known to be zero has no pages before it is written; a page that is read before costs a second
    /// fault then, which interrupts all workers. So every word is written.
    fn of_words(count: usize) -> KeyFilter {
        let mut words = Vec::with_capacity(count);
        words.resize(count, black_box(0));
        KeyFilter { words }
    }

    /// A filter that takes every key for one of several documents.
    pub fn full() -> KeyFilter {
        KeyFilter { words: vec![u64::MAX] }
    }

    /// Where the filter tells of a key by the hash of its id, which is brought near. The words of an id's keys lie
    /// together.
    #[inline]
    fn places(&self, key: Key, hash: u64) -> KeyPlaces {
        let of_key = hash.rotate_left(13 * key as u32);
        let place = |hash: u64| 1 << (2 * (hash % PLACES_IN_WORD));
        let (line, word) = (hash.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 29, (of_key >> 10) % WORDS_TOGETHER);
        let word = (line / WORDS_TOGETHER * WORDS_TOGETHER + word) as usize & (self.words.len() - 1);
        prefetch(&self.words[word]);
        KeyPlaces { word, bits: place(of_key) | place(of_key / PLACES_IN_WORD) }
    }

    /// Where the filter tells of a key, for [`KeyFilter::is_repeated_at`]. What stands there is brought near.
    #[inline]
    pub fn places_of(&self, key: Key, id: &[u8]) -> KeyPlaces {
        self.places(key, hash_of_bytes(id))
    }

    /// Makes a key one of several documents.
    pub fn repeat(&mut self, key: Key, id: &str) {
        let KeyPlaces { word, bits } = self.places(key, hash_of(id));
        self.words[word] |= bits << 1 | bits;
    }

    /// Whether more than one document may have the key.
    #[inline]
    pub fn is_repeated(&self, key: Key, id: &[u8]) -> bool {
        self.is_repeated_at(self.places_of(key, id))
    }

    /// Whether more than one document may have the key of these places.
    #[inline]
    pub fn is_repeated_at(&self, KeyPlaces { word, bits }: KeyPlaces) -> bool {
        self.words[word] >> 1 & bits == bits
    }

    /// Adds the keys of another filter of the same size.
    pub fn merge(&mut self, other: KeyFilter) {
        assert_eq!(self.words.len(), other.words.len(), "filters of one run have one size");
        for (mine, theirs) in self.words.iter_mut().zip(other.words) {
            *mine |= theirs | (*mine & theirs & NOTED) << 1;
        }
    }
}

/// The keys of documents while they are read.
#[derive(Debug)]
pub struct KeyNotes {
    filter: KeyFilter,
    /// What is not in the filter yet.
    pending: Vec<KeyPlaces>,
}

impl KeyNotes {
    /// Makes notes for a filter of at least this many bytes.
    pub fn new(bytes: usize) -> KeyNotes {
        KeyNotes { filter: KeyFilter::new(bytes), pending: Vec::with_capacity(TOGETHER) }
    }

    /// Notes that a document may be joined by this key.
    #[inline]
    pub fn note(&mut self, key: Key, id: &str) {
        self.note_hash(key, hash_of(id));
    }

    /// Like [`KeyNotes::note`], by the hash of the id.
    #[inline]
    pub fn note_hash(&mut self, key: Key, hash: u64) {
        self.pending.push(self.filter.places(key, hash));
        if self.pending.len() == TOGETHER {
            self.settle();
        }
    }

    #[inline(never)]
    fn settle(&mut self) {
        for KeyPlaces { word, bits } in self.pending.drain(..) {
            let word = &mut self.filter.words[word];
            *word |= (*word & bits) << 1 | bits;
        }
    }

    pub fn finish(mut self) -> KeyFilter {
        self.settle();
        self.filter
    }
}

/// The hash by which ids are spread over partitions and places; all its bits depend on all of the id.
#[inline]
pub fn hash_of_bytes(id: &[u8]) -> u64 {
    let fold = |a: u64, b: u64| {
        let product = u128::from(a) * u128::from(b);
        product as u64 ^ (product >> 64) as u64
    };
    let (chunks, rest) = id.as_chunks::<8>();
    let mut hash = id.len() as u64 ^ 0x9E37_79B9_7F4A_7C15;
    for chunk in chunks {
        hash = fold(hash ^ u64::from_le_bytes(*chunk), 0xA24B_AED4_963E_E407);
    }
    // The last eight bytes: some of them a second time, unless there are fewer.
    let last = match id.last_chunk::<8>() {
        Some(last) => u64::from_le_bytes(*last),
        None => rest.iter().fold(1, |all, byte| all << 8 | u64::from(*byte)),
    };
    fold(hash ^ last, 0x9FB2_1C65_1E98_DF25)
}

/// Like [`hash_of_bytes`], for a text.
pub fn hash_of(id: &str) -> u64 {
    hash_of_bytes(id.as_bytes())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    const KEYS: [Key; 4] = [Key::Transaction, Key::Session, Key::Reference, Key::Copy];

    /// Every key that was noted twice is repeated, whatever the size, the order and the number of filters.
    #[test]
    fn a_key_of_two_documents_is_never_missed() {
        for (bytes, filters) in [(8, 1), (64, 3), (4096, 2)] {
            let mut parts: Vec<KeyNotes> = (0..filters).map(|_| KeyNotes::new(bytes)).collect();
            let mut counts: BTreeMap<(Key, String), u32> = BTreeMap::new();
            for n in 0..600u64 {
                let key = KEYS[(n % 4) as usize];
                let id = format!("P11111111.{:x}", n * n % 400);
                parts[(n / 7) as usize % filters].note(key, &id);
                *counts.entry((key, id)).or_default() += 1;
            }
            let mut all = KeyFilter::new(bytes);
            parts.into_iter().for_each(|part| all.merge(part.finish()));
            for ((key, id), count) in &counts {
                assert!(*count < 2 || all.is_repeated(*key, id.as_bytes()), "{key:?} {id} in {bytes} bytes");
            }
        }
    }

    #[test]
    fn few_keys_of_one_document_seem_to_be_of_several() {
        let mut notes = KeyNotes::new(1 << 16);
        let ids: Vec<String> = (0..10_000).map(|n| format!("P11111111.4Xk{n:08x}9mQ")).collect();
        for id in &ids {
            KEYS.iter().for_each(|key| notes.note(*key, id));
        }
        let mut filter = notes.finish();
        let wrong = ids.iter().map(|id| KEYS.iter().filter(|key| filter.is_repeated(**key, id.as_bytes())).count());
        let wrong: usize = wrong.sum();
        assert!(wrong < 40_000 / 6, "{wrong} of 40000 in 262144 places");
        filter.repeat(Key::Session, &ids[0]);
        assert!(filter.is_repeated(Key::Session, ids[0].as_bytes()));
    }
}
