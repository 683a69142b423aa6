//! Words of events.

use crate::model::event::EventKind;

const WORDS: [(&str, EventKind); 10] = [
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

/// The words that take one byte in packed rows.
pub(super) const DICTIONARY: &[&str] = &{
    let mut words = [""; WORDS.len()];
    let mut n = 0;
    while n < WORDS.len() {
        words[n] = WORDS[n].0;
        n += 1;
    }
    words
};

/// The kind of a transaction's `event` text, ignoring case.
pub(super) fn kind(word: &str) -> EventKind {
    frequent(word).map_or_else(
        || {
            let known = WORDS.iter().find(|(w, _)| w.eq_ignore_ascii_case(word));
            known.map_or(EventKind::Other, |&(_, kind)| kind)
        },
        |(kind, _)| kind,
    )
}

/// Fast path for the most frequent words: the kind, and the word as a static text of the
/// dictionary.
#[inline]
pub(super) fn frequent(word: &str) -> Option<(EventKind, &'static str)> {
    let kind = match word {
        "AUTHORIZE" => EventKind::Authorize,
        "CAPTURE" => EventKind::Capture,
        "REFUND" => EventKind::Refund,
        "VOID" => EventKind::Void,
        "INITIATE" => EventKind::Initialize,
        _ => return None,
    };
    Some((kind, DICTIONARY[place(kind)]))
}

/// Index in the dictionary of the usual word for a kind; `usize::MAX` for none.
#[inline]
pub(super) fn place(kind: EventKind) -> usize {
    match kind {
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

/// The kind of a word as read, and the word; a frequent one becomes that of the dictionary.
#[inline(always)]
pub(super) fn read(word: &str) -> (EventKind, &str) {
    frequent(word).unwrap_or_else(|| (kind(word), word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frequent_words_are_of_their_kind() {
        for one in EventKind::ALL {
            let word = DICTIONARY.get(place(one));
            assert!(word.is_none_or(|word| kind(word) == one), "{one:?} {word:?}");
        }
        for word in DICTIONARY {
            assert!(frequent(word).is_none_or(|frequent| frequent == (kind(word), *word)), "{word}");
        }
        assert_eq!(frequent("capture"), None);
    }
}
