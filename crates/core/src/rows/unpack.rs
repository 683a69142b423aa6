//! Unpacks rows into ledgers, sessions and settlements.

use super::account::{read_names, skip_precheck, skip_session};
use super::row::{Row, RowKind};
use super::unpacker::Unpacker;
use crate::ledger::{
    Event, GiftCard, Head, Item, Ledger, Session, Settlement, SettlementAmounts, SettlementLine, Span, Split,
};
use crate::model::card::Kind;
use crate::model::event::EventList;
use crate::model::instant::Instant;
use crate::model::money::Sum;
use crate::model::origin::Origin;
use crate::model::quantity::Quantity;
use crate::model::status::Status;
use crate::provider::Provider;
use crate::provider::active::Active;

/// Unpacks a transaction's row; the caller must then call [`Ledger::settle`].
pub fn transaction<'p>(row: &Row<'p>, ledger: &mut Ledger<'p>) {
    ledger.clear(Kind::Transaction);
    let mut values = Unpacker::new(row.body);
    skip_session(&mut values);
    skip_precheck(&mut values);
    head(&mut values, ledger, row);
    for place in 0..values.count() {
        let event = event(&mut values, ledger, place as u32, row.origin);
        ledger.events.push(event);
    }
    assert!(values.rest().is_empty(), "a transaction's row holds more than it should");
}

/// The session embedded in a transaction's row, as a row of its own.
pub fn embedded_session<'p>(row: &Row<'p>) -> Option<Row<'p>> {
    let mut values = Unpacker::new(row.body);
    if values.byte() == 0 {
        return None;
    }
    let mut values = Unpacker::new(values.bytes());
    Some(Row {
        kind: RowKind::EmbeddedSession,
        id: values.text(),
        origin: row.origin,
        updated_at: values.opt_instant(),
        version: values.opt_signed(),
        weight: values.number() as u32,
        body: values.rest(),
    })
}

/// Unpacks the head of an order's row, without its operations.
pub fn order<'p>(row: &Row<'p>, ledger: &mut Ledger<'p>) {
    ledger.clear(Kind::Order);
    head(&mut Unpacker::new(row.body), ledger, row);
}

/// An operation with the fields that distinguish copies; the rest stays packed.
#[derive(Clone, Copy, Debug)]
pub struct OperationRow<'p> {
    pub list: EventList,
    pub id: Option<&'p str>,
    pub updated_at: Option<Instant>,
    pub version: Option<i64>,
    /// The record that holds it.
    pub origin: Origin,
    /// The packed operation.
    pub bytes: &'p [u8],
}

fn operation_row<'p>(list: u8, bytes: &'p [u8], origin: Origin) -> OperationRow<'p> {
    let list = EventList::from_code(list).expect("a collection in a row is one of ours");
    let mut values = Unpacker::new(bytes);
    OperationRow {
        list,
        id: values.opt_text(),
        updated_at: values.opt_instant(),
        version: values.opt_signed(),
        origin,
        bytes,
    }
}

/// The operation of a [`RowKind::Operation`] row.
pub fn operation_of<'p>(row: &Row<'p>) -> OperationRow<'p> {
    operation_row(row.body[0], &row.body[1..], row.origin)
}

/// The operations in an order's own collections, in document order.
pub fn order_operations<'p>(row: &Row<'p>) -> Vec<OperationRow<'p>> {
    let mut values = Unpacker::new(row.body);
    let mut head_only = Ledger::new();
    head(&mut values, &mut head_only, row);
    let mut operations = Vec::new();
    while !values.rest().is_empty() {
        let list = values.byte();
        operations.push(operation_row(list, values.bytes(), row.origin));
    }
    operations
}

impl<'p> OperationRow<'p> {
    /// Adds the operation to an order's ledger; `place` is its index in the merged collection.
    pub fn unpack(&self, ledger: &mut Ledger<'p>, place: u32) {
        let mut values = Unpacker::new(self.bytes);
        let mut event = Event::empty(self.list, place, self.origin);
        event.id = values.opt_text();
        event.updated_at = values.opt_instant();
        event.version = values.opt_signed();
        event.success = success(values.byte());
        event.stated = values.opt_signed();
        event.time = values.opt_instant();
        event.created_at = values.opt_instant();
        event.authorization_id = values.opt_text();
        event.payment_id = values.opt_text();
        event.items = items(&mut values, ledger);
        assert!(values.rest().is_empty(), "an operation's row holds more than it should");
        ledger.events.push(event);
    }
}

/// Unpacks the session of a row, embedded or not.
pub fn session<'p>(row: &Row<'p>, session: &mut Session<'p>) {
    let mut values = Unpacker::new(row.body);
    session.id = row.id;
    session.origin = row.origin;
    session.transaction_id = values.opt_text();
    session.amount = values.signed();
    session.currency = values.opt_text();
    session.partial_payment = values.byte() == 1;
    session.merchant_reference = values.opt_text();
    session.merchant_reference_2 = values.opt_text();
    session.cancelled_at = values.opt_instant();
    session.created_at = values.opt_instant();
    let mut parts = Ledger::new();
    session.items.clear();
    for _ in 0..values.count() {
        session.items.push(item(&mut values, &mut parts));
    }
    session.shipping = (values.byte() == 1).then(|| item(&mut values, &mut parts));
    let is_embedded = matches!(row.kind, RowKind::EmbeddedSession | RowKind::FormerSession);
    assert!(values.rest().is_empty() != is_embedded, "only behind an embedded session stands its transaction");
}

/// The packed id and copy state of the transaction that embeds a session, which follow the session.
pub fn embedding<'p>(row: &Row<'p>) -> &'p [u8] {
    let body = Unpacker::new(row.body).rest();
    let (rest, length) = body.split_last_chunk::<4>().expect("an embedded session's row ends in a length");
    &rest[rest.len() - u32::from_le_bytes(*length) as usize..]
}

pub fn settlement<'p>(row: &Row<'p>, settlement: &mut Settlement<'p>) {
    let mut values = Unpacker::new(row.body);
    settlement.id = row.id;
    settlement.origin = row.origin;
    settlement.conventions = Active::CONVENTIONS;
    settlement.is_report = row.kind == RowKind::Settlement;
    settlement.created_at = values.opt_instant();
    settlement.amounts.clear();
    settlement.lines.clear();
    for _ in 0..values.count() {
        settlement.amounts.push(SettlementAmounts {
            currency: values.opt_text(),
            amount: values.opt_signed(),
            capture: values.opt_signed(),
            refund: values.opt_signed(),
            fee: values.opt_signed(),
        });
    }
    for place in 0..values.count() {
        settlement.lines.push(SettlementLine {
            place: place as u32,
            transaction_id: values.opt_text(),
            capture: values.opt_signed(),
            refund: values.opt_signed(),
            fee: values.opt_signed(),
            net: values.opt_signed(),
        });
    }
    assert!(values.rest().is_empty(), "a settlement's row holds more than it should");
}

fn head<'p>(values: &mut Unpacker<'p>, ledger: &mut Ledger<'p>, row: &Row<'p>) {
    let amount = values.opt_signed();
    let names = read_names(values);
    let gross = values.opt_signed();
    let flags = values.byte();
    ledger.head = Head {
        id: row.id,
        has_document: true,
        amount,
        gross,
        has_reversed_line: flags & 1 == 1,
        given: [4, 3, 2, 1].map(|bit| flags >> bit & 1 == 1),
        currency: names.currency,
        status_word: names.status,
        settlement_status: names.settlement_status,
        product_type: names.product_type,
        platform_type: values.opt_text(),
        seller: values.opt_text(),
        store_seller: values.opt_text(),
        merchant_reference: names.merchant_reference,
        merchant_reference_2: names.merchant_reference_2,
        session_id: names.session_id,
        created_at: names.created_at,
        origin: row.origin,
        ..Head::empty(row.kind.class())
    };
    Active::explain(&mut ledger.head);
    ledger.head.items = items(values, ledger);
    ledger.head.shipping = (values.byte() == 1).then(|| item(values, ledger));
    ledger.head.cards = cards(values, ledger);
}

fn items<'p>(values: &mut Unpacker<'p>, ledger: &mut Ledger<'p>) -> Span {
    let start = ledger.items.len() as u32;
    for _ in 0..values.count() {
        let item = item(values, ledger);
        ledger.items.push(item);
    }
    Span { start, end: ledger.items.len() as u32 }
}

fn item<'p>(values: &mut Unpacker<'p>, ledger: &mut Ledger<'p>) -> Item<'p> {
    let plain = values.byte() == 0;
    let mut item = Item { line: values.opt_text(), amount: values.opt_signed(), ..Item::default() };
    if !plain {
        let mut opt_sum = || -> Option<Sum> { (values.byte() == 1).then(|| values.sum()) };
        item.quantity = opt_sum().map(Quantity);
        item.discounts = opt_sum();
        item.gross = values.opt_signed();
        item.splits = splits(values, ledger);
        item.fees = fees(values, ledger);
    }
    item
}

fn splits<'p>(values: &mut Unpacker<'p>, ledger: &mut Ledger<'p>) -> Span {
    let start = ledger.splits.len() as u32;
    for _ in 0..values.count() {
        ledger.splits.push(Split { destination: values.text(), amount: values.signed() });
    }
    Span { start, end: ledger.splits.len() as u32 }
}

fn fees<'p>(values: &mut Unpacker<'p>, ledger: &mut Ledger<'p>) -> Span {
    let start = ledger.fees.len() as u32;
    for _ in 0..values.count() {
        ledger.fees.push(values.text());
    }
    Span { start, end: ledger.fees.len() as u32 }
}

fn cards<'p>(values: &mut Unpacker<'p>, ledger: &mut Ledger<'p>) -> Span {
    let start = ledger.cards.len() as u32;
    for _ in 0..values.count() {
        ledger.cards.push(GiftCard { card: values.opt_text(), amount: values.opt_signed() });
    }
    Span { start, end: ledger.cards.len() as u32 }
}

fn success(code: u8) -> Option<bool> {
    match code {
        0 => None,
        code => Some(code == 2),
    }
}

fn event<'p>(values: &mut Unpacker<'p>, ledger: &mut Ledger<'p>, place: u32, origin: Origin) -> Event<'p> {
    let mut event = Event::empty(EventList::Events, place, origin);
    event.word = values.word(Active::FREQUENT.events).unwrap_or_default();
    event.kind = Active::event(event.word);
    let flags = values.byte();
    event.success = success(flags >> 1);
    event.stated = values.opt_signed();
    event.status_word = values.word(Active::FREQUENT.statuses);
    event.status = event.status_word.and_then(Active::status).filter(|s| *s != Status::Unknown);
    event.time = values.opt_instant();
    event.id = values.opt_text();
    event.items = items(values, ledger);
    if flags & 1 == 1 {
        event.request_id = values.opt_text();
        event.correlation_request_id = values.opt_text();
        event.correction = [values.opt_signed(), values.opt_signed(), values.opt_signed()];
        event.splits = splits(values, ledger);
        event.fees = fees(values, ledger);
        event.cards = cards(values, ledger);
    }
    event
}
