//! The rows of a ledger, in model terms: what one document states about one account.

use crate::model::event::{EventKind, EventList};
use crate::model::finding::EventRef;
use crate::model::instant::Instant;
use crate::model::money::{Minor, Sum};
use crate::model::origin::Origin;
use crate::model::quantity::Quantity;
use crate::model::status::{SettlementStatus, Status};

/// A range of one of the ledger's lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    pub start: u32,
    /// One past the last.
    pub end: u32,
}

impl Span {
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }
}

/// A share of money for one payout destination.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Split<'p> {
    pub destination: &'p str,
    pub amount: Minor,
}

/// The part of a payment that a gift card covers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GiftCard<'p> {
    /// A hash of the card's id: the id itself never leaves the parser.
    pub card: Option<&'p str>,
    pub amount: Option<Minor>,
}

/// One sold line, or the part of it that an event moves.
#[derive(Clone, Copy, Debug, Default)]
pub struct Item<'p> {
    pub line: Option<&'p str>,
    pub amount: Option<Minor>,
    pub quantity: Option<Quantity>,
    /// Its amount before discounts.
    pub gross: Option<Minor>,
    /// The discounts' sum; `None` without discount lines.
    pub discounts: Option<Sum>,
    pub splits: Span,
    /// The destinations that its `fee_split` names.
    pub fees: Span,
    /// Index into [`Ledger::tallies`](super::Ledger::tallies); derived.
    pub tally: Option<u32>,
}

/// What an event states about its settlements.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EventSettlements<'p> {
    /// The status as written.
    pub word: Option<&'p str>,
    /// The meaning of `word`; `None` for an unknown one.
    pub status: Option<SettlementStatus>,
    /// Into the ledger's entries.
    pub entries: Span,
}

/// One movement of money, or an attempt at one.
#[derive(Clone, Copy, Debug)]
pub struct Event<'p> {
    pub list: EventList,
    /// Index in `list`.
    pub place: u32,
    pub kind: EventKind,
    /// The word as written; empty for operations of orders.
    pub word: &'p str,
    /// The stated success; `None` if not stated.
    pub success: Option<bool>,
    /// The stated amount.
    pub stated: Option<Minor>,
    /// The stated status of the transaction after the event, as written.
    pub status_word: Option<&'p str>,
    /// The meaning of `status_word`; `None` for an unknown word or `UNKNOWN`.
    pub status: Option<Status>,
    /// For an order's operation: `processed_at`, else `created_at`.
    pub time: Option<Instant>,
    /// The `created_at` of an order's operation, kept beside `time` to tell operations apart.
    pub created_at: Option<Instant>,
    /// When an order's operation was last changed.
    pub updated_at: Option<Instant>,
    /// The version of an order's operation.
    pub version: Option<i64>,
    pub id: Option<&'p str>,
    /// The id of the request that caused it.
    pub request_id: Option<&'p str>,
    /// The request it completes.
    pub correlation_request_id: Option<&'p str>,
    /// The authorization that an order's operation belongs to.
    pub authorization_id: Option<&'p str>,
    /// The transaction that an order's operation names.
    pub payment_id: Option<&'p str>,
    /// The amounts that a correction states as remaining to capture, to refund and to void.
    pub correction: [Option<Minor>; 3],
    pub items: Span,
    pub splits: Span,
    /// The destinations that its `fee_split` names.
    pub fees: Span,
    pub cards: Span,
    /// What it states about its settlements.
    pub settlements: EventSettlements<'p>,
    pub origin: Origin,
    /// Its amount: the stated one, else the sum of its items when it has any; derived.
    pub amount: Option<Sum>,
}

impl Event<'_> {
    pub fn empty(list: EventList, place: u32, origin: Origin) -> Self {
        Event {
            list,
            place,
            kind: list.kind(),
            word: "",
            success: None,
            stated: None,
            status_word: None,
            status: None,
            time: None,
            created_at: None,
            updated_at: None,
            version: None,
            id: None,
            request_id: None,
            correlation_request_id: None,
            authorization_id: None,
            payment_id: None,
            correction: [None; 3],
            items: Span::default(),
            splits: Span::default(),
            fees: Span::default(),
            cards: Span::default(),
            settlements: EventSettlements::default(),
            origin,
            amount: None,
        }
    }

    /// Only a stated failure makes an event ineffective.
    pub fn effective(&self) -> bool {
        self.success != Some(false)
    }

    /// Whether it is an effective event of this kind.
    pub fn is(&self, kind: EventKind) -> bool {
        self.kind == kind && self.effective()
    }

    /// The amount, or zero.
    pub fn sum(&self) -> Sum {
        self.amount.unwrap_or(0)
    }
}

impl<'p> From<&Event<'p>> for EventRef<'p> {
    fn from(event: &Event<'p>) -> Self {
        EventRef {
            list: event.list,
            place: event.place,
            kind: Some(event.kind),
            id: event.id,
            time: event.time,
            origin: event.origin,
        }
    }
}
