//! Statuses of transactions and orders, and of their settlement.

/// A known status.
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
    /// The provider itself reports it as unknown.
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
    /// All statuses, in discriminant order.
    pub const ALL: [PaymentStatus; 5] = [
        PaymentStatus::Pending,
        PaymentStatus::PartiallyPaid,
        PaymentStatus::Paid,
        PaymentStatus::PartiallyRefunded,
        PaymentStatus::Refunded,
    ];
}

/// How far a transaction is settled, as it states itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettlementStatus {
    /// Nothing is settled.
    Not,
    /// Settlement is expected.
    Pending,
    /// A part is settled.
    InPart,
    /// All of its movements are settled.
    Whole,
}
