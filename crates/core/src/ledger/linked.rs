//! Facts about documents for rules across documents: no events, no lines, only what those rules
//! compare and what a finding's columns repeat.

use super::{Figures, Names};
use crate::model::event::EventList;
use crate::model::evidence::CopyState;
use crate::model::instant::Instant;
use crate::model::money::Sum;
use crate::model::origin::Origin;
use crate::model::product::PaymentProduct;
use crate::model::status::SettlementStatus;

/// A kept transaction.
#[derive(Clone, Copy, Debug, Default)]
pub struct TransactionFacts<'p> {
    pub id: &'p str,
    /// Known only by a partial document, which shows that it exists and nothing more.
    pub partial: bool,
    /// Currency as written.
    pub currency: Option<&'p str>,
    /// Status as written.
    pub status: Option<&'p str>,
    /// The status that its totals imply.
    pub status_derived: Option<&'p str>,
    /// Settlement status as written.
    pub settlement_status: Option<&'p str>,
    pub product_type: Option<&'p str>,
    pub merchant_reference: Option<&'p str>,
    pub merchant_reference_2: Option<&'p str>,
    pub session_id: Option<&'p str>,
    pub created_at: Option<Instant>,
    /// A.
    pub authorized: Sum,
    /// C.
    pub captured: Sum,
    /// R.
    pub refunded: Sum,
    /// V.
    pub released: Sum,
    /// Whether there is an effective authorize event.
    pub has_authorize: bool,
    /// The last effective capture of the timeline: its index in `events` and its time.
    pub last_capture: Option<(u32, Option<Instant>)>,
    /// Whether it or an event has gift cards, or an item, the shipping option or an event has splits.
    pub has_cards_or_splits: bool,
    /// The one cause found on it and its totals without that cause; packed, since it is rarely set.
    pub undone: Option<&'p [u8]>,
    /// The settlements that its events name, packed; empty without any.
    pub entries: &'p [u8],
    pub state: CopyState,
    pub origin: Origin,
}

impl<'p> TransactionFacts<'p> {
    /// Takes the facts from a transaction's figures; its names stay empty.
    pub fn of(id: &'p str, figures: &Figures, derived: Option<&'p str>, origin: Origin) -> Self {
        TransactionFacts {
            id,
            status_derived: derived,
            authorized: figures.authorized,
            captured: figures.totals.captured,
            refunded: figures.totals.refunded,
            released: figures.totals.released,
            has_authorize: figures.totals.authorized,
            last_capture: figures.last_capture,
            has_cards_or_splits: figures.has_cards_or_splits,
            origin,
            ..TransactionFacts::default()
        }
    }

    pub fn named(self, names: &Names<'p>) -> Self {
        TransactionFacts {
            currency: names.currency,
            status: names.status,
            settlement_status: names.settlement_status,
            product_type: names.product_type,
            merchant_reference: names.merchant_reference,
            merchant_reference_2: names.merchant_reference_2,
            session_id: names.session_id,
            created_at: names.created_at,
            ..self
        }
    }

    /// O = A − C − V.
    pub fn open(&self) -> Sum {
        self.authorized - self.captured - self.released
    }

    /// N = C − R.
    pub fn net(&self) -> Sum {
        self.captured - self.refunded
    }
}

/// A kept session.
#[derive(Clone, Copy, Debug, Default)]
pub struct SessionFacts<'p> {
    pub id: &'p str,
    pub transaction_id: Option<&'p str>,
    /// The order's amount.
    pub amount: Sum,
    /// Currency as written.
    pub currency: Option<&'p str>,
    pub merchant_reference: Option<&'p str>,
    pub merchant_reference_2: Option<&'p str>,
    pub cancelled_at: Option<Instant>,
    pub created_at: Option<Instant>,
    pub state: CopyState,
    /// For a session known only from inside transactions: those transactions, packed.
    pub embedding: &'p [u8],
    pub origin: Origin,
}

/// Facts from an order's ledger.
#[derive(Clone, Copy, Debug, Default)]
pub struct OrderFacts<'p> {
    pub id: &'p str,
    /// Currency as written.
    pub currency: Option<&'p str>,
    /// Payment status as written.
    pub status: Option<&'p str>,
    /// The payment status that its totals imply.
    pub status_derived: Option<&'p str>,
    pub created_at: Option<Instant>,
    /// C.
    pub captured: Sum,
    /// R.
    pub refunded: Sum,
    /// V.
    pub released: Sum,
    /// Whether an effective capture or refund has a negative amount: a change booked as a reversal.
    pub has_reversal: bool,
    /// Which collections are given.
    pub given: [bool; 4],
    /// How many different transactions its operations name.
    pub named: u32,
    /// The one cause found on it and its totals without that cause; packed, since it is rarely set.
    pub undone: Option<&'p [u8]>,
    /// Evidence of findings on it, packed.
    pub evidence: &'p [u8],
    pub origin: Origin,
}

/// An order with all transactions that it is linked to.
#[derive(Debug)]
pub struct OrderPartners<'c, 'p> {
    pub order: OrderFacts<'p>,
    /// Its transactions that are in the input, by id.
    pub transactions: &'c [Partner<'p>],
}

impl OrderPartners<'_, '_> {
    /// Whether the order has changes booked as negative captures or refunds, and nets to what its transactions net to.
    /// The provider's guide books a change so, where the payment has a refund. Assumes comparable partners.
    pub fn nets_by_reversal(&self) -> bool {
        let is_given = |list: EventList| list.collection().is_some_and(|n| self.order.given[n]);
        let net: Sum = self.transactions.iter().map(|partner| partner.transaction.net()).sum();
        self.order.has_reversal
            && is_given(EventList::Captures)
            && is_given(EventList::Refunds)
            && self.order.captured - self.order.refunded == net
    }

    /// Whether totals can be compared: all transactions that the order is linked to are in the
    /// input, complete, and linked to no other order.
    pub fn are_comparable(&self) -> bool {
        let is_whole = self.order.named == 0 || self.transactions.len() == self.order.named as usize;
        let is_own = |t: &Partner<'_>| !t.shared && !t.transaction.partial;
        is_whole && !self.transactions.is_empty() && self.transactions.iter().all(is_own)
    }
}

/// A transaction that an order is linked to.
#[derive(Clone, Copy, Debug)]
pub struct Partner<'p> {
    pub transaction: TransactionFacts<'p>,
    /// Whether another order is linked to it too.
    pub shared: bool,
}

/// A transaction with the settlement lines that name it.
#[derive(Debug)]
pub struct Settled<'c, 'p> {
    pub transaction: &'c TransactionFacts<'p>,
    /// Its settlement status; `None` for an unknown word.
    pub status: Option<SettlementStatus>,
    /// Looks up a product type; called only for what would be a finding, since the lookup costs
    /// more than the rest.
    pub product_of: fn(&str) -> PaymentProduct<'_>,
    /// How many lines of settlement reports name it.
    pub lines: usize,
    /// Sum captured by these lines.
    pub captured: Sum,
    /// Sum refunded by these lines, as a magnitude.
    pub refunded: Sum,
    /// Whether one of its events names a settlement of its own.
    pub names_settlements: bool,
}

impl<'p> Settled<'_, 'p> {
    pub fn product(&self) -> PaymentProduct<'p> {
        (self.product_of)(self.transaction.product_type.unwrap_or_default())
    }
}

impl<'p> From<&super::Session<'p>> for SessionFacts<'p> {
    fn from(session: &super::Session<'p>) -> Self {
        SessionFacts {
            id: session.id,
            transaction_id: session.transaction_id,
            amount: Sum::from(session.amount),
            currency: session.currency,
            merchant_reference: session.merchant_reference,
            merchant_reference_2: session.merchant_reference_2,
            cancelled_at: session.cancelled_at,
            created_at: session.created_at,
            state: CopyState::default(),
            embedding: &[],
            origin: session.origin,
        }
    }
}
