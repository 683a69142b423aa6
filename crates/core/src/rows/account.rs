//! The front of a transaction's row: its triggers, figures, moves and names. Most transactions trigger
//! no check, and the rest of their rows stays packed; figures, moves and names go to their balances as
//! they are.

use super::row::{Row, RowKind};
use super::unpacker::Unpacker;
use super::wire::Wire;
use crate::ledger::{Event, Figures, Move, Names, Precheck, Running, Triggers};
use crate::model::event::EventKind;
use crate::model::instant::Instant;
use crate::model::money::Sum;
use crate::provider::Provider;
use crate::provider::active::Active;

/// Currencies that take one byte in a row.
const CURRENCIES: &[&str] = &["NOK", "SEK", "DKK", "EUR", "USD", "GBP", "ISK", "PLN", "CHF", "JPY"];

/// The front of a transaction's row, unpacked.
#[derive(Clone, Copy, Debug)]
pub struct Account<'p> {
    /// The triggers of the precheck. With [`Triggers::UNREAD`], only `authorized` of the figures is set.
    pub triggers: Triggers,
    /// What moves alone tell is missing until [`Account::look_at_moves`].
    pub figures: Figures,
    pub moves: PackedMoves<'p>,
    /// The currency as written.
    pub currency: Option<&'p str>,
    pub has_settlement_status: bool,
    pub merchant_reference: Option<&'p [u8]>,
    pub session_id: Option<&'p [u8]>,
    pub created_at: Option<Instant>,
    /// The settlements that its events name, packed; see [`each_entry`](super::each_entry). Empty without any.
    pub entries: &'p [u8],
    /// The ids for those who pay out, packed; see [`each_correlation`](super::each_correlation). Empty without any.
    pub correlations: &'p [u8],
    /// The names, as packed by [`write_names`].
    pub packed_names: &'p [u8],
    /// What [`write_account`] would write; empty with [`Triggers::UNREAD`].
    pub packed: &'p [u8],
    /// What follows the names; in a short row, the ids by [`write_ids`].
    pub(super) rest: &'p [u8],
}

impl<'p> Account<'p> {
    /// Completes the figures.
    pub fn look_at_moves(&mut self) {
        self.moves.for_each(|step| self.figures.mark(&step));
    }

    pub fn names(&self) -> Names<'p> {
        read_names(&mut Unpacker::new(self.packed_names))
    }

    /// Whether a copy with another short row tells nothing that this one lacks: the same currency, and no capture or
    /// refund that is not here, too. False where it is not certain.
    pub fn surpasses(&self, earlier: &Account<'_>) -> bool {
        let is_here = |(id, step): (Option<&str>, Move)| {
            self.stated_moves().any(|(other_id, other)| {
                let has_name = if id.is_some() { id == other_id } else { step.time == other.time };
                has_name && (step.kind, step.amount) == (other.kind, other.amount)
            })
        };
        let releases = |step: Move| matches!(step.kind, EventKind::Void | EventKind::Cancel);
        self.currency == earlier.currency && !{ earlier.moves }.any(releases) && earlier.stated_moves().all(is_here)
    }

    /// The captures and refunds of a short row, with their ids.
    fn stated_moves(&self) -> impl Iterator<Item = (Option<&'p str>, Move)> {
        let mut ids = Unpacker::new(self.rest);
        self.moves.filter(states_amount).map(move |step| (ids.opt_text(), step))
    }
}

/// Whether the amount of a move is what its event states; that of a void is what was left.
fn states_amount(step: &Move) -> bool {
    matches!(step.kind, EventKind::Capture | EventKind::Refund)
}

/// Packs the ids of captures and refunds behind the names of a short row.
pub(super) fn write_ids(out: &mut impl Wire, moves: &[Move], events: &[Event<'_>]) {
    let named = moves.iter().filter(|step| states_amount(step));
    named.for_each(|step| out.opt_text(events[step.place as usize].id));
}

impl<'p> Row<'p> {
    /// Whether this row is the whole of a transaction's short row.
    pub fn completes(&self, short: &Row<'p>) -> bool {
        let key = |row: &Row<'p>| (row.id, row.origin, row.updated_at, row.version, row.weight);
        let front = &short.body[..short.body.len() - account(short).rest.len()];
        self.kind == RowKind::Transaction && key(self) == key(short) && self.body.starts_with(front)
    }
}

/// Reads the front of a transaction's row.
#[inline]
pub fn account<'p>(row: &Row<'p>) -> Account<'p> {
    let mut values = Unpacker::new(row.body);
    skip_session(&mut values);
    let (triggers, [settlements, correlations]) = read_triggers(&mut values);
    // The block begins with whether any is named: events may state a status alone.
    let entries = if settlements.first() == Some(&1) { settlements } else { &[] };
    let start = values.rest();
    let (figures, moves) = if triggers.has(Triggers::UNREAD) {
        let authorized = Sum::from(values.opt_signed().unwrap_or(0));
        (Figures { authorized, ..Figures::default() }, PackedMoves::NONE)
    } else {
        read_account(&mut values)
    };
    let before = values.rest();
    let currency = values.word(CURRENCIES);
    values.skip_word();
    let has_settlement_status = values.skip_word();
    values.opt_bytes();
    let merchant_reference = values.opt_bytes();
    values.opt_bytes();
    let session_id = values.opt_bytes();
    let created_at = values.opt_instant();
    let up_to_here = |from: &'p [u8]| &from[..from.len() - values.rest().len()];
    Account {
        triggers: triggers.without(Triggers::OF_ROW),
        figures,
        moves,
        currency,
        has_settlement_status,
        merchant_reference,
        session_id,
        created_at,
        entries,
        correlations,
        packed_names: up_to_here(before),
        packed: if triggers.has(Triggers::UNREAD) { &[] } else { up_to_here(start) },
        rest: values.rest(),
    }
}

/// The embedded session comes first, so that it can be read without unpacking the rest.
pub(super) fn skip_session(values: &mut Unpacker<'_>) {
    if values.byte() == 1 {
        values.bytes();
    }
}

/// `named` are the settlements that the events name, and the correlations, both packed.
pub(super) fn write_precheck(out: &mut impl Wire, precheck: &Precheck, named: [&[u8]; 2]) {
    let triggers = precheck.triggers;
    out.put(triggers.bits().to_le_bytes(), 4);
    for (named, has) in named.into_iter().zip([triggers.names_settlements(), triggers.is_correlated()]) {
        if has {
            out.bytes(named);
        }
    }
    if !triggers.has(Triggers::UNREAD) {
        write_figures(out, &precheck.figures, &precheck.moves);
    }
}

/// Reads the triggers, and the packed settlements and correlations.
#[inline(always)]
fn read_triggers<'p>(values: &mut Unpacker<'p>) -> (Triggers, [&'p [u8]; 2]) {
    let triggers = Triggers::from_bits(values.fixed());
    let has = [triggers.names_settlements(), triggers.is_correlated()];
    (triggers, has.map(|has| if has { values.bytes() } else { &[] }))
}

/// Packs the account of a ledger whose row does not have it; its moves are left out.
pub fn write_account(out: &mut Vec<u8>, figures: &Figures, names: impl FnOnce(&mut Vec<u8>)) {
    write_figures(out, figures, &[]);
    out.opt_signed(None);
    names(out);
}

/// Reads an account up to its names, which follow; its figures lack what moves alone tell.
#[inline(always)]
pub fn read_account<'p>(values: &mut Unpacker<'p>) -> (Figures, PackedMoves<'p>) {
    let read = read_figures(values);
    if values.flag() {
        values.skip_number();
    }
    read
}

/// Figures, flags, number of moves, number of events, time of the last event, seven amounts: in fixed places, unless
/// a value is too large.
const FIGURES: usize = 40;

/// A move, likewise.
const MOVE: usize = 16;

/// The flags of figures in which a value is too large for its place.
const LARGE: u8 = 1 << 7;

pub fn write_figures(out: &mut impl Wire, figures: &Figures, moves: &[Move]) {
    let Figures { totals, lines, split_captured, split_refunded, last_event_at, .. } = figures;
    let parts = [*lines, *split_captured, *split_refunded];
    let [a, b, c] = parts.map(|part| part.unwrap_or(0));
    let sums = [figures.authorized, totals.captured, totals.refunded, totals.released, a, b, c];
    let has = parts.map(|part| part.is_some());
    let [a, b, c] = has;
    let flags = [last_event_at.is_some(), totals.voided, totals.authorized, figures.has_cards_or_splits, a, b, c];
    let flags = flags.iter().fold(0, |bits, flag| bits << 1 | u8::from(*flag));
    let count = u8::try_from(moves.len()).expect("a precheck has few moves");
    let is_short = |time: &Option<Instant>| time.is_none_or(|time| u32::try_from(time.seconds).is_ok());
    let is_small = |sum: &Sum| i32::try_from(*sum).is_ok();
    if !(sums.iter().all(is_small)
        && figures.events <= u64::from(u16::MAX)
        && is_short(last_event_at)
        && moves.iter().all(|step| is_small(&step.amount) && is_short(&step.time)))
    {
        return write_large(out, [flags | LARGE, count], figures, &sums, moves);
    }
    let mut bytes = [0; FIGURES];
    (bytes[0], bytes[1]) = (flags, count);
    bytes[2..4].copy_from_slice(&(figures.events as u16).to_le_bytes());
    bytes[4..12].copy_from_slice(&time_bytes(*last_event_at));
    for (place, sum) in bytes[12..].as_chunks_mut::<4>().0.iter_mut().zip(sums) {
        *place = (sum as i32).to_le_bytes();
    }
    out.put(bytes, FIGURES);
    for step in moves {
        let mut bytes = [0; MOVE];
        bytes[..8].copy_from_slice(&time_bytes(step.time));
        bytes[8..12].copy_from_slice(&(step.amount as i32).to_le_bytes());
        bytes[12..15].copy_from_slice(&[step.kind as u8, step.place as u8, u8::from(step.time.is_some())]);
        out.put(bytes, MOVE);
    }
}

fn time_bytes(time: Option<Instant>) -> [u8; 8] {
    let Instant { seconds, nanos } = time.unwrap_or(Instant { seconds: 0, nanos: 0 });
    (seconds as u64 & u64::from(u32::MAX) | u64::from(nanos) << 32).to_le_bytes()
}

#[cold]
fn write_large(out: &mut impl Wire, front: [u8; 2], figures: &Figures, sums: &[Sum], moves: &[Move]) {
    out.put(front, 2);
    out.number(figures.events);
    out.opt_instant(figures.last_event_at);
    sums.iter().for_each(|sum| out.sum(*sum));
    for step in moves {
        out.put([step.kind as u8, step.place as u8], 2);
        out.opt_instant(step.time);
        out.sum(step.amount);
    }
}

/// Reads what [`write_figures`] wrote.
#[inline(always)]
pub fn read_figures<'p>(values: &mut Unpacker<'p>) -> (Figures, PackedMoves<'p>) {
    let [flags, count] = *values.rest().first_chunk().expect("a row ends before its figures do");
    let has = |bit: u8| flags >> bit & 1 == 1;
    let is_large = has(7);
    let (events, last_event_at, sums) = if is_large { read_large(values) } else { read_small(values.array(), has(6)) };
    let [authorized, captured, refunded, released, lines, split_captured, split_refunded] = sums;
    let figures = Figures {
        authorized,
        totals: Running { captured, refunded, released, authorized: has(4), voided: has(5) },
        events,
        last_event_at,
        lines: has(2).then_some(lines),
        split_captured: has(1).then_some(split_captured),
        split_refunded: has(0).then_some(split_refunded),
        has_cards_or_splits: has(3),
        ..Figures::default()
    };
    let moves = PackedMoves { values: *values, left: count, is_large };
    *values = moves.behind();
    (figures, moves)
}

type PackedFigures = (u64, Option<Instant>, [Sum; 7]);

#[inline(always)]
fn read_small(bytes: [u8; FIGURES], has_time: bool) -> PackedFigures {
    let (words, _) = bytes.as_chunks::<4>();
    let word = |at: usize| u32::from_le_bytes(words[at]);
    let time = Instant { seconds: word(1).into(), nanos: word(2) };
    let sum = |at: usize| Sum::from(word(at) as i32);
    // Not by `map`, which is compiled to a call.
    (u64::from(word(0) >> 16), has_time.then_some(time), [sum(3), sum(4), sum(5), sum(6), sum(7), sum(8), sum(9)])
}

#[cold]
fn read_large(values: &mut Unpacker<'_>) -> PackedFigures {
    values.skip(2);
    (values.number(), values.opt_instant(), [(); 7].map(|()| values.sum()))
}

/// Packed moves.
#[derive(Clone, Copy, Debug)]
pub struct PackedMoves<'p> {
    values: Unpacker<'p>,
    left: u8,
    is_large: bool,
}

impl<'p> PackedMoves<'p> {
    pub const NONE: PackedMoves<'static> = PackedMoves { values: Unpacker::new(&[]), left: 0, is_large: false };

    /// What follows them.
    #[inline(always)]
    fn behind(mut self) -> Unpacker<'p> {
        if self.is_large {
            self.by_ref().for_each(drop);
        } else {
            self.values.skip(MOVE * usize::from(self.left));
        }
        self.values
    }

    #[cold]
    fn next_large(&mut self) -> Move {
        let [kind, place] = self.values.array();
        Move::of(kind, place, self.values.opt_instant(), self.values.sum())
    }
}

impl Iterator for PackedMoves<'_> {
    type Item = Move;

    #[inline(always)]
    fn next(&mut self) -> Option<Move> {
        self.left = self.left.checked_sub(1)?;
        if self.is_large {
            return Some(self.next_large());
        }
        let bytes: [u8; MOVE] = self.values.array();
        let (words, _) = bytes.as_chunks::<4>();
        let [seconds, nanos, amount, last] = [0, 1, 2, 3].map(|at| u32::from_le_bytes(words[at]));
        let [kind, place, has_time, _] = last.to_le_bytes();
        let time = (has_time == 1).then_some(Instant { seconds: seconds.into(), nanos });
        Some(Move::of(kind, place, time, Sum::from(amount as i32)))
    }
}

impl Move {
    #[inline(always)]
    fn of(kind: u8, place: u8, time: Option<Instant>, amount: Sum) -> Move {
        Move { kind: Move::KINDS[usize::from(kind)], place: place.into(), time, amount }
    }
}

/// Skips the precheck; returns the packed settlements that the events name, and the packed correlations.
pub(super) fn skip_precheck<'p>(values: &mut Unpacker<'p>) -> [&'p [u8]; 2] {
    let (triggers, named) = read_triggers(values);
    if !triggers.has(Triggers::UNREAD) {
        read_figures(values);
    }
    named
}

/// The body of a transaction's row without its precheck, which is derived from the rest: what precedes it, what the
/// document may have (see [`Triggers::OF_ROW`]), that itself, and what follows.
pub fn without_precheck<'p>(row: &Row<'p>) -> [&'p [u8]; 4] {
    let mut values = Unpacker::new(row.body);
    skip_session(&mut values);
    let (session, rest) = row.body.split_at(row.body.len() - values.rest().len());
    let (triggers, _) = read_triggers(&mut values);
    let named = &rest[size_of::<Triggers>()..rest.len() - values.rest().len()];
    if !triggers.has(Triggers::UNREAD) {
        read_figures(&mut values);
    }
    let has: &[u8] = match (triggers.names_settlements(), triggers.is_correlated()) {
        (false, false) => &[0],
        (true, false) => &[1],
        (false, true) => &[2],
        (true, true) => &[3],
    };
    [session, has, named, values.rest()]
}

pub fn write_names(out: &mut impl Wire, names: &Names<'_>) {
    out.word(CURRENCIES, names.currency);
    out.word(Active::FREQUENT.statuses, names.status);
    out.word(Active::FREQUENT.settlement_statuses, names.settlement_status);
    out.opt_text(names.product_type);
    out.opt_text(names.merchant_reference);
    out.opt_text(names.merchant_reference_2);
    out.opt_text(names.session_id);
    out.opt_instant(names.created_at);
}

/// Reads the currency, with which names begin.
pub fn read_currency<'p>(values: &mut Unpacker<'p>) -> Option<&'p str> {
    values.word(CURRENCIES)
}

pub fn read_names<'p>(values: &mut Unpacker<'p>) -> Names<'p> {
    read_numbered_names(values).0
}

/// Reads names, and the numbers of their words: of the currency, the status and the settlement status.
#[inline(always)]
pub fn read_numbered_names<'p>(values: &mut Unpacker<'p>) -> (Names<'p>, [u8; 3]) {
    let mut word = |dictionary| (values.word_number(), values.word(dictionary));
    let (currency, status) = (word(CURRENCIES), word(Active::FREQUENT.statuses));
    let settlement_status = word(Active::FREQUENT.settlement_statuses);
    let names = Names {
        currency: currency.1,
        status: status.1,
        settlement_status: settlement_status.1,
        product_type: values.opt_text(),
        merchant_reference: values.opt_text(),
        merchant_reference_2: values.opt_text(),
        session_id: values.opt_text(),
        created_at: values.opt_instant(),
    };
    (names, [currency.0, status.0, settlement_status.0])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Evidence of earlier runs has the hash of these bytes.
    #[test]
    fn a_row_without_its_precheck_is_what_its_document_states() {
        for (named, code) in [(Triggers::NONE, 0), (Triggers::NAMES_SETTLEMENTS, 1), (Triggers::OF_ROW, 3)] {
            for (unread, session) in [(false, &[0][..]), (true, &[1, 2, 8, 8])] {
                let moves = vec![Move { kind: EventKind::Capture, place: 1, time: None, amount: 5 }];
                let mut precheck = Precheck { triggers: named, moves, ..Precheck::default() };
                precheck.triggers.note(unread, Triggers::UNREAD);
                let mut body = session.to_vec();
                write_precheck(&mut body, &precheck, [b"ab", b"c"]);
                body.extend_from_slice(b"rest");
                let (id, origin) = ("P1.t", crate::model::origin::Origin::default());
                let row = Row {
                    kind: RowKind::Transaction,
                    id,
                    origin,
                    updated_at: None,
                    version: None,
                    weight: 1,
                    body: &body,
                };
                let stated: &[u8] = [&b""[..], b"\x02ab", b"", b"\x02ab\x01c"][code];
                assert_eq!(without_precheck(&row), [session, &[code as u8], stated, b"rest"]);
            }
        }
    }

    #[test]
    fn figures_and_moves_of_every_size_come_back() {
        let sums = [0, -1, 12_345, i64::from(i32::MAX), i64::from(i32::MIN), 1 << 31, i64::MIN, i64::MAX];
        let seconds = [0, i64::from(u32::MAX), 1 << 32, -1];
        let times = seconds.map(|seconds| Some(Instant { seconds, nanos: 1_999_999_999 }));
        let times = times.into_iter().chain([None, Some(Instant { seconds: 7, nanos: 0 })]);
        let mut is_large = Vec::new();
        for (at, (sum, time)) in times.flat_map(|time| sums.map(|sum| (Sum::from(sum), time))).enumerate() {
            for (place, kind) in Move::KINDS.into_iter().enumerate() {
                let at = at + place;
                let part = |bit: usize| (at >> bit & 1 == 1).then_some(if place == 0 { sum } else { 5 });
                let totals = Running { captured: 3, refunded: sum, released: 4, authorized: true, voided: at % 2 == 0 };
                let figures = Figures {
                    authorized: 7,
                    totals: Running { authorized: at % 3 == 0, ..totals },
                    events: [4, 1 << 16][usize::from(at % 7 == 0)],
                    last_event_at: time.filter(|_| at % 2 == 0),
                    lines: part(0),
                    split_captured: part(1),
                    split_refunded: part(2),
                    has_cards_or_splits: at % 5 == 0,
                    ..Figures::default()
                };
                let moves = [
                    Move { kind, place: 31, time, amount: sum },
                    Move { kind: EventKind::Refund, place: 0, time: None, amount: 1 },
                ];
                let mut packed = Vec::new();
                write_figures(&mut packed, &figures, &moves[..at % 3]);
                is_large.push(packed.len() != FIGURES + MOVE * (at % 3));
                packed.push(0xff);
                let mut values = Unpacker::new(&packed);
                let (read, steps) = read_figures(&mut values);
                assert_eq!((read, values.rest()), (figures, &[0xff][..]));
                assert_eq!(steps.collect::<Vec<_>>(), moves[..at % 3]);
            }
        }
        assert!(is_large.contains(&true) && is_large.contains(&false));
    }
}
