//! `payouts.csv`, `payouts.parquet` and `payout_lines.parquet`: what was paid out, and of what.

use std::io::{self, Write};

use avstem_core::model::card::Severity;
use avstem_core::model::event::EventList;
use avstem_core::model::finding::place_text;
use avstem_core::model::instant::format_day;
use avstem_core::model::money::Sum;
use avstem_core::model::origin::Origin;
use avstem_core::payout::{JoinedBy, Origins, Payout, PayoutEntry, PayoutKey, PayoutLine, PayoutRow};

use super::delimited::{CsvTable, Dialect};
use super::table::source_name;
use crate::engine::outcome::Outcome;
use crate::frame::column::{Cell, Filled, cell, columns};
use crate::frame::{Description, MOST_ROWS, ParquetTable};

/// A payout, and the file of its record.
pub struct PayoutAccount<'r> {
    pub key: &'r PayoutKey,
    pub payout: &'r Payout,
    source: Option<&'r str>,
}

columns! {
    /// The columns of `payouts.csv` and `payouts.parquet`.
    pub const PAYOUTS, fn payout_row<'r>(p: PayoutAccount<'r>);
    "namespace" Text "Who states the payout." => cell::raw(&*p.key.namespace);
    "settlement_id" Text "The id of the settlement." => cell::id(&*p.key.id);
    "currency" Text "The currency as written; empty if none is stated." => cell::free(&*p.key.currency);
    "provider" Text "The provider that the settlement names." => cell::free(p.payout.provider.as_deref());
    "payout_destination_id" Text "The seller that is paid." => cell::id(p.payout.destination.as_deref());
    "origin" Text "What the payout is known from: report, header (an item of the settlement list, or a report without lines), events (only payments, or lines without their payout, name it), or the provider that pays out itself." => cell::raw(p.origin());
    "state" Text "unseen (only payments or lines name it), postponed, nothing (its amount is zero), or unchecked (no bank statement was given)." => cell::raw(p.payout.state().word());
    "settled_on" Text "The day of the payout." => cell::made(p.payout.day.map(format_day));
    "settlement_reference" Text "The text on the bank transfer; card numbers are masked." => cell::free(p.payout.reference.as_deref());
    "convention" Text "The signs of its numbers: a formula, by-type (told by their names) or signed; none if no convention fits, refund-not-taken if the amount is what it would be without the refund." => cell::raw(p.payout.convention.as_deref());
    "lines" Integer "Lines of its report; those of its source are not counted." => cell::count(p.payout.lines);
    "joined_lines" Integer "Lines whose transaction is in the input, and full." => cell::count(p.payout.joined_lines);
    "unjoined_lines" Integer "Other lines." => cell::count(p.payout.lines - p.payout.joined_lines);
    "payments" Integer "Transactions whose events name it." => cell::count(p.payout.payments);
    "captures_minor" Integer "Captured, in minor units; empty outside 64 bits, as are all amounts." => cell::minor(p.payout.parts.captures);
    "refunds_minor" Integer "Refunded; negative where it is taken off." => cell::minor(p.payout.parts.refunds);
    "fees_minor" Integer "Fees; negative where they are taken off." => cell::minor(p.payout.parts.fees);
    "other_minor" Integer "What its lines come to besides." => cell::minor(p.payout.other);
    "carried_in_minor" Integer "Carried over from the payout before." => cell::minor(p.payout.carried_in);
    "carried_out_minor" Integer "Carried over to the next payout." => cell::minor(p.payout.carried_out);
    "unexplained_minor" Integer "The amount less everything before." => cell::minor(p.payout.unexplained);
    "amount_minor" Integer "The amount paid." => cell::minor(p.payout.amount);
    "received_minor" Integer "What the bank received of it." => cell::minor(p.payout.bank.received);
    "matched_by" Text "How it was found on the bank account: by reference, amount, or sum." => cell::raw(p.payout.bank.matched_by);
    "bank_date" Text "The last day on which the bank received it." => cell::made(p.payout.bank.day.map(format_day));
    "bank_entries" Text "Its entries on bank accounts, by date, account and id." => cell::made(Some(p.payout.bank.entries.join(" ")));
    "candidates" Integer "How many entries of the bank account may be its, where that is not clear." => cell::integer(p.payout.bank.candidates.and_then(|count| i64::try_from(count).ok()));
    "findings" Integer "Findings on it." => cell::count(p.payout.findings);
    "worst_severity" Text "The worst severity among these findings." => cell::raw(p.payout.worst.map(Severity::word));
    "source" Text "The file of its record; of a payout that only payments name, of the first of them." => cell::id(p.source);
    "source_offset" Integer "The first byte of that record in the decoded file." => cell::count(p.payout.record.unwrap_or_default().offset);
}

impl<'r> PayoutAccount<'r> {
    fn origin(&self) -> &'r str {
        if self.payout.origin == Origins::Provider { &self.key.namespace } else { self.payout.origin.word() }
    }
}

/// A line of a payout, or what a payment's entries say about it.
struct Part<'r> {
    key: &'r PayoutKey,
    payout: &'r Payout,
    row: &'r PayoutRow,
    source: Option<&'r str>,
}

impl<'r> Part<'r> {
    fn new((key, payout, row): (&'r PayoutKey, &'r Payout, &'r PayoutRow), outcome: &'r Outcome) -> Part<'r> {
        let mut part = Part { key, payout, row, source: None };
        part.source = source_name(&outcome.sources, part.record().file);
        part
    }

    /// Bytes that the cells have at most: escaping makes six of one.
    fn most_bytes(&self) -> usize {
        let PayoutKey { namespace, id, currency } = self.key;
        let texts = [Some(namespace.as_str()), Some(id), Some(currency), Some(self.origin()), self.transaction()];
        let texts = texts.into_iter().chain([self.product_type(), self.source]).flatten();
        texts.map(str::len).sum::<usize>() * 6 + PAYOUT_LINES.len() * 24
    }

    fn line(&self) -> Option<&'r PayoutLine> {
        if let PayoutRow::Line(line) = self.row { Some(line) } else { None }
    }

    fn entry(&self) -> Option<&'r PayoutEntry> {
        if let PayoutRow::Entry(entry) = self.row { Some(entry) } else { None }
    }

    fn origin(&self) -> &'r str {
        match self.line() {
            Some(line) => line.provider.as_deref().unwrap_or(self.payout.origin.word()),
            None => Origins::Events.word(),
        }
    }

    /// Captured, refunded and charged.
    fn parts(&self) -> [Sum; 3] {
        let parts = self.line().map(|line| line.parts).or(self.entry().map(|entry| entry.parts)).unwrap_or_default();
        [parts.captures, parts.refunds, parts.fees]
    }

    fn net(&self) -> Sum {
        self.line().map(|line| line.net).or(self.entry().map(|entry| entry.amount)).unwrap_or_default()
    }

    fn other(&self) -> Sum {
        self.net() - self.parts().iter().sum::<Sum>()
    }

    /// What the line is about: the first of its parts that is not zero.
    fn kind(&self) -> &'static str {
        let named = ["capture", "refund", "fee"].into_iter().zip(self.parts());
        named.into_iter().find(|(_, part)| *part != 0).map_or("other", |(name, _)| name)
    }

    fn transaction(&self) -> Option<&'r str> {
        let entry = self.entry().map(|entry| entry.transaction.as_str());
        self.line().and_then(|line| line.transaction.as_deref()).or(entry)
    }

    fn joined_by(&self) -> Option<&'static str> {
        self.line().and_then(|line| line.joined_by).map(JoinedBy::word)
    }

    fn event(&self) -> Option<u32> {
        self.line().and_then(|line| line.event).or(self.entry().and_then(|entry| entry.event))
    }

    fn product_type(&self) -> Option<&'r str> {
        let entry = self.entry().and_then(|entry| entry.product_type.as_deref());
        self.line().and_then(|line| line.product_type.as_deref()).or(entry)
    }

    fn record(&self) -> Origin {
        self.line().map(|line| line.record).or(self.entry().map(|entry| entry.record)).unwrap_or_default()
    }
}

columns! {
    /// The columns of `payout_lines.parquet`.
    pub const PAYOUT_LINES, fn line_row<'r>(l: Part<'r>), fn fill_lines;
    "namespace" Text "Who states the payout." => cell::raw(&*l.key.namespace);
    "settlement_id" Text "The id of the settlement." => cell::id(&*l.key.id);
    "currency" Text "The currency of the payout as written; empty if none is stated. An entry of a payment has the payment's." => cell::free(&*l.key.currency);
    "origin" Text "report for a line of a report, the provider for a line of its own; events for what a payment's events say, of payouts that only payments name." => cell::raw(l.origin());
    "line" Integer "The number of the line in its report, from 0; empty for events." => cell::integer(l.line().map(|line| i64::from(line.line)));
    "kind" Text "What it is about: capture, refund, fee, or other; of several the first." => cell::raw(l.kind());
    "transaction_id" Text "The transaction that it names, or whose events name the payout." => cell::id(l.transaction());
    "event" Text "The event that names the payout, or that the line is joined by, if only one does." => cell::made(l.event().map(|place| place_text(EventList::Events, place)));
    "joined_by" Text "What names the transaction: transaction_id (the line itself), or an id that the transaction states for the settlement (entry), in the metadata of an event (event) or in its own (metadata); empty where no full transaction of the input is known." => cell::raw(l.joined_by());
    "payment_product_type" Text "The payment product's type: the transaction's, else the line's own." => cell::free(l.product_type());
    "capture_minor" Integer "Captured, in minor units; empty outside 64 bits, as are all amounts." => cell::minor(l.parts()[0]);
    "refund_minor" Integer "Refunded; negative where it is taken off." => cell::minor(l.parts()[1]);
    "fee_minor" Integer "The fee; negative where it is taken off." => cell::minor(l.parts()[2]);
    "other_minor" Integer "The net less everything before." => cell::minor(l.other());
    "net_minor" Integer "What it adds to the payout." => cell::minor(l.net());
    "source" Text "The file of the record." => cell::id(l.source);
    "source_offset" Integer "The first byte of that record in the decoded file." => cell::count(l.record().offset);
}

fn described(table: &'static str, outcome: &Outcome) -> Description {
    let sorted_by = &["namespace", "settlement_id", "currency"];
    Description { table, version: 1, as_of: outcome.as_of, sorted_by }
}

/// Passes the payouts and their rows to `take` one by one.
pub fn each(
    outcome: &Outcome,
    take: &mut dyn FnMut(&PayoutAccount<'_>, &[Cell<'_>]) -> io::Result<()>,
) -> io::Result<()> {
    outcome.payouts.all.iter().try_for_each(|(key, payout)| {
        let source = payout.record.and_then(|record| source_name(&outcome.sources, record.file));
        let account = PayoutAccount { key, payout, source };
        take(&account, &payout_row(&account))
    })
}

/// Writes the payouts as CSV.
pub fn csv<W: Write>(out: W, outcome: &Outcome, dialect: Dialect) -> io::Result<Filled<W>> {
    let mut table = CsvTable::new(out, PAYOUTS, dialect)?;
    each(outcome, &mut |_, row| table.push(row))?;
    table.finish()
}

/// Writes the payouts as Parquet.
pub fn parquet<W: Write>(out: W, outcome: &Outcome) -> io::Result<Filled<W>> {
    let mut table = ParquetTable::new(out, PAYOUTS)?.described(described("payouts", outcome));
    each(outcome, &mut |_, row| table.push(row))?;
    table.finish()
}

/// Passes the rows of lines to `take` one by one; `all` asks for entries of payments, too, that no
/// file has: those that name a settlement of the input.
pub fn each_line(outcome: &Outcome, all: bool, take: &mut dyn FnMut(&[Cell<'_>]) -> io::Result<()>) -> io::Result<()> {
    outcome.payouts.lines(all, &mut |key, payout, row| take(&line_row(&Part::new((key, payout, &row), outcome))))
}

/// Writes the lines of payouts as Parquet.
pub fn lines<W: Write>(out: W, outcome: &Outcome) -> io::Result<Filled<W>> {
    let mut table = ParquetTable::new(out, PAYOUT_LINES)?.described(described("payout_lines", outcome));
    let mut add = |batch: &mut Vec<(&PayoutKey, &Payout, PayoutRow)>| {
        let parts: Vec<_> = batch.iter().map(|(key, payout, row)| Part::new((key, payout, row), outcome)).collect();
        table.extend(&parts, parts.iter().map(Part::most_bytes).sum(), |parts, to| fill_lines(parts, to))?;
        batch.clear();
        io::Result::Ok(())
    };
    let mut batch = Vec::with_capacity(MOST_ROWS);
    outcome.payouts.lines(false, &mut |key, payout, row| {
        batch.push((key, payout, row));
        if batch.len() == MOST_ROWS { add(&mut batch) } else { Ok(()) }
    })?;
    add(&mut batch)?;
    table.finish()
}
