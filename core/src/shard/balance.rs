//! The account of one ledger as a row, and such rows as bytes.

use crate::ledger::{Ledger, Settlement};
use crate::model::card::{Kind, Severity};
use crate::model::event::EventKind;
use crate::model::instant::Instant;
use crate::model::money::Sum;
use crate::model::origin::Origin;
use crate::normalize::{Unpacker, Wire};

/// The account of one ledger as a row.
#[derive(Clone, Copy, Debug)]
pub struct Balance<'a> {
    /// Transaction, order, or settlement.
    pub kind: Kind,
    /// The ledger's id.
    pub id: &'a str,
    /// The order.
    pub order_id: Option<&'a str>,
    /// The transaction.
    pub transaction_id: Option<&'a str>,
    /// The session.
    pub session_id: Option<&'a str>,
    /// The merchant's reference.
    pub merchant_reference: Option<&'a str>,
    /// The merchant's second reference.
    pub merchant_reference_2: Option<&'a str>,
    /// The payment product's type.
    pub payment_product_type: Option<&'a str>,
    /// The currency as written.
    pub currency: Option<&'a str>,
    /// A.
    pub authorized: Option<Sum>,
    /// C.
    pub captured: Sum,
    /// R.
    pub refunded: Sum,
    /// V.
    pub released: Option<Sum>,
    /// O.
    pub open: Option<Sum>,
    /// N.
    pub net: Sum,
    /// How many events, effective or not.
    pub events: u64,
    /// The sum of the ledger's lines, where it has any.
    pub lines: Option<Sum>,
    /// Splits of effective captures, where there are any.
    pub split_captured: Option<Sum>,
    /// Splits of effective refunds, where there are any.
    pub split_refunded: Option<Sum>,
    /// The status as written.
    pub status: Option<&'a str>,
    /// The status that the totals imply.
    pub status_derived: Option<&'a str>,
    /// The settlement status as written.
    pub settlement_status: Option<&'a str>,
    /// When the document was created.
    pub created_at: Option<Instant>,
    /// When the last event happened.
    pub last_event_at: Option<Instant>,
    /// How many findings it has.
    pub findings: u64,
    /// The worst of them.
    pub worst: Option<Severity>,
    /// Its record.
    pub origin: Origin,
}

impl<'a> Balance<'a> {
    /// The balance of a ledger; `status_derived` is what its totals imply.
    pub fn of_ledger(ledger: &Ledger<'a>, status_derived: Option<&'a str>) -> Self {
        let head = &ledger.head;
        let is_order = ledger.is_order();
        let lines = ledger.tallies.iter().filter(|t| t.on_ledger).filter_map(|t| t.amount);
        let splits_of = |kind: EventKind| {
            if ledger.splits.is_empty() {
                return None;
            }
            let of_kind = ledger.effective(kind).flat_map(|event| ledger.splits_of(event));
            of_kind.map(|split| Sum::from(split.amount)).reduce(|a, b| a + b)
        };
        Balance {
            kind: head.kind,
            id: head.id,
            order_id: is_order.then_some(head.id),
            transaction_id: (!is_order).then_some(head.id),
            session_id: head.session_id,
            merchant_reference: head.merchant_reference,
            merchant_reference_2: head.merchant_reference_2,
            payment_product_type: head.product_type,
            currency: head.currency,
            authorized: Some(ledger.authorized),
            captured: ledger.totals.captured,
            refunded: ledger.totals.refunded,
            released: Some(ledger.totals.released),
            open: Some(ledger.open()),
            net: ledger.net(),
            events: ledger.events.len() as u64,
            lines: lines.reduce(|a, b| a + b),
            split_captured: splits_of(EventKind::Capture),
            split_refunded: splits_of(EventKind::Refund),
            status: head.status_word,
            status_derived,
            settlement_status: head.settlement_status,
            created_at: head.created_at,
            last_event_at: ledger.events.iter().filter_map(|e| e.time).max(),
            findings: 0,
            worst: None,
            origin: head.origin,
        }
    }

    /// The balances of a settlement, one for each currency of its header: what was captured, refunded (as a
    /// magnitude, by its sign convention) and paid out.
    pub fn of_settlement(settlement: &Settlement<'a>) -> impl Iterator<Item = Balance<'a>> {
        settlement.amounts.iter().map(|header| {
            let convention = header.convention().unwrap_or_else(|| settlement.convention());
            Balance {
                kind: Kind::Settlement,
                id: settlement.id,
                order_id: None,
                transaction_id: None,
                session_id: None,
                merchant_reference: None,
                merchant_reference_2: None,
                payment_product_type: None,
                currency: header.currency,
                authorized: None,
                captured: Sum::from(header.capture.unwrap_or(0)),
                refunded: convention.refund_magnitude(header.refund),
                released: None,
                open: None,
                net: header.amount.map_or_else(|| convention.net(header.capture, header.refund, header.fee), Sum::from),
                events: settlement.lines.len() as u64,
                lines: None,
                split_captured: None,
                split_refunded: None,
                status: None,
                status_derived: None,
                settlement_status: None,
                created_at: settlement.created_at,
                last_event_at: None,
                findings: 0,
                worst: None,
                origin: settlement.origin,
            }
        })
    }

    /// Appends the row, which compares by kind, id, and `place` among the rows of one settlement; findings are counted
    /// when it is taken back.
    pub fn write(&self, place: u32, out: &mut Vec<u8>) {
        let opt_sum = |out: &mut Vec<u8>, sum: Option<Sum>| match sum {
            None => out.byte(0),
            Some(sum) => {
                out.byte(1);
                out.sum(sum);
            }
        };
        out.byte(self.kind as u8);
        out.terminated(self.id);
        if self.kind == Kind::Settlement {
            out.extend_from_slice(&place.to_be_bytes());
        }
        for text in [
            self.session_id,
            self.merchant_reference,
            self.merchant_reference_2,
            self.payment_product_type,
            self.currency,
            self.status,
            self.status_derived,
            self.settlement_status,
        ] {
            out.opt_text(text);
        }
        for sum in [self.authorized, self.released, self.open, self.lines, self.split_captured, self.split_refunded] {
            opt_sum(out, sum);
        }
        [self.captured, self.refunded, self.net].iter().for_each(|sum| out.sum(*sum));
        out.number(self.events);
        out.opt_instant(self.created_at);
        out.opt_instant(self.last_event_at);
        out.number(u64::from(self.origin.file));
        out.number(self.origin.offset);
        out.number(u64::from(self.origin.length));
    }

    /// Takes a row back.
    pub fn read(values: &mut Unpacker<'a>) -> Self {
        let kind = Kind::ALL[usize::from(values.byte())];
        let id = values.terminated();
        if kind == Kind::Settlement {
            values.skip(4);
        }
        let texts: [Option<&'a str>; 8] = std::array::from_fn(|_| values.opt_text());
        let sums: [Option<Sum>; 6] = std::array::from_fn(|_| (values.byte() == 1).then(|| values.sum()));
        Balance {
            kind,
            id,
            order_id: (kind == Kind::Order).then_some(id),
            transaction_id: (kind == Kind::Transaction).then_some(id),
            session_id: texts[0],
            merchant_reference: texts[1],
            merchant_reference_2: texts[2],
            payment_product_type: texts[3],
            currency: texts[4],
            status: texts[5],
            status_derived: texts[6],
            settlement_status: texts[7],
            authorized: sums[0],
            released: sums[1],
            open: sums[2],
            lines: sums[3],
            split_captured: sums[4],
            split_refunded: sums[5],
            captured: values.sum(),
            refunded: values.sum(),
            net: values.sum(),
            events: values.number(),
            created_at: values.opt_instant(),
            last_event_at: values.opt_instant(),
            findings: 0,
            worst: None,
            origin: Origin { file: values.number() as u32, offset: values.number(), length: values.number() as u32 },
        }
    }
}
