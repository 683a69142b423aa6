//! Link rows: facts under a key.

use super::remitted::{
    CorrelatedFacts, RemittedLine, read_correlated, read_line as read_remitted, write_correlated, write_line,
};
use crate::evidence::{pack_state, read_state};
use crate::ledger::{
    Names, OrderFacts, PayoutParts, SessionFacts, Settlement, SettlementAmounts, SettlementLine, TransactionFacts,
};
use crate::model::cause::{Cause, Undone};
use crate::model::evidence::CopyState;
use crate::model::money::{Minor, Sum};
use crate::model::origin::Origin;
use crate::rows::{Key, Unpacker, Wire, append, hash_of_bytes, pieces, read_names, text_of, write_names};

/// A line of a settlement report that names a transaction.
#[derive(Clone, Copy, Debug)]
pub struct LineFacts<'p> {
    pub settlement: &'p str,
    /// The report's currency as written.
    pub currency: Option<&'p str>,
    pub place: u32,
    pub capture: Option<Minor>,
    /// As written, in the report's sign convention.
    pub refund: Option<Minor>,
    /// The refund as a magnitude by the report's convention.
    pub refund_magnitude: i128,
    /// The number of the finding that says that the line is repeated, if it is known to be.
    pub repeated_line: Option<u64>,
    pub share: LineShare<'p>,
    /// Which copy the report is.
    pub state: CopyState,
    /// The report's record.
    pub origin: Origin,
}

/// What a settlement line adds to its payout.
#[derive(Clone, Copy, Debug, Default)]
pub struct LineShare<'p> {
    /// The payout's currency; empty if none is stated.
    pub currency: &'p str,
    pub parts: PayoutParts,
    pub net: Sum,
    /// The payment product's type that the line states.
    pub product_type: Option<&'p str>,
}

impl<'p> LineFacts<'p> {
    /// The line as rules see it, which names this transaction, and what is known of its report.
    pub fn of_report(&self, transaction: &'p str) -> (Settlement<'p>, SettlementLine<'p>) {
        let settlement = Settlement {
            id: self.settlement,
            is_report: true,
            amounts: vec![SettlementAmounts { currency: self.currency, ..SettlementAmounts::default() }],
            origin: self.origin,
            ..Settlement::default()
        };
        let line = SettlementLine {
            place: self.place,
            transaction_id: Some(transaction),
            capture: self.capture,
            refund: self.refund,
            net: i64::try_from(self.share.net).ok(),
            ..SettlementLine::default()
        };
        (settlement, line)
    }
}

/// The content of a link row. Only the rows of one key are held in this form, so boxes would cost more than they save.
#[expect(clippy::large_enum_variant)]
#[derive(Clone, Copy, Debug)]
pub enum LinkFacts<'p> {
    /// A kept transaction.
    Transaction(TransactionFacts<'p>),
    /// A kept session.
    Session(SessionFacts<'p>),
    /// An order's ledger.
    Order(OrderFacts<'p>),
    /// A settlement line.
    Line(LineFacts<'p>),
    /// An order, a transaction that it is linked to, and whether another order is linked to that too.
    Pair(OrderFacts<'p>, TransactionFacts<'p>, bool),
    /// A line of a provider that pays out itself.
    Remitted(RemittedLine<'p>),
    /// A transaction that such a line may name.
    Correlated(CorrelatedFacts<'p>),
    /// The evidence of a document whose superseded copy would stand under the key.
    Former(&'p str),
}

/// LinkFacts under a key.
#[derive(Clone, Copy, Debug)]
pub struct LinkRow<'p> {
    pub key: Key,
    pub id: &'p str,
    pub facts: LinkFacts<'p>,
}

const TRANSACTION: u8 = 0;
const SESSION: u8 = 1;
const ORDER: u8 = 2;
const LINE: u8 = 3;
const PAIR: u8 = 4;
const FORMER: u8 = 5;
/// A transaction whose events name settlements.
const SETTLED: u8 = 6;
const REMITTED: u8 = 7;
const CORRELATED: u8 = 8;

/// Appends a link row, prefixed with its length.
pub fn write(out: &mut Vec<u8>, key: Key, id: &str, facts: &LinkFacts<'_>) {
    row(out, key, id.as_bytes(), |out| match facts {
        LinkFacts::Transaction(facts) => {
            out.byte(TRANSACTION);
            transaction(out, facts, |out| write_names(out, &names_of(facts)));
        }
        LinkFacts::Session(facts) => {
            out.byte(SESSION);
            session(out, facts);
        }
        LinkFacts::Order(facts) => {
            out.byte(ORDER);
            order(out, facts);
        }
        LinkFacts::Line(facts) => {
            out.byte(LINE);
            line(out, facts);
        }
        LinkFacts::Pair(of, with, shared) => {
            out.byte(PAIR);
            order(out, of);
            transaction(out, with, |out| write_names(out, &names_of(with)));
            out.byte(u8::from(*shared));
        }
        LinkFacts::Remitted(facts) => {
            out.byte(REMITTED);
            write_line(out, facts);
        }
        LinkFacts::Correlated(facts) => {
            out.byte(CORRELATED);
            write_correlated(out, facts);
        }
        LinkFacts::Former(part) => {
            out.byte(FORMER);
            out.text(part);
        }
    });
}

/// Appends a transaction's link row with names that are packed already; those in `facts` are ignored.
pub fn write_transaction(out: &mut Vec<u8>, key: Key, id: &[u8], names: &[u8], facts: &TransactionFacts<'_>) {
    row(out, key, id, |out| {
        out.byte(if facts.entries.is_empty() { TRANSACTION } else { SETTLED });
        transaction(out, facts, |out| out.extend_from_slice(names));
    });
}

fn row(out: &mut Vec<u8>, key: Key, id: &[u8], facts: impl FnOnce(&mut Vec<u8>)) {
    append(out, |out| {
        out.byte(key as u8);
        out.bytes(id);
        facts(out);
    });
}

pub fn key_of(row: &[u8]) -> &str {
    Unpacker::new(&row[1..]).text()
}

fn names_of<'p>(facts: &TransactionFacts<'p>) -> Names<'p> {
    Names {
        currency: facts.currency,
        status: facts.status,
        settlement_status: facts.settlement_status,
        product_type: facts.product_type,
        merchant_reference: facts.merchant_reference,
        merchant_reference_2: facts.merchant_reference_2,
        session_id: facts.session_id,
        created_at: facts.created_at,
    }
}

/// A link row of which only the key was read.
#[derive(Clone, Copy, Debug)]
pub(super) struct SealedLink<'p> {
    pub key: Key,
    pub id: &'p [u8],
    facts: Unpacker<'p>,
}

impl<'p> SealedLink<'p> {
    /// Hashes the key; rows are grouped by it.
    pub fn hash(&self) -> u64 {
        hash_of_bytes(self.id) ^ self.key as u64
    }

    pub fn is_transaction(&self) -> bool {
        matches!(self.facts.rest().first(), Some(&TRANSACTION | &SETTLED))
    }

    /// Whether it is a transaction whose events name settlements.
    pub fn names_settlements(&self) -> bool {
        self.facts.rest().first() == Some(&SETTLED)
    }

    /// The id of a transaction, or of the transaction that a session names.
    pub fn transaction(&self) -> Option<&'p str> {
        let mut facts = self.facts;
        match facts.byte() {
            TRANSACTION | SETTLED => Some(facts.text()),
            SESSION => {
                facts.bytes();
                facts.opt_text()
            }
            _ => None,
        }
    }

    /// Unpacks the whole row.
    pub fn open(&self) -> LinkRow<'p> {
        let mut values = self.facts;
        let facts = match values.byte() {
            TRANSACTION | SETTLED => LinkFacts::Transaction(read_transaction(&mut values)),
            SESSION => LinkFacts::Session(read_session(&mut values)),
            ORDER => LinkFacts::Order(read_order(&mut values)),
            LINE => LinkFacts::Line(read_line(&mut values)),
            FORMER => LinkFacts::Former(values.text()),
            REMITTED => LinkFacts::Remitted(read_remitted(&mut values)),
            CORRELATED => LinkFacts::Correlated(read_correlated(&mut values)),
            _ => LinkFacts::Pair(read_order(&mut values), read_transaction(&mut values), values.byte() == 1),
        };
        LinkRow { key: self.key, id: text_of(self.id), facts }
    }
}

pub(super) fn link_rows(bytes: &[u8]) -> impl Iterator<Item = SealedLink<'_>> {
    pieces(bytes).map(|row| {
        let mut values = Unpacker::new(row);
        let key = Key::ALL[usize::from(values.byte())];
        SealedLink { key, id: values.bytes(), facts: values }
    })
}

fn transaction(out: &mut Vec<u8>, facts: &TransactionFacts<'_>, names: impl FnOnce(&mut Vec<u8>)) {
    out.text(facts.id);
    names(out);
    out.opt_text(facts.status_derived);
    [facts.authorized, facts.captured, facts.refunded, facts.released].iter().for_each(|sum| out.sum(*sum));
    let flags = [
        !facts.entries.is_empty(),
        facts.undone.is_some(),
        facts.partial,
        facts.has_authorize,
        facts.has_cards_or_splits,
        facts.last_capture.is_some(),
    ];
    out.byte(flags.iter().fold(0, |bits, flag| bits << 1 | u8::from(*flag)));
    if let Some((place, time)) = facts.last_capture {
        out.number(u64::from(place));
        out.opt_instant(time);
    }
    facts.undone.into_iter().for_each(|undone| out.bytes(undone));
    if !facts.entries.is_empty() {
        out.bytes(facts.entries);
    }
    pack_state(out, &facts.state);
    out.origin(&facts.origin);
}

/// Packs a transaction's facts.
pub(super) fn pack_facts(facts: &TransactionFacts<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    transaction(&mut out, facts, |out| write_names(out, &names_of(facts)));
    out
}

/// Unpacks a transaction's facts.
pub fn unpack_facts(packed: &[u8]) -> TransactionFacts<'_> {
    read_transaction(&mut Unpacker::new(packed))
}

fn read_transaction<'p>(values: &mut Unpacker<'p>) -> TransactionFacts<'p> {
    let id = values.text();
    let names = read_names(values);
    let mut facts = TransactionFacts {
        id,
        status_derived: values.opt_text(),
        authorized: values.sum(),
        captured: values.sum(),
        refunded: values.sum(),
        released: values.sum(),
        ..TransactionFacts::default()
    }
    .named(&names);
    let flags = values.byte();
    facts.partial = flags & 8 != 0;
    facts.has_authorize = flags & 4 != 0;
    facts.has_cards_or_splits = flags & 2 != 0;
    facts.last_capture = (flags & 1 != 0).then(|| (values.number() as u32, values.opt_instant()));
    facts.undone = (flags & 16 != 0).then(|| values.bytes());
    if flags & 32 != 0 {
        facts.entries = values.bytes();
    }
    facts.state = read_state(values);
    facts.origin = values.origin();
    facts
}

fn session(out: &mut Vec<u8>, facts: &SessionFacts<'_>) {
    out.text(facts.id);
    for text in [facts.transaction_id, facts.currency, facts.merchant_reference, facts.merchant_reference_2] {
        out.opt_text(text);
    }
    out.sum(facts.amount);
    out.opt_instant(facts.cancelled_at);
    out.opt_instant(facts.created_at);
    pack_state(out, &facts.state);
    out.bytes(facts.embedding);
    out.origin(&facts.origin);
}

fn read_session<'p>(values: &mut Unpacker<'p>) -> SessionFacts<'p> {
    SessionFacts {
        id: values.text(),
        transaction_id: values.opt_text(),
        currency: values.opt_text(),
        merchant_reference: values.opt_text(),
        merchant_reference_2: values.opt_text(),
        amount: values.sum(),
        cancelled_at: values.opt_instant(),
        created_at: values.opt_instant(),
        state: read_state(values),
        embedding: values.bytes(),
        origin: values.origin(),
    }
}

fn order(out: &mut Vec<u8>, facts: &OrderFacts<'_>) {
    out.text(facts.id);
    for text in [facts.currency, facts.status, facts.status_derived] {
        out.opt_text(text);
    }
    out.opt_instant(facts.created_at);
    [facts.captured, facts.refunded, facts.released].iter().for_each(|sum| out.sum(*sum));
    let flags = u8::from(facts.has_reversal) << 1 | u8::from(facts.undone.is_some());
    out.byte(facts.given.iter().fold(flags, |bits, given| bits << 1 | u8::from(*given)));
    out.number(u64::from(facts.named));
    facts.undone.into_iter().for_each(|undone| out.bytes(undone));
    out.bytes(facts.evidence);
    out.origin(&facts.origin);
}

fn read_order<'p>(values: &mut Unpacker<'p>) -> OrderFacts<'p> {
    let mut facts = OrderFacts {
        id: values.text(),
        currency: values.opt_text(),
        status: values.opt_text(),
        status_derived: values.opt_text(),
        created_at: values.opt_instant(),
        captured: values.sum(),
        refunded: values.sum(),
        released: values.sum(),
        ..OrderFacts::default()
    };
    let bits = values.byte();
    facts.given = [3, 2, 1, 0].map(|bit| bits >> bit & 1 == 1);
    facts.has_reversal = bits & 32 != 0;
    facts.named = values.number() as u32;
    facts.undone = (bits & 16 != 0).then(|| values.bytes());
    facts.evidence = values.bytes();
    facts.origin = values.origin();
    facts
}

/// Packs a document's cause and repaired totals for its link rows.
pub fn pack_undone(undone: &Undone) -> Vec<u8> {
    let Undone { root, cause, captured, refunded, released } = *undone;
    let mut out = Vec::new();
    out.number(root);
    out.byte(cause as u8);
    [captured, refunded, released].iter().for_each(|sum| out.sum(*sum));
    out
}

/// Reads what [`pack_undone`] wrote.
pub fn unpack_undone(bytes: &[u8]) -> Undone {
    let mut values = Unpacker::new(bytes);
    let root = values.number();
    let cause = Cause::ALL[usize::from(values.byte())];
    Undone { root, cause, captured: values.sum(), refunded: values.sum(), released: values.sum() }
}

fn line(out: &mut Vec<u8>, facts: &LineFacts<'_>) {
    out.text(facts.settlement);
    out.opt_text(facts.currency);
    out.number(u64::from(facts.place));
    out.opt_signed(facts.capture);
    out.opt_signed(facts.refund);
    out.sum(facts.refund_magnitude);
    out.byte(u8::from(facts.repeated_line.is_some()));
    facts.repeated_line.into_iter().for_each(|root| out.number(root));
    let LineShare { currency, parts, net, product_type } = facts.share;
    out.text(currency);
    [parts.captures, parts.refunds, parts.fees, net].iter().for_each(|sum| out.sum(*sum));
    out.opt_text(product_type);
    pack_state(out, &facts.state);
    out.origin(&facts.origin);
}

fn read_line<'p>(values: &mut Unpacker<'p>) -> LineFacts<'p> {
    LineFacts {
        settlement: values.text(),
        currency: values.opt_text(),
        place: values.number() as u32,
        capture: values.opt_signed(),
        refund: values.opt_signed(),
        refund_magnitude: values.sum(),
        repeated_line: (values.byte() == 1).then(|| values.number()),
        share: LineShare {
            currency: values.text(),
            parts: PayoutParts { captures: values.sum(), refunds: values.sum(), fees: values.sum() },
            net: values.sum(),
            product_type: values.opt_text(),
        },
        state: read_state(values),
        origin: values.origin(),
    }
}
