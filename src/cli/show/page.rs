//! What is shown of a document, wherever it was read: from the input, or from the frames of a run.

use avstem_core::model::card::Kind;
use avstem_core::model::currency::display_exponent;
use avstem_core::model::display::decimal;
use avstem_core::model::money::{self, Sum};
use avstem_core::rules::{find, minimize};
use serde_json::{Map, Value};

use avstem_engine::frame::column::{Cell, Column};

/// One document and everything linked to it.
#[derive(Default)]
pub struct ShowPage {
    /// What it is.
    pub kind: Option<Kind>,
    /// Its id as people see it.
    pub id: String,
    /// Of a transaction: nothing but a partial document is known.
    pub partial: bool,
    /// The currency, where there is one.
    pub currency: Option<String>,
    /// What the document states, under the names of the columns.
    pub facts: Vec<(&'static str, Value)>,
    /// Where its record stands.
    pub place: Option<RecordPlace>,
    /// Every copy of it in the input.
    pub copies: Vec<ShownCopy>,
    /// The account, of transactions and orders.
    pub account: Option<ShownLedger>,
    /// Its findings, in the order of the report.
    pub findings: Vec<ShownFinding>,
    /// What it is linked to.
    pub links: Vec<LinkedDocument>,
}

/// A record of the input.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RecordPlace {
    /// The file.
    pub source: String,
    /// The first byte in the decoded file.
    pub offset: u64,
}

/// A copy of a document, or an operation of an order.
pub struct ShownCopy {
    /// Where it stands.
    pub place: RecordPlace,
    /// accepted, duplicate or superseded.
    pub outcome: String,
}

/// The account of a transaction or an order.
#[derive(Default)]
pub struct ShownLedger {
    /// A, C, R and V in the end.
    pub totals: ShownEvent,
    /// Its events by time.
    pub timeline: Vec<Moved>,
    /// What happened on each line.
    pub lines: Vec<ShownShare>,
    /// What each payout destination got.
    pub destinations: Vec<ShownShare>,
}

/// The account at a moment.
#[derive(Clone, Copy, Default)]
pub struct ShownEvent {
    /// A: of a transaction its amount, from the beginning; of an order what was authorised so far.
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
pub struct Moved {
    /// Its place, like `events[3]`.
    pub event: String,
    /// What it does, in our word.
    pub kind: String,
    /// The word as written; empty for operations.
    pub word: Option<String>,
    /// Whether it moves money.
    pub effective: bool,
    /// When it happened.
    pub time: Option<String>,
    /// Its amount, where it has one.
    pub amount: Option<Sum>,
    /// Its own id.
    pub id: Option<String>,
    /// The account after it.
    pub after: ShownEvent,
    /// The record that holds it.
    pub place: RecordPlace,
}

/// What a line or a payout destination has of the account.
#[derive(Clone, Default)]
pub struct ShownShare {
    /// The line or the destination.
    pub name: String,
    /// Authorised: the amount of the line; the splits of a destination. None where nothing says so.
    pub authorized: Option<Sum>,
    /// By effective captures.
    pub captured: Sum,
    /// By effective refunds.
    pub refunded: Sum,
    /// By effective cancellations; none of a destination.
    pub released: Option<Sum>,
}

/// A finding.
pub struct ShownFinding {
    /// Its row of exceptions.csv, without empty cells.
    pub row: Map<String, Value>,
    /// Its shortest story, a scene for each document that has a part in it; none where there is none to tell.
    pub story: Option<Vec<Scene>>,
}

/// What of one document is in a story.
pub struct Scene {
    /// The kind of the document.
    pub kind: Kind,
    /// Its id as people see it.
    pub id: String,
    /// Its currency, where it has one.
    pub currency: Option<String>,
    /// Its events.
    pub events: Vec<Moved>,
}

impl ShownFinding {
    /// A finding from its row in the report.
    pub fn new(columns: &[Column], cells: &[Cell<'_>]) -> ShownFinding {
        let named = columns.iter().zip(cells).map(|(column, cell)| (column.name.to_owned(), value(cell)));
        ShownFinding { row: named.filter(|(_, value)| !value.is_null()).collect(), story: None }
    }

    /// Sets its story: what of the document itself is in it comes first.
    pub fn tell(&mut self, mut story: Vec<Scene>) {
        story.sort_by_key(|scene| !self.is_own(scene));
        self.story = Some(story);
    }

    /// Whether a scene is of the document that the finding is about.
    pub fn is_own(&self, scene: &Scene) -> bool {
        (scene.kind.word(), scene.id.as_str()) == (self.text("kind"), self.text("id"))
    }

    /// Whether its rule needs no event to fire.
    pub fn needs_no_event(&self) -> bool {
        find(self.text("rule")).is_some_and(minimize::needs_no_event)
    }

    /// Whether its rule holds transactions against each other that share a merchant reference.
    pub fn is_by_reference(&self) -> bool {
        find(self.text("rule")).is_some_and(minimize::is_by_reference)
    }

    /// The text of a column; empty where the row has none.
    pub fn text(&self, column: &str) -> &str {
        self.row.get(column).and_then(Value::as_str).unwrap_or_default()
    }
}

/// Minor units as JSON: a number within 64 bits, else a text; null where there are none.
pub fn minor(amount: Option<Sum>) -> Value {
    amount.map_or(Value::Null, |amount| money::minor(amount).map_or_else(|| amount.to_string().into(), Value::from))
}

/// A cell as JSON. Exact numbers stay texts, as in Parquet.
fn value(cell: &Cell<'_>) -> Value {
    match cell {
        Cell::Empty => Value::Null,
        Cell::Text(text) | Cell::Number(text) => text.as_ref().into(),
        Cell::Integer(number) => (*number).into(),
        Cell::Flag(flag) => (*flag).into(),
        Cell::Time(time) => time.to_string().into(),
    }
}

/// A document that another one is linked to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LinkedDocument {
    /// What it is.
    pub kind: Kind,
    /// As people see it.
    pub id: String,
    /// The field that names the partner.
    pub by: String,
}

impl ShowPage {
    /// Minor units as people write them in this currency.
    pub fn money(&self, amount: Sum) -> String {
        decimal(amount, display_exponent(self.currency.as_deref()))
    }
}
