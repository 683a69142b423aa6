//! The ledger: the account of one transaction or order, its events in time order, its totals.
//!
//! A ledger is filled with rows ([`Ledger::clear`], then the public lists), and [`Ledger::settle`]
//! derives what rules read: event amounts, timeline, running totals, and the totals of each line
//! and destination. One ledger value is reused, so that judging allocates nothing in the steady
//! state.

mod copies;
mod entries;
mod figures;
mod linked;
mod names;
mod precheck;
mod remittance;
mod requests;
mod rows;
mod session;
mod settle;
mod settlement;
pub mod states;
mod tallies;
mod tally;
mod triggers;
pub mod wording;

pub use copies::{Copies, CopyFacts};
pub use entries::{Correlation, SettlementEntry};
pub use figures::{Counted, Figures, Move};
pub use linked::{OrderFacts, OrderPartners, Partner, SessionFacts, Settled, TransactionFacts};
pub use names::Names;
pub use precheck::{Precheck, Prechecker};
pub use remittance::{AccountParts, Remittance, RemittanceKind, RemittedPart};
pub use requests::compare_requests;
pub use rows::{Event, EventSettlements, GiftCard, Item, Span, Split};
pub use session::Session;
pub use settlement::{
    Convention, Conventions, PayoutParts, Settlement, SettlementAmounts, SettlementLine, SettlementTexts,
};
pub use tallies::{DestinationTally, LineTally};
pub use triggers::Triggers;

use self::wording::Wording;
use crate::model::card::Kind;
use crate::model::event::{EventKind, EventList};
use crate::model::instant::Instant;
use crate::model::money::{Minor, Sum};
use crate::model::origin::Origin;
use crate::model::product::{PaymentProduct, Platform};
use crate::model::status::{PaymentStatus, Status};

/// What the kept document states about the account as a whole.
#[derive(Clone, Copy, Debug)]
pub struct Head<'p> {
    pub kind: Kind,
    pub id: &'p str,
    /// False for an order that is known only by its operations.
    pub has_document: bool,
    /// A transaction's amount.
    pub amount: Option<Minor>,
    /// An order's gross amount.
    pub gross: Option<Minor>,
    /// Whether an item of the order document has a gross amount below zero.
    pub has_reversed_line: bool,
    /// The currency as written.
    pub currency: Option<&'p str>,
    /// A transaction's `status`, an order's `payment_status`, as written.
    pub status_word: Option<&'p str>,
    /// A transaction's status; `None` for an unknown word.
    pub status: Option<Status>,
    /// An order's payment status; `None` for an unknown word.
    pub payment_status: Option<PaymentStatus>,
    /// The provider's words that reports use.
    pub words: &'static Wording,
    /// The provider's sign conventions of settlements.
    pub conventions: Conventions,
    /// A transaction's `settlement_status`, as written.
    pub settlement_status: Option<&'p str>,
    /// The payment product's type, as written.
    pub product_type: Option<&'p str>,
    pub product: PaymentProduct<'p>,
    /// The platform's type, as written.
    pub platform_type: Option<&'p str>,
    pub platform: Platform,
    /// The seller that a transaction pays out to.
    pub seller: Option<&'p str>,
    /// The merchant of record that its store names.
    pub store_seller: Option<&'p str>,
    /// Whether `seller` or `store_seller` is set; derived.
    pub has_seller: bool,
    pub merchant_reference: Option<&'p str>,
    pub merchant_reference_2: Option<&'p str>,
    pub session_id: Option<&'p str>,
    pub created_at: Option<Instant>,
    /// Which of an order's collections are given, in the sequence of [`EventList::COLLECTIONS`].
    pub given: [bool; 4],
    /// A transaction's items.
    pub items: Span,
    /// A transaction's shipping option.
    pub shipping: Option<Item<'p>>,
    /// A transaction's gift cards.
    pub cards: Span,
    /// The record of the kept document, else of the first operation.
    pub origin: Origin,
}

impl Head<'_> {
    pub fn empty(kind: Kind) -> Self {
        Head {
            kind,
            id: "",
            has_document: false,
            amount: None,
            gross: None,
            has_reversed_line: false,
            currency: None,
            status_word: None,
            status: None,
            payment_status: None,
            words: Wording::NONE,
            conventions: Conventions::default(),
            settlement_status: None,
            product_type: None,
            product: PaymentProduct::default(),
            platform_type: None,
            platform: Platform::default(),
            seller: None,
            store_seller: None,
            has_seller: false,
            merchant_reference: None,
            merchant_reference_2: None,
            session_id: None,
            created_at: None,
            given: [false; 4],
            items: Span::default(),
            shipping: None,
            cards: Span::default(),
            origin: Origin::default(),
        }
    }
}

/// Totals of the effective events up to a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Running {
    /// C so far.
    pub captured: Sum,
    /// R so far.
    pub refunded: Sum,
    /// V so far.
    pub released: Sum,
    /// Whether an effective authorize happened.
    pub authorized: bool,
    /// Whether an effective void happened.
    pub voided: bool,
}

impl Running {
    /// Adds an effective event; `authorized` is the account's authorised amount.
    pub fn move_money(&mut self, kind: EventKind, amount: Sum, authorized: Sum) {
        match kind {
            EventKind::Authorize => self.authorized = true,
            EventKind::Capture => self.captured += amount,
            EventKind::Refund => self.refunded += amount,
            EventKind::Cancel => self.released += amount,
            EventKind::Void => {
                self.voided = true;
                self.released += self.left(authorized);
            }
            _ => {}
        }
    }

    /// What is left to capture, to refund and to void now.
    pub fn remaining(&self, authorized: Sum, can_void_remainder: bool) -> [Sum; 3] {
        let open = authorized - self.captured - self.released;
        let voidable = if self.captured > 0 && !can_void_remainder { 0 } else { open };
        [open, self.captured - self.refunded, voidable]
    }

    /// The amount that a void would release now.
    pub fn left(&self, authorized: Sum) -> Sum {
        (authorized - self.captured - self.released).max(0)
    }
}

/// One event of the timeline with the totals around it.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// Index into [`Ledger::events`].
    pub event: u32,
    pub before: Running,
    pub after: Running,
}

/// The account of one transaction or order.
#[derive(Clone, Debug)]
pub struct Ledger<'p> {
    pub head: Head<'p>,
    /// Events in document order; an order's collections in the sequence of [`EventList::COLLECTIONS`].
    pub events: Vec<Event<'p>>,
    /// Items of the document and of the events.
    pub items: Vec<Item<'p>>,
    /// Splits of items and events.
    pub splits: Vec<Split<'p>>,
    /// Destinations named by fee splits.
    pub fees: Vec<&'p str>,
    /// Gift cards of the document and of the events.
    pub cards: Vec<GiftCard<'p>>,
    /// The settlements that events name.
    pub entries: Vec<SettlementEntry<'p>>,
    /// The ids that events and the transaction state for those who pay out.
    pub correlations: Vec<Correlation<'p>>,
    /// A: the authorised amount.
    pub authorized: Sum,
    /// The final totals.
    pub totals: Running,
    /// All events in time order; in document order when one has no time.
    pub steps: Vec<Step>,
    /// Totals of each line: the ledger's lines first, then lines that only events name.
    pub tallies: Vec<LineTally<'p>>,
    /// What each payout destination received in effective captures and returned in effective
    /// refunds.
    pub destinations: Vec<DestinationTally<'p>>,
}

impl<'p> Ledger<'p> {
    pub fn new() -> Self {
        Ledger {
            head: Head::empty(Kind::Transaction),
            events: Vec::new(),
            items: Vec::new(),
            splits: Vec::new(),
            fees: Vec::new(),
            cards: Vec::new(),
            entries: Vec::new(),
            correlations: Vec::new(),
            authorized: 0,
            totals: Running::default(),
            steps: Vec::new(),
            tallies: Vec::new(),
            destinations: Vec::new(),
        }
    }

    /// Empties the rows for the next account; derived lists stay until [`Ledger::settle`].
    pub fn clear(&mut self, kind: Kind) {
        self.head = Head::empty(kind);
        self.events.clear();
        self.items.clear();
        self.splits.clear();
        self.fees.clear();
        self.cards.clear();
        self.entries.clear();
        self.correlations.clear();
    }

    pub fn is_order(&self) -> bool {
        self.head.kind == Kind::Order
    }

    /// O = A − C − V.
    pub fn open(&self) -> Sum {
        self.authorized - self.totals.captured - self.totals.released
    }

    /// N = C − R.
    pub fn net(&self) -> Sum {
        self.totals.captured - self.totals.refunded
    }

    /// The amount that a void would release now.
    pub fn left(&self, now: &Running) -> Sum {
        now.left(self.authorized)
    }

    /// Whether a collection of the order is given; always true for a transaction.
    pub fn given(&self, list: EventList) -> bool {
        !self.is_order() || list.collection().is_none_or(|n| self.head.given[n])
    }

    /// The timeline's events with the totals around each.
    pub fn timeline(&self) -> impl DoubleEndedIterator<Item = (&Event<'p>, &Step)> {
        self.steps.iter().map(|step| (&self.events[step.event as usize], step))
    }

    /// Effective events of a kind, in document order.
    pub fn effective(&self, kind: EventKind) -> impl Iterator<Item = &Event<'p>> {
        self.events.iter().filter(move |e| e.is(kind))
    }

    pub fn items(&self, span: Span) -> &[Item<'p>] {
        &self.items[span.range()]
    }

    pub fn splits(&self, span: Span) -> &[Split<'p>] {
        &self.splits[span.range()]
    }

    pub fn fees(&self, span: Span) -> &[&'p str] {
        &self.fees[span.range()]
    }

    pub fn cards(&self, span: Span) -> &[GiftCard<'p>] {
        &self.cards[span.range()]
    }

    /// The event's own splits; without any, the splits of its items.
    pub fn splits_of(&self, event: &Event<'p>) -> impl Iterator<Item = &Split<'p>> {
        let own = self.splits(event.splits);
        let of_items = if own.is_empty() { self.items(event.items) } else { &[] };
        own.iter().chain(of_items.iter().flat_map(|item| self.splits(item.splits)))
    }

    /// Whether the event or one of its items has a split.
    pub fn has_splits(&self, event: &Event<'p>) -> bool {
        self.splits_of(event).next().is_some()
    }

    /// The document's own items and, last, its shipping option.
    pub fn own_items(&self) -> impl Iterator<Item = &Item<'p>> {
        self.items(self.head.items).iter().chain(self.head.shipping.as_ref())
    }

    /// A transaction's items without its shipping option.
    pub fn document_items(&self) -> &[Item<'p>] {
        self.items(self.head.items)
    }

    /// Whether an item of the document has the shipping option's line id.
    pub fn shipping_is_an_item(&self) -> bool {
        let line = self.head.shipping.as_ref().and_then(|s| s.line);
        line.is_some() && self.document_items().iter().any(|item| item.line == line)
    }

    /// The stated status; `None` for an unknown word or `UNKNOWN`.
    pub fn status(&self) -> Option<Status> {
        self.head.status.filter(|s| *s != Status::Unknown)
    }

    /// Whether the remainder of a partly captured transaction can be voided.
    pub fn can_void_remainder(&self) -> bool {
        self.head.product.voids_remainder
    }

    /// Whether nothing was ever authorised or captured: declined, failed, only initiated.
    pub fn never_authorized(&self) -> bool {
        !self.totals.authorized && self.totals.captured == 0
    }

    /// The last effective event of this kind in the timeline.
    pub fn last_effective(&self, kind: EventKind) -> Option<&Event<'p>> {
        self.timeline().rev().map(|(event, _)| event).find(|event| event.is(kind))
    }
}

impl Default for Ledger<'_> {
    fn default() -> Self {
        Ledger::new()
    }
}

/// The sum of items; an item without amount counts as zero.
pub fn items_sum(items: &[Item<'_>]) -> Sum {
    items.iter().filter_map(|item| item.amount).map(Sum::from).sum()
}

pub fn splits_sum(splits: &[Split<'_>]) -> Sum {
    splits.iter().map(|split| Sum::from(split.amount)).sum()
}
