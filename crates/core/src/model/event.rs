//! Kinds of events and the lists they stand in.

/// What an event does, in our words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum EventKind {
    /// Money was reserved.
    Authorize,
    /// Reserved money was taken.
    Capture,
    /// Taken money was given back.
    Refund,
    /// What was still reserved of a transaction was released.
    Void,
    /// A part of an order's reservation was released.
    Cancel,
    /// A capture was asked for; a later event says whether it happened.
    InitiateCapture,
    /// A refund was asked for.
    InitiateRefund,
    /// A void was asked for.
    InitiateVoid,
    /// The payer began.
    Initialize,
    /// A payout was recorded.
    Settlement,
    /// A word we do not know.
    Other,
}

impl EventKind {
    /// All kinds, in the order of their numbers.
    pub const ALL: [EventKind; 11] = [
        EventKind::Authorize,
        EventKind::Capture,
        EventKind::Refund,
        EventKind::Void,
        EventKind::Cancel,
        EventKind::InitiateCapture,
        EventKind::InitiateRefund,
        EventKind::InitiateVoid,
        EventKind::Initialize,
        EventKind::Settlement,
        EventKind::Other,
    ];

    const WORDS: [(&'static str, EventKind); 10] = [
        ("AUTHORIZE", EventKind::Authorize),
        ("CAPTURE", EventKind::Capture),
        ("REFUND", EventKind::Refund),
        ("VOID", EventKind::Void),
        ("INITIATE_CAPTURE", EventKind::InitiateCapture),
        ("INITIATE_REFUND", EventKind::InitiateRefund),
        ("INITIATE_VOID", EventKind::InitiateVoid),
        ("INITIALIZE", EventKind::Initialize),
        ("INITIATE", EventKind::Initialize),
        ("SETTLEMENT", EventKind::Settlement),
    ];

    /// The kind of a transaction's `event` text, letter case aside.
    pub fn of(word: &str) -> EventKind {
        Self::usual(word).map_or_else(
            || {
                let known = Self::WORDS.iter().find(|(w, _)| w.eq_ignore_ascii_case(word));
                known.map_or(EventKind::Other, |&(_, kind)| kind)
            },
            |(kind, _)| kind,
        )
    }

    /// The kind of one of the words that are nearly all there is, told apart by a few bytes; and the word as it lies in
    /// the dictionary.
    #[inline]
    pub fn usual(word: &str) -> Option<(EventKind, &'static str)> {
        let kind = match word {
            "AUTHORIZE" => EventKind::Authorize,
            "CAPTURE" => EventKind::Capture,
            "REFUND" => EventKind::Refund,
            "VOID" => EventKind::Void,
            "INITIATE" => EventKind::Initialize,
            _ => return None,
        };
        Some((kind, Self::DICTIONARY[kind.usual_word()]))
    }

    /// Our word for it, as reports and event keys spell it.
    pub const fn word(self) -> &'static str {
        match self {
            EventKind::Authorize => "authorize",
            EventKind::Capture => "capture",
            EventKind::Refund => "refund",
            EventKind::Void => "void",
            EventKind::Cancel => "cancel",
            EventKind::InitiateCapture => "initiate_capture",
            EventKind::InitiateRefund => "initiate_refund",
            EventKind::InitiateVoid => "initiate_void",
            EventKind::Initialize => "initialize",
            EventKind::Settlement => "settlement",
            EventKind::Other => "other",
        }
    }

    /// The provider's usual words, which take one byte in packed rows.
    pub const DICTIONARY: &'static [&'static str] = &[
        "AUTHORIZE",
        "CAPTURE",
        "REFUND",
        "VOID",
        "INITIATE_CAPTURE",
        "INITIATE_REFUND",
        "INITIATE_VOID",
        "INITIALIZE",
        "INITIATE",
        "SETTLEMENT",
    ];

    /// The place in the dictionary of the word that a kind mostly has.
    #[inline]
    pub fn usual_word(self) -> usize {
        match self {
            EventKind::Authorize => 0,
            EventKind::Capture => 1,
            EventKind::Refund => 2,
            EventKind::Void => 3,
            EventKind::InitiateCapture => 4,
            EventKind::InitiateRefund => 5,
            EventKind::InitiateVoid => 6,
            EventKind::Initialize => 8,
            EventKind::Settlement => 9,
            EventKind::Cancel | EventKind::Other => usize::MAX,
        }
    }
}

/// The list an event stands in, in the order in which findings are sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum EventList {
    /// An order's `authorizations`.
    Authorizations,
    /// An order's `cancellations`.
    Cancellations,
    /// An order's `captures`.
    Captures,
    /// A transaction's `events`.
    Events,
    /// An order's `refunds`.
    Refunds,
    /// A settlement's `transactions`.
    Transactions,
}

impl EventList {
    /// An order's four collections, in the sequence that breaks ties of its timeline.
    pub const COLLECTIONS: [EventList; 4] =
        [EventList::Authorizations, EventList::Cancellations, EventList::Captures, EventList::Refunds];

    /// The name in the document and in a finding's `event` column.
    pub const fn name(self) -> &'static str {
        match self {
            EventList::Authorizations => "authorizations",
            EventList::Cancellations => "cancellations",
            EventList::Captures => "captures",
            EventList::Events => "events",
            EventList::Refunds => "refunds",
            EventList::Transactions => "transactions",
        }
    }

    /// The kind of an order's operation by its collection.
    pub const fn kind(self) -> EventKind {
        match self {
            EventList::Authorizations => EventKind::Authorize,
            EventList::Cancellations => EventKind::Cancel,
            EventList::Captures => EventKind::Capture,
            EventList::Refunds => EventKind::Refund,
            EventList::Events | EventList::Transactions => EventKind::Other,
        }
    }

    /// The place among [`EventList::COLLECTIONS`]; `None` for lists that are no order's.
    pub fn collection(self) -> Option<usize> {
        Self::COLLECTIONS.iter().position(|&list| list == self)
    }

    /// The list of a number that `as u8` gave.
    pub fn from_code(code: u8) -> Option<EventList> {
        use EventList::*;
        [Authorizations, Cancellations, Captures, Events, Refunds, Transactions].get(usize::from(code)).copied()
    }

    /// The collection of this name.
    pub fn collection_named(name: &str) -> Option<EventList> {
        Self::COLLECTIONS.into_iter().find(|list| list.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::EventKind;

    #[test]
    fn usual_words_are_of_their_kind() {
        for kind in EventKind::ALL {
            let word = EventKind::DICTIONARY.get(kind.usual_word());
            assert!(word.is_none_or(|word| EventKind::of(word) == kind), "{kind:?} {word:?}");
        }
        for word in EventKind::DICTIONARY {
            assert!(EventKind::usual(word).is_none_or(|usual| usual == (EventKind::of(word), *word)), "{word}");
        }
        assert_eq!(EventKind::usual("capture"), None);
    }
}
