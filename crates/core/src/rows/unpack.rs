//! Unpacks rows into ledgers, sessions and settlements.

use super::account::{skip_precheck, skip_session};
use super::fields::{
    unpack_correlations, unpack_entries, unpack_event, unpack_head, unpack_operation, unpack_session, unpack_settlement,
};
use super::row::{Row, RowKind};
use super::unpacker::Unpacker;
use crate::ledger::{Event, Head, Ledger, Session, Settlement};
use crate::model::card::Kind;
use crate::model::event::EventList;
use crate::model::instant::Instant;
use crate::model::origin::Origin;
use crate::model::status::Status;
use crate::provider::Provider;
use crate::provider::active::Active;

/// Unpacks a transaction's row; the caller must then call [`Ledger::settle`].
pub fn transaction<'p>(row: &Row<'p>, ledger: &mut Ledger<'p>) {
    ledger.clear(Kind::Transaction);
    let mut values = Unpacker::new(row.body);
    skip_session(&mut values);
    let [entries, correlations] = skip_precheck(&mut values);
    head(&mut values, ledger, row);
    for place in 0..values.count() {
        let mut event = Event::empty(EventList::Events, place as u32, row.origin);
        unpack_event(&mut values, ledger, &mut event);
        event.kind = Active::event(event.word);
        event.status = event.status_word.and_then(Active::status).filter(|s| *s != Status::Unknown);
        ledger.events.push(event);
    }
    if !entries.is_empty() {
        unpack_entries(entries, ledger);
    }
    if !correlations.is_empty() {
        unpack_correlations(correlations, ledger);
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
        unpack_operation(&mut values, ledger, &mut event);
        assert!(values.rest().is_empty(), "an operation's row holds more than it should");
        ledger.events.push(event);
    }
}

/// Unpacks the session of a row, embedded or not.
pub fn session<'p>(row: &Row<'p>, session: &mut Session<'p>) {
    let mut values = Unpacker::new(row.body);
    session.id = row.id;
    session.origin = row.origin;
    unpack_session(&mut values, &mut Ledger::new(), session);
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
    unpack_settlement(&mut values, &mut Ledger::new(), settlement);
    (0..).zip(&mut settlement.lines).for_each(|(place, line)| line.place = place);
    assert!(values.rest().is_empty(), "a settlement's row holds more than it should");
}

fn head<'p>(values: &mut Unpacker<'p>, ledger: &mut Ledger<'p>, row: &Row<'p>) {
    let front = Head { id: row.id, has_document: true, origin: row.origin, ..Head::empty(row.kind.class()) };
    unpack_head(values, ledger, front);
    Active::explain(&mut ledger.head);
}
