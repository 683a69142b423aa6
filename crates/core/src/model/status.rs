//! States of a transaction, and the spellings that were met in the wild.

/// A state that we know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Status {
    /// The payer started.
    Initiated,
    /// Funds are reserved.
    Authorized,
    /// The reservation was released before any capture.
    AuthorizationVoided,
    /// Everything authorised is captured.
    Captured,
    /// A part is captured, nothing refunded.
    PartiallyCaptured,
    /// A part is captured and something refunded.
    PartiallyCapturedRefunded,
    /// Everything captured was refunded.
    Refunded,
    /// All was captured, a part refunded.
    PartiallyRefunded,
    /// Refused by the payer or the provider.
    Declined,
    /// A technical failure.
    Failed,
    /// The provider itself does not know.
    Unknown,
    /// Waits for a manual review.
    OnHold,
}

impl Status {
    const WORDS: [(&'static str, Status); 15] = [
        ("INITIATED", Status::Initiated),
        ("AUTHORIZED", Status::Authorized),
        ("AUTHORIZATION_VOIDED", Status::AuthorizationVoided),
        ("CAPTURED", Status::Captured),
        ("PARTIALLY_CAPTURED", Status::PartiallyCaptured),
        ("PARTIALLY_CAPTURED_REFUNDED", Status::PartiallyCapturedRefunded),
        ("REFUNDED", Status::Refunded),
        ("PARTIALLY_REFUNDED", Status::PartiallyRefunded),
        ("DECLINED", Status::Declined),
        ("FAILED", Status::Failed),
        ("UNKNOWN", Status::Unknown),
        ("ON_HOLD", Status::OnHold),
        ("INITIALIZED", Status::Initiated),
        ("REJECTED", Status::Declined),
        ("PARTICALLY_CAPTURED_REFUNDED", Status::PartiallyCapturedRefunded),
    ];

    /// The provider's usual words, which take one byte in packed rows.
    pub const DICTIONARY: &'static [&'static str] = &[
        "INITIATED",
        "AUTHORIZED",
        "AUTHORIZATION_VOIDED",
        "CAPTURED",
        "PARTIALLY_CAPTURED",
        "PARTIALLY_CAPTURED_REFUNDED",
        "REFUNDED",
        "PARTIALLY_REFUNDED",
        "DECLINED",
        "FAILED",
        "UNKNOWN",
        "ON_HOLD",
        "pending",
        "partially_paid",
        "paid",
        "partially_refunded",
        "refunded",
    ];

    /// The state that a text means, letter case and known misspellings aside.
    pub fn of(word: &str) -> Option<Status> {
        if let Some((status, _)) = Self::usual(word) {
            return Some(status);
        }
        Self::WORDS.iter().find(|(w, _)| w.eq_ignore_ascii_case(word)).map(|&(_, status)| status)
    }

    /// The state of one of the words that are nearly all there is, told apart by a few bytes; and the word as it lies in
    /// the dictionary.
    #[inline]
    pub fn usual(word: &str) -> Option<(Status, &'static str)> {
        let status = match word {
            "CAPTURED" => Status::Captured,
            "AUTHORIZED" => Status::Authorized,
            "INITIATED" => Status::Initiated,
            "PARTIALLY_CAPTURED" => Status::PartiallyCaptured,
            "REFUNDED" => Status::Refunded,
            "PARTIALLY_REFUNDED" => Status::PartiallyRefunded,
            "AUTHORIZATION_VOIDED" => Status::AuthorizationVoided,
            _ => return None,
        };
        Some((status, Self::DICTIONARY[status as usize]))
    }

    /// The canonical word.
    pub const fn word(self) -> &'static str {
        Self::WORDS[self as usize].0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aliases_and_letter_case() {
        assert_eq!(Status::of("rejected"), Some(Status::Declined));
        assert_eq!(Status::of("Initialized"), Some(Status::Initiated));
        assert_eq!(Status::of("PARTICALLY_CAPTURED_REFUNDED"), Some(Status::PartiallyCapturedRefunded));
        assert_eq!(Status::of("PAID"), None);
        for word in Status::DICTIONARY {
            assert!(
                Status::usual(word).is_none_or(|usual| Some(usual.0) == Status::of(word) && usual.1 == *word),
                "{word}"
            );
        }
        for (word, status) in &Status::WORDS[..12] {
            assert_eq!(status.word(), *word);
        }
    }
}
