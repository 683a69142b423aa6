//! Splits bytes into records, and gives provider readers a JSON cursor that knows no member names
//! and a [`Sink`] for the documents read. Data that no rule needs is skipped, including personal
//! data.

pub(crate) mod block;
pub(crate) mod content;
pub(crate) mod cursor;
pub(crate) mod escape;
pub(crate) mod fast;
pub(crate) mod fault;
pub(crate) mod lexer;
pub(crate) mod names;
pub(crate) mod reader;
pub(crate) mod scan;
pub(crate) mod simd;
pub(crate) mod sniff;
mod split;

pub use block::{Block, Options, Reading};
pub use simd::{PADDING, Padded, ascii_text, prefetch};
pub use sniff::{Opening, WINDOW, opening};
pub use split::{EnvelopeNames, Pieces, Splitter, TopValue};

use crate::ledger::{Ledger, Remittance, Session, Settlement};
use crate::model::event::EventList;
use crate::model::instant::Instant;
use crate::model::origin::Origin;
use crate::model::reject::{FileFault, RecordReason};

/// A document's identity and version, used to choose between copies.
#[derive(Clone, Copy, Debug, Default)]
pub struct Meta<'b> {
    pub id: &'b str,
    pub updated_at: Option<Instant>,
    pub version: Option<i64>,
    /// Number of events, or of lines for a settlement report; the copy with more is preferred.
    pub weight: u32,
    /// The latest time that counts toward the as-of.
    pub latest: Option<Instant>,
}

/// A transaction's data outside its [`Ledger`].
#[derive(Clone, Copy, Debug)]
pub struct Transaction<'b> {
    pub meta: Meta<'b>,
    /// Has no list of events: a trimmed copy, as in webhooks.
    pub partial: bool,
    /// The embedded session; `None` without a valid id and an amount.
    pub session: Option<Meta<'b>>,
}

/// What a source's path implies about its records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// The path itself.
    pub path: String,
    /// The order id and the collection, when the path names them.
    pub collection: Option<(String, EventList)>,
}

/// A record that could not be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    pub origin: Origin,
    /// One-based line number within the block; `None` for input that is not made of lines.
    pub line: Option<u64>,
    pub reason: RecordReason,
    /// The first byte of a value of the wrong type, else 0.
    pub found: u8,
    /// The field at fault, like `events[2].amount`; empty for the record as a whole.
    pub path: String,
    /// The defect's own offset in the decoded stream.
    pub at: u64,
}

impl Rejected {
    /// The type of a value of the wrong type, with its article.
    pub fn found(&self) -> Option<&'static str> {
        match self.found {
            b'"' => Some("a text"),
            b'{' => Some("an object"),
            b'[' => Some("a list"),
            b't' | b'f' => Some("true or false"),
            b'n' => Some("null"),
            b'-' | b'0'..=b'9' => Some("a number"),
            _ => None,
        }
    }
}

/// Receives the documents that a reader finds.
pub trait Sink<'b> {
    /// `session` is valid only when `transaction.session` is `Some`.
    fn transaction(&mut self, transaction: &Transaction<'b>, ledger: &Ledger<'b>, session: &Session<'b>);
    /// An order with its own collections.
    fn order(&mut self, meta: &Meta<'b>, ledger: &Ledger<'b>);
    /// An order operation read from outside the order document; it is the ledger's only event.
    fn operation(&mut self, order_id: &str, latest: Option<Instant>, ledger: &Ledger<'b>, number: u32);
    /// An order collection, possibly empty, read from outside the order document.
    fn given(&mut self, order_id: &str, list: EventList, origin: Origin);
    /// A session that is not embedded in a transaction.
    fn session(&mut self, meta: &Meta<'b>, session: &Session<'b>);
    fn settlement(&mut self, meta: &Meta<'b>, settlement: &Settlement<'b>);
    /// A payout, or a line of one, of a provider that pays out itself.
    fn remittance(&mut self, remittance: &Remittance<'b>);
    /// A valid record without data: a webhook without a transaction.
    fn nothing(&mut self, origin: Origin);
    /// A record that could not be used.
    fn reject(&mut self, rejected: Rejected);
    /// A record of unknown shape; the file is refused with `fault` if it holds nothing else.
    fn stranger(&mut self, fault: FileFault);
    /// The file's text is broken; none of its records can be used.
    fn refuse(&mut self, fault: FileFault);
}
