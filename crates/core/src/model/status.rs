//! States of transactions and orders, and of how far they are settled.

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
    /// Whether something was captured, even if it was refunded since.
    pub fn is_after_capture(self) -> bool {
        matches!(
            self,
            Status::Captured
                | Status::PartiallyCaptured
                | Status::PartiallyCapturedRefunded
                | Status::Refunded
                | Status::PartiallyRefunded
        )
    }
}

/// How far an order is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum PaymentStatus {
    /// Nothing is captured.
    Pending,
    /// A part of the order is captured.
    PartiallyPaid,
    /// All of it is captured, and nothing refunded.
    Paid,
    /// A part of what was captured is refunded.
    PartiallyRefunded,
    /// All of what was captured is refunded.
    Refunded,
}

impl PaymentStatus {
    /// All, in the order of their numbers.
    pub const ALL: [PaymentStatus; 5] = [
        PaymentStatus::Pending,
        PaymentStatus::PartiallyPaid,
        PaymentStatus::Paid,
        PaymentStatus::PartiallyRefunded,
        PaymentStatus::Refunded,
    ];
}

/// How far a transaction is settled, by its own word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettlementStatus {
    /// Nothing of it is.
    Not,
    /// It will be.
    Pending,
    /// A part of it is.
    InPart,
    /// All of its movements are.
    Whole,
}
