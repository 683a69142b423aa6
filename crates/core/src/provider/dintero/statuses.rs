//! Status words of transactions, orders and settlement.

use crate::ledger::wording::Wording;
use crate::model::status::{PaymentStatus, SettlementStatus, Status};

const STATUSES: [(&str, Status); 15] = [
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
    // Spellings that occur in real exports.
    ("INITIALIZED", Status::Initiated),
    ("REJECTED", Status::Declined),
    ("PARTICALLY_CAPTURED_REFUNDED", Status::PartiallyCapturedRefunded),
];

/// The words of transactions and orders that take one byte in packed rows; the word for a
/// [`Status`] is at its index.
pub(super) const DICTIONARY: &[&str] = &[
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

/// The words of settlement statuses that take one byte in packed rows.
pub(super) const OF_SETTLEMENT: &[&str] = &["NOT_SETTLED", "PENDING_SETTLEMENT", "PARTIALLY_SETTLED", "SETTLED"];

/// The words for implied statuses that take one byte in packed rows, the most frequent first.
pub(super) const IMPLIED: &[&str] = &[
    "CAPTURED",
    "AUTHORIZATION_VOIDED",
    "AUTHORIZED or ON_HOLD",
    "PARTIALLY_CAPTURED",
    "REFUNDED",
    "PARTIALLY_REFUNDED",
    "PARTIALLY_CAPTURED or CAPTURED",
    "INITIATED or ON_HOLD or DECLINED or FAILED",
    "PARTIALLY_CAPTURED_REFUNDED",
    "PARTIALLY_CAPTURED_REFUNDED or REFUNDED",
    "pending",
    "paid",
    "refunded",
];

/// The words as reports write them.
pub(super) static WORDS: Wording = Wording {
    statuses: [
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
    ],
    expected: [
        "AUTHORIZED or CAPTURED or INITIATED or AUTHORIZATION_VOIDED or ON_HOLD or DECLINED or FAILED",
        "AUTHORIZATION_VOIDED",
        "AUTHORIZED or ON_HOLD",
        "INITIATED or ON_HOLD or DECLINED or FAILED",
        "PARTIALLY_CAPTURED",
        "PARTIALLY_CAPTURED or CAPTURED",
        "PARTIALLY_CAPTURED_REFUNDED",
        "PARTIALLY_CAPTURED_REFUNDED or PARTIALLY_REFUNDED",
        "PARTIALLY_CAPTURED_REFUNDED or REFUNDED",
        "CAPTURED",
        "PARTIALLY_REFUNDED",
        "REFUNDED",
    ],
    payment_statuses: ["pending", "partially_paid", "paid", "partially_refunded", "refunded"],
    paid_in_part_or_whole: "partially_paid or paid",
    corrections: ["remaining_capture_amount", "remaining_refund_amount", "remaining_void_amount"],
};

/// Parses a status, ignoring case and accepting known misspellings.
pub(super) fn status(word: &str) -> Option<Status> {
    if let Some((status, _)) = frequent(word) {
        return Some(status);
    }
    STATUSES.iter().find(|(w, _)| w.eq_ignore_ascii_case(word)).map(|&(_, status)| status)
}

/// Fast path for the most frequent words: the status, and the word as a static text of the
/// dictionary.
#[inline(always)]
pub(super) fn frequent(word: &str) -> Option<(Status, &'static str)> {
    let status = match word {
        "CAPTURED" => Status::Captured,
        "AUTHORIZED" => Status::Authorized,
        "INITIATED" => Status::Initiated,
        "PARTIALLY_CAPTURED" => Status::PartiallyCaptured,
        "REFUNDED" => Status::Refunded,
        "PARTIALLY_REFUNDED" => Status::PartiallyRefunded,
        "AUTHORIZATION_VOIDED" => Status::AuthorizationVoided,
        "DECLINED" => Status::Declined,
        "FAILED" => Status::Failed,
        _ => return None,
    };
    Some((status, DICTIONARY[status as usize]))
}

/// The meaning of an event's status word as read, and the word; a frequent one becomes that of the
/// dictionary.
#[inline(always)]
pub(super) fn read(word: &str) -> (Option<Status>, Option<&str>) {
    match frequent(word) {
        Some((status, word)) => (Some(status), Some(word)),
        None => (status(word).filter(|status| *status != Status::Unknown), Some(word)),
    }
}

/// Parses a payment status; its words are always lower case.
pub(super) fn payment_status(word: &str) -> Option<PaymentStatus> {
    let place = WORDS.payment_statuses.iter().position(|known| *known == word)?;
    Some(PaymentStatus::ALL[place])
}

/// Parses a settlement status; its words are always upper case.
pub(super) fn settlement_status(word: &str) -> Option<SettlementStatus> {
    match word {
        "NOT_SETTLED" => Some(SettlementStatus::Not),
        "PENDING_SETTLEMENT" => Some(SettlementStatus::Pending),
        "PARTIALLY_SETTLED" => Some(SettlementStatus::InPart),
        "SETTLED" => Some(SettlementStatus::Whole),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::wording::TABLE;

    #[test]
    fn aliases_and_letter_case() {
        assert_eq!(status("rejected"), Some(Status::Declined));
        assert_eq!(status("Initialized"), Some(Status::Initiated));
        assert_eq!(status("PARTICALLY_CAPTURED_REFUNDED"), Some(Status::PartiallyCapturedRefunded));
        assert_eq!(status("PAID"), None);
        for word in DICTIONARY {
            assert!(frequent(word).is_none_or(|usual| Some(usual.0) == status(word) && usual.1 == *word), "{word}");
        }
        for (at, (word, status)) in STATUSES[..12].iter().enumerate() {
            assert_eq!((WORDS.statuses[at], DICTIONARY[at], *status as usize), (*word, *word, at));
        }
    }

    #[test]
    fn expected_states_are_written_as_states_are() {
        for (states, words) in TABLE.iter().zip(WORDS.expected) {
            assert_eq!(words, states.iter().map(|state| WORDS.of(*state)).collect::<Vec<_>>().join(" or "));
        }
        assert!(IMPLIED.iter().all(|words| WORDS.expected.contains(words) || WORDS.payment_statuses.contains(words)));
    }

    #[test]
    fn words_of_orders_and_of_settling_are_told_exactly() {
        assert_eq!(payment_status("partially_paid"), Some(PaymentStatus::PartiallyPaid));
        assert_eq!(payment_status("Paid"), None);
        let all = OF_SETTLEMENT.iter().map(|word| settlement_status(word));
        use SettlementStatus::*;
        assert!(all.eq([Not, Pending, InPart, Whole].map(Some)));
        assert_eq!(settlement_status("settled"), None);
    }
}
