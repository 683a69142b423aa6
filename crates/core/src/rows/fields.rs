//! The tables of what is packed of each kind of row, in order. Packing and unpacking are made from
//! them, and every field of a row stands in its table: a new one does not compile until it does.

use super::account::{read_names, write_names};
use super::unpacker::Unpacker;
use super::wire::Wire;
use crate::ledger::{
    Correlation, Event, EventSettlements, GiftCard, Head, Item, Ledger, Names, Session, Settlement, SettlementAmounts,
    SettlementEntry, SettlementLine, SettlementTexts, Span, Split,
};
use crate::model::instant::Instant;
use crate::model::money::Sum;
use crate::model::quantity::Quantity;
use crate::provider::Provider;
use crate::provider::active::Active;

/// A value, or a row of values, that is packed. A ledger has the lists that spans point into.
pub(super) trait Packed<'p>: Sized {
    fn pack(&self, out: &mut impl Wire, from: &Ledger<'p>);
    fn unpack(&mut self, values: &mut Unpacker<'p>, to: &mut Ledger<'p>);
}

/// The table of a row: its fields in the order in which they are packed, those of them that are
/// packed only if one of them is there, and those that stand elsewhere or nowhere in a row.
///
/// Of a span, `in` names the ledger's list; of a word, `of` the dictionary that it is taken from.
macro_rules! fields {
    (
        $row:ident: $pack:ident, $unpack:ident { $($field:ident $(in $list:ident)? $(of $words:ident)?,)+ }
        $(if $has:ident: $pack_more:ident, $unpack_more:ident { $($more:ident $(in $of:ident)?,)+ })?
        not { $($other:ident),* }
    ) => {
        fields!(@part $row: $pack, $unpack { $($field $(in $list)? $(of $words)?,)+ });
        $(
            fields!(@part $row: $pack_more, $unpack_more { $($more $(in $of)?,)+ });

            fn $has(row: &$row<'_>) -> bool {
                let $row { $($more,)+ .. } = row;
                $(!$more.is_absent())||+
            }
        )?

        const _: fn($row<'_>) = |$row { $($field: _,)+ $($($more: _,)+)? $($other: _),* }| {};
    };
    (@part $row:ident: $pack:ident, $unpack:ident { $($field:ident $(in $list:ident)? $(of $words:ident)?,)+ }) => {
        pub(super) fn $pack<'p>(out: &mut impl Wire, from: &Ledger<'p>, row: &$row<'p>) {
            let $row { $($field,)+ .. } = row;
            $(fields!(@pack $field, out, from $(, in $list)? $(, of $words)?);)+
        }

        pub(super) fn $unpack<'p>(values: &mut Unpacker<'p>, to: &mut Ledger<'p>, row: &mut $row<'p>) {
            let $row { $($field,)+ .. } = row;
            $(fields!(@unpack $field, values, to $(, in $list)? $(, of $words)?);)+
        }
    };
    (@pack $field:ident, $out:ident, $from:ident) => { $field.pack($out, $from) };
    (@unpack $field:ident, $values:ident, $to:ident) => { $field.unpack($values, $to) };
    (@pack $field:ident, $out:ident, $from:ident, in $list:ident) => {
        pack_all(&$from.$list[$field.range()], $out, $from)
    };
    (@unpack $field:ident, $values:ident, $to:ident, in $list:ident) => {
        *$field = unpack_span($values, $to, |to| &mut to.$list)
    };
    (@pack $field:ident, $out:ident, $from:ident, of $words:ident) => {
        $out.word(Active::FREQUENT.$words, *$field)
    };
    (@unpack $field:ident, $values:ident, $to:ident, of $words:ident) => {
        *$field = $values.word(Active::FREQUENT.$words)
    };
}

fields! {
    Item: pack_usual_item, unpack_usual_item { line, amount, }
    if has_more: pack_more, unpack_more { quantity, discounts, gross, splits in splits, fees in fees, }
    not { tally }
}

fields! { Split: pack_split, unpack_split { destination, amount, } not {} }

fields! { GiftCard: pack_card, unpack_card { card, amount, } not {} }

// An event of a transaction.
fields! {
    Event: pack_usual_event, unpack_usual_event { stated, status_word of statuses, time, id, items in items, }
    if is_rich: pack_rich, unpack_rich {
        request_id,
        correlation_request_id,
        correction,
        splits in splits,
        fees in fees,
        cards in cards,
    }
    not {
        word, success, list, place, kind, status, created_at, updated_at, version, authorization_id, payment_id,
        settlements, origin, amount
    }
}

// An operation of an order; the fields that distinguish copies come first.
fields! {
    Event: pack_operation, unpack_operation {
        id,
        updated_at,
        version,
        success,
        stated,
        time,
        created_at,
        authorization_id,
        payment_id,
        items in items,
    }
    not {
        list, place, kind, word, status_word, status, request_id, correlation_request_id, correction, splits, fees,
        cards, settlements, origin, amount
    }
}

// The last fields of a head.
fields! {
    Head: pack_last, unpack_last {
        platform_type,
        seller,
        store_seller,
        items in items,
        shipping,
        cards in cards,
    }
    not {
        kind, id, has_document, amount, gross, given, has_reversed_line, currency, status_word, status, payment_status,
        words, conventions, settlement_status, product_type, product, platform, has_seller, merchant_reference,
        merchant_reference_2, session_id, created_at, origin
    }
}

fields! {
    Session: pack_session, unpack_session {
        transaction_id,
        amount,
        currency,
        partial_payment,
        merchant_reference,
        merchant_reference_2,
        cancelled_at,
        created_at,
        items,
        shipping,
    }
    not { id, origin }
}

fields! {
    Settlement: pack_amounts_and_lines, unpack_amounts_and_lines { created_at, amounts, lines, }
    not { id, is_report, texts, conventions, origin }
}

fields! { SettlementAmounts: pack_amounts, unpack_amounts { currency, amount, capture, refund, fee, } not {} }

fields! {
    SettlementLine: pack_line, unpack_line { transaction_id, capture, refund, fee, net, }
    not { place, product_type }
}

fields! {
    SettlementTexts: pack_texts, unpack_texts {
        reference,
        date,
        settled_at,
        payment_status,
        provider,
        provider_reference,
        destination,
    }
    not {}
}

fields! {
    SettlementEntry: pack_entry, unpack_entry {
        settlement,
        amount,
        capture,
        refund,
        fee,
        provider_reference,
        correlation,
    }
    not {}
}

/// Packs a settlement. Its texts and the product types of its lines come last, and only where there
/// are any, so that the bytes of settlements without them stay the same.
pub(super) fn pack_settlement(out: &mut impl Wire, from: &Ledger<'_>, settlement: &Settlement<'_>) {
    pack_amounts_and_lines(out, from, settlement);
    let has_products = settlement.lines.iter().any(|line| line.product_type.is_some());
    if settlement.texts != SettlementTexts::default() || has_products {
        pack_texts(out, from, &settlement.texts);
        settlement.lines.iter().for_each(|line| out.opt_text(line.product_type));
    }
}

pub(super) fn unpack_settlement<'p>(values: &mut Unpacker<'p>, to: &mut Ledger<'p>, settlement: &mut Settlement<'p>) {
    unpack_amounts_and_lines(values, to, settlement);
    settlement.texts = SettlementTexts::default();
    if !values.rest().is_empty() {
        unpack_texts(values, to, &mut settlement.texts);
        settlement.lines.iter_mut().for_each(|line| line.product_type = values.opt_text());
    }
}

/// Packs whether a transaction's events name settlements, and what each states about them.
pub(super) fn pack_entries(out: &mut impl Wire, from: &Ledger<'_>) {
    let naming = || from.events.iter().filter(|event| event.settlements != EventSettlements::default());
    out.flag(!from.entries.is_empty());
    out.number(naming().count() as u64);
    for event in naming() {
        out.number(u64::from(event.place));
        out.word(Active::FREQUENT.settlement_statuses, event.settlements.word);
        pack_all(&from.entries[event.settlements.entries.range()], out, from);
    }
}

/// Calls `each` with the settlements that each event names, and its place.
pub fn each_entry<'p>(packed: &'p [u8], mut each: impl FnMut(u32, SettlementEntry<'p>)) {
    let (mut ledger, mut values) = (Ledger::new(), Unpacker::new(packed));
    values.flag();
    for _ in 0..values.count() {
        let (place, _) = (values.number() as u32, values.word(Active::FREQUENT.settlement_statuses));
        for _ in 0..values.count() {
            each(place, unpacked(&mut values, &mut ledger));
        }
    }
}

fields! { Correlation: pack_correlation, unpack_correlation { event, id, } not {} }

pub(super) fn pack_correlations(out: &mut impl Wire, from: &Ledger<'_>) {
    pack_all(&from.correlations, out, from);
}

pub(super) fn unpack_correlations<'p>(packed: &'p [u8], ledger: &mut Ledger<'p>) {
    unpack_span(&mut Unpacker::new(packed), ledger, |ledger| &mut ledger.correlations);
}

/// Calls `each` with each correlation.
pub fn each_correlation<'p>(packed: &'p [u8], each: impl FnMut(&Correlation<'p>)) {
    let mut ledger = Ledger::new();
    unpack_correlations(packed, &mut ledger);
    ledger.correlations.iter().for_each(each);
}

/// Unpacks the settlements that a transaction's events name; the events must be unpacked already.
pub(super) fn unpack_entries<'p>(packed: &'p [u8], ledger: &mut Ledger<'p>) {
    let mut values = Unpacker::new(packed);
    values.flag();
    for _ in 0..values.count() {
        let place = values.number() as usize;
        let word = values.word(Active::FREQUENT.settlement_statuses);
        let entries = unpack_span(&mut values, ledger, |ledger| &mut ledger.entries);
        let status = word.and_then(Active::settlement_status);
        ledger.events[place].settlements = EventSettlements { word, status, entries };
    }
}

fn pack_item<'p>(out: &mut impl Wire, from: &Ledger<'p>, item: &Item<'p>) {
    let has_more = has_more(item);
    out.flag(has_more);
    pack_usual_item(out, from, item);
    if has_more {
        pack_more(out, from, item);
    }
}

fn unpack_item<'p>(values: &mut Unpacker<'p>, to: &mut Ledger<'p>, item: &mut Item<'p>) {
    let has_more = values.flag();
    unpack_usual_item(values, to, item);
    if has_more {
        unpack_more(values, to, item);
    }
}

/// Packs an event of a transaction.
pub(super) fn pack_event<'p>(out: &mut impl Wire, from: &Ledger<'p>, event: &Event<'p>) {
    let is_rich = is_rich(event);
    out.word(Active::FREQUENT.events, Some(event.word));
    out.byte(event.success.map_or(0, |success| 1 + u8::from(success)) << 1 | u8::from(is_rich));
    pack_usual_event(out, from, event);
    if is_rich {
        pack_rich(out, from, event);
    }
}

/// Unpacks an event of a transaction; what its words mean is not told.
pub(super) fn unpack_event<'p>(values: &mut Unpacker<'p>, to: &mut Ledger<'p>, event: &mut Event<'p>) {
    event.word = values.word(Active::FREQUENT.events).unwrap_or_default();
    let flags = values.byte();
    event.success = (flags > 1).then_some(flags > 3);
    unpack_usual_event(values, to, event);
    if flags & 1 == 1 {
        unpack_rich(values, to, event);
    }
}

/// Packs what of a head can be read without the rest.
pub(super) fn pack_names(out: &mut impl Wire, head: &Head<'_>) {
    out.opt_signed(head.amount);
    write_names(out, &Names::from(head));
}

/// Packs a ledger's head behind its names.
pub(super) fn pack_head(out: &mut impl Wire, ledger: &Ledger<'_>) {
    let head = &ledger.head;
    out.opt_signed(head.gross);
    let given = head.given.iter().fold(0, |bits, given| bits << 1 | u8::from(*given));
    out.byte(given << 1 | u8::from(head.has_reversed_line));
    pack_last(out, ledger, head);
}

/// Unpacks a ledger's head; `front` has what its row has besides.
pub(super) fn unpack_head<'p>(values: &mut Unpacker<'p>, ledger: &mut Ledger<'p>, front: Head<'p>) {
    let amount = values.opt_signed();
    let names = read_names(values);
    let Names { currency, status, settlement_status, product_type, .. } = names;
    let Names { merchant_reference, merchant_reference_2, session_id, created_at, .. } = names;
    let gross = values.opt_signed();
    let flags = values.byte();
    let mut head = Head {
        amount,
        currency,
        status_word: status,
        settlement_status,
        product_type,
        merchant_reference,
        merchant_reference_2,
        session_id,
        created_at,
        gross,
        given: [4, 3, 2, 1].map(|bit| flags >> bit & 1 == 1),
        has_reversed_line: flags & 1 == 1,
        ..front
    };
    unpack_last(values, ledger, &mut head);
    ledger.head = head;
}

macro_rules! rows {
    ($($row:ident: $pack:ident, $unpack:ident;)+) => {$(
        impl<'p> Packed<'p> for $row<'p> {
            #[inline]
            fn pack(&self, out: &mut impl Wire, from: &Ledger<'p>) {
                $pack(out, from, self);
            }

            #[inline]
            fn unpack(&mut self, values: &mut Unpacker<'p>, to: &mut Ledger<'p>) {
                $unpack(values, to, self);
            }
        }
    )+};
}

rows! {
    Item: pack_item, unpack_item;
    Split: pack_split, unpack_split;
    GiftCard: pack_card, unpack_card;
    SettlementAmounts: pack_amounts, unpack_amounts;
    SettlementLine: pack_line, unpack_line;
    SettlementEntry: pack_entry, unpack_entry;
    Correlation: pack_correlation, unpack_correlation;
}

macro_rules! values {
    ($($value:ty: $name:ident;)+) => {$(
        impl<'p> Packed<'p> for $value {
            #[inline(always)]
            fn pack(&self, out: &mut impl Wire, _: &Ledger<'p>) {
                out.$name(*self);
            }

            #[inline(always)]
            fn unpack(&mut self, values: &mut Unpacker<'p>, _: &mut Ledger<'p>) {
                *self = values.$name();
            }
        }
    )+};
}

values! {
    &'p str: text;
    Option<&'p str>: opt_text;
    i64: signed;
    Option<i64>: opt_signed;
    Option<Sum>: opt_sum;
    Option<Instant>: opt_instant;
    bool: flag;
    Option<bool>: opt_flag;
}

impl<'p> Packed<'p> for Option<u32> {
    fn pack(&self, out: &mut impl Wire, _: &Ledger<'p>) {
        out.opt_signed(self.map(i64::from));
    }

    fn unpack(&mut self, values: &mut Unpacker<'p>, _: &mut Ledger<'p>) {
        *self = values.opt_signed().map(|number| number as u32);
    }
}

impl<'p> Packed<'p> for Option<Quantity> {
    #[inline(always)]
    fn pack(&self, out: &mut impl Wire, _: &Ledger<'p>) {
        out.opt_sum(self.map(|quantity| quantity.0));
    }

    #[inline(always)]
    fn unpack(&mut self, values: &mut Unpacker<'p>, _: &mut Ledger<'p>) {
        *self = values.opt_sum().map(Quantity);
    }
}

impl<'p> Packed<'p> for Option<Item<'p>> {
    fn pack(&self, out: &mut impl Wire, from: &Ledger<'p>) {
        out.flag(self.is_some());
        self.iter().for_each(|item| item.pack(out, from));
    }

    fn unpack(&mut self, values: &mut Unpacker<'p>, to: &mut Ledger<'p>) {
        *self = values.flag().then(|| unpacked(values, to));
    }
}

impl<'p, T: Packed<'p>, const N: usize> Packed<'p> for [T; N] {
    #[inline(always)]
    fn pack(&self, out: &mut impl Wire, from: &Ledger<'p>) {
        self.iter().for_each(|one| one.pack(out, from));
    }

    #[inline(always)]
    fn unpack(&mut self, values: &mut Unpacker<'p>, to: &mut Ledger<'p>) {
        self.iter_mut().for_each(|one| one.unpack(values, to));
    }
}

impl<'p, T: Packed<'p> + Default> Packed<'p> for Vec<T> {
    fn pack(&self, out: &mut impl Wire, from: &Ledger<'p>) {
        pack_all(self, out, from);
    }

    fn unpack(&mut self, values: &mut Unpacker<'p>, to: &mut Ledger<'p>) {
        self.clear();
        self.extend((0..values.count()).map(|_| unpacked(values, to)));
    }
}

fn unpacked<'p, T: Packed<'p> + Default>(values: &mut Unpacker<'p>, to: &mut Ledger<'p>) -> T {
    let mut one = T::default();
    one.unpack(values, to);
    one
}

#[inline]
fn pack_all<'p, T: Packed<'p>>(all: &[T], out: &mut impl Wire, from: &Ledger<'p>) {
    out.number(all.len() as u64);
    all.iter().for_each(|one| one.pack(out, from));
}

fn unpack_span<'p, T: Packed<'p> + Default>(
    values: &mut Unpacker<'p>,
    to: &mut Ledger<'p>,
    list: for<'l> fn(&'l mut Ledger<'p>) -> &'l mut Vec<T>,
) -> Span {
    let start = list(to).len() as u32;
    for _ in 0..values.count() {
        let one = unpacked(values, to);
        list(to).push(one);
    }
    Span { start, end: list(to).len() as u32 }
}

/// What may be absent.
trait Absent {
    fn is_absent(&self) -> bool;
}

impl<T> Absent for Option<T> {
    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T: Absent, const N: usize> Absent for [T; N] {
    fn is_absent(&self) -> bool {
        self.iter().all(T::is_absent)
    }
}

impl Absent for Span {
    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}
