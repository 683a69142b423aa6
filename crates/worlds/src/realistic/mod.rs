//! Synthetic exports: a world of purchases as a merchant's export would show it, with faults whose findings are known.
//!
//! Every document is a pure function of seed and index. A world without faults causes no finding; each fault causes
//! exactly the findings that it writes to the truth file. Memory does not grow with the world: documents are written
//! as they are made, and settlement reports are closed when they are full.

mod basket;
mod faults;
mod life;
mod names;
mod order;
mod orders;
mod private;
mod purchase;
mod random;
mod session;
mod settlement;
mod text;
mod transaction;
mod truth;
mod wish;
mod world;

use std::io;

use random::Rng;
use settlement::Settlements;
use text::Text;
use transaction::Dress;
use wish::Wish;
use world::{COLLECTIONS, Copy, Story, Tx};

/// How much of a real export's documents is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// What a reconciliation reads, and little else.
    Lean,
    /// Everything, people and checkout settings included.
    Fat,
}

/// What to make.
#[derive(Clone, Debug)]
pub struct Options {
    /// How many transactions.
    pub transactions: u64,
    /// Which world.
    pub seed: u64,
    /// How many of a million purchases have a fault.
    pub faults_per_million: u32,
    /// How much of each document.
    pub shape: Shape,
}

/// A sequence of files of one kind of document, one document a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Transactions.
    Transactions,
    /// Transactions again, as overlapping pages and earlier exports have them.
    Copies,
    /// Orders.
    Orders,
    /// Sessions.
    Sessions,
    /// Webhooks.
    Webhooks,
    /// Settlement reports.
    Reports,
}

impl Stream {
    /// All streams, in the order of their numbers.
    pub const ALL: [Stream; 6] =
        [Stream::Transactions, Stream::Copies, Stream::Orders, Stream::Sessions, Stream::Webhooks, Stream::Reports];

    /// The path of its files in the export folder, up to their number.
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

/// Where the documents go.
pub trait Output {
    /// Adds whole lines to a stream; they may go into a new file.
    ///
    /// # Errors
    ///
    /// When they cannot be written.
    fn append(&mut self, stream: Stream, lines: &[u8]) -> io::Result<()>;

    /// Writes a small file of its own, at a path in the export folder.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    fn file(&mut self, path: &str, bytes: &[u8]) -> io::Result<()>;

    /// Adds whole lines to the truth file.
    ///
    /// # Errors
    ///
    /// When they cannot be written.
    fn truth(&mut self, lines: &[u8]) -> io::Result<()>;
}

/// What was made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Transactions, each counted once.
    pub transactions: u64,
    /// Further copies of transactions and orders.
    pub copies: u64,
    /// Orders.
    pub orders: u64,
    /// Sessions.
    pub sessions: u64,
    /// Webhooks.
    pub webhooks: u64,
    /// Settlement reports.
    pub reports: u64,
    /// Faults put in.
    pub faults: u64,
    /// Findings that they must cause.
    pub findings: u64,
    /// Bytes of the export, before compression.
    pub bytes: u64,
}

/// Lines are handed over in pieces of about this size.
const PIECE: usize = 1 << 20;

/// Makes a world.
///
/// # Errors
///
/// When the output fails; what was written until then stays.
pub fn generate(options: &Options, output: &mut dyn Output) -> io::Result<Summary> {
    let mut writer = Writer {
        output,
        fat: options.shape == Shape::Fat,
        seed: options.seed,
        lines: Default::default(),
        truth: truth::HEADER.to_owned(),
        settlements: Settlements::new(options.seed),
        summary: Summary::default(),
    };
    let mut index = 0;
    while writer.summary.transactions < options.transactions {
        let room = options.transactions - writer.summary.transactions;
        let single = Wish { single: room == 1, ..Wish::ANY };
        let planted = faults::of(options.seed, index, options.faults_per_million)
            .map(|fault| (fault.name, fault.story(options.seed, index)))
            .filter(|(_, story)| room > 1 || story.other.is_none());
        match planted {
            Some((name, story)) => {
                writer.summary.faults += 1;
                for truth in &story.truth {
                    writer.summary.findings += 1;
                    truth.write(name, &mut writer.truth);
                }
                writer.story(&story)?;
            }
            None => writer.story(&purchase::draw(options.seed, index, &single))?,
        }
        index += 1;
    }
    writer.finish()
}

struct Writer<'a> {
    output: &'a mut dyn Output,
    fat: bool,
    seed: u64,
    lines: [Text; Stream::ALL.len()],
    truth: String,
    settlements: Settlements,
    summary: Summary,
}

impl Writer<'_> {
    fn story(&mut self, story: &Story) -> io::Result<()> {
        if !story.webhook_only {
            self.payment(story, &story.main, Stream::Transactions);
        }
        self.summary.transactions += 1;
        if let Some(other) = &story.other {
            self.payment(story, other, Stream::Transactions);
            self.summary.transactions += 1;
        }
        self.copies(story);
        if let Some(order) = &story.order {
            self.summary.orders += 1;
            order::write(self.text(Stream::Orders), order);
            if story.order_copy {
                self.summary.copies += 1;
                order::write(self.text(Stream::Orders), order);
            }
            if order.in_files {
                self.collections(order)?;
            }
        }
        let apart = story.session.as_ref().filter(|session| session.apart);
        for session in apart.into_iter().chain(&story.abandoned) {
            self.session(session, Rng::new(self.seed, story.index, 10));
        }
        if story.webhook {
            self.summary.webhooks += 1;
            transaction::write_webhook(self.text(Stream::Webhooks), &story.main);
        }
        let reports = &mut self.lines[Stream::Reports as usize];
        self.settlements.add(reports, &story.main, &story.settled);
        if let Some(odd) = &story.odd_report {
            self.settlements.add_odd(reports, odd);
        }
        self.flush(PIECE)
    }

    fn text(&mut self, stream: Stream) -> &mut Text {
        &mut self.lines[stream as usize]
    }

    /// The filling is that of the index, so that copies are dressed alike.
    fn payment(&mut self, story: &Story, tx: &Tx, stream: Stream) {
        let session = story.session.as_ref().filter(|_| tx.id == story.main.id);
        let mut dress = Dress { fat: self.fat, session, filling: Rng::new(self.seed, story.index, 9) };
        transaction::write(self.text(stream), tx, &mut dress);
    }

    fn copies(&mut self, story: &Story) {
        for copy in &story.copies {
            self.summary.copies += 1;
            match copy {
                Copy::Duplicate => self.payment(story, &story.main, Stream::Copies),
                Copy::Earlier(events) => self.payment(story, &earlier(&story.main, *events), Stream::Copies),
            }
        }
        if let Some(contradiction) = &story.contradiction {
            self.summary.copies += 1;
            self.payment(story, contradiction, Stream::Copies);
        }
    }

    fn collections(&mut self, order: &world::Order) -> io::Result<()> {
        for (list, name) in COLLECTIONS.iter().enumerate() {
            let mut text = Text::default();
            order::write_collection(&mut text, order, list);
            self.summary.bytes += text.0.len() as u64;
            self.output.file(&format!("orders/{}/{name}.json", order.id), &text.0)?;
        }
        Ok(())
    }

    fn session(&mut self, session: &world::Session, mut filling: Rng) {
        self.summary.sessions += 1;
        let filling = self.fat.then_some(&mut filling);
        let text = &mut self.lines[Stream::Sessions as usize];
        session::write(text, session, filling);
        text.s("\n");
    }

    /// Hands over what has come together, where it is more than so many bytes.
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

    fn finish(mut self) -> io::Result<Summary> {
        self.session(&purchase::last_session(self.seed), Rng::new(self.seed, u64::MAX, 10));
        let list = self.settlements.finish(&mut self.lines[Stream::Reports as usize]);
        self.summary.reports = self.settlements.written;
        self.summary.bytes += list.0.len() as u64;
        self.output.file("settlements/list.json", &list.0)?;
        self.flush(0)?;
        Ok(self.summary)
    }
}

/// A payment as it was after so many of its events.
fn earlier(tx: &Tx, events: usize) -> Tx {
    let mut early = tx.clone();
    early.events.truncate(events);
    let last = early.events.iter().rev().find(|event| event.success).and_then(|event| event.status);
    early.status = last.unwrap_or(tx.status);
    early.settlement_status = "NOT_SETTLED";
    (early.updated, early.version) = (early.last_at() + world::SECOND, events as i64);
    early
}

#[cfg(test)]
mod tests;
