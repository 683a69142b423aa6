//! Reads files into rows. A worker takes the next block of a file under the file's lock and parses
//! it without the lock. Rows go to partitions of its own, so that nothing is shared.

use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use avstem_core::bank::BankCsv;
use avstem_core::document::{self, Options, Reading, Rejected};
use avstem_core::model::origin::Origin;
use avstem_core::model::reject::{FileFault, FileReason, RecordReason};
use avstem_core::provider::Provider;
use avstem_core::provider::active::Active;
use avstem_core::rows::{FileTally, KeyFilter, KeyNotes, Packer};
use avstem_core::rules::prechecker;

use super::block::ReadBuffer;
use super::budget::Budget;
use super::feed::{Fed, FileFeed};
use super::files::FileIntake;
use super::interrupted::Interrupted;
use super::locks::{lock, unlocked};
use super::progress::Progress;
use super::rejects;
use super::room::StatementRoom;
use super::sorted::{Sorted, Sorter};
use super::store::Store;
use crate::io::decode::{HashKind, Limits, SourceReader};
use crate::io::inputs::Source;
use crate::io::interrupt;
use crate::io::spill::Scratch;

#[derive(Clone, Copy, Debug)]
pub struct Intake {
    pub options: Options,
    /// Hash function for inputs.
    pub hash: HashKind,
    /// Limits on decompressed data.
    pub limits: Limits,
    /// Whether an empty file is accepted.
    pub allow_empty: bool,
    pub block_size: usize,
    /// Number of partitions of rows, a power of two; reports do not depend on it.
    pub partitions: usize,
    /// Size of each worker's key filter in bytes; reports do not depend on it.
    pub key_filter: usize,
}

pub struct Ingested {
    pub files: Vec<FileIntake>,
    /// Rejected records of all files, including refused ones.
    pub rejects: Sorted,
    /// The keys by which documents may be joined.
    pub keys: KeyFilter,
}

/// Where rows go, and how many bytes a worker may hold.
pub struct RowTarget<'i> {
    pub rows: &'i Store,
    pub budget: Budget,
    /// Whether transactions without triggers leave short rows where they can be read again.
    pub shortens: bool,
    /// Files that changed before they were read again, by number.
    pub changed: &'i BTreeMap<usize, FileFault>,
    /// Receives rows that exceed the memory budget.
    pub scratch: &'i Arc<Scratch>,
    /// What bank statements may take.
    pub room: &'i StatementRoom,
}

enum Stage<'c> {
    Waiting,
    Open(Box<FileFeed<'c>>),
    Done,
}

/// Accumulated results of the blocks of a file.
#[derive(Default)]
struct Blocks {
    intake: FileIntake,
    /// The first block that makes the file refused, and why.
    refused: Option<(u32, FileFault)>,
    /// Number of rejected records, and one of them.
    rejected: u64,
    reject: Option<Rejected>,
}

struct Slot<'s> {
    source: &'s Source,
    stage: Mutex<Stage<'s>>,
    blocks: Mutex<Blocks>,
}

struct Shared<'s> {
    slots: Vec<Slot<'s>>,
    next: AtomicUsize,
    stop: AtomicBool,
    intake: Intake,
    bank_csv: Option<&'s BankCsv>,
    progress: &'s Progress,
    into: &'s RowTarget<'s>,
    rejects: Mutex<Sorter>,
    /// Why reading had to stop.
    fault: Mutex<Option<Interrupted>>,
}

// A border between stages in benches/instructions, which finds it by its name.
#[inline(never)]
pub fn ingest(
    sources: &[Source],
    bank_csv: Option<&BankCsv>,
    intake: Intake,
    pool: &rayon::ThreadPool,
    progress: &Progress,
    into: &RowTarget<'_>,
) -> Result<Ingested, Interrupted> {
    let slot = |source| Slot { source, stage: Mutex::new(Stage::Waiting), blocks: Mutex::default() };
    let shared = Shared {
        slots: sources.iter().map(slot).collect(),
        next: AtomicUsize::new(0),
        stop: AtomicBool::new(false),
        intake,
        bank_csv,
        progress,
        into,
        rejects: Mutex::new(Sorter::new(into.budget.sorted(), into.scratch)),
        fault: Mutex::new(None),
    };
    let made = pool.broadcast(|_| {
        let packer = Worker::new(&shared).run();
        into.rows.keep(packer.partitions);
        packer.keys.finish()
    });
    if let Some(error) = lock(&shared.fault).take() {
        return Err(error);
    }
    let finished = |slot: Slot<'_>| unlocked(slot.blocks).finish();
    let rejects = unlocked(shared.rejects).finish();
    let keys = made.into_iter().reduce(|mut all, keys| {
        all.merge(keys);
        all
    });
    let keys = keys.unwrap_or_else(|| KeyFilter::new(intake.key_filter));
    Ok(Ingested { files: shared.slots.into_iter().map(finished).collect(), rejects, keys })
}

impl Blocks {
    /// Adds the results of one block.
    fn add(&mut self, number: u32, lines: u64, mut tally: FileTally, rejects: &[Rejected]) {
        let at = number as usize;
        let of_blocks = &mut self.intake.lines;
        if of_blocks.len() <= at {
            of_blocks.resize(at + 1, 0);
        }
        of_blocks[at] = lines;
        if let Some(fault) = tally.refused.take()
            && self.refused.as_ref().is_none_or(|(first, _)| number < *first)
        {
            self.refused = Some((number, fault));
        }
        self.intake.tally.merge(tally);
        self.rejected += rejects.len() as u64;
        self.reject = self.reject.take().or_else(|| rejects.first().cloned());
    }

    /// Combines the blocks; line counts per block become the numbers of lines before each block.
    fn finish(mut self) -> FileIntake {
        let only = self.reject.as_ref().filter(|_| self.rejected == 1);
        let mut file = self.intake;
        file.only_reject = only.map(|reject| (reject.origin.offset, reject.reason));
        file.fault = file.fault.take().or(self.refused.take().map(|(_, fault)| fault)).or_else(|| file.stranger());
        let mut before = 0;
        for lines in &mut file.lines {
            before += std::mem::replace(lines, before);
        }
        file.lines.push(before);
        file
    }
}

struct Worker<'w, 's> {
    shared: &'w Shared<'s>,
    packer: Packer,
    reading: Reading,
    block: ReadBuffer,
}

impl<'w, 's> Worker<'w, 's> {
    fn new(shared: &'w Shared<'s>) -> Self {
        let packer = Packer::new(shared.intake.partitions, KeyNotes::new(shared.intake.key_filter), prechecker());
        Worker { shared, packer, reading: Reading::default(), block: ReadBuffer::default() }
    }

    fn run(mut self) -> Packer {
        // First take whole files, one worker each; then help with files that others still read.
        loop {
            let at = self.shared.next.fetch_add(1, Ordering::Relaxed);
            if at >= self.shared.slots.len() || self.stopped() {
                break;
            }
            while self.step(at) {}
        }
        for at in 0..self.shared.slots.len() {
            while self.step(at) {}
        }
        self.packer
    }

    fn stopped(&self) -> bool {
        if interrupt::pending().is_some() {
            self.shared.stop.store(true, Ordering::Relaxed);
        }
        self.shared.stop.load(Ordering::Relaxed)
    }

    /// Takes and parses one block of a file; returns false if the file has no more.
    fn step(&mut self, at: usize) -> bool {
        if self.stopped() {
            return false;
        }
        let slot = &self.shared.slots[at];
        let mut stage = lock(&slot.stage);
        if matches!(*stage, Stage::Waiting) {
            *stage = self.open(at, slot);
        }
        let Stage::Open(feed) = &mut *stage else { return false };
        let number = feed.given;
        match feed.next(&mut self.block) {
            Ok(Fed::Records { base, length, pieces }) => {
                self.shared.progress.set_bytes(at, feed.consumed());
                let layout = feed.layout.clone();
                self.packer.shortens = self.shared.into.shortens && feed.is_repeatable();
                drop(stage);
                let bytes = self.block.text(length);
                let block = document::Block { bytes, base, pieces: &pieces, file: at as u32, layout: &layout };
                let lines = Active::read(&block, self.shared.intake.options, &mut self.reading, &mut self.packer);
                self.left(slot, number, lines);
                true
            }
            Ok(Fed::TooLarge { offset, length }) => {
                let line = feed.is_lines().then_some(1);
                drop(stage);
                if length > 0 {
                    let origin = Origin { file: at as u32, offset, length: u32::try_from(length).unwrap_or(u32::MAX) };
                    let reason = RecordReason::RecordTooLarge;
                    self.packer.tally.rejected += 1;
                    self.packer.rejects.push(Rejected {
                        origin,
                        line,
                        reason,
                        found: 0,
                        path: String::new(),
                        at: offset,
                    });
                }
                self.left(slot, number, u64::from(line.is_some()));
                true
            }
            Ok(Fed::Statements(bank)) => {
                self.shared.progress.set_bytes(at, feed.consumed());
                self.shared.progress.add_records(bank.records(), 0);
                lock(&slot.blocks).intake.keep_statements(bank);
                true
            }
            Ok(Fed::End) => {
                self.close(slot, std::mem::replace(&mut *stage, Stage::Done), None);
                false
            }
            Err(fault) => {
                self.close(slot, std::mem::replace(&mut *stage, Stage::Done), Some(fault));
                false
            }
        }
    }

    /// Adds the results of the last block to its file, and spills rows that exceed the limit.
    fn left(&mut self, slot: &Slot<'_>, number: u32, lines: u64) {
        let tally = std::mem::take(&mut self.packer.tally);
        self.shared.progress.add_records(tally.documents + tally.rejected, tally.rejected);
        lock(&slot.blocks).add(number, lines, tally, &self.packer.rejects);
        if let Err(error) = self.spill(number) {
            self.fail(error.into());
        }
    }

    /// Stops all workers.
    fn fail(&self, why: Interrupted) {
        lock(&self.shared.fault).get_or_insert(why);
        self.shared.stop.store(true, Ordering::Relaxed);
    }

    fn spill(&mut self, number: u32) -> io::Result<()> {
        for reject in self.packer.rejects.drain(..) {
            lock(&self.shared.rejects).push(|out| rejects::write(out, number, &reject))?;
        }
        self.shared.into.rows.spill_if_over(&mut self.packer.partitions, self.shared.into.budget.rows())
    }

    fn open(&self, at: usize, slot: &Slot<'s>) -> Stage<'s> {
        let intake = &self.shared.intake;
        let changed = self.shared.into.changed.get(&at);
        if let Some(fault) = slot.source.fault.as_ref().or(changed) {
            lock(&slot.blocks).intake.fault = Some(fault.clone());
            return Stage::Done;
        }
        match SourceReader::open(slot.source, intake.hash, intake.limits) {
            Ok(reader) => {
                let layout = Active::layout(&slot.source.path_text());
                let feed = FileFeed::new(reader, layout, intake.options, intake.block_size, self.shared.into.room);
                let is_statement = slot.source.is_statement;
                Stage::Open(Box::new(if is_statement { feed.of_statement(self.shared.bank_csv) } else { feed }))
            }
            Err(fault) => {
                lock(&slot.blocks).intake.fault = Some(fault);
                Stage::Done
            }
        }
    }

    fn close(&self, slot: &Slot<'_>, stage: Stage<'_>, fault: Option<FileFault>) {
        let Stage::Open(feed) = stage else { return };
        if self.shared.into.room.is_full() {
            return self.fail(Interrupted::Statements { budget: self.shared.into.budget.bytes() });
        }
        let blank = feed.is_blank();
        let decoded = feed.decoded();
        let single = feed.single_value();
        let finished = feed.finish();
        let fault =
            fault.filter(|fault| !(blank && self.shared.intake.allow_empty && fault.reason == FileReason::EmptyInput));
        let mut blocks = lock(&slot.blocks);
        let intake = &mut blocks.intake;
        intake.decoded = decoded;
        intake.single = single;
        match finished {
            Ok(facts) => {
                intake.bytes = facts.bytes;
                intake.hash = facts.hash;
                intake.stamped = facts.stamped;
                intake.fault = fault;
            }
            // A file changed during reading explains any other error, so this fault takes
            // precedence.
            Err(changed) => intake.fault = Some(changed),
        }
    }
}
