//! Recognises and reads a block's records into the sink, or rejects them with position and reason.

use super::head::explain;
use super::names::Name;
use super::shape::{Marks, Shape};
use super::{Cursor, Fast, Scratch, order, session, settlement, transaction};
use crate::document::block::valid_text;
use crate::document::cursor::{Seen, Text, Tools, is_blank};
use crate::document::fast::Memory;
use crate::document::fault::{Fault, Read};
use crate::document::reader::Reader;
use crate::document::simd::Padded;
use crate::document::sniff::grammar;
use crate::document::{Block, Meta, Options, Pieces, Reading, Rejected, Sink, Transaction};
use crate::model::event::EventList;
use crate::model::origin::Origin;
use crate::model::reject::RecordReason::*;
use crate::model::reject::{FileFault, FileReason};
use crate::provider::others::{OtherMemory, OtherRecord, OtherShape};

/// Blocks of more bytes than this are worth learning their members anew.
const LARGE: usize = 1 << 16;

/// Reads every record of a block; returns the number of lines, 0 for a text.
pub fn read(block: &Block<'_>, options: Options, reading: &mut Reading, sink: &mut dyn for<'a> Sink<'a>) -> u64 {
    reading.arena.reset();
    let (text, invalid) = valid_text(block.bytes, &reading.arena);
    let known = reading.memory.take().and_then(|memory| memory.downcast::<Learned>().ok());
    // What other files have taught may leave no room for this one.
    let known = known.filter(|memory| !memory.own.is_full() || block.bytes.text().len() < LARGE);
    let mut reader = BlockReader {
        block,
        options,
        text: text.whole,
        padded: text.padded,
        invalid: &invalid,
        tools: Tools { way: reading.way, arena: &reading.arena },
        scratch: Scratch::default(),
        memory: known.unwrap_or_default(),
        sink,
        line: None,
        is_text: !matches!(block.pieces, Pieces::Lines),
        levels: 0,
        forgiving: false,
    };
    let lines = match block.pieces {
        Pieces::Lines => reader.lines(),
        Pieces::Spans(spans) => {
            for span in spans {
                reader.piece(span.start, span.end);
            }
            0
        }
    };
    reading.memory = Some(reader.memory);
    lines
}

/// What the fast reader has learned.
#[derive(Debug, Default)]
struct Learned {
    own: Memory<Name>,
    /// Of the documents of other providers, once one is met.
    others: Option<Box<OtherMemory>>,
}

pub(super) struct BlockReader<'b, 's> {
    pub(super) block: &'s Block<'b>,
    pub(super) options: Options,
    pub(super) text: &'b str,
    padded: Padded<'b>,
    invalid: &'s [usize],
    pub(super) tools: Tools<'b>,
    pub(super) scratch: Scratch<'b>,
    memory: Box<Learned>,
    pub(super) sink: &'s mut dyn for<'a> Sink<'a>,
    line: Option<u64>,
    pub(super) is_text: bool,
    /// Number of lists around the current piece.
    pub(super) levels: u32,
    /// Ignores missing members, to find other defects first.
    forgiving: bool,
}

impl<'b> BlockReader<'b, '_> {
    pub(super) fn cursor(&self, start: usize, end: usize) -> Cursor<'b> {
        Cursor::new(Text { whole: self.text, padded: self.padded }, self.tools, start, end)
    }

    pub(super) fn origin(&self, start: usize, end: usize) -> Origin {
        Origin {
            file: self.block.file,
            offset: self.block.base + start as u64,
            length: u32::try_from(end - start).unwrap_or(u32::MAX),
        }
    }

    fn lines(&mut self) -> u64 {
        let bytes = self.text.as_bytes();
        let (mut number, mut at) = (0, 0);
        while at < bytes.len() {
            let end = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |length| at + length);
            number += 1;
            if let Some(first) = bytes[at..end].iter().position(|byte| !is_blank(*byte)) {
                let last = bytes[at..end].iter().rposition(|byte| !is_blank(*byte)).unwrap_or(first);
                self.line = Some(number);
                self.piece(at + first, at + last + 1);
            }
            at = end + 1;
        }
        number
    }

    /// Reads a line, an element or a value: one record, or a list or page of records.
    pub(super) fn piece(&mut self, start: usize, end: usize) {
        // A line counts as one record, whatever it holds: the limit must not depend on block
        // borders.
        if self.line.is_some() && (end - start) as u64 > self.options.max_record {
            return self.reject(start, end, &Fault::new(RecordTooLarge, start));
        }
        match self.text.as_bytes()[start] {
            b'{' => self.record(start, end),
            b'[' => self.elements(start, end),
            _ => {
                let mut cur = self.cursor(start, end);
                let mut read = cur.scalar().and_then(|()| closed(&mut cur, end));
                if self.options.strict {
                    // Report broken text first, before `NotAnObject`.
                    read = read.and_then(|()| self.checked(start, end));
                }
                self.reject(start, end, &read.err().unwrap_or_else(|| Fault::new(NotAnObject, start)));
            }
        }
    }

    fn record(&mut self, start: usize, end: usize) {
        if (end - start) as u64 > self.options.max_record {
            return self.large(start, end);
        }
        let mut names = Marks::default();
        let read = match self.fast(start, end, &mut names) {
            Some((transaction, _)) if self.is_transaction(names) && self.checked(start, end).is_ok() => {
                return self.give_transaction(&transaction);
            }
            Some(transaction) => Ok(transaction),
            None if self.fast_other(start, end) => return,
            None => self.exact(start, end, &mut names),
        };
        if read.is_err() {
            // The record may be no transaction, which makes the fault irrelevant: the names alone
            // decide the shape.
            names = Marks::default();
            if let Err(fault) = self.outline(start, end, &mut names) {
                return self.broken(start, end, names, read.err(), fault);
            }
        }
        let shape = names.shape(self.block.layout.collection.is_some());
        if shape == Shape::Page || shape == Shape::Drafts {
            return self.page(start, end, names, shape);
        }
        if shape == Shape::Collections {
            return self.collections(start, end);
        }
        let checked = self.checked(start, end);
        let read = match shape {
            Shape::Transaction => read.and_then(|(transaction, seen)| {
                transaction::require(&transaction, &self.scratch.ledger, seen, &self.cursor(end, end))?;
                checked.as_ref().map_err(Clone::clone)?;
                self.give_transaction(&transaction);
                Ok(())
            }),
            _ => self.other(start, end, shape, names, checked.as_ref().err().map(|fault| &**fault)),
        };
        if let Err(fault) = read {
            let fault = self.first_defect(start, end, shape, names, fault);
            self.fail(start, end, fault);
        }
    }

    fn is_transaction(&self, names: Marks) -> bool {
        names.shape(self.block.layout.collection.is_some()) == Shape::Transaction
    }

    fn give_transaction(&mut self, transaction: &Transaction<'b>) {
        explain(&mut self.scratch.ledger.head);
        self.sink.transaction(transaction, &self.scratch.ledger, &self.scratch.session);
    }

    /// Reads the record with the fast reader; `None` if it is no transaction or has anything
    /// unusual.
    fn fast(&mut self, start: usize, end: usize, names: &mut Marks) -> Option<(Transaction<'b>, Seen)> {
        let block = Text { whole: self.text, padded: self.padded };
        let origin = self.origin(start, end);
        let mut fast = Fast::new(block, self.tools, &mut self.memory.own, (start, end));
        let (transaction, seen) = transaction::read(&mut fast, &mut self.scratch, names, origin).ok()?;
        transaction::require(&transaction, &self.scratch.ledger, seen, &fast).ok()?;
        (fast.is_at_end() && !transaction.partial).then_some((transaction, seen))
    }

    /// Reads a record that is another document fast, and gives it to the sink; false if it is none or
    /// has anything unusual.
    fn fast_other(&mut self, start: usize, end: usize) -> bool {
        let (block, origin) = (Text { whole: self.text, padded: self.padded }, self.origin(start, end));
        let mut names = Marks::default();
        let mut fast = Fast::new(block, self.tools, &mut self.memory.own, (start, end));
        let walked = fast.object(|cur, name| {
            let first = cur.first()?;
            names.note(name, first);
            // A word that starts like null may be another.
            if first == b'n' { cur.null().map(|_| ()) } else { cur.skip() }
        });
        let shape = names.shape(self.block.layout.collection.is_some());
        if walked.is_err() || !fast.is_at_end() || self.checked(start, end).is_err() {
            return false;
        }
        if let Shape::Other(shape) = shape {
            return self.fast_remittance(start, end, shape);
        }
        let mut fast = Fast::new(block, self.tools, &mut self.memory.own, (start, end));
        match document(&mut fast, &mut self.scratch, shape, origin) {
            Ok(Some(document)) if fast.is_at_end() => self.give(&document),
            _ => return false,
        }
        true
    }

    fn of_another(&self, start: usize, end: usize, shape: OtherShape) -> OtherRecord<'b> {
        let block = Text { whole: self.text, padded: self.padded };
        let (origin, path) = (self.origin(start, end), self.block.layout.path.as_str());
        OtherRecord { shape, block, tools: self.tools, start, end, origin, path }
    }

    /// Reads a document of another provider fast; false if it has anything unusual.
    fn fast_remittance(&mut self, start: usize, end: usize, shape: OtherShape) -> bool {
        let record = self.of_another(start, end, shape);
        match record.read_fast(self.memory.others.get_or_insert_default()) {
            Some(remittance) => {
                record.give(remittance, self.sink);
                true
            }
            None => false,
        }
    }

    fn give(&mut self, document: &Document<'b>) {
        let Scratch { ledger, session, settlement, .. } = &self.scratch;
        match document {
            Document::Order(meta) => self.sink.order(meta, ledger),
            Document::Session(Some(meta)) => self.sink.session(meta, session),
            Document::Session(None) => {}
            Document::Settlement(meta) => self.sink.settlement(meta, settlement),
        }
    }

    /// Reads the record with the exact reader as a transaction, whatever its shape.
    fn exact(&mut self, start: usize, end: usize, names: &mut Marks) -> Read<(Transaction<'b>, Seen)> {
        *names = Marks::default();
        let origin = self.origin(start, end);
        let mut cur = self.cursor(start, end);
        let done = transaction::read(&mut cur, &mut self.scratch, names, origin)?;
        closed(&mut cur, end).map(|()| done)
    }

    /// Rejects a record whose text is broken. A defect before the break is reported instead.
    #[cold]
    fn broken(&mut self, start: usize, end: usize, names: Marks, read: Option<Box<Fault>>, text: Box<Fault>) {
        let found = match names.shape(self.block.layout.collection.is_some()) {
            Shape::Transaction => read,
            Shape::Order
            | Shape::Operation
            | Shape::LoneOperation
            | Shape::Session
            | Shape::SettlementReport
            | Shape::SettlementItem
            | Shape::Other(_) => {
                let shape = names.shape(self.block.layout.collection.is_some());
                self.other(start, end, shape, names, Some(&text)).err()
            }
            _ => None,
        };
        self.fail(start, end, found.filter(|fault| fault.at < text.at).unwrap_or(text));
    }

    /// The defect to report for a record that could not be read: the first; a missing member last.
    #[cold]
    fn first_defect(&mut self, start: usize, end: usize, shape: Shape, names: Marks, fault: Box<Fault>) -> Box<Fault> {
        match shape {
            Shape::Transaction => self.first_of_transaction(start, end, fault),
            Shape::Webhook | Shape::Unknown => fault,
            _ if fault.reason == MissingField => {
                self.forgiving = true;
                let other = self.other(start, end, shape, names, Some(&fault)).err();
                self.forgiving = false;
                other.unwrap_or(fault)
            }
            _ => fault,
        }
    }

    #[cold]
    pub(super) fn first_of_transaction(&mut self, start: usize, end: usize, fault: Box<Fault>) -> Box<Fault> {
        let mut first = fault;
        if first.reason == MissingField {
            let mut cur = self.cursor(start, end).forgiving();
            let origin = self.origin(start, end);
            let other = transaction::read(&mut cur, &mut self.scratch, &mut Marks::default(), origin).err();
            first = other.unwrap_or(first);
        }
        // Null for `amount` or `currency` is a defect only with `events`, which may come after it.
        let (mut nulls, mut has_events) = (Vec::new(), false);
        let walked = self.cursor(start, end).object(|cur, name| {
            let (at, is_null) = (cur.at(), cur.is_null());
            match name {
                Name::Amount if is_null => nulls.push(Fault::new(NullField, at).within("amount")),
                Name::Currency if is_null => nulls.push(Fault::new(NullField, at).within("currency")),
                Name::Events => has_events |= !is_null,
                _ => {}
            }
            cur.skip()
        });
        let null = nulls.into_iter().next().filter(|_| walked.is_ok() && has_events);
        match null {
            Some(null) if is_missing(&first) || null.at < first.at => null,
            _ => first,
        }
    }

    /// Checks the text of a record: invalid UTF-8 and, when strict, the grammar.
    pub(super) fn checked(&self, start: usize, end: usize) -> Read<()> {
        let grammar = if self.options.strict { grammar(&self.text[start..end], start) } else { Ok(()) };
        match self.first_invalid(start, end) {
            Some(at) => Err(grammar.err().filter(|f| f.at < at).unwrap_or_else(|| Fault::new(InvalidUtf8, at))),
            None => grammar,
        }
    }

    /// The first invalid UTF-8 byte of a range.
    pub(super) fn first_invalid(&self, start: usize, end: usize) -> Option<usize> {
        let first = self.invalid.partition_point(|at| *at < start);
        self.invalid.get(first).copied().filter(|at| *at < end)
    }

    /// Rejects a record for a defect, or for a defect of its text that comes first.
    pub(super) fn fail(&mut self, start: usize, end: usize, fault: Box<Fault>) {
        let first = self.checked(start, end).err().filter(|text| is_missing(&fault) || text.at <= fault.at);
        self.reject(start, end, &first.unwrap_or(fault));
    }

    /// Notes the names of an object's members, and checks its brackets. Depth is not limited in an
    /// envelope, whose elements are records of their own.
    pub(super) fn outline(&self, start: usize, end: usize, names: &mut Marks) -> Read<()> {
        let mut too_deep = None;
        let mut cur = self.cursor(start, end);
        cur.object(|cur, name| {
            // A word that starts like null but is another counts as a value.
            let first = cur.peek();
            names.note(name, if first == b'n' && !cur.is_null() { b'?' } else { first });
            let skipped = cur.skip();
            if let Err(fault) = &skipped
                && fault.reason == NestingTooDeep
            {
                too_deep.get_or_insert_with(|| fault.clone());
                return cur.past_depth(skipped);
            }
            skipped
        })?;
        closed(&mut cur, end)?;
        let envelope = matches!(
            names.shape(self.block.layout.collection.is_some()),
            Shape::Page | Shape::Drafts | Shape::Collections
        );
        too_deep.filter(|_| !envelope).map_or(Ok(()), Err)
    }

    fn other(&mut self, start: usize, end: usize, shape: Shape, names: Marks, defect: Option<&Fault>) -> Read<()> {
        let origin = self.origin(start, end);
        let mut cur = self.cursor(start, end);
        if self.forgiving {
            cur = cur.forgiving();
        }
        let refused = |fault: Option<&Fault>| fault.map_or(Ok(()), |f| Err(Box::new(f.clone())));
        match shape {
            Shape::Operation => {
                let Some((order_id, list)) = &self.block.layout.collection else { return Ok(()) };
                self.scratch.clear_order();
                let operation = order::operation(&mut cur, &mut self.scratch.ledger, *list, 0, origin)?;
                refused(defect)?;
                self.scratch.ledger.events.push(operation.event);
                self.sink.operation(order_id, operation.latest, &self.scratch.ledger, 0);
            }
            Shape::LoneOperation => {
                self.lone_operation(&mut cur, origin)?;
                refused(defect)?;
                return Err(Fault::new(MissingOrderId, end));
            }
            Shape::Webhook => {
                refused(defect)?;
                return self.webhook(start, end);
            }
            Shape::Other(shape) => {
                let record = self.of_another(start, end, shape);
                let remittance = record.read(self.forgiving)?;
                refused(defect)?;
                record.give(remittance, self.sink);
            }
            _ => {
                let Some(document) = document(&mut cur, &mut self.scratch, shape, origin)? else {
                    refused(defect)?;
                    self.sink.stranger(stranger(names));
                    return Err(Fault::new(UnknownShape, start));
                };
                refused(defect)?;
                self.give(&document);
            }
        }
        Ok(())
    }

    /// Reads an operation of an unknown order for its defects; operations of all collections have one form.
    fn lone_operation(&mut self, cur: &mut Cursor<'b>, origin: Origin) -> Read<()> {
        self.scratch.clear_order();
        order::operation(cur, &mut self.scratch.ledger, EventList::Captures, 0, origin).map(|_| ())
    }

    pub(super) fn reject(&mut self, start: usize, end: usize, fault: &Fault) {
        let at = self.block.base + fault.at as u64;
        if self.is_text && matches!(fault.reason, Syntax | TruncatedRecord | TrailingData) {
            let detail = format!("the text cannot be read on from byte {at}; fetch the export again");
            return self.sink.refuse(FileFault::new(FileReason::BrokenText, detail));
        }
        self.sink.reject(Rejected {
            origin: self.origin(start, end),
            line: self.line,
            reason: fault.reason,
            found: self.text.as_bytes().get(fault.at).copied().filter(|_| fault.reason == WrongType).unwrap_or(0),
            path: fault.path(),
            at,
        });
    }
}

/// A document other than a transaction; what was read is in the scratch.
enum Document<'b> {
    Order(Meta<'b>),
    Session(Option<Meta<'b>>),
    Settlement(Meta<'b>),
}

/// Reads an order, a session or a settlement; `None` for any other shape.
fn document<'b, R: Reader<'b, Name>>(
    cur: &mut R,
    scratch: &mut Scratch<'b>,
    shape: Shape,
    origin: Origin,
) -> Result<Option<Document<'b>>, R::Fault> {
    let Scratch { ledger, session, parts, settlement } = scratch;
    let document = match shape {
        Shape::Order => {
            let meta = order::read(cur, ledger, origin)?;
            explain(&mut ledger.head);
            Document::Order(meta)
        }
        Shape::Session => {
            let meta = session::read(cur, session, parts, false)?;
            session.origin = origin;
            Document::Session(meta)
        }
        Shape::SettlementReport | Shape::SettlementItem => {
            let is_report = shape == Shape::SettlementReport;
            let read = if is_report { settlement::read_report } else { settlement::read_list_item };
            let meta = read(cur, settlement)?;
            settlement.origin = origin;
            Document::Settlement(meta)
        }
        _ => return Ok(None),
    };
    Ok(Some(document))
}

/// Whether the defect is a missing member, which is reported last.
pub(super) fn is_missing(fault: &Fault) -> bool {
    fault.reason == MissingField
}

/// Checks that only blanks follow the value.
pub(super) fn closed(cur: &mut Cursor<'_>, end: usize) -> Read<()> {
    cur.blanks();
    if cur.at() < end { Err(cur.fault(TrailingData)) } else { Ok(()) }
}

fn stranger(names: Marks) -> FileFault {
    if names.is_download_link() {
        return FileFault::from(FileReason::DownloadLink);
    }
    let looks = names.looks_like().unwrap_or("its one JSON value has none of the members that payment data has");
    FileFault::new(FileReason::NotAnExport, looks)
}
