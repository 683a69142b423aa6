//! Bytes to records, and what a provider's readers make documents of: a reader of JSON that knows no name of a member,
//! and the sink that takes what was read. What no rule needs is skipped, personal data with it.

pub(crate) mod block;
pub(crate) mod cursor;
pub(crate) mod escape;
pub(crate) mod fault;
pub(crate) mod lexer;
pub(crate) mod names;
pub(crate) mod scan;
pub(crate) mod simd;
pub(crate) mod sniff;
mod split;

pub use block::{Block, Options, Reading};
pub use simd::{PADDING, Padded};
pub use sniff::{Opening, WINDOW, opening};
pub use split::{EnvelopeNames, Pieces, Splitter, TopValue};

use crate::ledger::{Ledger, Session, Settlement};
use crate::model::event::EventList;
use crate::model::instant::Instant;
use crate::model::origin::Origin;
use crate::model::reject::{FileFault, RecordReason};

/// What a document says of itself as a copy among others.
#[derive(Clone, Copy, Debug, Default)]
pub struct Meta<'b> {
    pub id: &'b str,
    /// When it was last changed.
    pub updated_at: Option<Instant>,
    pub version: Option<i64>,
    /// How many events it has: the copy with more of them is preferred.
    pub weight: u32,
    /// The latest time that counts toward the as-of.
    pub latest: Option<Instant>,
}

/// What a transaction is, beside its ledger.
#[derive(Clone, Copy, Debug)]
pub struct Transaction<'b> {
    /// Its id, times and weight.
    pub meta: Meta<'b>,
    /// Without a list of events: a trimmed copy, as webhooks carry.
    pub partial: bool,
    /// The session inside, when it is a document.
    pub session: Option<Meta<'b>>,
}

/// What a source's path says of its records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// The order and the collection, of a path that names them.
    pub collection: Option<(String, EventList)>,
}

/// A record that could not be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// Where it starts, and how long it is.
    pub origin: Origin,
    /// Its line, counted from one within its block, where the input is made of lines.
    pub line: Option<u64>,
    /// Why.
    pub reason: RecordReason,
    /// The field at fault, like `events[2].amount`; empty for the record as a whole.
    pub path: String,
    /// The defect's own offset in the decoded stream.
    pub at: u64,
}

/// What takes the documents that a reader finds.
pub trait Sink<'b> {
    /// A transaction; its session's rows are there when it has one that is a document.
    fn transaction(&mut self, transaction: &Transaction<'b>, ledger: &Ledger<'b>, session: &Session<'b>);
    /// An order with its own collections.
    fn order(&mut self, meta: &Meta<'b>, ledger: &Ledger<'b>);
    /// An operation of an order, from outside its document: the ledger's only event.
    fn operation(&mut self, order_id: &str, latest: Option<Instant>, ledger: &Ledger<'b>, number: u32);
    /// A collection of an order that the input has, from outside its document.
    fn given(&mut self, order_id: &str, list: EventList, origin: Origin);
    /// A session on its own.
    fn session(&mut self, meta: &Meta<'b>, session: &Session<'b>);
    fn settlement(&mut self, meta: &Meta<'b>, settlement: &Settlement<'b>);
    /// A record that is fine and holds nothing.
    fn nothing(&mut self, origin: Origin);
    /// A record that could not be used.
    fn reject(&mut self, rejected: Rejected);
    /// The record is of no shape that we know; its file is refused for this if it holds nothing else.
    fn stranger(&mut self, fault: FileFault);
    /// The file's text is broken, so that nothing of it can be used.
    fn refuse(&mut self, fault: FileFault);
}
