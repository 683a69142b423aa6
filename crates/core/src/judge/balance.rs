//! Balance rows: the totals of one ledger, and their packed form.

use crate::ledger::{Figures, Names, Settlement};
use crate::model::card::{Kind, Severity};
use crate::model::instant::Instant;
use crate::model::money::Sum;
use crate::model::origin::Origin;
use crate::provider::Provider;
use crate::provider::active::Active;
use crate::rows::{Unpacker, Wire, append, read_currency, read_names, write_names};

/// The totals of one ledger, with its names and statuses.
#[derive(Clone, Copy, Debug)]
pub struct Balance<'a> {
    /// Transaction, order, or settlement.
    pub kind: Kind,
    pub id: &'a str,
    pub order_id: Option<&'a str>,
    pub transaction_id: Option<&'a str>,
    pub session_id: Option<&'a str>,
    pub merchant_reference: Option<&'a str>,
    pub merchant_reference_2: Option<&'a str>,
    pub payment_product_type: Option<&'a str>,
    /// The currency as written.
    pub currency: Option<&'a str>,
    pub authorized: Option<Sum>,
    pub captured: Sum,
    pub refunded: Sum,
    pub released: Option<Sum>,
    pub open: Option<Sum>,
    pub net: Sum,
    /// A of a ledger on which nothing was ever authorised or captured, else 0; such a row has 0 as authorized, released
    /// and open. `None` for settlements.
    pub not_authorized: Option<Sum>,
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
    pub created_at: Option<Instant>,
    pub last_event_at: Option<Instant>,
    /// Age of a transaction's open authorization in calendar days.
    pub open_days: Option<i64>,
    /// Number of findings; 0 until the caller counts them.
    pub findings: u64,
    /// The worst severity of the findings; `None` until the caller counts them.
    pub worst: Option<Severity>,
    /// Its record.
    pub origin: Origin,
    /// The packed [`timeline`](super::timeline); empty for a settlement.
    pub timeline: &'a [u8],
}

/// The amounts of a balance row that are summed up; reading them skips the rest of the row.
#[derive(Clone, Copy, Debug)]
pub struct Amounts<'a> {
    /// Transaction, order, or settlement.
    pub kind: Kind,
    /// The currency as written.
    pub currency: Option<&'a str>,
    pub authorized: Option<Sum>,
    pub captured: Sum,
    pub refunded: Sum,
    pub released: Option<Sum>,
    pub open: Option<Sum>,
    pub net: Sum,
    pub not_authorized: Option<Sum>,
}

/// Appends the length-prefixed balance and timeline of a ledger. Findings are counted when it is read.
pub(super) fn write_ledger(
    out: &mut Vec<u8>,
    subject: (Kind, &str),
    names: impl FnOnce(&mut Vec<u8>),
    (figures, open_days): (&Figures, Option<i64>),
    derived: Option<&str>,
    origin: Origin,
    timeline: impl FnOnce(&mut Vec<u8>),
) {
    let counted = figures.counted();
    let row = Row {
        subject,
        place: 0,
        derived,
        sums: [Some(counted.authorized), Some(counted.released), Some(counted.open)],
        not_authorized: Some(counted.not_authorized).filter(|sum| *sum != 0),
        parts: [figures.lines, figures.split_captured, figures.split_refunded],
        totals: [figures.totals.captured, figures.totals.refunded, figures.net()],
        events: figures.events,
        last_event_at: figures.last_event_at,
        open_days,
        origin,
    };
    append(out, |out| {
        row.write(out, names);
        timeline(out);
    });
}

/// The fields of a packed row other than names. Rows compare by kind, id and, for settlements, place.
struct Row<'r> {
    subject: (Kind, &'r str),
    /// The place among the rows of one settlement.
    place: u32,
    derived: Option<&'r str>,
    sums: [Option<Sum>; 3],
    /// `None` for 0, which is usual.
    not_authorized: Option<Sum>,
    parts: [Option<Sum>; 3],
    totals: [Sum; 3],
    events: u64,
    last_event_at: Option<Instant>,
    open_days: Option<i64>,
    origin: Origin,
}

impl Row<'_> {
    fn write(&self, out: &mut Vec<u8>, names: impl FnOnce(&mut Vec<u8>)) {
        let (kind, id) = self.subject;
        out.byte(kind as u8);
        out.terminated(id);
        if kind == Kind::Settlement {
            out.extend_from_slice(&self.place.to_be_bytes());
        }
        names(out);
        out.word(Active::FREQUENT.implied, self.derived);
        let [authorized, released, open] = self.sums;
        let [lines, split_captured, split_refunded] = self.parts;
        let optional = [self.not_authorized, authorized, released, open, lines, split_captured, split_refunded];
        let mut given = u8::from(self.open_days.is_some());
        for sum in &optional {
            given = given << 1 | u8::from(sum.is_some());
        }
        out.byte(given);
        for sum in optional.into_iter().flatten() {
            out.sum(sum);
        }
        self.totals.iter().for_each(|sum| out.sum(*sum));
        out.number(self.events);
        out.opt_instant(self.last_event_at);
        self.open_days.into_iter().for_each(|days| out.sum(Sum::from(days)));
        out.number(u64::from(self.origin.file));
        out.number(self.origin.offset);
        out.number(u64::from(self.origin.length));
    }
}

/// Appends the packed balances of a settlement, one for each currency of its header: what was captured, refunded (as
/// a magnitude, by its sign convention) and paid out.
pub(super) fn write_settlement(out: &mut Vec<u8>, settlement: &Settlement<'_>) {
    for (place, header) in (0..).zip(&settlement.amounts) {
        let convention = settlement.conventions.of(header).unwrap_or_else(|| settlement.convention());
        let captured = Sum::from(header.capture.unwrap_or(0));
        let refunded = convention.refund_magnitude(header.refund);
        let parts = || convention.net(header.capture, header.refund, header.fee);
        let row = Row {
            subject: (Kind::Settlement, settlement.id),
            place,
            derived: None,
            sums: [None; 3],
            not_authorized: None,
            parts: [None; 3],
            totals: [captured, refunded, header.amount.map_or_else(parts, Sum::from)],
            events: settlement.lines.len() as u64,
            last_event_at: None,
            open_days: None,
            origin: settlement.origin,
        };
        let names = Names { currency: header.currency, created_at: settlement.created_at, ..Names::default() };
        append(out, |out| row.write(out, |out| write_names(out, &names)));
    }
}

impl<'a> Amounts<'a> {
    pub fn read(row: &'a [u8]) -> Self {
        let mut values = Unpacker::new(row);
        let kind = Kind::ALL[usize::from(values.byte())];
        values.skip_terminated();
        if kind == Kind::Settlement {
            values.skip(4);
        }
        let currency = read_currency(&mut values);
        values.skip_word();
        let given = values.byte();
        let [not_authorized, authorized, released, open] =
            [6, 5, 4, 3].map(|bit| (given >> bit & 1 == 1).then(|| values.sum()));
        for _ in 0..(given & 0b111).count_ones() {
            values.sum();
        }
        let not_authorized = not_authorized.or(authorized.map(|_| 0));
        let [captured, refunded, net] = [(); 3].map(|()| values.sum());
        Amounts { kind, currency, authorized, captured, refunded, released, open, net, not_authorized }
    }
}

impl<'a> From<&Balance<'a>> for Amounts<'a> {
    fn from(balance: &Balance<'a>) -> Self {
        let Balance { kind, currency, authorized, captured, refunded, released, open, net, not_authorized, .. } =
            *balance;
        Amounts { kind, currency, authorized, captured, refunded, released, open, net, not_authorized }
    }
}

impl<'a> Balance<'a> {
    pub fn subject(row: &'a [u8]) -> (Kind, &'a str) {
        let mut values = Unpacker::new(row);
        (Kind::ALL[usize::from(values.byte())], values.terminated())
    }

    /// Reads a whole row; the timeline takes the rest of its bytes.
    pub fn read(values: &mut Unpacker<'a>) -> Self {
        let kind = Kind::ALL[usize::from(values.byte())];
        let id = values.terminated();
        if kind == Kind::Settlement {
            values.skip(4);
        }
        let names = read_names(values);
        let status_derived = values.word(Active::FREQUENT.implied);
        let given = values.byte();
        let [not_authorized, authorized, released, open, lines, split_captured, split_refunded] =
            [6, 5, 4, 3, 2, 1, 0].map(|bit| (given >> bit & 1 == 1).then(|| values.sum()));
        Balance {
            kind,
            id,
            order_id: (kind == Kind::Order).then_some(id),
            transaction_id: (kind == Kind::Transaction).then_some(id),
            session_id: names.session_id,
            merchant_reference: names.merchant_reference,
            merchant_reference_2: names.merchant_reference_2,
            payment_product_type: names.product_type,
            currency: names.currency,
            status: names.status,
            status_derived,
            settlement_status: names.settlement_status,
            authorized,
            released,
            open,
            not_authorized: not_authorized.or(authorized.map(|_| 0)),
            lines,
            split_captured,
            split_refunded,
            captured: values.sum(),
            refunded: values.sum(),
            net: values.sum(),
            events: values.number(),
            created_at: names.created_at,
            last_event_at: values.opt_instant(),
            open_days: (given >> 7 & 1 == 1).then(|| values.sum() as i64),
            findings: 0,
            worst: None,
            origin: Origin { file: values.number() as u32, offset: values.number(), length: values.number() as u32 },
            timeline: values.rest(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_row_comes_to_is_what_the_whole_row_says() {
        let names = Names {
            currency: Some("XTS"),
            status: Some("CAPTURED"),
            product_type: Some("vipps"),
            merchant_reference: Some("order 1"),
            merchant_reference_2: Some(""),
            session_id: Some("P1.s"),
            created_at: Instant::parse("2026-11-01T10:00:00Z"),
            ..Names::default()
        };
        // Covers every combination of the seven optional sums, all kinds, with and without names.
        for (given, kind) in (0..128u32).flat_map(|given| Kind::ALL.map(|kind| (given, kind))) {
            let sum = |bit: u32| (given >> bit & 1 == 1).then(|| Sum::from(bit) * 1000 - 1);
            let row = Row {
                subject: (kind, "P1.t"),
                place: 7,
                derived: (given % 2 == 0).then_some("some other words"),
                sums: [sum(0), sum(1), sum(2)],
                not_authorized: sum(6),
                parts: [sum(3), sum(4), sum(5)],
                totals: [Sum::MAX, -12_345, 6],
                events: 3,
                last_event_at: None,
                open_days: (given % 3 == 0).then_some(9),
                origin: Origin::default(),
            };
            let mut bytes = Vec::new();
            let none = Names::default();
            row.write(&mut bytes, |out| write_names(out, if given < 64 { &names } else { &none }));
            let whole = Balance::read(&mut Unpacker::new(&bytes));
            let (short, long) = (Amounts::read(&bytes), Amounts::from(&whole));
            assert_eq!(format!("{short:?}"), format!("{long:?}"), "{given} {kind:?}");
            assert_eq!((short.authorized, short.captured, short.refunded), (sum(0), Sum::MAX, -12_345));
            assert_eq!((short.released, short.open, short.net), (sum(1), sum(2), 6));
            assert_eq!(short.not_authorized, sum(6).or(sum(0).map(|_| 0)));
            assert_eq!(Balance::subject(&bytes), (kind, "P1.t"));
        }
    }
}
