//! Packed rows about payouts, which sort by namespace, settlement id and currency: documents first,
//! then lines, then entries.

use super::account::{JoinedBy, Origins, Payout};
use super::detail::detail;
use crate::ledger::PayoutParts;
use crate::model::money::Sum;
use crate::model::origin::Origin;
use crate::rows::{Unpacker, Wire, append, keyed};

/// What a payout is named by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PayoutKey {
    pub namespace: String,
    /// The settlement id.
    pub id: String,
    /// The currency as written; empty if none is stated.
    pub currency: String,
}

impl PayoutKey {
    /// What tells findings on payouts of one id apart, and those on one payout by what they are about.
    pub fn detail(&self, about: &str) -> String {
        detail(&self.namespace, &self.currency, about)
    }
}

/// A line of a payout.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PayoutLine {
    /// Its number in the report.
    pub line: u32,
    /// The provider that reports it, if that is not the one whose report it is of.
    pub provider: Option<String>,
    pub transaction: Option<String>,
    /// What names the transaction; `None` if it is not in the input, or not full.
    pub joined_by: Option<JoinedBy>,
    pub event: Option<u32>,
    pub product_type: Option<String>,
    pub parts: PayoutParts,
    pub net: Sum,
    pub record: Origin,
}

/// What the entries of one transaction say about a payout.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PayoutEntry {
    pub transaction: String,
    /// The event, if only one names the payout.
    pub event: Option<u32>,
    pub product_type: Option<String>,
    pub parts: PayoutParts,
    /// The sum of the entries' amounts; of one without amount its parts.
    pub amount: Sum,
    /// Captured and refunded by the lines of the payout's report that name the transaction.
    pub in_lines: [Sum; 2],
    /// The transaction's part of evidence.
    pub evidence: String,
    /// The packed facts of the transaction, where entries and lines differ.
    pub facts: Option<Vec<u8>>,
    /// Parts of evidence for the reports of the transaction's other settlements: findings on one transaction are told
    /// apart by their number.
    pub others: String,
    pub record: Origin,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PayoutRow {
    Document(Box<Payout>),
    /// A settlement is there that states no amounts; what else it states.
    Named(Box<Payout>),
    Line(PayoutLine),
    Entry(PayoutEntry),
}

const DOCUMENT: u8 = 0;
const NAMED: u8 = 1;
const LINE: u8 = 2;
const ENTRY: u8 = 3;

/// Appends a row, prefixed with its length.
pub fn write(out: &mut Vec<u8>, (namespace, id, currency): (&str, &str, &str), row: &PayoutRow) {
    append(out, |out| {
        [namespace, id, currency].iter().for_each(|text| keyed(out, text));
        match row {
            PayoutRow::Document(payout) => {
                out.byte(DOCUMENT);
                write_document(out, payout);
            }
            PayoutRow::Named(payout) => {
                out.byte(NAMED);
                write_document(out, payout);
            }
            PayoutRow::Line(line) => {
                out.byte(LINE);
                write_line(out, line);
            }
            PayoutRow::Entry(entry) => {
                out.byte(ENTRY);
                write_entry(out, entry);
            }
        }
    });
}

pub fn read(row: &[u8]) -> (PayoutKey, PayoutRow) {
    let row = SealedPayoutRow::new(row);
    (row.key(), row.open())
}

/// A row of which nothing is read but where its key ends.
pub struct SealedPayoutRow<'r> {
    /// Equal for rows of one payout.
    pub packed_key: &'r [u8],
    values: Unpacker<'r>,
}

impl<'r> SealedPayoutRow<'r> {
    pub fn new(row: &'r [u8]) -> Self {
        let mut values = Unpacker::new(row);
        (0..3).for_each(|_| values.skip_keyed());
        SealedPayoutRow { packed_key: &row[..row.len() - values.rest().len()], values }
    }

    pub fn key(&self) -> PayoutKey {
        let mut values = Unpacker::new(self.packed_key);
        let [namespace, id, currency] = [(); 3].map(|()| values.keyed().into_owned());
        PayoutKey { namespace, id, currency }
    }

    pub fn open(&self) -> PayoutRow {
        let mut values = self.values;
        match values.byte() {
            DOCUMENT => PayoutRow::Document(Box::new(read_document(&mut values))),
            NAMED => PayoutRow::Named(Box::new(read_document(&mut values))),
            LINE => PayoutRow::Line(read_line(&mut values)),
            _ => PayoutRow::Entry(read_entry(&mut values)),
        }
    }
}

fn write_document(out: &mut Vec<u8>, payout: &Payout) {
    out.byte(payout.origin as u8);
    for text in
        [&payout.provider, &payout.destination, &payout.reference, &payout.provider_reference, &payout.convention]
    {
        out.opt_text(text.as_deref());
    }
    out.opt_signed(payout.day);
    out.flag(payout.is_postponed);
    out.number(payout.lines);
    write_parts(out, &payout.parts);
    let sums = [payout.other, payout.carried_in, payout.carried_out, payout.unexplained, payout.amount];
    sums.iter().for_each(|sum| out.sum(*sum));
    out.opt_sum(payout.nets);
    payout.stated.iter().for_each(|amount| out.opt_signed(*amount));
    out.text(&payout.evidence);
    out.number(payout.documents);
    out.flag(payout.record.is_some());
    payout.record.iter().for_each(|record| write_record(out, record));
}

fn read_document(values: &mut Unpacker<'_>) -> Payout {
    let origin = Origins::ALL[usize::from(values.byte())];
    let mut text = || values.opt_text().map(str::to_owned);
    let [provider, destination, reference, provider_reference, convention] = [(); 5].map(|()| text());
    Payout {
        provider,
        destination,
        reference,
        provider_reference,
        convention,
        day: values.opt_signed(),
        is_postponed: values.flag(),
        lines: values.number(),
        parts: read_parts(values),
        other: values.sum(),
        carried_in: values.sum(),
        carried_out: values.sum(),
        unexplained: values.sum(),
        amount: values.sum(),
        nets: values.opt_sum(),
        stated: [values.opt_signed(), values.opt_signed()],
        evidence: values.text().to_owned(),
        documents: values.number(),
        record: values.flag().then(|| read_record(values)),
        ..Payout::empty(origin)
    }
}

fn write_line(out: &mut Vec<u8>, line: &PayoutLine) {
    out.extend_from_slice(&line.line.to_be_bytes());
    out.opt_text(line.provider.as_deref());
    out.opt_text(line.transaction.as_deref());
    out.opt_signed(line.joined_by.map(|by| by as i64));
    out.opt_signed(line.event.map(i64::from));
    out.opt_text(line.product_type.as_deref());
    write_parts(out, &line.parts);
    out.sum(line.net);
    write_record(out, &line.record);
}

fn read_line(values: &mut Unpacker<'_>) -> PayoutLine {
    PayoutLine {
        line: u32::from_be_bytes(values.array()),
        provider: values.opt_text().map(str::to_owned),
        transaction: values.opt_text().map(str::to_owned),
        joined_by: values.opt_signed().map(|by| JoinedBy::ALL[by as usize]),
        event: values.opt_signed().map(|place| place as u32),
        product_type: values.opt_text().map(str::to_owned),
        parts: read_parts(values),
        net: values.sum(),
        record: read_record(values),
    }
}

fn write_entry(out: &mut Vec<u8>, entry: &PayoutEntry) {
    keyed(out, &entry.transaction);
    out.opt_signed(entry.event.map(i64::from));
    out.opt_text(entry.product_type.as_deref());
    write_parts(out, &entry.parts);
    out.sum(entry.amount);
    entry.in_lines.iter().for_each(|sum| out.sum(*sum));
    out.text(&entry.evidence);
    out.flag(entry.facts.is_some());
    entry.facts.iter().for_each(|facts| out.bytes(facts));
    out.text(&entry.others);
    write_record(out, &entry.record);
}

fn read_entry(values: &mut Unpacker<'_>) -> PayoutEntry {
    PayoutEntry {
        transaction: values.keyed().into_owned(),
        event: values.opt_signed().map(|place| place as u32),
        product_type: values.opt_text().map(str::to_owned),
        parts: read_parts(values),
        amount: values.sum(),
        in_lines: [values.sum(), values.sum()],
        evidence: values.text().to_owned(),
        facts: values.flag().then(|| values.bytes().to_owned()),
        others: values.text().to_owned(),
        record: read_record(values),
    }
}

fn write_parts(out: &mut Vec<u8>, parts: &PayoutParts) {
    [parts.captures, parts.refunds, parts.fees].iter().for_each(|sum| out.sum(*sum));
}

fn read_parts(values: &mut Unpacker<'_>) -> PayoutParts {
    PayoutParts { captures: values.sum(), refunds: values.sum(), fees: values.sum() }
}

fn write_record(out: &mut Vec<u8>, record: &Origin) {
    out.number(u64::from(record.file));
    out.number(record.offset);
    out.number(u64::from(record.length));
}

fn read_record(values: &mut Unpacker<'_>) -> Origin {
    Origin { file: values.number() as u32, offset: values.number(), length: values.number() as u32 }
}
