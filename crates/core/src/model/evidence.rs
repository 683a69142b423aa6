//! What was there to look at, so that a later night can tell a finding that was cleared from one that was not seen.

use super::card::Kind;
use super::display::visible;
use super::event::EventList;

/// Something that the input must have before the silence of a rule means anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Evidence {
    /// Anything of the document: a partial transaction, an order's operation, a settlement's header.
    Present,
    /// The document itself: a transaction with its events, an order's own document, a report with its lines.
    Whole,
    /// More than one copy of it.
    Copies,
    /// An order's collection.
    Given(EventList),
    /// All transactions of an order, whole and its own alone.
    Partners,
    /// Another transaction with the same merchant reference.
    SameReference,
    /// A line of a settlement report that names the transaction.
    Settled,
}

impl Evidence {
    fn number(self) -> u8 {
        match self {
            Evidence::Present => 0,
            Evidence::Whole => 1,
            Evidence::Copies => 2,
            Evidence::Partners => 3,
            Evidence::SameReference => 4,
            Evidence::Settled => 5,
            Evidence::Given(list) => 16 + list as u8,
        }
    }

    /// The number of this evidence for a document. Its id counts as reports show it, since an earlier run is known by
    /// its reports alone; an apostrophe at its beginning, which may be one of a CSV file's own, does not count.
    pub fn of(self, kind: Kind, id: &str) -> u64 {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&[self.number(), kind as u8]);
        hasher.update(visible(id).trim_start_matches('\'').as_bytes());
        let mut first = [0; 8];
        first.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
        u64::from_le_bytes(first)
    }
}

/// The evidence that somebody wants to know of, by its numbers, sorted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Watch<'w> {
    wanted: &'w [u64],
}

impl<'w> Watch<'w> {
    /// Looks out for these; they must be sorted.
    pub fn new(wanted: &'w [u64]) -> Self {
        debug_assert!(wanted.is_sorted());
        Watch { wanted }
    }

    /// Notes a piece of evidence, if it is wanted.
    pub fn note(&self, evidence: Evidence, kind: Kind, id: &str, out: &mut Vec<u64>) {
        if self.wanted.is_empty() {
            return;
        }
        let number = evidence.of(kind, id);
        if self.wanted.binary_search(&number).is_ok() {
            out.push(number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_is_told_apart_by_all_that_it_is_of() {
        let mut numbers: Vec<u64> = vec![
            Evidence::Whole.of(Kind::Transaction, "a"),
            Evidence::Present.of(Kind::Transaction, "a"),
            Evidence::Whole.of(Kind::Order, "a"),
            Evidence::Whole.of(Kind::Transaction, "b"),
            Evidence::Present.of(Kind::Order, "a"),
            Evidence::Copies.of(Kind::Order, "a"),
            Evidence::Partners.of(Kind::Order, "a"),
            Evidence::SameReference.of(Kind::Order, "a"),
            Evidence::Settled.of(Kind::Order, "a"),
        ];
        numbers.extend(EventList::COLLECTIONS.map(|list| Evidence::Given(list).of(Kind::Order, "a")));
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), 13);
    }

    #[test]
    fn an_id_counts_as_a_report_shows_it() {
        let of = |id| Evidence::Whole.of(Kind::Order, id);
        assert_eq!(of("a\u{202E}b"), of("a\\u{202E}b"));
        assert_eq!(of("=1"), of("'=1"));
    }

    #[test]
    fn only_what_is_wanted_is_noted() {
        let wanted = [Evidence::Whole.of(Kind::Order, "a")];
        let mut noted = Vec::new();
        Watch::new(&wanted).note(Evidence::Whole, Kind::Order, "b", &mut noted);
        assert!(noted.is_empty());
        Watch::new(&wanted).note(Evidence::Whole, Kind::Order, "a", &mut noted);
        assert_eq!(noted, wanted);
    }
}
