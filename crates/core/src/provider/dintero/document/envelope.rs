//! Envelopes around records: arrays, pages, drafts, and collections of an order's operations. Each
//! element is a record of its own, so a defect in one does not affect the others.

use super::names::Name;
use super::order::collection_named;
use super::read::{BlockReader, closed};
use super::shape::{Marks, Shape, is_page_list};
use super::{Cursor, order};
use crate::document::EnvelopeNames;
use crate::document::cursor::Seen;
use crate::document::fault::{Fault, Read};
use crate::document::names::MemberName;
use crate::document::sniff::grammar;
use crate::model::event::EventList;
use crate::model::limits::MAX_DEPTH;
use crate::model::reject::RecordReason::*;
use crate::model::reject::{FileFault, FileReason};

pub(in crate::provider::dintero) static NAMES: EnvelopeNames = EnvelopeNames {
    lists: &["transactions", "orders", "sessions", "settlements", "payouts", "items"],
    other_lists: &["draft_orders", "authorizations", "captures", "refunds", "cancellations"],
    paging: &[
        "last_evaluated_key",
        "starting_after",
        "next_page_token",
        "page_token",
        "limit",
        "count",
        "total",
        "cursor",
        "tryLater",
        "pagination",
    ],
    owner: "order_id",
};

/// The byte ranges of a list's elements.
type Spans = Vec<(usize, usize)>;

/// An envelope of operations: its order id, and the ranges of its lists' elements.
type Operations<'b> = (Option<&'b str>, Vec<(EventList, Spans)>);

impl<'b> BlockReader<'b, '_> {
    /// Reads the elements of an array.
    pub(super) fn elements(&mut self, start: usize, end: usize) {
        if self.levels >= MAX_DEPTH {
            return self.reject(start, end, &Fault::new(NestingTooDeep, start));
        }
        let mut cur = self.cursor(start, end);
        match spans_of_array(&mut cur).and_then(|spans| closed(&mut cur, end).map(|()| spans)) {
            Ok(spans) => self.each(spans, Self::piece),
            Err(fault) => self.reject(start, end, &fault),
        }
    }

    fn each(&mut self, spans: Spans, read: fn(&mut Self, usize, usize)) {
        self.levels += 1;
        spans.into_iter().for_each(|(from, to)| read(self, from, to));
        self.levels -= 1;
    }

    /// Reads the elements of a page's list.
    pub(super) fn page(&mut self, start: usize, end: usize, names: Marks, shape: Shape) {
        if let Err(fault) = self.grammar(start, end) {
            return self.reject(start, end, &fault);
        }
        if self.levels >= MAX_DEPTH {
            return self.reject(start, end, &Fault::new(NestingTooDeep, start));
        }
        let wanted = names.page_list();
        let (mut spans, mut seen) = (Spans::new(), Seen::default());
        let walked = self.cursor(start, end).object(|cur, name| {
            if !is_page_list(name) || wanted.is_some_and(|wanted| wanted != name) {
                return cur.skip();
            }
            if seen.has_other_than(name) {
                return Err(cur.fault(DuplicateKey).within(name.text()));
            }
            cur.once(&mut seen, name, |cur| {
                let at = cur.at();
                if cur.null()? {
                    return Err(Fault::new(NullField, at));
                }
                spans = spans_of_array(cur)?;
                Ok(())
            })
        });
        let is_list = |name| wanted.map_or(is_page_list(name), |wanted| wanted == name);
        match self.with_own_text(start, end, is_list, walked) {
            Err(fault) => self.broken_list(start, end, &fault),
            Ok(()) if shape == Shape::Drafts => self.each(spans, Self::draft),
            Ok(()) => self.each(spans, Self::piece),
        }
    }

    /// Checks the whole grammar of an envelope, when strict.
    fn grammar(&self, start: usize, end: usize) -> Read<()> {
        if self.options.strict { grammar(&self.text[start..end], start) } else { Ok(()) }
    }

    /// Returns `read`, or a fault for invalid UTF-8 outside the list elements if that comes first.
    /// The elements are records and are checked as such.
    fn with_own_text<T>(&self, start: usize, end: usize, is_list: impl Fn(Name) -> bool, read: Read<T>) -> Read<T> {
        if self.first_invalid(start, end).is_none() {
            return read;
        }
        match self.own_invalid(start, end, is_list) {
            Some(at) if read.as_ref().err().is_none_or(|fault| at < fault.at) => Err(Fault::new(InvalidUtf8, at)),
            _ => read,
        }
    }

    #[cold]
    fn own_invalid(&self, start: usize, end: usize, is_list: impl Fn(Name) -> bool) -> Option<usize> {
        let mut elements = Spans::new();
        let walked = self.cursor(start, end).object(|cur, name| {
            if is_list(name) && cur.peek() == b'[' { note_elements(cur, &mut elements) } else { cur.skip() }
        });
        // After the fault that stopped the walk, this defect is not the first.
        let end = walked.map_or_else(|fault| fault.at, |()| end);
        elements.push((end, end));
        let mut from = start;
        elements.into_iter().find_map(|(first, last)| self.first_invalid(std::mem::replace(&mut from, last), first))
    }

    /// Reports a list that is null or duplicated, or invalid UTF-8 beside it: in a text, the whole
    /// file is refused.
    fn broken_list(&mut self, start: usize, end: usize, fault: &Fault) {
        let what = match fault.reason {
            DuplicateKey | NullField => "a list is null or stands twice",
            InvalidUtf8 => "what stands beside a list is no UTF-8",
            _ => return self.reject(start, end, fault),
        };
        if self.is_text {
            let detail = format!("{what} at byte {}", self.block.base + fault.at as u64);
            return self.sink.refuse(FileFault::new(FileReason::BrokenText, detail));
        }
        self.reject(start, end, fault);
    }

    /// Reads an envelope over the record limit: its elements are the records, and the limit applies
    /// to them.
    pub(super) fn large(&mut self, start: usize, end: usize) {
        let mut names = Marks::default();
        if self.outline(start, end, &mut names).is_ok() {
            match names.shape(self.block.layout.collection.is_some()) {
                shape @ (Shape::Page | Shape::Drafts) => return self.page(start, end, names, shape),
                Shape::Collections => return self.collections(start, end),
                _ => {}
            }
        }
        self.reject(start, end, &Fault::new(RecordTooLarge, start));
    }

    /// An element of `draft_orders`: the order inside it is the record.
    fn draft(&mut self, start: usize, end: usize) {
        if self.text.as_bytes()[start] != b'{' {
            return self.reject(start, end, &Fault::new(NotAnObject, start));
        }
        let (mut inner, mut seen) = (None, Seen::default());
        let walked = self.cursor(start, end).object(|cur, name| {
            if name != Name::Order {
                return cur.skip();
            }
            cur.once(&mut seen, Name::Order, |cur| {
                let at = cur.at();
                cur.required(Cursor::skip_record)?;
                inner = Some((at, cur.at()));
                Ok(())
            })
        });
        match (walked, inner) {
            (Err(fault), _) => self.fail(start, end, fault),
            (Ok(()), Some((from, to))) => match self.first_invalid(start, from).or(self.first_invalid(to, end)) {
                Some(at) => self.reject(start, end, &Fault::new(InvalidUtf8, at)),
                None => self.piece(from, to),
            },
            (Ok(()), None) => self.reject(start, end, &Fault::new(MissingField, end).within("order")),
        }
    }

    /// An envelope of operations: each element of its lists is a record.
    pub(super) fn collections(&mut self, start: usize, end: usize) {
        if let Err(fault) = self.grammar(start, end) {
            return self.reject(start, end, &fault);
        }
        let read = self.lists_of_operations(start, end);
        let is_list = |name| collection_named(name).is_some();
        let (order_id, lists) = match self.with_own_text(start, end, is_list, read) {
            Ok(read) => read,
            // A defect of the envelope's own `order_id` is handled like one of a record.
            Err(fault) if fault.path() == "order_id" => return self.fail(start, end, fault),
            Err(fault) => return self.broken_list(start, end, &fault),
        };
        let path_order = self.block.layout.collection.as_ref().map(|(id, _)| id.as_str());
        let order_id = order_id.or(path_order).map(|id| &*self.tools.arena.alloc_str(id));
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

    fn lists_of_operations(&self, start: usize, end: usize) -> Read<Operations<'b>> {
        let mut order_id = None;
        let mut lists = Vec::new();
        let mut seen = Seen::default();
        self.cursor(start, end).object(|cur, name| {
            if let Some(list) = collection_named(name) {
                return cur.once(&mut seen, name, |cur| {
                    if !cur.null()? {
                        lists.push((list, spans_of_array(cur)?));
                    }
                    Ok(())
                });
            }
            if name != Name::OrderId {
                return cur.skip();
            }
            cur.once(&mut seen, Name::OrderId, |cur| {
                order_id = cur.optional(Cursor::id)?;
                Ok(())
            })
        })?;
        Ok((order_id, lists))
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
        if (end - start) as u64 > self.options.max_record {
            return Err(Fault::new(RecordTooLarge, start));
        }
        if self.text.as_bytes()[start] != b'{' {
            return Err(Fault::new(NotAnObject, start));
        }
        self.scratch.clear_order();
        let mut cur = self.cursor(start, end);
        let mut read = order::operation(&mut cur, &mut self.scratch.ledger, list, 0, origin);
        if let Err(fault) = &read
            && fault.reason == MissingField
        {
            let mut cur = self.cursor(start, end).forgiving();
            read = order::operation(&mut cur, &mut self.scratch.ledger, list, 0, origin).and(read);
        }
        let operation = read?;
        self.checked(start, end)?;
        let order_id = order_id.ok_or_else(|| Fault::new(MissingOrderId, end))?;
        self.scratch.ledger.events.push(operation.event);
        self.sink.operation(order_id, operation.latest, &self.scratch.ledger, number);
        Ok(())
    }
}

fn spans_of_array(cur: &mut Cursor<'_>) -> Read<Spans> {
    let mut spans = Vec::new();
    note_elements(cur, &mut spans)?;
    Ok(spans)
}

/// Notes the ranges of the array's elements, up to the first defect.
fn note_elements(cur: &mut Cursor<'_>, spans: &mut Spans) -> Read<()> {
    cur.array(|cur, _| {
        let start = cur.at();
        cur.skip_record()?;
        spans.push((start, cur.at()));
        Ok(())
    })
    // The path within a record must not hold the element's index in the list.
    .map_err(|fault| Fault::new(fault.reason, fault.at))
}
