//! The types of a purchase and its documents, and the currencies and products in use.

use super::names::{DocumentId, LineName, MerchantReference};
use super::payout::{AccountMovement, LAST_DAY, OwnRecord, PlantedAccount, PlantedPayout, SettledLine};
use super::truth::ExpectedFinding;
use crate::rng::Rng;

/// Unix time in milliseconds.
pub type Millis = i64;

pub const SECOND: Millis = 1000;
pub const MINUTE: Millis = 60 * SECOND;
pub const HOUR: Millis = 60 * MINUTE;
pub const DAY: Millis = 24 * HOUR;

/// The latest time of every world, and so its as-of: 2026-11-20T04:00:00Z.
pub const END: Millis = LAST_DAY * DAY + 4 * HOUR;

/// Maximum age in days of purchases at [`END`].
pub const DAYS: i64 = 60;

/// Percentage of purchases, currency code, and decimals of its minor unit.
pub const CURRENCIES: [(u64, (&str, u8)); 8] = [
    (54, ("NOK", 2)),
    (16, ("SEK", 2)),
    (10, ("DKK", 2)),
    (12, ("EUR", 2)),
    (3, ("USD", 2)),
    (2, ("ISK", 0)),
    (2, ("JPY", 0)),
    (1, ("KWD", 3)),
];

#[derive(Debug, PartialEq, Eq)]
pub struct SoldProduct {
    pub name: &'static str,
    pub kind: &'static str,
    /// Whether the remainder after a partial capture can be voided.
    pub voids_remainder: bool,
}

macro_rules! products {
    ($($id:ident $name:literal $kind:literal $voids:literal;)+) => {
        $(
            pub static $id: SoldProduct = SoldProduct { name: $name, kind: $kind, voids_remainder: $voids };
        )+
    };
}

products! {
    CARD "payex" "payex.creditcard" true;
    PAYEX_VIPPS "payex" "payex.vipps" true;
    APPLE "payex" "payex.applepay" true;
    SWISH "payex" "payex.swish" false;
    BAMBORA "bambora" "bambora.creditcard" false;
    BAMBORA_VIPPS "bambora" "bambora.vipps" false;
    PSP "dintero_psp" "dintero_psp.creditcard" false;
    KLARNA "klarna" "klarna.klarna" true;
    VIPPS "vipps" "vipps" true;
    COLLECTOR "collector" "collector.invoice" false;
    TWO "two" "two.invoice_b2b" false;
    SANTANDER "santander" "santander.debit_account" false;
    TERMINAL "seitatech" "seitatech.in_person" false;
    ZERO "dintero" "dintero.zero" false;
    EXTERNAL "dintero" "dintero.external" false;
}

/// The products of ordinary purchases, with weights.
pub static PRODUCTS: [(u64, &SoldProduct); 13] = [
    (24, &CARD),
    (14, &PAYEX_VIPPS),
    (3, &APPLE),
    (8, &SWISH),
    (10, &BAMBORA),
    (8, &BAMBORA_VIPPS),
    (8, &PSP),
    (10, &KLARNA),
    (6, &VIPPS),
    (5, &COLLECTOR),
    (2, &TWO),
    (1, &SANTANDER),
    (1, &TERMINAL),
];

/// A line of a purchase, or the part of it that an event moves.
#[derive(Clone, Debug)]
pub struct PurchaseLine {
    pub id: LineName,
    pub amount: i64,
    /// `None` for a fraction of a unit.
    pub quantity: Option<i64>,
    /// The total before discounts, and the discount.
    pub discount: Option<(i64, i64)>,
    /// The seller that gets a payout, and its amount.
    pub split: Option<(u32, i64)>,
}

/// How the payouts of a purchase are split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Splitting {
    None,
    OnEvents,
    OnLines,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventType {
    Initiate,
    Authorize,
    Capture,
    Refund,
    Void,
    InitiateCapture,
    InitiateRefund,
    Settlement,
    Unknown,
}

impl EventType {
    pub fn word(self) -> &'static str {
        match self {
            EventType::Initiate => "INITIATE",
            EventType::Authorize => "AUTHORIZE",
            EventType::Capture => "CAPTURE",
            EventType::Refund => "REFUND",
            EventType::Void => "VOID",
            EventType::InitiateCapture => "INITIATE_CAPTURE",
            EventType::InitiateRefund => "INITIATE_REFUND",
            EventType::Settlement => "SETTLEMENT",
            EventType::Unknown => "REVERSAL",
        }
    }
}

#[derive(Clone, Debug)]
pub struct PaymentEvent {
    pub kind: EventType,
    pub at: Millis,
    pub success: bool,
    /// The status of the transaction after the event.
    pub status: Option<&'static str>,
    pub amount: Option<i64>,
    /// Offset of its amount in the concatenated lines.
    pub from: i64,
    pub items: Option<Vec<PurchaseLine>>,
    /// Sellers and their amounts.
    pub splits: Vec<(u32, i64)>,
    /// The sellers who pay the fee.
    pub fee_to: Vec<u32>,
    /// The part that a gift card pays or gets back.
    pub gift: i64,
    pub id: (u64, u64),
    pub request: Option<(u64, u64)>,
    pub answers: Option<(u64, u64)>,
    /// The stated remaining amounts to capture, to refund and to void.
    pub correction: Option<(i64, i64, i64)>,
    pub own_record: Option<OwnRecord>,
}

impl PaymentEvent {
    pub fn new(kind: EventType, at: Millis, status: &'static str, rng: &mut Rng) -> Self {
        PaymentEvent {
            kind,
            at,
            success: true,
            status: Some(status),
            amount: None,
            from: 0,
            items: None,
            splits: Vec::new(),
            fee_to: Vec::new(),
            gift: 0,
            id: rng.pair(),
            request: None,
            answers: None,
            correction: None,
            own_record: None,
        }
    }

    /// Whether it is an effective capture or refund.
    pub fn moves_money(&self) -> bool {
        self.success && matches!(self.kind, EventType::Capture | EventType::Refund)
    }

    pub fn with_amount(mut self, amount: i64) -> Self {
        self.amount = Some(amount);
        self
    }
}

#[derive(Clone, Debug)]
pub struct Payment {
    pub id: DocumentId,
    pub created: Millis,
    pub updated: Millis,
    pub version: i64,
    pub amount: i64,
    pub currency: &'static str,
    pub product: &'static SoldProduct,
    /// The stated status.
    pub status: &'static str,
    /// The stated settlement status.
    pub settlement_status: &'static str,
    pub reference: MerchantReference,
    pub session_id: DocumentId,
    /// All lines, which sum to `amount`; shipping last.
    pub lines: Vec<PurchaseLine>,
    /// Whether shipping is also one of the items; otherwise it is only the shipping option.
    pub shipping_in_items: bool,
    /// The part of the amount that a gift card pays.
    pub gift_card: i64,
    pub events: Vec<PaymentEvent>,
    /// `aggregator` or `marketplace`.
    pub platform: Option<&'static str>,
    /// Whether the document states the merchant of record.
    pub merchant_named: bool,
}

impl Payment {
    pub fn last(&self, kind: EventType) -> Option<usize> {
        self.events.iter().rposition(|e| e.kind == kind)
    }

    pub fn first(&self, kind: EventType) -> Option<usize> {
        self.events.iter().position(|e| e.kind == kind)
    }

    /// The sum of the effective events of a kind.
    pub fn sum(&self, kind: EventType) -> i64 {
        self.events.iter().filter(|e| e.kind == kind && e.success).filter_map(|e| e.amount).sum()
    }

    pub fn last_at(&self) -> Millis {
        self.events.iter().map(|e| e.at).max().unwrap_or(self.created)
    }

    /// The lines in the document's list of items.
    pub fn items(&self) -> impl Iterator<Item = &PurchaseLine> {
        self.lines.iter().filter(|l| self.shipping_in_items || !l.id.is_shipping())
    }
}

/// A line of an operation: number, amount, and optionally a seller and its payout.
pub type OperationLine = (u32, i64, Option<(u32, i64)>);

#[derive(Clone, Debug)]
pub struct OrderOperation {
    pub id: (u64, u64),
    pub amount: Option<i64>,
    pub items: Vec<OperationLine>,
    pub success: bool,
    pub authorization: Option<(u64, u64)>,
    pub payment: Option<DocumentId>,
    pub at: Millis,
}

pub const AUTHORIZATIONS: usize = 0;
pub const CAPTURES: usize = 1;
pub const REFUNDS: usize = 2;
pub const CANCELLATIONS: usize = 3;

pub const COLLECTIONS: [&str; 4] = ["authorizations", "captures", "refunds", "cancellations"];

#[derive(Clone, Debug)]
pub struct ShoppingOrder {
    pub id: MerchantReference,
    pub currency: Option<&'static str>,
    /// The total price of the order.
    pub gross: i64,
    /// The stated payment status.
    pub payment_status: Option<&'static str>,
    /// Number and gross amount of each line.
    pub lines: Vec<(u32, i64)>,
    /// Operations by collection, in the order of `COLLECTIONS`.
    pub operations: [Vec<OrderOperation>; 4],
    /// Whether operations are in separate files instead of the document.
    pub operations_in_files: bool,
    pub product: &'static SoldProduct,
    pub created: Millis,
    pub updated: Millis,
}

#[derive(Clone, Debug)]
pub struct CheckoutSession {
    pub id: DocumentId,
    pub transaction: Option<DocumentId>,
    pub currency: &'static str,
    pub amount: i64,
    /// Empty if the session states no items.
    pub lines: Vec<PurchaseLine>,
    pub reference: MerchantReference,
    pub created: Millis,
    pub updated: Millis,
    pub cancelled: Option<Millis>,
    /// Exported separately, not only inside its transaction.
    pub standalone: bool,
}

/// A further copy of a transaction in the export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExtraCopy {
    /// An identical copy.
    Duplicate,
    /// An earlier version with only the first events; contains their number.
    Earlier(usize),
}

/// A settlement report for a fault.
#[derive(Clone, Debug)]
pub struct FaultyReport {
    pub id: (u64, u64),
    pub amount: i64,
    pub fee: i64,
    /// The captured amount of both the header and the line.
    pub capture: i64,
    pub line_net: i64,
    /// The payment that the line refers to.
    pub line_names: Option<DocumentId>,
    /// Whether it is an entry of the settlement list instead of a report with lines.
    pub listed: bool,
}

#[derive(Clone, Debug)]
pub struct Purchase {
    pub index: u64,
    pub main: Payment,
    /// Another payment for the same order: a declined attempt before it, or an accidental second
    /// one.
    pub other: Option<Payment>,
    pub order: Option<ShoppingOrder>,
    pub session: Option<CheckoutSession>,
    /// A session without a payment.
    pub abandoned: Option<CheckoutSession>,
    pub settled: Vec<SettledLine>,
    pub copies: Vec<ExtraCopy>,
    /// A version of the payment that contradicts its last version.
    pub contradiction: Option<Payment>,
    pub order_copy: bool,
    /// Whether there is a webhook for the payment.
    pub webhook: bool,
    /// Whether the payment occurs only in its webhook.
    pub webhook_only: bool,
    pub faulty_report: Option<FaultyReport>,
    pub payouts: Vec<PlantedPayout>,
    /// What the bank books besides the payouts that arrive as stated.
    pub credits: Vec<AccountMovement>,
    pub account: Option<PlantedAccount>,
    pub truth: Vec<ExpectedFinding>,
}
