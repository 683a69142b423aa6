//! Balance rows: the totals of one ledger, and their packed form.

use crate::ledger::{Figures, Names, Settlement};
use crate::model::card::{Kind, Severity};
use crate::model::instant::Instant;
use crate::model::money::Sum;
use crate::model::origin::Origin;
use crate::payout::{Payout, PayoutKey};
use crate::provider::Provider;
use crate::provider::active::Active;
use crate::rows::{Unpacker, Wire, append, read_currency, read_names, text_of, write_names};

/// The totals of one ledger, with its names and statuses.
#[derive(Clone, Copy, Debug)]
pub struct Balance<'a> {
    /// Transaction, order, settlement, or payout.
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
    /// Transaction, order, settlement, or payout.
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

/// Whether several rows can have this kind and one id: of a settlement and its payouts there is one
/// for each currency.
fn has_place(kind: Kind) -> bool {
    matches!(kind, Kind::Settlement | Kind::Payout)
}

/// The fields of a packed row other than names. Rows compare by kind, id and, for settlements, place.
struct Row<'r> {
    subject: (Kind, &'r str),
    /// The place among the rows of one settlement, or among all payouts.
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
        if has_place(kind) {
            out.extend_from_slice(&self.place.to_be_bytes());
        }
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
        names(out);
        out.word(Active::FREQUENT.implied, self.derived);
        out.opt_instant(self.last_event_at);
        let Origin { file, offset, length } = self.origin;
        out.extend_from_slice(&file.to_le_bytes());
        out.extend_from_slice(&offset.to_le_bytes());
        out.extend_from_slice(&length.to_le_bytes());
        timeline(out);
        // At the end, so that the id is found without a search for its own end.
        out.extend_from_slice(&(id.len() as u32).to_le_bytes());
    }
}

/// Numbers in a row.
const NUMBERS: usize = 12;

/// Appends numbers: which are there, how many bytes each takes, and all of them, 0 for one that is
/// not there. So each has a fixed place, and they are read without a look at the others.
fn write_numbers(out: &mut Vec<u8>, numbers: &[Option<Sum>; NUMBERS]) {
    let given = numbers.iter().rev().fold(0u16, |given, number| given << 1 | u16::from(number.is_some()));
    out.put(given.to_le_bytes(), 2);
    let all = |fits: fn(Sum) -> bool| numbers.iter().flatten().all(|number| fits(*number));
    if all(|number| i32::try_from(number).is_ok()) {
        write_each::<4>(out, numbers);
    } else if all(|number| i64::try_from(number).is_ok()) {
        write_each::<8>(out, numbers);
    } else {
        write_each::<16>(out, numbers);
    }
}

fn write_each<const WIDTH: usize>(out: &mut Vec<u8>, numbers: &[Option<Sum>; NUMBERS]) {
    let mut room = [[0; WIDTH]; NUMBERS];
    for (place, number) in room.iter_mut().zip(numbers) {
        place.copy_from_slice(&number.unwrap_or(0).to_le_bytes()[..WIDTH]);
    }
    out.byte(WIDTH as u8);
    out.extend_from_slice(room.as_flattened());
}

/// Reads what [`write_numbers`] wrote.
#[inline(always)]
fn read_numbers(values: &mut Unpacker<'_>) -> [Option<Sum>; NUMBERS] {
    let given = u16::from_le_bytes(values.array());
    match values.byte() {
        4 => read_each(values, given, |bytes| i32::from_le_bytes(bytes).into()),
        8 => read_wide(values, given, |bytes| i64::from_le_bytes(bytes).into()),
        _ => read_wide(values, given, Sum::from_le_bytes),
    }
}

#[inline(always)]
fn read_each<const WIDTH: usize>(
    values: &mut Unpacker<'_>,
    given: u16,
    read: impl Fn([u8; WIDTH]) -> Sum,
) -> [Option<Sum>; NUMBERS] {
    let (numbers, _) = values.take(WIDTH * NUMBERS).as_chunks::<WIDTH>();
    let numbers: &[_; NUMBERS] = numbers.try_into().expect("a number for each place");
    std::array::from_fn(|at| (given >> at & 1 == 1).then(|| read(numbers[at])))
}

#[cold]
fn read_wide<const WIDTH: usize>(
    values: &mut Unpacker<'_>,
    given: u16,
    read: impl Fn([u8; WIDTH]) -> Sum,
) -> [Option<Sum>; NUMBERS] {
    read_each(values, given, read)
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

/// Appends the packed balance of a payout; `place` is its place among all payouts.
pub fn write_payout(out: &mut Vec<u8>, key: &PayoutKey, payout: &Payout, place: u32) {
    let row = Row {
        subject: (Kind::Payout, &key.id),
        place,
        derived: None,
        sums: [None; 3],
        not_authorized: None,
        parts: [payout.nets, None, None],
        totals: [payout.parts.captures, -payout.parts.refunds, payout.amount],
        events: payout.lines,
        last_event_at: None,
        open_days: None,
        origin: payout.record.unwrap_or_default(),
    };
    let currency = Some(key.currency.as_str()).filter(|currency| !currency.is_empty());
    let names = Names { currency, status: Some(payout.state().word()), ..Names::default() };
    append(out, |out| row.write(out, |out| write_names(out, &names), |_| {}));
}

impl<'a> Amounts<'a> {
    pub fn read(row: &'a [u8]) -> Self {
        let (kind, _, mut values) = subject(row);
        let [authorized, released, open, not_authorized, captured, refunded, net, ..] = read_numbers(&mut values);
        let [captured, refunded, net] = [captured, refunded, net].map(Option::unwrap_or_default);
        let not_authorized = not_authorized.or(authorized.map(|_| 0));
        let currency = read_currency(&mut values);
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
    values.skip(if has_place(kind) { 5 } else { 1 });
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
        let [authorized, released, open, not_authorized, captured, refunded, net, parts @ ..] =
            read_numbers(&mut values);
        let [lines, split_captured, split_refunded, open_days, events] = parts;
        let mut words = values;
        let [currency, status, settlement_status] = [(); 3].map(|()| {
            let number = words.word_number();
            words.skip_word();
            number
        });
        let names = read_names(&mut values);
        let numbers = WordNumbers { currency, status, settlement_status, status_derived: values.word_number() };
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
            settlement_status: names.settlement_status,
            created_at: names.created_at,
            authorized,
            released,
            open,
            not_authorized: not_authorized.or(authorized.map(|_| 0)),
            captured: captured.unwrap_or_default(),
            refunded: refunded.unwrap_or_default(),
            net: net.unwrap_or_default(),
            lines,
            split_captured,
            split_refunded,
            open_days: open_days.map(|days| days as i64),
            events: events.unwrap_or_default() as u64,
            status_derived: values.word(Active::FREQUENT.implied),
            last_event_at: values.opt_instant(),
            findings: 0,
            worst: None,
            origin: Origin { file: values.fixed(), offset: u64::from_le_bytes(values.array()), length: values.fixed() },
            timeline: values.rest().split_last_chunk::<4>().map_or(&[][..], |(timeline, _)| timeline),
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
