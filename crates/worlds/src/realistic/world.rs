//! The nouns of a synthetic world: accounts, currencies, products, and one purchase with all its documents.

pub use super::names::{Id, LineId, Reference};
use super::random::Rng;
use super::truth::Truth;

/// Milliseconds since 1970-01-01T00:00:00Z.
pub type Ms = i64;

/// Milliseconds of a second.
pub const SECOND: Ms = 1000;
/// Milliseconds of a minute.
pub const MINUTE: Ms = 60 * SECOND;
/// Milliseconds of an hour.
pub const HOUR: Ms = 60 * MINUTE;
/// Milliseconds of a day.
pub const DAY: Ms = 24 * HOUR;

/// The latest time of every world, and so the instant it is judged at: 2026-11-20T04:00:00Z.
pub const END: Ms = days_from_civil(2026, 11, 20) * DAY + 4 * HOUR;

/// How many days before [`END`] the first purchases are made.
pub const DAYS: i64 = 60;

/// Days from 1970-01-01 to a civil date.
pub const fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let year_of_era = y - era * 400;
    let day_of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// A currency with the decimals of its minor unit, and how many of a hundred purchases use it.
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

/// A way to pay.
#[derive(Debug, PartialEq, Eq)]
pub struct Product {
    /// The provider.
    pub name: &'static str,
    /// Provider and method.
    pub kind: &'static str,
    /// Whether what a partial capture left can be voided.
    pub voids_remainder: bool,
}

macro_rules! products {
    ($($id:ident $name:literal $kind:literal $voids:literal;)+) => {
        $(
            #[doc = $kind]
            pub static $id: Product = Product { name: $name, kind: $kind, voids_remainder: $voids };
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

/// The products of ordinary purchases by how often they are used.
pub static PRODUCTS: [(u64, &Product); 13] = [
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

/// A line of a purchase, or the part of one that an event moves.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its name.
    pub id: LineId,
    /// Its total.
    pub amount: i64,
    /// None where it is part of a unit.
    pub quantity: Option<i64>,
    /// The total before discounts, and the discount.
    pub discount: Option<(i64, i64)>,
    /// The seller it is paid out to, and how much of it.
    pub split: Option<(u32, i64)>,
}

/// How the money of a purchase is shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sharing {
    /// One merchant.
    None,
    /// Sellers named on captures and refunds.
    Events,
    /// A seller named on every line.
    Lines,
}

/// Kinds of a transaction's events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The payer began.
    Initiate,
    /// Money was reserved.
    Authorize,
    /// Reserved money was taken.
    Capture,
    /// Taken money was given back.
    Refund,
    /// What was left was released.
    Void,
    /// A capture was asked for.
    InitiateCapture,
    /// A refund was asked for.
    InitiateRefund,
    /// It was paid out.
    Settlement,
    /// A word that nobody knows.
    Unheard,
}

impl Kind {
    /// The word in the export.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Initiate => "INITIATE",
            Kind::Authorize => "AUTHORIZE",
            Kind::Capture => "CAPTURE",
            Kind::Refund => "REFUND",
            Kind::Void => "VOID",
            Kind::InitiateCapture => "INITIATE_CAPTURE",
            Kind::InitiateRefund => "INITIATE_REFUND",
            Kind::Settlement => "SETTLEMENT",
            Kind::Unheard => "REVERSAL",
        }
    }
}

/// One event of a transaction.
#[derive(Clone, Debug)]
pub struct Event {
    /// What it does.
    pub kind: Kind,
    /// When.
    pub at: Ms,
    /// Whether it worked.
    pub success: bool,
    /// The state of the transaction after it.
    pub status: Option<&'static str>,
    /// What it moves.
    pub amount: Option<i64>,
    /// Where in the row of all lines its part begins.
    pub from: i64,
    /// The lines it moves.
    pub items: Option<Vec<Line>>,
    /// The sellers it pays or charges.
    pub splits: Vec<(u32, i64)>,
    /// The sellers who bear the fee.
    pub fee_to: Vec<u32>,
    /// What of it a gift card pays or gets back.
    pub gift: i64,
    /// Its id.
    pub id: (u64, u64),
    /// The request that asked for it.
    pub request: Option<(u64, u64)>,
    /// The request that it answers.
    pub answers: Option<(u64, u64)>,
    /// What the provider says is left to capture, to refund and to void.
    pub correction: Option<(i64, i64, i64)>,
}

impl Event {
    /// An event that moves nothing.
    pub fn new(kind: Kind, at: Ms, status: &'static str, rng: &mut Rng) -> Self {
        Event {
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
            id: (rng.next(), rng.next()),
            request: None,
            answers: None,
            correction: None,
        }
    }

    /// The same with an amount.
    pub fn of(mut self, amount: i64) -> Self {
        self.amount = Some(amount);
        self
    }
}

/// A payment.
#[derive(Clone, Debug)]
pub struct Tx {
    /// Its id.
    pub id: Id,
    /// When it was made.
    pub created: Ms,
    /// When it was last changed.
    pub updated: Ms,
    /// How often it was changed.
    pub version: i64,
    /// What is reserved.
    pub amount: i64,
    /// The currency as stated.
    pub currency: &'static str,
    /// How it is paid.
    pub product: &'static Product,
    /// The state as stated.
    pub status: &'static str,
    /// Whether it was paid out, as stated.
    pub settlement_status: &'static str,
    /// The merchant's order number.
    pub reference: Reference,
    /// The session it came from.
    pub session_id: Id,
    /// All that is sold, together `amount`; shipping last.
    pub lines: Vec<Line>,
    /// Whether shipping is among the items as well; else the option stands beside them.
    pub shipping_in_items: bool,
    /// The part of the amount that a gift card pays.
    pub gift_card: i64,
    /// What happened, in the order of the document.
    pub events: Vec<Event>,
    /// `aggregator` or `marketplace`.
    pub platform: Option<&'static str>,
    /// Whether the merchant of record is named.
    pub merchant_named: bool,
}

impl Tx {
    /// The place of the last event of a kind.
    pub fn last(&self, kind: Kind) -> Option<usize> {
        self.events.iter().rposition(|e| e.kind == kind)
    }

    /// The place of the first event of a kind.
    pub fn first(&self, kind: Kind) -> Option<usize> {
        self.events.iter().position(|e| e.kind == kind)
    }

    /// The sum of the effective events of a kind.
    pub fn sum(&self, kind: Kind) -> i64 {
        self.events.iter().filter(|e| e.kind == kind && e.success).filter_map(|e| e.amount).sum()
    }

    /// When its last event was.
    pub fn last_at(&self) -> Ms {
        self.events.iter().map(|e| e.at).max().unwrap_or(self.created)
    }

    /// The lines that stand among its items.
    pub fn items(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(|l| self.shipping_in_items || !matches!(l.id, LineId::Shipping(_)))
    }
}

/// A line of an operation: its number, the amount, and the seller it is paid out to with how much of it.
pub type OpItem = (u32, i64, Option<(u32, i64)>);

/// One operation of an order.
#[derive(Clone, Debug)]
pub struct Op {
    /// Its id.
    pub id: (u64, u64),
    /// What it moves.
    pub amount: Option<i64>,
    /// The lines it moves.
    pub items: Vec<OpItem>,
    /// Whether it worked.
    pub success: bool,
    /// The authorization it uses.
    pub authorization: Option<(u64, u64)>,
    /// The payment it belongs to.
    pub payment: Option<Id>,
    /// When.
    pub at: Ms,
}

/// A place among an order's collections.
pub const AUTHORIZATIONS: usize = 0;
/// A place among an order's collections.
pub const CAPTURES: usize = 1;
/// A place among an order's collections.
pub const REFUNDS: usize = 2;
/// A place among an order's collections.
pub const CANCELLATIONS: usize = 3;

/// The collections' names by place.
pub const COLLECTIONS: [&str; 4] = ["authorizations", "captures", "refunds", "cancellations"];

/// A merchant's order.
#[derive(Clone, Debug)]
pub struct Order {
    /// The order number.
    pub id: Reference,
    /// The currency as stated.
    pub currency: Option<&'static str>,
    /// What everything costs.
    pub gross: i64,
    /// How far it is paid, as stated.
    pub payment_status: Option<&'static str>,
    /// Number and gross amount of each line.
    pub lines: Vec<(u32, i64)>,
    /// The operations by collection.
    pub ops: [Vec<Op>; 4],
    /// Operations in files of their own rather than in the document.
    pub in_files: bool,
    /// How it is paid.
    pub product: &'static Product,
    /// When it was made.
    pub created: Ms,
    /// When it was last changed.
    pub updated: Ms,
}

/// A checkout session.
#[derive(Clone, Debug)]
pub struct Session {
    /// Its id.
    pub id: Id,
    /// The payment it led to.
    pub transaction: Option<Id>,
    /// The currency as stated.
    pub currency: &'static str,
    /// What is to be paid.
    pub amount: i64,
    /// Empty where the session states no items.
    pub lines: Vec<Line>,
    /// The merchant's order number.
    pub reference: Reference,
    /// When it was made.
    pub created: Ms,
    /// When it was last changed.
    pub updated: Ms,
    /// When it was cancelled.
    pub cancelled: Option<Ms>,
    /// Exported on its own, not only inside its transaction.
    pub apart: bool,
}

/// A line of a settlement report.
#[derive(Clone, Copy, Debug)]
pub struct Settled {
    /// What was captured.
    pub capture: i64,
    /// What was refunded, as a magnitude.
    pub refund: i64,
    /// What the payout costs.
    pub fee: i64,
    /// When it was paid out.
    pub at: Ms,
}

/// How a transaction stands in the export besides its document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Copy {
    /// The same bytes again.
    Duplicate,
    /// An earlier state: the first so many events only.
    Earlier(usize),
}

/// A settlement report made for a fault.
#[derive(Clone, Debug)]
pub struct OddReport {
    /// Its id.
    pub id: (u64, u64),
    /// The header's amount.
    pub amount: i64,
    /// The header's fee.
    pub fee: i64,
    /// The header's capture, and the line's.
    pub capture: i64,
    /// What its line nets.
    pub line_net: i64,
    /// The payment that its line names.
    pub line_names: Option<Id>,
    /// A list item rather than a report with lines.
    pub listed: bool,
}

/// One purchase with all its documents.
#[derive(Clone, Debug)]
pub struct Story {
    /// Its number in the world.
    pub index: u64,
    /// The payment.
    pub main: Tx,
    /// Another payment for the same order: a declined try before it, or a second one by mistake.
    pub other: Option<Tx>,
    /// The merchant's order.
    pub order: Option<Order>,
    /// The checkout session.
    pub session: Option<Session>,
    /// A session that was never paid.
    pub abandoned: Option<Session>,
    /// Lines of settlement reports for the payment.
    pub settled: Vec<Settled>,
    /// Further copies of the payment.
    pub copies: Vec<Copy>,
    /// A state of the payment that its last version contradicts.
    pub contradiction: Option<Tx>,
    /// A further copy of the order.
    pub order_copy: bool,
    /// A webhook that told of the payment.
    pub webhook: bool,
    /// The payment is known from its webhook only.
    pub webhook_only: bool,
    /// A settlement report of its own.
    pub odd_report: Option<OddReport>,
    /// What its faults cause.
    pub truth: Vec<Truth>,
}
