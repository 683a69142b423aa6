//! Kinds of events, and the lists that contain them.

/// What an event does, independent of the provider's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum EventKind {
    /// Money was reserved.
    Authorize,
    /// Reserved money was taken.
    Capture,
    /// Taken money was given back.
    Refund,
    /// The remaining reservation of a transaction was released.
    Void,
    /// A part of an order's reservation was released.
    Cancel,
    /// A capture was requested; a later event states the outcome.
    InitiateCapture,
    /// A refund was requested.
    InitiateRefund,
    /// A void was requested.
    InitiateVoid,
    /// The payer started the payment.
    Initialize,
    /// A payout was recorded.
    Settlement,
    /// An unknown word.
    Other,
}

impl EventKind {
    /// All kinds, in discriminant order.
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

    /// The word in reports and event keys.
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
}

/// The list that contains an event, in the order in which findings are sorted.
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

    /// Converts back from `as u8`.
    pub fn from_code(code: u8) -> Option<EventList> {
        use EventList::*;
        [Authorizations, Cancellations, Captures, Events, Refunds, Transactions].get(usize::from(code)).copied()
    }

    pub fn collection_named(name: &str) -> Option<EventList> {
        Self::COLLECTIONS.into_iter().find(|list| list.name() == name)
    }
}
