//! Balance rows: the totals of one ledger, and their packed form.

use crate::ledger::{Figures, Names, Settlement};
use crate::model::card::{Kind, Severity};
use crate::model::instant::Instant;
use crate::model::money::Sum;
use crate::model::origin::Origin;
use crate::provider::Provider;
use crate::provider::active::Active;
use crate::rows::{Unpacker, Wire, append, read_currency, read_names, text_of, write_names};

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
    pub numbers: WordNumbers,
}

/// Numbers of a balance's words: words of one field with equal numbers are equal. 0 for a word without one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WordNumbers {
    pub currency: u8,
    pub status: u8,
    pub settlement_status: u8,
    pub status_derived: u8,
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
    append(out, |out| row.write(out, names, timeline));
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
    fn write(&self, out: &mut Vec<u8>, names: impl FnOnce(&mut Vec<u8>), timeline: impl FnOnce(&mut Vec<u8>)) {
        let (kind, id) = self.subject;
        out.byte(kind as u8);
        out.terminated(id);
        if kind == Kind::Settlement {
            out.extend_from_slice(&self.place.to_be_bytes());
        }
        names(out);
        out.word(Active::FREQUENT.implied, self.derived);
        out.opt_instant(self.last_event_at);
        let Origin { file, offset, length } = self.origin;
        out.extend_from_slice(&file.to_le_bytes());
        out.extend_from_slice(&offset.to_le_bytes());
        out.extend_from_slice(&length.to_le_bytes());
        let [authorized, released, open] = self.sums;
        let [lines, split_captured, split_refunded] = self.parts;
        let [captured, refunded, net] = self.totals.map(Some);
        write_numbers(
            out,
            &[
                authorized,
                released,
                open,
                self.not_authorized,
                captured,
                refunded,
                net,
                lines,
                split_captured,
                split_refunded,
                self.open_days.map(Sum::from),
                Some(self.events.into()),
            ],
        );
        timeline(out);
        // At the end, so that the id is found without a search for its own end.
        out.extend_from_slice(&(id.len() as u32).to_le_bytes());
    }
}

/// Numbers in a row.
const NUMBERS: usize = 12;

/// Bits that say how wide a number is: 0 for none, 1 for 32 bits, 2 for 64, 3 for 128.
const CODE: usize = 2;

/// Appends numbers: first how wide each is, then the numbers.
fn write_numbers(out: &mut Vec<u8>, numbers: &[Option<Sum>; NUMBERS]) {
    let mut room = [0; 4 + 16 * NUMBERS];
    let (mut widths, mut end) = (0u32, 4);
    for number in numbers.iter().rev() {
        widths = widths << CODE | number.map_or(0, width_code);
    }
    for number in numbers.iter().flatten() {
        match i64::try_from(*number) {
            Ok(small) => {
                room[end..end + 8].copy_from_slice(&small.to_le_bytes());
                end += if i32::try_from(small).is_ok() { 4 } else { 8 };
            }
            Err(_) => {
                room[end..end + 16].copy_from_slice(&number.to_le_bytes());
                end += 16;
            }
        }
    }
    room[..4].copy_from_slice(&widths.to_le_bytes());
    out.extend_from_slice(&room[..end]);
}

#[inline(always)]
fn width_code(number: Sum) -> u32 {
    match i64::try_from(number) {
        Ok(small) => 2 - u32::from(i32::try_from(small).is_ok()),
        Err(_) => 3,
    }
}

/// Reads what [`write_numbers`] wrote, one number after the other.
struct Numbers<'a> {
    widths: u32,
    /// The numbers, and at least four bytes behind them.
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Numbers<'a> {
    #[inline(always)]
    fn new(mut values: Unpacker<'a>) -> Self {
        Numbers { widths: values.fixed(), bytes: values.rest(), at: 0 }
    }

    #[inline(always)]
    fn next(&mut self) -> Option<Sum> {
        let code = self.widths & ((1 << CODE) - 1);
        self.widths >>= CODE;
        if code == 3 {
            return self.wide();
        }
        let word = self.bytes.get(self.at..self.at + 8).and_then(<[u8]>::first_chunk);
        let word = i64::from_le_bytes(*word.expect("a row does not end in its numbers"));
        self.at += 4 * code as usize;
        (code > 0).then(|| Sum::from(if code == 1 { i64::from(word as i32) } else { word }))
    }

    #[cold]
    fn wide(&mut self) -> Option<Sum> {
        let (number, _) = self.bytes[self.at..].split_first_chunk().expect("a row does not end in its numbers");
        self.at += 16;
        Some(Sum::from_le_bytes(*number))
    }

    /// A number that is always there.
    #[inline(always)]
    fn sum(&mut self) -> Sum {
        self.next().unwrap_or(0)
    }

    /// What follows the numbers, without the length of the id.
    fn rest(&self) -> &'a [u8] {
        &self.bytes[self.at..self.bytes.len() - 4]
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
        append(out, |out| row.write(out, |out| write_names(out, &names), |_| {}));
    }
}

impl<'a> Amounts<'a> {
    pub fn read(row: &'a [u8]) -> Self {
        let (kind, _, mut values) = subject(row);
        let currency = read_currency(&mut values);
        values.skip_word();
        values.opt_instant();
        values.skip(16);
        let mut numbers = Numbers::new(values);
        let [authorized, released, open, not_authorized] = [(); 4].map(|()| numbers.next());
        let [captured, refunded, net] = [(); 3].map(|()| numbers.sum());
        let not_authorized = not_authorized.or(authorized.map(|_| 0));
        Amounts { kind, currency, authorized, captured, refunded, released, open, net, not_authorized }
    }
}

/// The kind and the id of a row, and what follows them, the length of the id at the end included.
#[inline]
fn subject(row: &[u8]) -> (Kind, &[u8], Unpacker<'_>) {
    let (_, length) = row.split_last_chunk::<4>().expect("a row ends in the length of its id");
    let mut values = Unpacker::new(row);
    let kind = Kind::ALL[usize::from(values.byte())];
    let id = values.take(u32::from_le_bytes(*length) as usize);
    values.skip(if kind == Kind::Settlement { 5 } else { 1 });
    (kind, id, values)
}

impl<'a> From<&Balance<'a>> for Amounts<'a> {
    fn from(balance: &Balance<'a>) -> Self {
        let Balance { kind, currency, authorized, captured, refunded, released, open, net, not_authorized, .. } =
            *balance;
        Amounts { kind, currency, authorized, captured, refunded, released, open, net, not_authorized }
    }
}

impl<'a> Balance<'a> {
    pub fn read(row: &'a [u8]) -> Self {
        let (kind, id, mut values) = subject(row);
        let id = text_of(id);
        let mut words = values;
        let [currency, status, settlement_status] = [(); 3].map(|()| {
            let number = words.word_number();
            words.skip_word();
            number
        });
        let names = read_names(&mut values);
        let numbers = WordNumbers { currency, status, settlement_status, status_derived: values.word_number() };
        let status_derived = values.word(Active::FREQUENT.implied);
        let last_event_at = values.opt_instant();
        let origin =
            Origin { file: values.fixed(), offset: u64::from_le_bytes(values.array()), length: values.fixed() };
        let mut sums = Numbers::new(values);
        let [authorized, released, open, not_authorized] = [(); 4].map(|()| sums.next());
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
            captured: sums.sum(),
            refunded: sums.sum(),
            net: sums.sum(),
            lines: sums.next(),
            split_captured: sums.next(),
            split_refunded: sums.next(),
            open_days: sums.next().map(|days| days as i64),
            events: sums.sum() as u64,
            created_at: names.created_at,
            last_event_at,
            findings: 0,
            worst: None,
            origin,
            timeline: sums.rest(),
            numbers,
        }
    }

    /// What the row of a ledger begins with; `None` for an id that no ledger can have.
    pub fn row_start(kind: Kind, id: &str) -> Option<Vec<u8>> {
        (!id.as_bytes().contains(&0)).then(|| [&[kind as u8], id.as_bytes(), &[0]].concat())
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
            let sizes = [0, -1, 7_000, -(1 << 31), 1 << 31, Sum::from(i64::MIN), Sum::MAX];
            let sum = |bit: u32| (given >> bit & 1 == 1).then(|| sizes[bit as usize]);
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
                origin: Origin { file: 1, offset: 1 << 40, length: 70 },
            };
            let mut bytes = Vec::new();
            let none = Names::default();
            let timeline = |out: &mut Vec<u8>| out.extend_from_slice(&[7; 3][..given as usize % 4]);
            row.write(&mut bytes, |out| write_names(out, if given < 64 { &names } else { &none }), timeline);
            let whole = Balance::read(&bytes);
            let (short, long) = (Amounts::read(&bytes), Amounts::from(&whole));
            assert_eq!(format!("{short:?}"), format!("{long:?}"), "{given} {kind:?}");
            assert_eq!((short.authorized, short.captured, short.refunded), (sum(0), Sum::MAX, -12_345));
            assert_eq!((short.released, short.open, short.net), (sum(1), sum(2), 6));
            assert_eq!(short.not_authorized, sum(6).or(sum(0).map(|_| 0)));
            assert_eq!((whole.kind, whole.id, whole.timeline.len()), (kind, "P1.t", given as usize % 4));
            assert_eq!((whole.lines, whole.split_captured, whole.split_refunded), (sum(3), sum(4), sum(5)));
            assert_eq!((whole.events, whole.open_days), (3, (given % 3 == 0).then_some(9)));
            assert_eq!(whole.origin, Origin { file: 1, offset: 1 << 40, length: 70 });
            assert!(bytes.starts_with(&Balance::row_start(kind, "P1.t").expect("an id")));
        }
    }
}
