//! Rebuilds ledgers from their frames, so that they are displayed and judged like those of the
//! input.

use std::collections::{BTreeMap, BTreeSet};

use avstem_core::ledger::{Event, Head, Item, Ledger, Span, Split};
use avstem_core::model::card::Kind;
use avstem_core::model::event::{EventKind, EventList};
use avstem_core::model::origin::Origin;
use avstem_core::model::quantity::Quantity;
use avstem_core::model::status::Status;
use avstem_core::provider::Provider;
use avstem_core::provider::active::Active;

use super::column::Column;
use super::read::{Bounds, Selection, Table, TableRows};
use super::schema::{EVENT_ITEMS, EVENTS, LEDGERS, LINES, SPLITS};

pub type DocumentKey = (Kind, String);

/// Reads the selected rows of a file.
pub type ReadRows<'r, E> = &'r dyn Fn(&str, &'static [Column], &Selection<'_>) -> Result<Vec<TableRows>, E>;

/// The rows of some ledgers in all frames.
pub struct LedgerFrames {
    ledgers: Vec<TableRows>,
    events: Vec<TableRows>,
    lines: Vec<TableRows>,
    items: Vec<TableRows>,
    splits: Vec<TableRows>,
}

/// Parses the word of a kind.
pub fn kind(word: &str) -> Option<Kind> {
    Kind::ALL.into_iter().find(|kind| kind.word() == word)
}

pub fn key(table: &Table, row: usize) -> Option<DocumentKey> {
    Some((kind(table.texts("kind").get(row)?)?, table.texts("id").get(row)?.to_owned()))
}

/// Calls `read` with the selection of the rows that belong to `members`.
pub fn of_members<T>(members: &BTreeSet<DocumentKey>, read: impl FnOnce(&Selection<'_>) -> T) -> T {
    let can_be_in = |bounds: &Bounds<'_>| {
        members.iter().any(|(kind, id)| bounds.admit("id", id) && bounds.admit("kind", kind.word()))
    };
    let is_wanted = |table: &Table, row: usize| key(table, row).is_some_and(|key| members.contains(&key));
    read(&Selection { keys: &["kind", "id"], can_be_in: &can_be_in, is_wanted: &is_wanted })
}

/// Source names; a record's file number is an index into them, in order of first occurrence.
#[derive(Default)]
pub struct Sources(Vec<String>);

impl Sources {
    pub fn name(&self, origin: Origin) -> &str {
        self.0.get(origin.file as usize).map_or("?", String::as_str)
    }

    fn origin(&mut self, table: &Table, row: usize) -> Origin {
        let name = table.texts("source").get(row).unwrap_or_default();
        let at = self.0.iter().position(|known| known == name).unwrap_or_else(|| {
            self.0.push(name.to_owned());
            self.0.len() - 1
        });
        let number = |column: &str| table.integers(column).get(row).unwrap_or_default();
        Origin {
            file: at as u32,
            offset: u64::try_from(number("source_offset")).unwrap_or_default(),
            length: u32::try_from(number("length")).unwrap_or_default(),
        }
    }
}

/// The parts of one ledger, before they are placed into its lists.
#[derive(Default)]
struct Parts<'t> {
    /// Events by their position in the timeline.
    events: BTreeMap<i64, Event<'t>>,
    /// Items of events, by position of the event, then by position of the item.
    items: BTreeMap<i64, BTreeMap<i64, Item<'t>>>,
    /// The document's own items by position.
    own: BTreeMap<i64, Item<'t>>,
    shipping: Option<Item<'t>>,
    /// Splits and fee destinations by location.
    splits: BTreeMap<Where, Vec<Split<'t>>>,
    fees: BTreeMap<Where, Vec<&'t str>>,
}

/// The location of splits: an event, an item, an item of an event, or the shipping option.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Where {
    event: Option<i64>,
    item: Option<i64>,
    shipping: bool,
}

impl LedgerFrames {
    /// Reads the rows of `members`, and of transactions whose merchant reference is in
    /// `references`.
    ///
    /// # Errors
    ///
    /// When a frame cannot be read.
    pub fn read<E>(
        read: ReadRows<'_, E>,
        members: &BTreeSet<DocumentKey>,
        references: &BTreeSet<String>,
    ) -> Result<LedgerFrames, E> {
        let mut members = members.clone();
        if !references.is_empty() {
            let wanted = |table: &Table, row: usize| {
                let reference = table.texts("merchant_reference").get(row);
                reference.is_some_and(|reference| references.contains(reference))
            };
            let keys = ["kind", "id", "merchant_reference"];
            let can_be_in =
                |bounds: &Bounds<'_>| references.iter().any(|reference| bounds.admit("merchant_reference", reference));
            let selection = Selection { keys: &keys, can_be_in: &can_be_in, is_wanted: &wanted };
            let rows = read("frames/ledgers.parquet", LEDGERS, &selection)?;
            let keys = each(&rows).filter_map(|(table, row)| key(table, row));
            members.extend(keys.filter(|(kind, _)| *kind == Kind::Transaction));
        }
        let read =
            |file: &str, columns: &'static [Column]| of_members(&members, |selection| read(file, columns, selection));
        Ok(LedgerFrames {
            ledgers: read("frames/ledgers.parquet", LEDGERS)?,
            events: read("frames/events.parquet", EVENTS)?,
            lines: read("frames/lines.parquet", LINES)?,
            items: read("frames/event_items.parquet", EVENT_ITEMS)?,
            splits: read("frames/splits.parquet", SPLITS)?,
        })
    }

    pub fn ledgers(&self, sources: &mut Sources) -> BTreeMap<DocumentKey, Ledger<'_>> {
        let mut parts: BTreeMap<DocumentKey, Parts<'_>> = BTreeMap::new();
        fn of<'a, 't>(
            parts: &'a mut BTreeMap<DocumentKey, Parts<'t>>,
            table: &Table,
            row: usize,
        ) -> Option<&'a mut Parts<'t>> {
            Some(parts.entry(key(table, row)?).or_default())
        }
        for (table, row) in each(&self.events) {
            let seq = table.integers("seq").get(row).unwrap_or_default();
            if let (Some(parts), Some(event)) = (of(&mut parts, table, row), event(table, row, sources)) {
                parts.events.insert(seq, event);
            }
        }
        for (table, row) in each(&self.items) {
            let number = |column: &str| table.integers(column).get(row).unwrap_or_default();
            if let Some(parts) = of(&mut parts, table, row) {
                parts.items.entry(number("seq")).or_default().insert(number("item"), item(table, row));
            }
        }
        for (table, row) in each(&self.lines) {
            let Some(parts) = of(&mut parts, table, row) else { continue };
            let discounts = table.integers("discounts_minor").get(row).map(i128::from);
            let line = Item { gross: table.integers("gross_minor").get(row), discounts, ..item(table, row) };
            match table.integers("item").get(row) {
                Some(at) => drop(parts.own.insert(at, line)),
                None => parts.shipping = Some(line),
            }
        }
        for (table, row) in each(&self.splits) {
            let Some(parts) = of(&mut parts, table, row) else { continue };
            let place = Where {
                event: table.integers("seq").get(row),
                item: table.integers("item").get(row),
                shipping: table.flags("shipping").get(row) == Some(true),
            };
            let destination = table.texts("payout_destination_id").get(row).unwrap_or_default();
            match table.integers("amount_minor").get(row) {
                Some(amount) => parts.splits.entry(place).or_default().push(Split { destination, amount }),
                None => parts.fees.entry(place).or_default().push(destination),
            }
        }
        let mut ledgers = BTreeMap::new();
        for (table, row) in each(&self.ledgers) {
            if let Some(key) = key(table, row) {
                let mut ledger = head(table, row, sources);
                parts.remove(&key).unwrap_or_default().lay_out(&mut ledger);
                ledger.settle();
                ledgers.insert(key, ledger);
            }
        }
        ledgers
    }
}

fn each(tables: &[TableRows]) -> impl Iterator<Item = (&Table, usize)> {
    tables.iter().flat_map(|(table, rows)| rows.iter().map(move |row| (table, *row)))
}

impl<'t> Parts<'t> {
    fn lay_out(mut self, ledger: &mut Ledger<'t>) {
        let own: Vec<(i64, Item<'t>)> = std::mem::take(&mut self.own).into_iter().collect();
        ledger.head.items = self.items_of(None, own, ledger);
        ledger.head.shipping = self.shipping.map(|option| {
            let place = Where { event: None, item: None, shipping: true };
            Item { splits: self.splits_at(place, ledger), fees: self.fees_at(place, ledger), ..option }
        });
        // Events have the order of the document; an order's collections come one after another.
        let mut events: Vec<(i64, Event<'t>)> = std::mem::take(&mut self.events).into_iter().collect();
        events.sort_by_key(|(_, event)| (event.list, event.place));
        for (seq, event) in events {
            let items = self.items.remove(&seq).unwrap_or_default().into_iter().collect();
            let place = Where { event: Some(seq), item: None, shipping: false };
            let (splits, fees) = (self.splits_at(place, ledger), self.fees_at(place, ledger));
            let items = self.items_of(Some(seq), items, ledger);
            ledger.events.push(Event { items, splits, fees, ..event });
        }
    }

    fn items_of(&self, event: Option<i64>, items: Vec<(i64, Item<'t>)>, ledger: &mut Ledger<'t>) -> Span {
        let start = ledger.items.len() as u32;
        for (at, item) in items {
            let place = Where { event, item: Some(at), shipping: false };
            let (splits, fees) = (self.splits_at(place, ledger), self.fees_at(place, ledger));
            ledger.items.push(Item { splits, fees, ..item });
        }
        Span { start, end: ledger.items.len() as u32 }
    }

    fn splits_at(&self, place: Where, ledger: &mut Ledger<'t>) -> Span {
        let start = ledger.splits.len() as u32;
        ledger.splits.extend(self.splits.get(&place).into_iter().flatten());
        Span { start, end: ledger.splits.len() as u32 }
    }

    fn fees_at(&self, place: Where, ledger: &mut Ledger<'t>) -> Span {
        let start = ledger.fees.len() as u32;
        ledger.fees.extend(self.fees.get(&place).into_iter().flatten());
        Span { start, end: ledger.fees.len() as u32 }
    }
}

fn head<'t>(table: &'t Table, row: usize, sources: &mut Sources) -> Ledger<'t> {
    let text = |column: &str| table.texts(column).get(row);
    let flag = |column: &str| table.flags(column).get(row) == Some(true);
    let given = ["authorizations_given", "cancellations_given", "captures_given", "refunds_given"];
    let empty = Head::empty(if text("kind") == Some(Kind::Order.word()) { Kind::Order } else { Kind::Transaction });
    let Head { kind, status, payment_status, words, product, platform, has_seller, items, shipping, cards, .. } = empty;
    let mut ledger = Ledger::new();
    ledger.head = Head {
        conventions: Default::default(),
        kind,
        id: text("id").unwrap_or_default(),
        has_document: flag("has_document"),
        amount: table.integers("amount_minor").get(row),
        gross: table.integers("gross_minor").get(row),
        has_reversed_line: flag("has_reversed_line"),
        currency: text("currency"),
        status_word: text("status"),
        status,
        payment_status,
        words,
        settlement_status: text("settlement_status"),
        product_type: text("payment_product_type"),
        product,
        platform_type: text("platform_type"),
        platform,
        seller: text("payout_destination_id"),
        store_seller: text("store_payout_destination_id"),
        has_seller,
        merchant_reference: text("merchant_reference"),
        merchant_reference_2: text("merchant_reference_2"),
        session_id: text("session_id"),
        created_at: table.times("created_at").get(row),
        given: given.map(flag),
        items,
        shipping,
        cards,
        origin: sources.origin(table, row),
    };
    Active::explain(&mut ledger.head);
    ledger
}

fn event<'t>(table: &'t Table, row: usize, sources: &mut Sources) -> Option<Event<'t>> {
    let text = |column: &str| table.texts(column).get(row);
    let number = |column: &str| table.integers(column).get(row);
    let list = text("list")?;
    let list = EventList::collection_named(list).unwrap_or(EventList::Events);
    let place = u32::try_from(number("place")?).ok()?;
    let kind = EventKind::ALL.into_iter().find(|kind| Some(kind.word()) == text("event"))?;
    let status_word = text("transaction_status");
    // All fields, so that a new one does not compile before it is rebuilt, too.
    Some(Event {
        settlements: Default::default(),
        list,
        place,
        kind,
        word: text("word").unwrap_or_default(),
        success: table.flags("success").get(row),
        stated: number("stated_minor"),
        status_word,
        status: status_word.and_then(Active::status).filter(|status| *status != Status::Unknown),
        time: table.times("time").get(row),
        created_at: None,
        updated_at: table.times("updated_at").get(row),
        version: number("version"),
        id: text("event_id"),
        request_id: text("request_id"),
        correlation_request_id: text("correlation_request_id"),
        authorization_id: text("authorization_id"),
        payment_id: text("payment_id"),
        correction: ["remaining_capture_minor", "remaining_refund_minor", "remaining_void_minor"].map(number),
        items: Span::default(),
        splits: Span::default(),
        fees: Span::default(),
        cards: Span::default(),
        origin: sources.origin(table, row),
        amount: None,
    })
}

fn item<'t>(table: &'t Table, row: usize) -> Item<'t> {
    let quantity = table.texts("quantity").get(row).and_then(|text| Quantity::parse(text).ok());
    Item {
        line: table.texts("line_id").get(row),
        amount: table.integers("amount_minor").get(row),
        quantity,
        gross: None,
        discounts: None,
        splits: Span::default(),
        fees: Span::default(),
        tally: None,
    }
}
