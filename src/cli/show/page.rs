//! The content of a page, independent of whether it was read from the input or from frames.

use avstem_core::model::card::Kind;
use avstem_core::model::currency::display_exponent;
use avstem_core::model::display::decimal;
use avstem_core::model::money::{self, Sum};
use avstem_core::rules::{find, minimize};
use serde_json::{Map, Value};

use avstem_engine::frame::column::{Cell, Column};

#[derive(Default)]
pub struct ShowPage {
    pub kind: Option<Kind>,
    /// Escaped for display.
    pub id: String,
    /// Only a partial document of the transaction is known.
    pub partial: bool,
    pub currency: Option<String>,
    /// Values stated by the document, by column name.
    pub facts: Vec<(&'static str, Value)>,
    pub place: Option<RecordPlace>,
    /// Every copy in the input.
    pub copies: Vec<ShownCopy>,
    /// Only for transactions and orders.
    pub account: Option<ShownLedger>,
    /// In the order of the report.
    pub findings: Vec<ShownFinding>,
    pub links: Vec<LinkedDocument>,
    /// Of a settlement or payout its own; of a payment those that it went into.
    pub payouts: Vec<ShownPayout>,
}

/// The non-empty columns of a row of a table.
pub type ShownRow = Map<String, Value>;

/// A payout, and its lines or those of a payment.
pub struct ShownPayout {
    /// The row of payouts.csv.
    pub row: ShownRow,
    /// Rows of payout_lines.parquet.
    pub lines: Vec<ShownRow>,
}

/// The place of a record in the input.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RecordPlace {
    pub source: String,
    /// The first byte in the decompressed file.
    pub offset: u64,
}

/// A copy of a document, or an operation of an order.
pub struct ShownCopy {
    pub place: RecordPlace,
    /// accepted, duplicate or superseded.
    pub outcome: String,
}

#[derive(Default)]
pub struct ShownLedger {
    /// The final A, C, R and V.
    pub totals: ShownEvent,
    /// The amount, where nothing was ever authorised or captured; it counts neither as authorised nor as open.
    pub not_authorized: Option<Sum>,
    /// Sorted by time.
    pub timeline: Vec<ShownMovement>,
    pub lines: Vec<ShownShare>,
    pub destinations: Vec<ShownShare>,
}

/// The totals at a point in time.
#[derive(Clone, Copy, Default)]
pub struct ShownEvent {
    /// A: a transaction's amount from the start, or what an order has authorised so far.
    pub authorized: Sum,
    /// C so far.
    pub captured: Sum,
    /// R so far.
    pub refunded: Sum,
    /// V so far.
    pub released: Sum,
}

impl ShownEvent {
    /// O = A − C − V.
    pub fn open(&self) -> Sum {
        self.authorized - self.captured - self.released
    }

    /// N = C − R.
    pub fn net(&self) -> Sum {
        self.captured - self.refunded
    }
}

/// One event.
pub struct ShownMovement {
    /// Its place, like `events[3]`.
    pub event: String,
    /// Our word for the kind.
    pub kind: String,
    /// The word as written; None for operations.
    pub word: Option<String>,
    /// Whether it moves money.
    pub effective: bool,
    pub time: Option<String>,
    pub amount: Option<Sum>,
    pub id: Option<String>,
    /// The totals after it.
    pub after: ShownEvent,
    pub place: RecordPlace,
}

/// The part of the account on one line or payout destination.
#[derive(Clone, Default)]
pub struct ShownShare {
    pub name: String,
    /// The line's amount, or the destination's splits; None if not stated.
    pub authorized: Option<Sum>,
    /// Effective captures.
    pub captured: Sum,
    /// Effective refunds.
    pub refunded: Sum,
    /// Effective cancellations; None for destinations.
    pub released: Option<Sum>,
}

pub struct ShownFinding {
    /// The row of exceptions.csv.
    pub row: ShownRow,
    /// The shortest story, one scene per document involved; None if there is no story.
    pub story: Option<Vec<Scene>>,
}

/// The events of one document in a story.
pub struct Scene {
    pub kind: Kind,
    /// Escaped for display.
    pub id: String,
    pub currency: Option<String>,
    pub events: Vec<ShownMovement>,
}

impl ShownFinding {
    pub fn new(columns: &[Column], cells: &[Cell<'_>]) -> ShownFinding {
        ShownFinding { row: shown_row(columns, cells), story: None }
    }

    /// Sets the story; the scene of the document itself comes first.
    pub fn tell(&mut self, mut story: Vec<Scene>) {
        story.sort_by_key(|scene| !self.is_own(scene));
        self.story = Some(story);
    }

    /// Whether a scene belongs to the finding's own document.
    pub fn is_own(&self, scene: &Scene) -> bool {
        (scene.kind.word(), scene.id.as_str()) == (self.text("kind"), self.text("id"))
    }

    /// Whether the rule can fire without events.
    pub fn needs_no_event(&self) -> bool {
        find(self.text("rule")).is_some_and(minimize::needs_no_event)
    }

    /// Whether the rule compares transactions that share a merchant reference.
    pub fn is_by_reference(&self) -> bool {
        find(self.text("rule")).is_some_and(minimize::is_by_reference)
    }

    /// The text of a column, or an empty text.
    pub fn text(&self, column: &str) -> &str {
        text_of(&self.row, column)
    }
}

pub fn shown_row(columns: &[Column], cells: &[Cell<'_>]) -> ShownRow {
    let named = columns.iter().zip(cells).map(|(column, cell)| (column.name.to_owned(), value(cell)));
    named.filter(|(_, value)| !value.is_null()).collect()
}

/// The text of a column, or an empty text.
pub fn text_of<'r>(row: &'r ShownRow, column: &str) -> &'r str {
    row.get(column).and_then(Value::as_str).unwrap_or_default()
}

/// Minor units as JSON: a number if it fits 64 bits, else a text; null for None.
pub fn minor(amount: Option<Sum>) -> Value {
    amount.map_or(Value::Null, |amount| money::minor(amount).map_or_else(|| amount.to_string().into(), Value::from))
}

/// Exact numbers stay texts, as in Parquet.
fn value(cell: &Cell<'_>) -> Value {
    match cell {
        Cell::Empty => Value::Null,
        Cell::Text(text) | Cell::Number(text) => text.as_ref().into(),
        Cell::Integer(number) => (*number).into(),
        Cell::Flag(flag) => (*flag).into(),
        Cell::Time(time) => time.to_string().into(),
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LinkedDocument {
    pub kind: Kind,
    /// Escaped for display.
    pub id: String,
    /// The field that names the partner.
    pub by: String,
}

impl ShowPage {
    /// Formats minor units as a decimal in the page's currency.
    pub fn money(&self, amount: Sum) -> String {
        decimal(amount, display_exponent(self.currency.as_deref()))
    }
}
