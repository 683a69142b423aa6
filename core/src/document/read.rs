//! From a block's records to the sink: recognise, read, or reject with place and reason.

use bumpalo::Bump;

use super::cursor::Cursor;
use super::fault::{Fault, Read};
use super::scan::{Index, Lines};
use super::shape::{Names, Shape};
use super::{Layout, Pieces, Rejected, Scratch, Sink, order, session, settlement, transaction};
use crate::model::event::EventList;
use crate::model::origin::{FileNo, Origin};
use crate::model::reject::RecordReason::*;
use crate::model::reject::{FileFault, FileReason};

/// How records are read.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Whether the grammar of what is skipped is checked too.
    pub strict: bool,
    /// The largest record in bytes.
    pub max_record: u64,
}

/// A piece of a decoded stream that holds whole records.
#[derive(Clone, Copy, Debug)]
pub struct Block<'b> {
    /// The bytes.
    pub bytes: &'b [u8],
    /// The offset of the first one in the stream.
    pub base: u64,
    /// Where the records are.
    pub pieces: &'b Pieces,
    /// The file.
    pub file: FileNo,
    /// What its path says.
    pub layout: &'b Layout,
}

/// Room that is used again for every block.
#[derive(Debug, Default)]
pub struct Reading {
    index: Index,
    arena: Bump,
}

/// Reads every record of a block; how many lines it holds is returned.
pub fn read(block: &Block<'_>, options: Options, reading: &mut Reading, sink: &mut dyn for<'a> Sink<'a>) -> u64 {
    reading.arena.reset();
    let index = match block.pieces {
        Pieces::Lines => {
            reading.index.scan(block.bytes, Lines::Records);
            &reading.index
        }
        Pieces::Spans { index, .. } => index,
    };
    let (text, invalid) = valid_text(block.bytes, &reading.arena);
    let mut reader = Reader {
        block,
        options,
        text,
        invalid: &invalid,
        index,
        arena: &reading.arena,
        scratch: Scratch::default(),
        sink,
        line: None,
        is_text: !matches!(block.pieces, Pieces::Lines),
    };
    match block.pieces {
        Pieces::Lines => reader.lines(),
        Pieces::Spans { spans, .. } => {
            for span in spans {
                reader.piece(span.start, span.end);
            }
            0
        }
    }
}

/// The block as text. Where it is not valid, each bad byte is replaced and its place noted, so that the
/// record that holds it can be rejected and the others read.
fn valid_text<'b>(bytes: &'b [u8], arena: &'b Bump) -> (&'b str, Vec<usize>) {
    match simdutf8::basic::from_utf8(bytes) {
        Ok(text) => (text, Vec::new()),
        Err(_) => replace_invalid(bytes, arena),
    }
}

#[cold]
fn replace_invalid<'b>(bytes: &[u8], arena: &'b Bump) -> (&'b str, Vec<usize>) {
    let mut invalid = Vec::new();
    let mut text = bumpalo::collections::String::with_capacity_in(bytes.len(), arena);
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for _ in chunk.invalid() {
            invalid.push(text.len());
            text.push('?');
        }
    }
    (text.into_bump_str(), invalid)
}

struct Reader<'b, 's> {
    block: &'s Block<'b>,
    options: Options,
    text: &'b str,
    invalid: &'s [usize],
    index: &'b Index,
    arena: &'b Bump,
    scratch: Scratch<'b>,
    sink: &'s mut dyn for<'a> Sink<'a>,
    line: Option<u64>,
    is_text: bool,
}

impl<'b> Reader<'b, '_> {
    fn cursor(&self, start: usize, end: usize) -> Cursor<'b> {
        Cursor::new(self.text, self.index, self.arena, start, end)
    }

    fn origin(&self, start: usize, end: usize) -> Origin {
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
            let end = self.index.next(at, bytes.len(), |m| m.newline).unwrap_or(bytes.len());
            let line = bytes[at..end].trim_ascii_end();
            let blanks = line.len() - line.trim_ascii_start().len();
            number += 1;
            if blanks < line.len() {
                self.line = Some(number);
                self.piece(at + blanks, at + line.len());
            }
            at = end + 1;
        }
        number
    }

    /// Reads a line, an element or a value: one record, or a list or page of such.
    fn piece(&mut self, start: usize, end: usize) {
        // A line is one piece of text, whatever it holds: how far it may go must not hang on how it was cut.
        if self.line.is_some() && (end - start) as u64 > self.options.max_record {
            return self.reject(start, end, &Fault::new(RecordTooLarge, start));
        }
        match self.text.as_bytes()[start] {
            b'{' => self.record(start, end),
            b'[' => self.elements(start, end),
            b'"' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n' => {
                self.reject(start, end, &Fault::new(NotAnObject, start));
            }
            _ => self.reject(start, end, &Fault::new(Syntax, start)),
        }
    }

    fn elements(&mut self, start: usize, end: usize) {
        let mut cur = self.cursor(start, end);
        match spans_of_array(&mut cur).and_then(|spans| closed(&mut cur, end).map(|()| spans)) {
            Ok(spans) => spans.into_iter().for_each(|(from, to)| self.piece(from, to)),
            Err(fault) => self.reject(start, end, &fault),
        }
    }

    fn record(&mut self, start: usize, end: usize) {
        if (end - start) as u64 > self.options.max_record {
            return self.large_page(start, end);
        }
        let mut names = Names::default();
        let origin = self.origin(start, end);
        let mut cur = self.cursor(start, end);
        let read = transaction::read(&mut cur, &mut self.scratch, &mut names, origin);
        let read = read.and_then(|done| closed(&mut cur, end).map(|()| done));
        if read.is_err() {
            // What stopped the reader may be the wrong question: the names alone say what the record is.
            names = Names::default();
            let outline = self.outline(start, end, &mut names);
            if let Err(fault) = outline {
                let fault = read.err().filter(|f| f.at < fault.at).unwrap_or(fault);
                return self.fail(start, end, fault);
            }
        }
        let in_collection = self.block.layout.collection.is_some();
        let shape = names.shape(in_collection);
        if shape == Shape::Page || shape == Shape::Drafts {
            return self.page(start, end, names, shape);
        }
        if shape == Shape::Collections {
            return self.collections(start, end);
        }
        let checked = self.checked(start, end);
        let read = match shape {
            Shape::Transaction => read.and_then(|(transaction, seen)| {
                transaction::require(&transaction, &self.scratch.ledger, seen, &cur)?;
                checked.as_ref().map_err(Clone::clone)?;
                self.sink.transaction(&transaction, &self.scratch.ledger, &self.scratch.session);
                Ok(())
            }),
            _ => self.other(start, end, shape, names, checked.as_ref().err().map(|fault| &**fault)),
        };
        if let Err(fault) = read {
            let fault = checked.err().filter(|f| f.at < fault.at).unwrap_or(fault);
            self.fail(start, end, fault);
        }
    }

    /// Whatever is wrong with a record as a text: bytes that are no UTF-8 and, when strict, its grammar.
    fn checked(&self, start: usize, end: usize) -> Read<()> {
        let grammar = if self.options.strict { super::sniff::grammar(&self.text[start..end], start) } else { Ok(()) };
        let first = self.invalid.partition_point(|at| *at < start);
        match self.invalid.get(first).filter(|at| **at < end) {
            Some(&at) => Err(grammar.err().filter(|f| f.at < at).unwrap_or_else(|| Fault::new(InvalidUtf8, at))),
            None => grammar,
        }
    }

    fn fail(&mut self, start: usize, end: usize, fault: Box<Fault>) {
        let first = self.checked(start, end).err().filter(|f| f.at < fault.at);
        self.reject(start, end, &first.unwrap_or(fault));
    }

    /// The names of an object's members, and whether its brackets hold.
    fn outline(&self, start: usize, end: usize, names: &mut Names) -> Read<()> {
        let mut cur = self.cursor(start, end);
        cur.object(|cur, name| {
            names.note(name, cur.peek());
            cur.skip()
        })?;
        closed(&mut cur, end)
    }

    fn other(&mut self, start: usize, end: usize, shape: Shape, mut names: Names, defect: Option<&Fault>) -> Read<()> {
        let origin = self.origin(start, end);
        let mut cur = self.cursor(start, end);
        let refused = |fault: Option<&Fault>| fault.map_or(Ok(()), |f| Err(Box::new(f.clone())));
        match shape {
            Shape::Order => {
                let meta = order::read(&mut cur, &mut self.scratch.ledger, &mut names, origin)?;
                refused(defect)?;
                self.sink.order(&meta, &self.scratch.ledger);
            }
            Shape::Operation => {
                let Some((order_id, list)) = &self.block.layout.collection else { return Ok(()) };
                self.scratch.clear_order();
                let operation = order::operation(&mut cur, &mut self.scratch.ledger, *list, 0, origin)?;
                refused(defect)?;
                self.scratch.ledger.events.push(operation.event);
                self.sink.operation(order_id, operation.latest, &self.scratch.ledger, 0);
            }
            Shape::Session => {
                let Scratch { session, parts, .. } = &mut self.scratch;
                let meta = session::read(&mut cur, session, parts, &mut names, false)?;
                refused(defect)?;
                session.origin = origin;
                if let Some(meta) = meta {
                    self.sink.session(&meta, session);
                }
            }
            Shape::SettlementReport | Shape::SettlementItem => {
                let settlement = &mut self.scratch.settlement;
                let meta = if shape == Shape::SettlementReport {
                    settlement::read_report(&mut cur, settlement)?
                } else {
                    settlement::read_list_item(&mut cur, settlement)?
                };
                refused(defect)?;
                settlement.origin = origin;
                self.sink.settlement(&meta, settlement);
            }
            Shape::Webhook => {
                refused(defect)?;
                return self.webhook(start, end);
            }
            _ => {
                refused(defect)?;
                self.sink.stranger(stranger(names));
                return Err(Fault::new(UnknownShape, start));
            }
        }
        Ok(())
    }

    fn webhook(&mut self, start: usize, end: usize) -> Read<()> {
        let mut inner = None;
        let mut twice = None;
        self.cursor(start, end).object(|cur, name| {
            let at = cur.at();
            let is_object = cur.peek() == b'{';
            cur.skip()?;
            if name == "transaction" && is_object && inner.replace((at, cur.at())).is_some() {
                twice = Some(at);
            }
            Ok(())
        })?;
        if let Some(at) = twice {
            return Err(Fault::new(DuplicateKey, at).within("transaction"));
        }
        let origin = self.origin(start, end);
        let Some((from, to)) = inner else {
            self.sink.nothing(origin);
            return Ok(());
        };
        let mut cur = self.cursor(from, to);
        let within = |fault: Box<Fault>| fault.within("transaction");
        let read = transaction::read(&mut cur, &mut self.scratch, &mut Names::default(), origin);
        let (transaction, seen) = read.map_err(within)?;
        transaction::require(&transaction, &self.scratch.ledger, seen, &cur).map_err(within)?;
        self.sink.transaction(&transaction, &self.scratch.ledger, &self.scratch.session);
        Ok(())
    }

    fn page(&mut self, start: usize, end: usize, names: Names, shape: Shape) {
        if self.options.strict
            && let Err(fault) = super::sniff::grammar(&self.text[start..end], start)
        {
            return self.reject(start, end, &fault);
        }
        let Some(list) = names.page_list().filter(|_| !names.has(super::shape::Name::SecondList)) else {
            let twice = names.has(super::shape::Name::SecondList);
            return self.reject(start, end, &Fault::new(if twice { DuplicateKey } else { NullField }, start));
        };
        let mut spans = Ok(Vec::new());
        let walked = self.cursor(start, end).object(|cur, name| {
            if name == list && cur.peek() == b'[' {
                spans = spans_of_array(cur);
                return spans.as_ref().map(|_| ()).map_err(Clone::clone);
            }
            cur.skip()
        });
        match walked.and(spans) {
            Err(fault) => self.reject(start, end, &fault),
            Ok(spans) if shape == Shape::Drafts => spans.into_iter().for_each(|(from, to)| self.draft(from, to)),
            Ok(spans) => spans.into_iter().for_each(|(from, to)| self.piece(from, to)),
        }
    }

    /// A page that is larger than a record may be: it is no record, its elements are.
    fn large_page(&mut self, start: usize, end: usize) {
        let mut names = Names::default();
        if self.outline(start, end, &mut names).is_ok() {
            let shape = names.shape(self.block.layout.collection.is_some());
            if shape == Shape::Page || shape == Shape::Drafts {
                return self.page(start, end, names, shape);
            }
        }
        self.reject(start, end, &Fault::new(RecordTooLarge, start));
    }

    /// An element of `draft_orders`: the order inside it is the record.
    fn draft(&mut self, start: usize, end: usize) {
        let mut inner = None;
        let walked = self.cursor(start, end).object(|cur, name| {
            let at = cur.at();
            cur.skip()?;
            if name == "order" && inner.replace((at, cur.at())).is_some() {
                return Err(Fault::new(DuplicateKey, at).within("order"));
            }
            Ok(())
        });
        match (walked, inner) {
            (Err(fault), _) => self.reject(start, end, &fault),
            (Ok(()), Some((from, to))) => self.piece(from, to),
            (Ok(()), None) => self.reject(start, end, &Fault::new(MissingField, end).within("order")),
        }
    }

    /// An envelope of operations: each element of its lists is a record.
    fn collections(&mut self, start: usize, end: usize) {
        let mut order_id = None;
        let mut lists: Vec<(EventList, Vec<(usize, usize)>)> = Vec::new();
        let mut seen = super::cursor::Seen::default();
        let walked = self.cursor(start, end).object(|cur, name| {
            if let Some(list) = EventList::collection_named(name) {
                return cur.once(&mut seen, 1 + list as u32, list.name(), |cur| {
                    if cur.null()? {
                        return Ok(());
                    }
                    lists.push((list, spans_of_array(cur)?));
                    Ok(())
                });
            }
            if name == "order_id" {
                return cur.once(&mut seen, 0, "order_id", |cur| {
                    order_id = cur.optional(Cursor::id)?;
                    Ok(())
                });
            }
            cur.skip()
        });
        if let Err(fault) = walked {
            return self.fail(start, end, fault);
        }
        let path_order = self.block.layout.collection.as_ref().map(|(id, _)| id.as_str());
        let order_id = order_id.or(path_order).map(|id| &*self.arena.alloc_str(id));
        for (list, spans) in lists {
            let origin = self.origin(start, end);
            if let Some(order_id) = order_id {
                self.sink.given(order_id, list, origin);
            }
            for (number, (from, to)) in spans.into_iter().enumerate() {
                if let Err(fault) = self.operation(order_id, list, number as u32, from, to) {
                    self.fail(from, to, fault);
                }
            }
        }
    }

    fn operation(
        &mut self,
        order_id: Option<&str>,
        list: EventList,
        number: u32,
        start: usize,
        end: usize,
    ) -> Read<()> {
        let origin = self.origin(start, end);
        if origin.length as u64 > self.options.max_record {
            return Err(Fault::new(RecordTooLarge, start));
        }
        if self.text.as_bytes()[start] != b'{' {
            return Err(Fault::new(NotAnObject, start));
        }
        self.scratch.clear_order();
        let mut cur = self.cursor(start, end);
        let operation = order::operation(&mut cur, &mut self.scratch.ledger, list, 0, origin)?;
        self.checked(start, end)?;
        let order_id = order_id.ok_or_else(|| Fault::new(MissingOrderId, end))?;
        self.scratch.ledger.events.push(operation.event);
        self.sink.operation(order_id, operation.latest, &self.scratch.ledger, number);
        Ok(())
    }

    fn reject(&mut self, start: usize, end: usize, fault: &Fault) {
        let at = self.block.base + fault.at as u64;
        if self.is_text && matches!(fault.reason, Syntax | TruncatedRecord | TrailingData) {
            let detail = format!("the text cannot be read on from byte {at}; fetch the export again");
            return self.sink.refuse(FileFault::new(FileReason::BrokenText, detail));
        }
        let page_list = matches!(fault.reason, DuplicateKey | NullField) && fault.path().is_empty();
        if self.is_text && page_list {
            let detail = format!("the list of the page at byte {at} is null or stands twice");
            return self.sink.refuse(FileFault::new(FileReason::BrokenText, detail));
        }
        self.sink.reject(Rejected {
            origin: self.origin(start, end),
            line: self.line,
            reason: fault.reason,
            path: fault.path(),
            at,
        });
    }
}

/// The value must end where its piece ends.
fn closed(cur: &mut Cursor<'_>, end: usize) -> Read<()> {
    cur.blanks();
    if cur.at() < end { Err(cur.fault(TrailingData)) } else { Ok(()) }
}

/// Where the elements of the array here stand.
fn spans_of_array(cur: &mut Cursor<'_>) -> Read<Vec<(usize, usize)>> {
    let mut spans = Vec::new();
    cur.array(|cur, _| {
        let start = cur.at();
        cur.skip()?;
        spans.push((start, cur.at()));
        Ok(())
    })?;
    Ok(spans)
}

fn stranger(names: Names) -> FileFault {
    if names.is_download_link() {
        return FileFault::from(FileReason::DownloadLink);
    }
    let looks = names.looks_like().unwrap_or("its one JSON value has none of the members that payment data has");
    FileFault::new(FileReason::NotAnExport, looks)
}
