//! Writes the link rows of documents, each under a key that joins it with other documents.

use std::collections::BTreeMap;

use crate::ledger::{Ledger, Move, OrderFacts, SessionFacts, Settlement};
use crate::link::{self, CorrelatedFacts, LineFacts, LineShare, LinkFacts};
use crate::model::card::Kind;
use crate::model::cause::Undone;
use crate::model::event::EventKind;
use crate::model::evidence::{CopyState, document_part};
use crate::model::money::Sum;
use crate::payout::{JoinedBy, LineTerms};
use crate::rows::{Account, Key, KeyFilter, KeyPlaces, Partitions, each_correlation, each_entry};

/// Which kinds of documents the input has that transactions may be linked to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Linking {
    /// Sessions, embedded ones included.
    pub sessions: bool,
    pub orders: bool,
    /// Settlement reports.
    pub settlements: bool,
    /// Payouts of providers that pay out themselves, or lines of them.
    pub remittances: bool,
}

/// What a transaction can be joined by.
pub struct Joinable<'k> {
    pub id: &'k str,
    pub session: Option<&'k [u8]>,
    pub reference: Option<(&'k [u8], KeyPlaces)>,
    pub names_settlements: bool,
    pub partial: bool,
    /// N.
    pub net: Sum,
}

/// Calls `write` with each key under which a transaction can join other documents. With settlement
/// reports, a transaction is judged where they are joined, even if none names it.
pub fn keys_of_transaction<'k>(
    of: &Joinable<'k>,
    Linking { sessions, orders, settlements, .. }: Linking,
    keys: &KeyFilter,
    mut write: impl FnMut(Key, &'k [u8]),
) {
    let id = of.id.as_bytes();
    if settlements || of.names_settlements || ((sessions || orders) && keys.is_repeated(Key::Transaction, id)) {
        write(Key::Transaction, id);
    }
    let session = of.session.filter(|_| sessions && !of.partial);
    if let Some(session) = session.filter(|session| keys.is_repeated(Key::Session, session)) {
        write(Key::Session, session);
    }
    let reference = of.reference.filter(|_| orders || (!of.partial && of.net > 0));
    if let Some((reference, _)) = reference.filter(|(_, places)| keys.is_repeated_at(*places)) {
        write(Key::Reference, reference);
    }
}

/// Writes an order's link rows: one per transaction that it names, or else one under its own id,
/// which transactions may state as their reference.
pub fn of_order(
    ledger: &Ledger<'_>,
    derived: Option<&str>,
    undone: Option<Undone>,
    evidence: &[u8],
    out: &mut Partitions,
) {
    let mut named: Vec<&str> = ledger.events.iter().filter_map(|e| e.payment_id).collect();
    named.sort_unstable();
    named.dedup();
    let head = &ledger.head;
    let undone = undone.map(|undone| link::pack_undone(&undone));
    let facts = OrderFacts {
        id: head.id,
        currency: head.currency,
        status: head.status_word,
        status_derived: derived,
        created_at: head.created_at,
        captured: ledger.totals.captured,
        refunded: ledger.totals.refunded,
        released: ledger.totals.released,
        has_reversal: [EventKind::Capture, EventKind::Refund]
            .into_iter()
            .any(|kind| ledger.effective(kind).any(|event| event.sum() < 0)),
        given: head.given,
        named: named.len() as u32,
        undone: undone.as_deref(),
        evidence,
        origin: head.origin,
    };
    if named.is_empty() {
        link::write(out.of(facts.id), Key::Reference, facts.id, &LinkFacts::Order(facts));
    }
    for id in named {
        link::write(out.of(id), Key::Transaction, id, &LinkFacts::Order(facts));
    }
}

/// Writes a session's link rows: under its own id, and under the transaction that it names.
pub fn of_session(facts: &SessionFacts<'_>, out: &mut Partitions) {
    link::write(out.of(facts.id), Key::Session, facts.id, &LinkFacts::Session(*facts));
    if let Some(transaction) = facts.transaction_id {
        link::write(out.of(transaction), Key::Transaction, transaction, &LinkFacts::Session(*facts));
    }
}

/// Writes one link row per settlement line, under the transaction that it names. `repeated_line` is the
/// place of a line known to be repeated, and the number of the finding that says so.
pub fn of_settlement(
    settlement: &Settlement<'_>,
    repeated_line: Option<(u32, u64)>,
    state: &CopyState,
    terms: &LineTerms<'_>,
    out: &mut Partitions,
) {
    let convention = settlement.convention();
    let currency = if let [only] = settlement.amounts.as_slice() { only.currency } else { None };
    for line in &settlement.lines {
        let Some(transaction) = line.transaction_id else { continue };
        let facts = LineFacts {
            settlement: settlement.id,
            currency,
            place: line.place,
            capture: line.capture,
            refund: line.refund,
            refund_magnitude: convention.refund_magnitude(line.refund),
            repeated_line: repeated_line.filter(|(place, _)| *place == line.place).map(|(_, root)| root),
            share: LineShare {
                currency: terms.currency,
                parts: line.parts(terms.convention),
                net: line.net_by(convention),
                product_type: line.product_type,
            },
            state: *state,
            origin: settlement.origin,
        };
        link::write(out.of(transaction), Key::Transaction, transaction, &LinkFacts::Line(facts));
    }
}

/// Writes a transaction under the ids by which providers that pay out themselves may name it.
/// `moves` are those that the account lacks.
pub fn of_correlations(id: &str, account: &Account<'_>, moves: &[Move], keys: &KeyFilter, out: &mut Partitions) {
    // Each id, and the only event that states it.
    let mut stated: BTreeMap<(&str, JoinedBy), Option<u32>> = BTreeMap::new();
    let mut note = |named, by, event| {
        if keys.is_repeated(Key::Correlation, str::as_bytes(named)) {
            let only = stated.entry((named, by)).or_insert(event);
            *only = only.filter(|only| event == Some(*only));
        }
    };
    if !account.entries.is_empty() {
        each_entry(account.entries, |place, entry| {
            entry.correlation.into_iter().for_each(|named| note(named, JoinedBy::Entry, Some(place)));
        });
    }
    if !account.correlations.is_empty() {
        each_correlation(account.correlations, |correlation| {
            let by = if correlation.event.is_some() { JoinedBy::Event } else { JoinedBy::Metadata };
            note(correlation.id, by, correlation.event);
        });
    }
    if stated.is_empty() {
        return;
    }
    let moves = link::pack_moves(account.moves.chain(moves.iter().copied()));
    let names = account.names();
    for ((named, by), event) in stated {
        let facts = CorrelatedFacts {
            id,
            currency: account.currency.unwrap_or_default(),
            product_type: names.product_type,
            by,
            event,
            moves: if by == JoinedBy::Metadata { &moves } else { &[] },
        };
        link::write(out.of(named), Key::Correlation, named, &LinkFacts::Correlated(facts));
    }
}

/// Writes the link rows of a superseded settlement copy: without the kept copy, it would settle
/// these transactions. `state` is the kept copy's.
pub fn of_former_settlement(former: &Settlement<'_>, id: &str, state: &CopyState, out: &mut Partitions) {
    let part = document_part(Kind::Settlement, id, state);
    for transaction in former.lines.iter().filter_map(|line| line.transaction_id) {
        link::write(out.of(transaction), Key::Transaction, transaction, &LinkFacts::Former(&part));
    }
}

/// Writes the link row of a superseded transaction copy: without the kept copy, its reference could
/// link it to an order. `state` is the kept copy's.
pub fn of_former_transaction(reference: &str, id: &str, state: &CopyState, out: &mut Partitions) {
    let part = document_part(Kind::Transaction, id, state);
    link::write(out.of(reference), Key::Reference, reference, &LinkFacts::Former(&part));
}
