//! Exports that resemble a real merchant's, with faults whose findings are known.
//!
//! Every document is a pure function of seed and index. A world without faults causes no finding;
//! each fault causes exactly the findings that it writes to the truth file. Memory use does not
//! depend on the size of the world: documents are written at once, and settlement reports are
//! closed when they are full.

mod bank;
mod draw;
mod faults;
mod model;
mod names;
mod payout;
mod spec;
mod truth;
mod write;

use std::io;

use bank::{BankFiles, ShopBank};
use draw::purchase;
use model::{COLLECTIONS, CheckoutSession, ExtraCopy, Payment, Purchase, SECOND, ShoppingOrder};
use spec::PurchaseSpec;
use write::settlement::SettlementReports;
use write::{order, session, transaction};

use crate::json::JsonText;
use crate::rng::Rng;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// Little more than the members that a reconciliation reads.
    Lean,
    /// All members, including invented people and checkout settings.
    Fat,
}

#[derive(Clone, Debug)]
pub struct WorldOptions {
    pub transactions: u64,
    pub seed: u64,
    /// Purchases with a fault per million.
    pub faults_per_million: u32,
    pub detail: Detail,
    /// Whether payments record their payouts, and the bank says what arrived.
    pub payouts: bool,
}

/// A sequence of files with one kind of document, one document per line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    Transactions,
    /// Further copies of transactions, as in overlapping pages and earlier exports.
    Copies,
    Orders,
    Sessions,
    Webhooks,
    Reports,
}

impl Stream {
    pub const ALL: [Stream; 6] =
        [Stream::Transactions, Stream::Copies, Stream::Orders, Stream::Sessions, Stream::Webhooks, Stream::Reports];

    /// The path of its files in the export folder, without their number.
    pub fn stem(self) -> &'static str {
        match self {
            Stream::Transactions => "transactions/part",
            Stream::Copies => "transactions/again",
            Stream::Orders => "orders/part",
            Stream::Sessions => "sessions/part",
            Stream::Webhooks => "webhooks/part",
            Stream::Reports => "settlements/reports",
        }
    }
}

pub trait WorldOutput {
    /// Adds whole lines to a stream; the output may start a new file for them.
    fn append(&mut self, stream: Stream, lines: &[u8]) -> io::Result<()>;

    /// Writes a separate small file at a path in the export folder.
    fn file(&mut self, path: &str, bytes: &[u8]) -> io::Result<()>;

    /// Writes a separate small file beside the export.
    fn beside(&mut self, name: &'static str, bytes: &[u8]) -> io::Result<()>;

    /// Adds whole lines to the truth file.
    fn truth(&mut self, lines: &[u8]) -> io::Result<()>;
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorldSummary {
    /// Distinct transactions.
    pub transactions: u64,
    /// Copies of transactions and orders.
    pub copies: u64,
    pub orders: u64,
    pub sessions: u64,
    pub webhooks: u64,
    pub reports: u64,
    /// Statements of bank accounts.
    pub statements: u64,
    pub faults: u64,
    /// Number of findings that the faults must cause.
    pub findings: u64,
    /// Size of the export in bytes, before compression.
    pub bytes: u64,
}

/// Approximate size in bytes of the pieces written to the output.
const PIECE: usize = 1 << 20;

/// Generates a world. If the output fails, the files written so far stay.
pub fn generate(options: &WorldOptions, output: &mut dyn WorldOutput) -> io::Result<WorldSummary> {
    let mut writer = Writer {
        output,
        fat: options.detail == Detail::Fat,
        seed: options.seed,
        lines: Default::default(),
        truth: truth::HEADER.to_owned(),
        settlements: SettlementReports::new(options.seed, options.payouts),
        bank: options.payouts.then(|| ShopBank::new(options.seed)),
        summary: WorldSummary::default(),
    };
    let mut index = 0;
    while writer.summary.transactions < options.transactions {
        let room = options.transactions - writer.summary.transactions;
        let single = PurchaseSpec { single: room == 1, ..PurchaseSpec::ANY };
        let planted = faults::fault_of(options.seed, index, options.faults_per_million, options.payouts)
            .map(|fault| (fault.name, fault.purchase(options.seed, index)))
            .filter(|(_, purchase)| room > 1 || purchase.other.is_none());
        match planted {
            Some((name, purchase)) => {
                writer.summary.faults += 1;
                for truth in purchase.truth.iter().filter(|truth| options.payouts || !truth.is_of_payouts()) {
                    writer.summary.findings += 1;
                    truth.write(name, &mut writer.truth);
                }
                writer.purchase(purchase)?;
            }
            None => writer.purchase(purchase::draw(options.seed, index, &single))?,
        }
        index += 1;
    }
    writer.finish()
}

struct Writer<'a> {
    output: &'a mut dyn WorldOutput,
    fat: bool,
    seed: u64,
    lines: [JsonText; Stream::ALL.len()],
    truth: String,
    settlements: SettlementReports,
    bank: Option<ShopBank>,
    summary: WorldSummary,
}

impl Writer<'_> {
    fn purchase(&mut self, mut purchase: Purchase) -> io::Result<()> {
        self.settle(&mut purchase)?;
        let purchase = &purchase;
        if !purchase.webhook_only {
            self.payment(purchase, &purchase.main, Stream::Transactions);
        }
        self.summary.transactions += 1;
        if let Some(other) = &purchase.other {
            self.payment(purchase, other, Stream::Transactions);
            self.summary.transactions += 1;
        }
        self.copies(purchase);
        if let Some(order) = &purchase.order {
            self.summary.orders += 1;
            order::write(self.text(Stream::Orders), order);
            if purchase.order_copy {
                self.summary.copies += 1;
                order::write(self.text(Stream::Orders), order);
            }
            if order.operations_in_files {
                self.collections(order)?;
            }
        }
        let standalone = purchase.session.as_ref().filter(|session| session.standalone);
        for session in standalone.into_iter().chain(&purchase.abandoned) {
            self.session(session, Rng::stream(self.seed, purchase.index, 10));
        }
        if purchase.webhook {
            self.summary.webhooks += 1;
            transaction::write_webhook(self.text(Stream::Webhooks), &purchase.main);
        }
        self.flush(PIECE)
    }

    /// Adds the lines of a purchase to settlement reports, and the payouts to the bank's account.
    fn settle(&mut self, purchase: &mut Purchase) -> io::Result<()> {
        let reports = &mut self.lines[Stream::Reports as usize];
        let settlements = self.settlements.add(reports, &purchase.main, &purchase.settled);
        if let Some(faulty) = &purchase.faulty_report {
            self.settlements.add_faulty(reports, faulty);
        }
        let Some(bank) = &mut self.bank else { return Ok(()) };
        for record in purchase.main.events.iter_mut().filter_map(|event| event.own_record.as_mut()) {
            record.settlement = record.settlement.or_else(|| settlements.get(record.line).copied());
        }
        for planted in &purchase.payouts {
            self.settlements.add_planted(reports, &purchase.main, planted);
            if planted.is_open {
                bank.leave_open(planted.paid());
            }
        }
        self.settlements.paid.drain(..).for_each(|payout| bank.pay(&payout));
        purchase.credits.drain(..).for_each(|credit| bank.book(credit));
        let further = purchase.account.as_ref().map(|account| bank.further(account));
        further.map_or(Ok(()), |(path, text)| self.file(&path, &text))
    }

    fn file(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        self.summary.bytes += bytes.len() as u64;
        self.output.file(path, bytes)
    }

    fn text(&mut self, stream: Stream) -> &mut JsonText {
        &mut self.lines[stream as usize]
    }

    /// Filler members are drawn by purchase index, so that copies have equal ones.
    fn payment(&mut self, purchase: &Purchase, payment: &Payment, stream: Stream) {
        let session = purchase.session.as_ref().filter(|_| payment.id == purchase.main.id);
        let mut filling = Rng::stream(self.seed, purchase.index, 9);
        let filling = self.fat.then_some(&mut filling);
        transaction::write(self.text(stream), payment, session, filling);
    }

    fn copies(&mut self, purchase: &Purchase) {
        for copy in &purchase.copies {
            self.summary.copies += 1;
            match copy {
                ExtraCopy::Duplicate => self.payment(purchase, &purchase.main, Stream::Copies),
                ExtraCopy::Earlier(events) => self.payment(purchase, &earlier(&purchase.main, *events), Stream::Copies),
            }
        }
        if let Some(contradiction) = &purchase.contradiction {
            self.summary.copies += 1;
            self.payment(purchase, contradiction, Stream::Copies);
        }
    }

    fn collections(&mut self, order: &ShoppingOrder) -> io::Result<()> {
        for (list, name) in COLLECTIONS.iter().enumerate() {
            let mut text = JsonText::default();
            order::write_collection(&mut text, order, list);
            self.file(&format!("orders/{}/{name}.json", order.id), &text.0)?;
        }
        Ok(())
    }

    fn session(&mut self, session: &CheckoutSession, mut filling: Rng) {
        self.summary.sessions += 1;
        let filling = self.fat.then_some(&mut filling);
        let text = &mut self.lines[Stream::Sessions as usize];
        session::write(text, session, filling);
        text.raw("\n");
    }

    /// Writes the buffers with more than `least` bytes.
    fn flush(&mut self, least: usize) -> io::Result<()> {
        for (stream, text) in Stream::ALL.into_iter().zip(&mut self.lines) {
            if text.0.len() > least {
                self.summary.bytes += text.0.len() as u64;
                self.output.append(stream, &text.0)?;
                text.0.clear();
            }
        }
        if self.truth.len() > least {
            self.output.truth(self.truth.as_bytes())?;
            self.truth.clear();
        }
        Ok(())
    }

    fn finish(mut self) -> io::Result<WorldSummary> {
        self.session(&purchase::closing_session(self.seed), Rng::stream(self.seed, u64::MAX, 10));
        let list = self.settlements.finish(&mut self.lines[Stream::Reports as usize]);
        self.summary.reports = self.settlements.written;
        self.file("settlements/list.json", &list.0)?;
        self.flush(0)?;
        if let Some(mut bank) = self.bank.take() {
            self.settlements.paid.drain(..).for_each(|payout| bank.pay(&payout));
            let BankFiles { export, beside } = bank.finish();
            self.summary.statements = bank.statements;
            export.iter().try_for_each(|(path, text)| self.file(path, text))?;
            beside.iter().try_for_each(|(name, text)| self.output.beside(name, text.as_bytes()))?;
        }
        Ok(self.summary)
    }
}

/// The version of a payment after the first `events` events.
fn earlier(payment: &Payment, events: usize) -> Payment {
    let mut early = payment.clone();
    early.events.truncate(events);
    let last = early.events.iter().rev().find(|event| event.success).and_then(|event| event.status);
    early.status = last.unwrap_or(payment.status);
    early.settlement_status = "NOT_SETTLED";
    early.events.iter_mut().for_each(|event| event.own_record = None);
    (early.updated, early.version) = (early.last_at() + SECOND, events as i64);
    early
}

#[cfg(test)]
mod tests;
