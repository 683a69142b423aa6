//! Documents, with every field that a judgement can depend on: two documents are equal when all of
//! these fields are.

use super::time::Instant;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EventKind {
    Authorize,
    Capture,
    Refund,
    Void,
    Cancel,
    InitiateCapture,
    InitiateRefund,
    InitiateVoid,
    Initialize,
    Settlement,
    Other,
}

impl EventKind {
    /// "The `event` text is matched without regard to case." `CANCEL` is no
    /// word of transactions: cancel is a kind of orders only.
    pub fn of_transaction(written: Option<&str>) -> EventKind {
        match written.unwrap_or("").to_ascii_uppercase().as_str() {
            "AUTHORIZE" => EventKind::Authorize,
            "CAPTURE" => EventKind::Capture,
            "REFUND" => EventKind::Refund,
            "VOID" => EventKind::Void,
            "INITIATE_CAPTURE" => EventKind::InitiateCapture,
            "INITIATE_REFUND" => EventKind::InitiateRefund,
            "INITIATE_VOID" => EventKind::InitiateVoid,
            "INITIALIZE" | "INITIATE" => EventKind::Initialize,
            "SETTLEMENT" => EventKind::Settlement,
            _ => EventKind::Other,
        }
    }

    pub fn word(self) -> &'static str {
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

/// The four collections of an order, in the order of the timeline on ties.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Collection {
    Authorizations,
    Cancellations,
    Captures,
    Refunds,
}

pub const COLLECTIONS: [Collection; 4] =
    [Collection::Authorizations, Collection::Cancellations, Collection::Captures, Collection::Refunds];

impl Collection {
    pub fn name(self) -> &'static str {
        match self {
            Collection::Authorizations => "authorizations",
            Collection::Cancellations => "cancellations",
            Collection::Captures => "captures",
            Collection::Refunds => "refunds",
        }
    }

    pub fn kind(self) -> EventKind {
        match self {
            Collection::Authorizations => EventKind::Authorize,
            Collection::Cancellations => EventKind::Cancel,
            Collection::Captures => EventKind::Capture,
            Collection::Refunds => EventKind::Refund,
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Split {
    pub destination: String,
    pub amount: i128,
}

#[derive(Clone, Debug, PartialEq)]
pub struct GiftCard {
    pub card_id: Option<String>,
    pub amount: Option<i128>,
}

/// A line of a transaction, a session, an event or an operation. The splits of
/// an operation's item are its `payout.destinations`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Item {
    pub line_id: Option<String>,
    pub amount: Option<i128>,
    pub quantity: Option<i128>,
    pub gross_amount: Option<i128>,
    /// The sum of the discount lines, when there are any.
    pub discounts: Option<i128>,
    pub splits: Vec<Split>,
    pub fee_destinations: Vec<String>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Correction {
    pub remaining_capture_amount: Option<i128>,
    pub remaining_refund_amount: Option<i128>,
    pub remaining_void_amount: Option<i128>,
}

/// "`events[k].settlements.events[j]` of a kept full transaction is an entry."
#[derive(Clone, Debug, PartialEq)]
pub struct SettlementEntry {
    pub settlement_id: String,
    pub amount: Option<i128>,
    pub capture: Option<i128>,
    pub refund: Option<i128>,
    pub fee: Option<i128>,
    pub provider_reference: Option<String>,
    pub event_correlation_id: Option<String>,
}

/// An event's `settlements`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OwnSettlements {
    pub status: Option<String>,
    pub entries: Vec<SettlementEntry>,
}

/// An event of a transaction or an operation of an order.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    pub kind: EventKind,
    pub written_kind: Option<String>,
    pub id: Option<String>,
    pub transaction_status: Option<String>,
    pub success: Option<bool>,
    pub amount: Option<i128>,
    pub items: Vec<Item>,
    pub splits: Vec<Split>,
    pub fee_destinations: Vec<String>,
    pub gift_cards: Vec<GiftCard>,
    pub request_id: Option<String>,
    pub correlation_request_id: Option<String>,
    pub correction: Correction,
    pub settlements: OwnSettlements,
    /// The event's `metadata.payout_correlation_id`.
    pub payout_correlation_id: Option<String>,
    pub authorization_id: Option<String>,
    pub payment_id: Option<String>,
    pub processed_at: Option<Instant>,
    pub created_at: Option<Instant>,
    pub updated_at: Option<Instant>,
    pub version: Option<i128>,
}

impl Event {
    /// "Its `success` is not `false` (missing counts as true)."
    pub fn is_effective(&self) -> bool {
        self.success != Some(false)
    }

    pub fn is(&self, kind: EventKind) -> bool {
        self.kind == kind
    }

    /// "Order operations: `processed_at`, else `created_at`."
    pub fn time(&self) -> Option<Instant> {
        self.processed_at.or(self.created_at)
    }

    /// "`amount`; if absent or null, the sum of its items when it has items;
    /// else none (reported as 0)."
    pub fn event_amount(&self) -> Option<i128> {
        match self.amount {
            Some(stated) => Some(stated),
            None if !self.items.is_empty() => Some(sum_of(&self.items)),
            None => None,
        }
    }

    pub fn money(&self) -> i128 {
        self.event_amount().unwrap_or(0)
    }

    /// "Its own `splits` if not empty, else all the `splits` of its items together."
    pub fn all_splits(&self) -> Vec<Split> {
        if !self.splits.is_empty() {
            return self.splits.clone();
        }
        self.items.iter().flat_map(|item| item.splits.clone()).collect()
    }
}

/// "An item without `amount` counts as 0 in a sum."
pub fn sum_of(items: &[Item]) -> i128 {
    items.iter().map(|item| item.amount.unwrap_or(0)).sum()
}

pub fn sum_of_splits(splits: &[Split]) -> i128 {
    splits.iter().map(|split| split.amount).sum()
}

pub fn sum_of_cards(cards: &[GiftCard]) -> i128 {
    cards.iter().map(|card| card.amount.unwrap_or(0)).sum()
}

#[derive(Clone, Debug, PartialEq)]
pub struct Transaction {
    pub id: String,
    pub amount: Option<i128>,
    pub currency: Option<String>,
    pub status: Option<String>,
    pub settlement_status: Option<String>,
    pub payment_product_type: Option<String>,
    pub merchant_reference: Option<String>,
    pub merchant_reference_2: Option<String>,
    pub payout_destination_id: Option<String>,
    pub platform_type: Option<String>,
    pub store_payout_destination_id: Option<String>,
    pub shipping_option: Option<Item>,
    pub gift_cards: Vec<GiftCard>,
    pub items: Vec<Item>,
    /// None: a partial document.
    pub events: Option<Vec<Event>>,
    pub session_id: Option<String>,
    pub session: Option<Session>,
    /// The transaction's `metadata.payout_correlation_id`.
    pub payout_correlation_id: Option<String>,
    pub created_at: Option<Instant>,
    pub updated_at: Option<Instant>,
    pub version: Option<i128>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    pub id: Option<String>,
    pub amount: Option<i128>,
    pub currency: Option<String>,
    pub partial_payment: bool,
    pub merchant_reference: Option<String>,
    pub merchant_reference_2: Option<String>,
    pub items: Vec<Item>,
    pub shipping_option: Option<Item>,
    pub transaction_id: Option<String>,
    pub cancelled_at: Option<Instant>,
    pub created_at: Option<Instant>,
    pub updated_at: Option<Instant>,
    pub version: Option<i128>,
    pub number_of_events: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    pub id: String,
    pub currency: Option<String>,
    pub payment_status: Option<String>,
    pub gross_amount: Option<i128>,
    /// Whether an item's `gross_amount` is below 0.
    pub has_reversed_item: bool,
    pub created_at: Option<Instant>,
    pub updated_at: Option<Instant>,
    pub version: Option<i128>,
    /// The document's own collections, those that it has (also empty).
    pub collections: Vec<(Collection, Vec<Event>)>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct SettlementLine {
    pub transaction_id: Option<String>,
    pub capture: Option<i128>,
    pub refund: Option<i128>,
    pub fee: Option<i128>,
    /// `net_amount`, else `amount`.
    pub net: Option<i128>,
}

/// A header: of a report, or of one currency of a settlement list item.
#[derive(Clone, Debug, PartialEq)]
pub struct Header {
    pub currency: Option<String>,
    pub amount: Option<i128>,
    pub capture: Option<i128>,
    pub refund: Option<i128>,
    pub fee: Option<i128>,
}

/// What a report or a list item says in words. Empty texts are absent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SettlementTexts {
    pub settlement_reference: Option<String>,
    pub settlement_date: Option<String>,
    pub settled_at: Option<String>,
    pub payment_status: Option<String>,
    pub provider: Option<String>,
    pub provider_reference: Option<String>,
    pub payout_destination_id: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Settlement {
    pub id: String,
    /// "A settlement report has `transactions[]`" (also empty). Without: a header
    /// only.
    pub is_report: bool,
    pub headers: Vec<Header>,
    pub texts: SettlementTexts,
    pub lines: Vec<SettlementLine>,
    pub created_at: Option<Instant>,
    pub updated_at: Option<Instant>,
    pub version: Option<i128>,
}
