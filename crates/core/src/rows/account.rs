//! The front of a transaction's row: its precheck and its names. Most transactions trigger no
//! check, and the rest of their rows stays packed.

use super::row::Row;
use super::unpacker::Unpacker;
use super::wire::Wire;
use crate::ledger::{Figures, Move, Names, Precheck, Triggers};
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
    pub figures: Figures,
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
}

impl<'p> Account<'p> {
    pub fn names(&self) -> Names<'p> {
        read_names(&mut Unpacker::new(self.packed_names))
    }
}

/// Reads the front of a transaction's row; its moves replace those in `moves`.
pub fn account<'p>(row: &Row<'p>, moves: &mut Vec<Move>) -> Account<'p> {
    let mut values = Unpacker::new(row.body);
    skip_session(&mut values);
    let (triggers, mut figures) = read_precheck(&mut values, moves);
    let [settlements, correlations] = read_named(&mut values, triggers);
    // The block begins with whether any is named: events may state a status alone.
    let entries = if settlements.first() == Some(&1) { settlements } else { &[] };
    figures.authorized = Sum::from(values.opt_signed().unwrap_or(0));
    let triggers = triggers.without(Triggers::OF_ROW);
    let before = values.rest();
    let currency = values.word(CURRENCIES);
    values.skip_word();
    let has_settlement_status = values.skip_word();
    values.opt_bytes();
    let merchant_reference = values.opt_bytes();
    values.opt_bytes();
    let session_id = values.opt_bytes();
    let created_at = values.opt_instant();
    let packed_names = &before[..before.len() - values.rest().len()];
    Account {
        triggers,
        figures,
        currency,
        has_settlement_status,
        merchant_reference,
        session_id,
        created_at,
        entries,
        correlations,
        packed_names,
    }
}

/// The embedded session comes first, so that it can be read without unpacking the rest.
pub(super) fn skip_session(values: &mut Unpacker<'_>) {
    if values.byte() == 1 {
        values.bytes();
    }
}

pub(super) fn write_precheck(out: &mut impl Wire, precheck: &Precheck) {
    let [a, b, c, d] = precheck.triggers.bits().to_le_bytes();
    if precheck.triggers.has(Triggers::UNREAD) {
        return out.put([a, b, c, d], 4);
    }
    let figures = &precheck.figures;
    let sums = [figures.lines, figures.split_captured, figures.split_refunded];
    let flags =
        sums.iter().fold(u8::from(figures.has_cards_or_splits), |bits, sum| bits << 1 | u8::from(sum.is_some()));
    out.put([a, b, c, d, flags], 5);
    sums.into_iter().flatten().for_each(|sum| out.sum(sum));
    out.number(figures.events);
    out.opt_instant(figures.last_event_at);
    out.number(precheck.moves.len() as u64);
    for step in &precheck.moves {
        match u8::try_from(step.place) {
            Ok(place @ 0..0x80) => out.then_instant([step.kind as u8, place], step.time),
            _ => {
                out.byte(step.kind as u8);
                out.number(u64::from(step.place));
                out.opt_instant(step.time);
            }
        }
        out.sum(step.amount);
    }
}

/// Reads a precheck; the authorised amount is not part of it.
fn read_precheck(values: &mut Unpacker<'_>, moves: &mut Vec<Move>) -> (Triggers, Figures) {
    moves.clear();
    let mut figures = Figures::default();
    let triggers = Triggers::from_bits(values.fixed());
    if triggers.has(Triggers::UNREAD) {
        return (triggers, figures);
    }
    let flags = values.byte();
    let mut sum = |bit: u8| (flags >> bit & 1 == 1).then(|| values.sum());
    (figures.lines, figures.split_captured, figures.split_refunded) = (sum(2), sum(1), sum(0));
    figures.has_cards_or_splits = flags >> 3 == 1;
    figures.events = values.number();
    figures.last_event_at = values.opt_instant();
    for _ in 0..values.count() {
        let step = Move {
            kind: Move::KINDS[usize::from(values.byte())],
            place: values.number() as u32,
            time: values.opt_instant(),
            amount: values.sum(),
        };
        figures.add(&step);
        moves.push(step);
    }
    (triggers, figures)
}

/// The packed settlements that the events name, and the packed correlations.
fn read_named<'p>(values: &mut Unpacker<'p>, triggers: Triggers) -> [&'p [u8]; 2] {
    [triggers.names_settlements(), triggers.is_correlated()].map(|has| if has { values.bytes() } else { &[] })
}

/// Skips the precheck; returns the packed settlements that the events name, and the packed correlations.
pub(super) fn skip_precheck<'p>(values: &mut Unpacker<'p>) -> [&'p [u8]; 2] {
    let triggers = Triggers::from_bits(values.fixed());
    if !triggers.has(Triggers::UNREAD) {
        skip_figures(values);
    }
    read_named(values, triggers)
}

/// The body of a transaction's row without its precheck, which is derived from the rest: what precedes it, what the
/// document may have (see [`Triggers::OF_ROW`]), and what follows.
pub fn without_precheck<'p>(row: &Row<'p>) -> [&'p [u8]; 3] {
    let mut values = Unpacker::new(row.body);
    skip_session(&mut values);
    let (session, _) = row.body.split_at(row.body.len() - values.rest().len());
    let triggers = Triggers::from_bits(values.fixed());
    if !triggers.has(Triggers::UNREAD) {
        skip_figures(&mut values);
    }
    let has: &[u8] = match (triggers.names_settlements(), triggers.is_correlated()) {
        (false, false) => &[0],
        (true, false) => &[1],
        (false, true) => &[2],
        (true, true) => &[3],
    };
    [session, has, values.rest()]
}

fn skip_figures(values: &mut Unpacker<'_>) {
    let flags = values.byte() & 0b111;
    for _ in 0..flags.count_ones() {
        values.sum();
    }
    values.number();
    values.opt_instant();
    for _ in 0..values.count() {
        values.byte();
        values.number();
        values.opt_instant();
        values.sum();
    }
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
    Names {
        currency: values.word(CURRENCIES),
        status: values.word(Active::FREQUENT.statuses),
        settlement_status: values.word(Active::FREQUENT.settlement_statuses),
        product_type: values.opt_text(),
        merchant_reference: values.opt_text(),
        merchant_reference_2: values.opt_text(),
        session_id: values.opt_text(),
        created_at: values.opt_instant(),
    }
}
