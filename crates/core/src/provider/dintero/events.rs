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
    let place = match word {
        "AUTHORIZE" => 0,
        "CAPTURE" => 1,
        "REFUND" => 2,
        "VOID" => 3,
        "INITIATE" => 8,
        _ => return None,
    };
    Some((WORDS[place].1, DICTIONARY[place]))
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
        for word in DICTIONARY {
            assert!(frequent(word).is_none_or(|frequent| frequent == (kind(word), *word)), "{word}");
        }
        assert_eq!(frequent("capture"), None);
    }
}
