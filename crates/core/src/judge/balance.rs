//! Balance rows: the totals of one ledger, and their packed form.

use super::timeline::{self, Timeline};
use crate::ledger::{Counted, Figures, Ledger, Names, Running, Settlement};
use crate::model::card::{Kind, Severity};
use crate::model::instant::Instant;
use crate::model::money::Sum;
use crate::model::origin::Origin;
use crate::payout::{Payout, PayoutKey};
use crate::provider::Provider;
use crate::provider::active::Active;
use crate::rows::{
    PackedMoves, Unpacker, Wire, append, read_account, read_currency, read_numbered_names, text_of, write_names,
};

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
    /// Empty for a settlement.
    pub timeline: Timeline<'a>,
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

/// The amounts of a ledger's balance that are summed up; reading them skips the rest of the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amounts<'a> {
    /// Transaction or order.
    pub kind: Kind,
    /// The currency as written.
    pub currency: Option<&'a str>,
    pub counted: Counted,
    pub captured: Sum,
    pub refunded: Sum,
    pub net: Sum,
}

/// What a ledger's balance has besides its account.
pub(super) struct Beside<'r> {
    pub derived: Option<&'r str>,
    pub open_days: Option<i64>,
    pub origin: Origin,
}

/// Appends the length-prefixed balance of a ledger, with its packed account and, where its moves do not suffice, its
/// timeline. Findings are counted when it is read.
pub(super) fn write_ledger(
    out: &mut Vec<u8>,
    (kind, id): (Kind, &str),
    account: impl FnOnce(&mut Vec<u8>),
    beside: &Beside<'_>,
    whole: Option<&Ledger<'_>>,
) {
    append(out, |out| {
        start(out, kind, id);
        account(out);
        end(out, id, beside, whole);
    });
}

fn start(out: &mut Vec<u8>, kind: Kind, id: &str) {
    out.byte(kind as u8);
    out.terminated(id);
}

fn end(out: &mut Vec<u8>, id: &str, beside: &Beside<'_>, whole: Option<&Ledger<'_>>) {
    let Beside { derived, open_days, origin } = beside;
    out.word(Active::FREQUENT.implied, *derived);
    out.opt_signed(*open_days);
    out.origin(origin);
    out.flag(whole.is_some());
    if let Some(ledger) = whole {
        timeline::write(ledger, out);
    }
    // At the end, so that the id is found without a search for its own end.
    out.extend_from_slice(&(id.len() as u32).to_le_bytes());
}

/// Whether several rows can have this kind and one id: of a settlement and its payouts there is one
/// for each currency.
fn has_place(kind: Kind) -> bool {
    matches!(kind, Kind::Settlement | Kind::Payout)
}

/// Appends the length-prefixed balance of a settlement or payout; `place` is the place among the rows of one
/// settlement, or among all payouts, by which those of one id compare.
fn write_stated(
    out: &mut Vec<u8>,
    (kind, id, place): (Kind, &str, u32),
    (captured, refunded, net): (Sum, Sum, Sum),
    lines: (Option<Sum>, u64),
    names: &Names<'_>,
    origin: Origin,
) {
    append(out, |out| {
        start(out, kind, id);
        out.extend_from_slice(&place.to_be_bytes());
        [captured, refunded, net].iter().for_each(|sum| out.sum(*sum));
        out.opt_sum(lines.0);
        out.number(lines.1);
        write_names(out, names);
        end(out, id, &Beside { derived: None, open_days: None, origin }, None);
    });
}

/// Appends the packed balances of a settlement, one for each currency of its header: what was captured, refunded (as
/// a magnitude, by its sign convention) and paid out.
pub(super) fn write_settlement(out: &mut Vec<u8>, settlement: &Settlement<'_>) {
    for (place, header) in (0..).zip(&settlement.amounts) {
        let convention = settlement.conventions.of(header).unwrap_or_else(|| settlement.convention());
        let captured = Sum::from(header.capture.unwrap_or(0));
        let refunded = convention.refund_magnitude(header.refund);
        let parts = || convention.net(header.capture, header.refund, header.fee);
        let net = header.amount.map_or_else(parts, Sum::from);
        let (sums, lines) = ((captured, refunded, net), (None, settlement.lines.len() as u64));
        let names = Names { currency: header.currency, created_at: settlement.created_at, ..Names::default() };
        write_stated(out, (Kind::Settlement, settlement.id, place), sums, lines, &names, settlement.origin);
    }
}

/// Appends the packed balance of a payout; `place` is its place among all payouts.
pub fn write_payout(out: &mut Vec<u8>, key: &PayoutKey, payout: &Payout, place: u32) {
    let (sums, lines) = ((payout.parts.captures, -payout.parts.refunds, payout.amount), (payout.nets, payout.lines));
    let currency = Some(key.currency.as_str()).filter(|currency| !currency.is_empty());
    let names = Names { currency, status: Some(payout.state().word()), ..Names::default() };
    write_stated(out, (Kind::Payout, &key.id, place), sums, lines, &names, payout.record.unwrap_or_default());
}

impl<'a> Amounts<'a> {
    /// `None` for a row of a settlement or payout.
    #[inline]
    pub fn read(row: &'a [u8]) -> Option<Self> {
        let (kind, _, mut values) = subject(row);
        if has_place(kind) {
            return None;
        }
        let (figures, _) = read_account(&mut values);
        let Running { captured, refunded, .. } = figures.totals;
        let (currency, counted) = (read_currency(&mut values), figures.counted());
        Some(Amounts { kind, currency, counted, captured, refunded, net: figures.net() })
    }

    /// `None` for that of a settlement or payout.
    pub fn of(balance: &Balance<'a>) -> Option<Self> {
        let Balance { kind, currency, captured, refunded, net, authorized, released, open, not_authorized, .. } =
            *balance;
        let (authorized, released, open) = (authorized?, released?, open?);
        let counted = Counted { authorized, released, open, not_authorized: not_authorized? };
        Some(Amounts { kind, currency, counted, captured, refunded, net })
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

/// What the row of a settlement or payout begins with, as figures, and what was paid out.
#[cold]
fn read_stated(values: &mut Unpacker<'_>) -> (Figures, Sum) {
    let (captured, refunded, net) = (values.sum(), values.sum(), values.sum());
    let totals = Running { captured, refunded, ..Running::default() };
    (Figures { totals, lines: values.opt_sum(), events: values.number(), ..Figures::default() }, net)
}

impl<'a> Balance<'a> {
    #[inline]
    pub fn read(row: &'a [u8]) -> Self {
        let (kind, id, mut values) = subject(row);
        let is_stated = has_place(kind);
        let (figures, moves, net) = if is_stated {
            let (figures, net) = read_stated(&mut values);
            (figures, PackedMoves::NONE, net)
        } else {
            let (figures, moves) = read_account(&mut values);
            (figures, moves, figures.net())
        };
        let (id, counted) = (text_of(id), figures.counted());
        let of_ledger = |sum: Sum| (!is_stated).then_some(sum);
        let (names, [currency, status, settlement_status]) = read_numbered_names(&mut values);
        let numbers = WordNumbers { currency, status, settlement_status, status_derived: values.word_number() };
        let (status_derived, open_days) = (values.word(Active::FREQUENT.implied), values.opt_signed());
        let (origin, is_whole) = (values.origin(), values.flag());
        let events = values.rest().split_last_chunk::<4>().map_or(&[][..], |(events, _)| events);
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
            authorized: of_ledger(counted.authorized),
            released: of_ledger(counted.released),
            open: of_ledger(counted.open),
            not_authorized: of_ledger(counted.not_authorized),
            captured: figures.totals.captured,
            refunded: figures.totals.refunded,
            net,
            lines: figures.lines,
            split_captured: figures.split_captured,
            split_refunded: figures.split_refunded,
            open_days,
            events: figures.events,
            status_derived,
            last_event_at: figures.last_event_at,
            findings: 0,
            worst: None,
            origin,
            timeline: if is_whole { Timeline::Events(events) } else { Timeline::Moves(moves) },
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
    use crate::ledger::Event;
    use crate::model::event::EventList;
    use crate::rows::{pieces, write_account};

    #[test]
    fn a_timeline_is_told_by_all_events_where_they_are_known() {
        let (figures, mut ledger) = (Figures::default(), Ledger::new());
        ledger.events.push(Event::empty(EventList::Events, 4, Origin::default()));
        ledger.settle();
        let places = |whole: Option<&Ledger<'_>>| {
            let mut rows = Vec::new();
            let beside = Beside { derived: None, open_days: None, origin: Origin::default() };
            let account = |out: &mut Vec<u8>| write_account(out, &figures, |out| write_names(out, &Names::default()));
            write_ledger(&mut rows, (Kind::Transaction, "P1.t"), account, &beside, whole);
            let balance = Balance::read(pieces(&rows).next().expect("a row"));
            timeline::moments(balance.timeline, 0).map(|moment| moment.place).collect::<Vec<_>>()
        };
        assert_eq!((places(Some(&ledger)), places(None)), (vec![4], vec![]));
    }

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
        let origin = Origin { file: 1, offset: 1 << 40, length: 70 };
        // Covers every combination of the optional sums, all kinds, with and without names, and sums of every size.
        for (given, kind) in (0..128u32).flat_map(|given| Kind::ALL.map(|kind| (given, kind))) {
            let sizes = [0, -1, 7_000, -(1 << 31), 1 << 31, Sum::from(i64::MIN), Sum::MAX >> 2];
            let size = |bit: u32| if given >> bit & 1 == 1 { sizes[bit as usize] } else { 60 };
            let part = |bit: u32| (given >> bit & 1 == 1).then(|| size(bit));
            let totals = Running { captured: size(3), refunded: size(4), released: size(5), ..Running::default() };
            let figures = Figures {
                authorized: size(6),
                totals: Running { authorized: given % 5 > 0, ..totals },
                events: 3,
                lines: part(0),
                split_captured: part(1),
                split_refunded: part(2),
                ..Figures::default()
            };
            let mut bytes = Vec::new();
            let names = if given < 64 { names } else { Names::default() };
            let open_days = (given % 3 == 0).then_some(9);
            let beside = Beside { derived: (given % 2 == 0).then_some("some other words"), open_days, origin };
            let account = |out: &mut Vec<u8>| write_account(out, &figures, |out| write_names(out, &names));
            let stated = (size(3), size(4), size(5));
            match has_place(kind) {
                true => write_stated(&mut bytes, (kind, "P1.t", 7), stated, (part(0), 3), &names, origin),
                false => write_ledger(&mut bytes, (kind, "P1.t"), account, &beside, None),
            }
            let row = pieces(&bytes).next().expect("a row");
            let whole = Balance::read(row);
            assert_eq!(Amounts::read(row), Amounts::of(&whole), "{given} {kind:?}");
            assert_eq!((whole.captured, whole.refunded, whole.lines), (size(3), size(4), part(0)));
            assert_eq!((whole.kind, whole.id, whole.origin, whole.events), (kind, "P1.t", origin, 3));
            assert_eq!((whole.currency, whole.created_at), (names.currency, names.created_at));
            assert!(row.starts_with(&Balance::row_start(kind, "P1.t").expect("an id")));
            if has_place(kind) {
                assert_eq!((whole.authorized, whole.net, whole.open_days), (None, size(5), None));
                continue;
            }
            assert_eq!(Amounts::read(row).map(|amounts| amounts.counted), Some(figures.counted()));
            assert_eq!((whole.split_captured, whole.split_refunded), (part(1), part(2)));
            assert_eq!((whole.net, whole.open_days, whole.status_derived), (figures.net(), open_days, beside.derived));
        }
    }
}
