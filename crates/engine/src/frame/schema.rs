//! Column declarations of the normalized frames, and the cells of their rows.

use std::fmt::Write;

use avstem_core::ledger::{Event, Item, Ledger, Step};
use avstem_core::model::card::Kind;
use avstem_core::model::currency;
use avstem_core::model::event::EventKind;
use avstem_core::model::money::{Minor, Sum, minor};
use avstem_core::model::quantity::Quantity;

use super::column::{Column, cell, columns, markdown};
use super::described::KEYS;

/// The provenance of one document.
pub(super) struct DocumentRow<'r> {
    pub kind: Kind,
    pub id: &'r str,
    pub source: Option<&'r str>,
    pub offset: u64,
    pub length: u32,
    pub fate: &'static str,
}

columns! {
    /// Every document of the input, ordered by kind and id; copies in input order.
    pub const DOCUMENTS, pub(super) fn document_cells<'r>(d: DocumentRow<'r>);
    "kind" Text "What the document is: transaction, order, session or settlement." => cell::raw(d.kind.word());
    "id" Text "Its id, as written." => cell::raw(d.id);
    "source" Text "The file it stands in." => cell::id(d.source);
    "source_offset" Integer "The first byte of its record in the decoded file." => cell::count(d.offset);
    "length" Integer "The length of its record in bytes." => cell::integer(i64::from(d.length));
    "outcome" Text "accepted (the kept copy), duplicate (equal to it), or superseded (an older or smaller copy)." => cell::raw(d.fate);
}

pub(super) struct LedgerRow<'r> {
    pub ledger: &'r Ledger<'r>,
    pub source: Option<&'r str>,
    pub derived: Option<&'r str>,
}

impl LedgerRow<'_> {
    fn exact(&self) -> bool {
        let (ledger, now) = (self.ledger, &self.ledger.totals);
        let sums = [ledger.authorized, now.captured, now.refunded, now.released, ledger.open(), ledger.net()];
        sums.into_iter().all(|sum| minor(sum).is_some())
    }

    /// Whether the input has this collection of an order; `None` for transactions.
    fn given(&self, collection: usize) -> Option<bool> {
        self.ledger.is_order().then(|| self.ledger.head.given[collection])
    }
}

columns! {
    /// One row per ledger, ordered by kind and id: the values that its document states, and the
    /// balance derived from its events.
    pub const LEDGERS, pub(super) fn ledger_cells<'r>(l: LedgerRow<'r>);
    "kind" Text "transaction or order." => cell::raw(l.ledger.head.kind.word());
    "id" Text "The ledger's id, as written; with `kind` the key of every frame." => cell::raw(l.ledger.head.id);
    "has_document" Flag "False for an order that only its operations tell of." => cell::flag(l.ledger.head.has_document);
    "has_reversed_line" Flag "Whether an item of an order's document has a gross amount below zero." => cell::flag(l.ledger.head.has_reversed_line);
    "currency" Text "The currency as written." => cell::free(l.ledger.head.currency);
    "exponent" Integer "Decimals of the currency's minor unit; empty where the currency is not one of ISO 4217." => cell::integer(l.ledger.head.currency.and_then(currency::exponent).map(i64::from));
    "amount_minor" Integer "A transaction's amount." => cell::integer(l.ledger.head.amount);
    "gross_minor" Integer "An order's gross amount." => cell::integer(l.ledger.head.gross);
    "authorized_minor" Integer "A: a transaction's amount; an order's effective authorizations." => cell::minor(l.ledger.authorized);
    "captured_minor" Integer "C: effective captures." => cell::minor(l.ledger.totals.captured);
    "refunded_minor" Integer "R: effective refunds." => cell::minor(l.ledger.totals.refunded);
    "released_minor" Integer "V: what effective voids or cancellations released." => cell::minor(l.ledger.totals.released);
    "open_minor" Integer "O = A − C − V, also of a ledger that was never authorised or captured; the balances count that one as not authorised." => cell::minor(l.ledger.open());
    "net_minor" Integer "N = C − R." => cell::minor(l.ledger.net());
    "exact" Flag "False when a sum of this row lies outside 64 bits, and its cell is empty for that reason: sum the events in a wider type." => cell::flag(l.exact());
    "never_authorized" Flag "No effective authorization and nothing captured: declined, failed, only initiated." => cell::flag(l.ledger.never_authorized());
    "status" Text "A transaction's status or an order's payment status, as written." => cell::free(l.ledger.head.status_word);
    "status_derived" Text "The status that the amounts imply; several are joined by ` or `." => cell::raw(l.derived);
    "settlement_status" Text "A transaction's settlement status, as written." => cell::free(l.ledger.head.settlement_status);
    "payment_product_type" Text "The payment product's type, as written." => cell::free(l.ledger.head.product_type);
    "platform_type" Text "The platform's type, as written." => cell::free(l.ledger.head.platform_type);
    "payout_destination_id" Text "The seller that a transaction pays out to." => cell::raw(l.ledger.head.seller);
    "store_payout_destination_id" Text "The seller that a transaction's store names." => cell::raw(l.ledger.head.store_seller);
    "merchant_reference" Text "The merchant's reference; card numbers are masked." => cell::free(l.ledger.head.merchant_reference);
    "merchant_reference_2" Text "The merchant's second reference; card numbers are masked." => cell::free(l.ledger.head.merchant_reference_2);
    "session_id" Text "The session that a transaction names." => cell::raw(l.ledger.head.session_id);
    "authorizations_given" Flag "Whether the input has the order's authorizations, be it an empty list." => cell::flag(l.given(0));
    "cancellations_given" Flag "Whether it has the order's cancellations." => cell::flag(l.given(1));
    "captures_given" Flag "Whether it has the order's captures." => cell::flag(l.given(2));
    "refunds_given" Flag "Whether it has the order's refunds." => cell::flag(l.given(3));
    "created_at" Time "When the document was created." => cell::time(l.ledger.head.created_at);
    "source" Text "The file of the kept document, else of the first operation." => cell::id(l.source);
    "source_offset" Integer "The first byte of that record in the decoded file." => cell::count(l.ledger.head.origin.offset);
    "length" Integer "The length of that record in bytes." => cell::integer(i64::from(l.ledger.head.origin.length));
}

/// One event, with the ledger's totals before and after it.
pub(super) struct EventRow<'r> {
    pub ledger: &'r Ledger<'r>,
    pub event: &'r Event<'r>,
    pub step: &'r Step,
    pub seq: i64,
    pub source: Option<&'r str>,
}

impl EventRow<'_> {
    /// The amount that the event released; `None` if its kind releases nothing or it is
    /// ineffective.
    fn released(&self) -> Option<Sum> {
        let releases = matches!(self.event.kind, EventKind::Void | EventKind::Cancel) && self.event.effective();
        releases.then(|| self.step.after.released - self.step.before.released)
    }

    fn exact(&self) -> bool {
        [self.event.amount, self.released()].into_iter().flatten().all(|sum| minor(sum).is_some())
    }
}

columns! {
    /// One row per event, ordered by ledger and position in the timeline.
    pub const EVENTS, pub(super) fn event_cells<'r>(e: EventRow<'r>);
    "kind" Text "The ledger's kind." => cell::raw(e.ledger.head.kind.word());
    "id" Text "The ledger's id." => cell::raw(e.ledger.head.id);
    "seq" Integer "The event's place in the ledger's timeline, from 0." => cell::integer(e.seq);
    "list" Text "The list of the document it stands in: events, authorizations, cancellations, captures or refunds." => cell::raw(e.event.list.name());
    "place" Integer "Its place in that list, from 0." => cell::integer(i64::from(e.event.place));
    "event" Text "What it does, in one word: authorize, capture, refund, void, cancel, initiate_capture, initiate_refund, initiate_void, initialize, settlement or other." => cell::raw(e.event.kind.word());
    "word" Text "The word as written; empty for operations of orders." => cell::free(e.event.word);
    "success" Flag "What it says of its success; empty where it says nothing." => cell::flag(e.event.success);
    "effective" Flag "Whether it moves money: only a stated failure does not." => cell::flag(e.event.effective());
    "stated_minor" Integer "Its own amount." => cell::integer(e.event.stated);
    "amount_minor" Integer "Its own amount, else the sum of its items when it has any." => cell::minor(e.event.amount);
    "released_minor" Integer "What an effective void or cancellation released: a void what was left, a cancellation its amount." => cell::minor(e.released());
    "exact" Flag "False when an amount of this row lies outside 64 bits, and its cell is empty for that reason: sum its items in a wider type." => cell::flag(e.exact());
    "transaction_status" Text "The state it says the transaction has after it, as written." => cell::free(e.event.status_word);
    "time" Time "When it happened." => cell::time(e.event.time);
    "updated_at" Time "When an order's operation was last changed." => cell::time(e.event.updated_at);
    "version" Integer "The version of an order's operation." => cell::integer(e.event.version);
    "event_id" Text "The event's own id." => cell::raw(e.event.id);
    "request_id" Text "The id of the request behind it." => cell::raw(e.event.request_id);
    "correlation_request_id" Text "The request it completes." => cell::raw(e.event.correlation_request_id);
    "authorization_id" Text "The authorization that an order's operation belongs to." => cell::raw(e.event.authorization_id);
    "payment_id" Text "The transaction that an order's operation names." => cell::raw(e.event.payment_id);
    "remaining_capture_minor" Integer "What its correction says remains to capture." => cell::integer(e.event.correction[0]);
    "remaining_refund_minor" Integer "What its correction says remains to refund." => cell::integer(e.event.correction[1]);
    "remaining_void_minor" Integer "What its correction says remains to void." => cell::integer(e.event.correction[2]);
    "source" Text "The file that holds it." => cell::id(e.source);
    "source_offset" Integer "The first byte of its record in the decoded file." => cell::count(e.event.origin.offset);
    "length" Integer "The length of its record in bytes." => cell::integer(i64::from(e.event.origin.length));
}

/// One item of a transaction, or its shipping option.
pub(super) struct LineRow<'r> {
    pub ledger: &'r Ledger<'r>,
    pub item: &'r Item<'r>,
    /// Its position; `None` for the shipping option.
    pub number: Option<i64>,
}

columns! {
    /// One row per item of a transaction's document, the shipping option last. The lines of an
    /// order are the items of its authorizations, in the frame of event items.
    pub const LINES, pub(super) fn line_cells<'r>(l: LineRow<'r>);
    "kind" Text "The ledger's kind." => cell::raw(l.ledger.head.kind.word());
    "id" Text "The ledger's id." => cell::raw(l.ledger.head.id);
    "item" Integer "The item's place in the document, from 0; empty for the shipping option." => cell::integer(l.number);
    "shipping" Flag "Whether it is the shipping option." => cell::flag(l.number.is_none());
    "line_id" Text "The line it belongs to; items that share it are one line." => cell::raw(l.item.line);
    "counted" Flag "Whether it counts in the amount of that line: a shipping option does not when an item carries its line, or when it has no amount." => cell::flag(l.item.tally.is_some());
    "amount_minor" Integer "Its amount." => cell::integer(l.item.amount);
    "quantity" Text "How many, as a plain decimal." => cell::made(l.item.quantity.map(Quantity::display));
    "gross_minor" Integer "Its amount before discounts." => cell::integer(l.item.gross);
    "discounts_minor" Integer "The sum of its discounts; empty without any, or outside 64 bits." => cell::minor(l.item.discounts);
}

pub(super) struct ItemRow<'r> {
    pub ledger: &'r Ledger<'r>,
    pub event: &'r Event<'r>,
    pub seq: i64,
    pub item: &'r Item<'r>,
    pub number: i64,
}

columns! {
    /// One row per item of an event, ordered by ledger, event and position.
    pub const EVENT_ITEMS, pub(super) fn item_cells<'r>(i: ItemRow<'r>);
    "kind" Text "The ledger's kind." => cell::raw(i.ledger.head.kind.word());
    "id" Text "The ledger's id." => cell::raw(i.ledger.head.id);
    "seq" Integer "The event's place in the timeline." => cell::integer(i.seq);
    "event" Text "What the event does." => cell::raw(i.event.kind.word());
    "effective" Flag "Whether the event moves money." => cell::flag(i.event.effective());
    "item" Integer "The item's place in the event, from 0." => cell::integer(i.number);
    "line_id" Text "The line it moves." => cell::raw(i.item.line);
    "amount_minor" Integer "Its amount." => cell::integer(i.item.amount);
    "quantity" Text "How many, as a plain decimal." => cell::made(i.item.quantity.map(Quantity::display));
}

/// An amount for one payout destination, or a destination that a fee is charged to.
pub(super) struct SplitRow<'r> {
    pub ledger: &'r Ledger<'r>,
    /// The event and its position in the timeline; `None` for splits of the document itself.
    pub event: Option<(&'r Event<'r>, i64)>,
    /// The position of the item; `None` for splits of an event or of the shipping option.
    pub item: Option<i64>,
    pub shipping: bool,
    pub destination: &'r str,
    /// `None` for a fee.
    pub amount: Option<Minor>,
    pub counted: bool,
}

columns! {
    /// One row per split or fee destination, ordered by ledger: first those of events in timeline
    /// order, then those of a transaction's own items, the shipping option last.
    pub const SPLITS, pub(super) fn split_cells<'r>(s: SplitRow<'r>);
    "kind" Text "The ledger's kind." => cell::raw(s.ledger.head.kind.word());
    "id" Text "The ledger's id." => cell::raw(s.ledger.head.id);
    "seq" Integer "The event's place in the timeline; empty for an item of the document itself." => cell::integer(s.event.map(|(_, seq)| seq));
    "event" Text "What the event does." => cell::raw(s.event.map(|(event, _)| event.kind.word()));
    "effective" Flag "Whether the event moves money." => cell::flag(s.event.map(|(event, _)| event.effective()));
    "item" Integer "The item's place, from 0; empty for an event's own splits and for the shipping option." => cell::integer(s.item);
    "shipping" Flag "Whether it stands in the shipping option." => cell::flag(s.shipping);
    "role" Text "share, or fee: who gets a part, or from whom the fee is taken." => cell::raw(if s.amount.is_some() { "share" } else { "fee" });
    "payout_destination_id" Text "The destination." => cell::raw(s.destination);
    "amount_minor" Integer "The share; empty for a fee." => cell::integer(s.amount);
    "counted" Flag "Whether it counts among the event's splits: an event's own count, and only where it has none those of its items." => cell::flag(s.counted);
}

pub(super) struct LinkedPair<'r> {
    pub left: (Kind, &'r str),
    pub right: (Kind, &'r str),
    pub by: &'r str,
}

columns! {
    /// One row per pair of linked documents.
    pub const LINKS, pub(super) fn link_cells<'r>(l: LinkedPair<'r>);
    "left_kind" Text "The kind of the document that names the other." => cell::raw(l.left.0.word());
    "left_id" Text "Its id." => cell::raw(l.left.1);
    "right_kind" Text "The kind of the document named." => cell::raw(l.right.0.word());
    "right_id" Text "Its id." => cell::raw(l.right.1);
    "by" Text "The field that names it." => cell::raw(l.by);
}

/// File name, columns and description of each frame.
pub const FRAMES: [(&str, &[Column], &str); 7] = [
    (
        "frames/documents.parquet",
        DOCUMENTS,
        "One row a document of the input, duplicates and superseded copies included, by kind and id.",
    ),
    (
        "frames/ledgers.parquet",
        LEDGERS,
        "One row a ledger, by kind and id: what its document states, and the balance that follows from its events.",
    ),
    ("frames/events.parquet", EVENTS, "One row an event, by ledger, then by its place in the timeline."),
    (
        "frames/lines.parquet",
        LINES,
        "One row an item of a transaction, the shipping option last. An order's lines are the items of its authorizations: see event items.",
    ),
    ("frames/event_items.parquet", EVENT_ITEMS, "One row an item of an event, by ledger, event and place."),
    (
        "frames/splits.parquet",
        SPLITS,
        "One row a split or a destination of a fee, by ledger: those of events by their places in the timeline, then those of the document's own items.",
    ),
    ("frames/links.parquet", LINKS, "One row a pair of linked documents."),
];

const INTRODUCTION: &str = "\
# The frames

`avstem check --frames` and `avstem normalize` write the input as columnar tables that any engine reads: amounts are \
INT64 minor units, times are microseconds by UTC, ids are texts as they were written. All cells may be empty (null). \
Names, addresses, card numbers and gift cards are not in them; references and other free text have card numbers masked \
and invisible characters escaped.

Every balance follows from the events:

```sql
SELECT l.kind, l.id,
       CASE l.kind WHEN 'transaction' THEN any_value(l.amount_minor)
                   ELSE sum(e.amount_minor) FILTER (e.effective AND e.event = 'authorize') END AS authorized,
       sum(e.amount_minor) FILTER (e.effective AND e.event = 'capture') AS captured,
       sum(e.amount_minor) FILTER (e.effective AND e.event = 'refund') AS refunded,
       sum(e.released_minor) AS released
FROM 'frames/ledgers.parquet' l LEFT JOIN 'frames/events.parquet' e USING (kind, id)
GROUP BY l.kind, l.id
```

An amount as stated always fits; a sum that lies outside 64 bits leaves its cell empty, and `exact` is false in its row.

## In the footer

The footer of each Parquet file of a run, balances and exceptions included, has these keys:

";

const LAYOUT: &str = "
Each row group has the least and the greatest value of each column, so that a filter by id reads few of them; texts of \
more than 256 bytes are left out. Texts compare by their bytes. `sorting_columns` is there for row groups whose rows \
ascend by the key columns; kinds have the order transaction, order, session, settlement, so a row group with several \
kinds has none. Each page has a CRC-32. There is no page index: a column of a row group is one page.

Read integers and times with anything but fastparquet (seen in 2026.9.0): it returns other numbers, without an error, \
where a writer delta-packed them (`DELTA_BINARY_PACKED`) with differences of 28 bits or more, also from files that Arrow \
wrote. DuckDB, polars and pyarrow read them rightly, and texts that are written as `DELTA_BYTE_ARRAY`.
";

pub fn frames_markdown() -> String {
    let mut out = String::from(INTRODUCTION);
    // Writing to a String cannot fail.
    let _ = write!(out, "| key | value |\n|---|---|\n");
    for (key, what) in KEYS {
        let _ = writeln!(out, "| `{key}` | {what} |");
    }
    out.push_str(LAYOUT);
    for (file, columns, what) in FRAMES {
        let _ = write!(out, "\n## {file}\n\n{what}\n\n{}", markdown(columns));
    }
    out
}
