//! Ingest: files into rows. Every worker takes the next block of a file, under the file's lock, and reads it
//! on its own; rows go to the worker's own partitions, so that nothing is shared on the way.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use avstem_core::document::{self, Layout, Options, Reading, Rejected};
use avstem_core::model::origin::Origin;
use avstem_core::model::reject::{FileFault, FileReason, RecordReason};
use avstem_core::normalize::{FileTally, Packer, Partitions};

use super::block::Block;
use super::feed::{Fed, Feed};
use super::progress::Progress;
use crate::io::decode::{HashKind, Limits, Reader};
use crate::io::inputs::Source;
use crate::io::interrupt;

/// How files are read.
#[derive(Clone, Copy, Debug)]
pub struct Intake {
    /// How records are read.
    pub options: Options,
    /// How inputs are hashed.
    pub hash: HashKind,
    /// How much packed data may unpack to.
    pub limits: Limits,
    /// Whether an empty file is fine.
    pub allow_empty: bool,
    /// Bytes of a block.
    pub block_size: usize,
    /// How many partitions.
    pub partitions: usize,
}

/// What was read of one file.
#[derive(Clone, Debug, Default)]
pub struct FileIntake {
    /// Bytes as they lie on disk.
    pub bytes: u64,
    /// Their hash.
    pub hash: Option<String>,
    /// Bytes after unpacking.
    pub decoded: u64,
    /// What was met.
    pub tally: FileTally,
    /// Why it is refused.
    pub fault: Option<FileFault>,
    /// The offset of the first value, of a file that may hold one value only.
    single: Option<u64>,
}

/// What was read of all files.
pub struct Ingested {
    /// By file.
    pub files: Vec<FileIntake>,
    /// Rows, a set for each worker.
    pub partitions: Vec<Partitions>,
    /// Rejected records of all files, in no order.
    pub rejects: Vec<Rejected>,
}

enum Stage {
    Waiting,
    Open(Box<Feed>),
    Done,
}

/// What the blocks of a file have left so far.
#[derive(Default)]
struct Blocks {
    intake: FileIntake,
    /// Lines of each block, by its number.
    lines: Vec<u64>,
    /// The first block that has the file refused, and why.
    refused: Option<(u32, FileFault)>,
    /// Rejected records with the number of their block.
    rejects: Vec<(u32, Rejected)>,
}

struct Slot<'s> {
    source: &'s Source,
    stage: Mutex<Stage>,
    blocks: Mutex<Blocks>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Shared<'s> {
    slots: Vec<Slot<'s>>,
    next: AtomicUsize,
    stop: AtomicBool,
    intake: Intake,
    progress: &'s Progress,
}

/// Reads all files with the workers of this pool.
pub fn ingest(sources: &[Source], intake: Intake, pool: &rayon::ThreadPool, progress: &Progress) -> Ingested {
    let slot = |source| Slot { source, stage: Mutex::new(Stage::Waiting), blocks: Mutex::default() };
    let shared = Shared {
        slots: sources.iter().map(slot).collect(),
        next: AtomicUsize::new(0),
        stop: AtomicBool::new(false),
        intake,
        progress,
    };
    let packers = pool.broadcast(|_| Worker::new(&shared).run());
    let mut ingested = Ingested { files: Vec::new(), partitions: Vec::new(), rejects: Vec::new() };
    ingested.partitions.extend(packers);
    for slot in shared.slots {
        let blocks = slot.blocks.into_inner().unwrap_or_else(PoisonError::into_inner);
        let (file, rejects) = blocks.finish();
        ingested.rejects.extend(rejects);
        ingested.files.push(file);
    }
    ingested
}

impl Blocks {
    /// Adds what one block left.
    fn add(&mut self, number: u32, lines: u64, mut tally: FileTally, rejects: impl Iterator<Item = Rejected>) {
        let at = number as usize;
        if self.lines.len() <= at {
            self.lines.resize(at + 1, 0);
        }
        self.lines[at] = lines;
        if let Some(fault) = tally.refused.take()
            && self.refused.as_ref().is_none_or(|(first, _)| number < *first)
        {
            self.refused = Some((number, fault));
        }
        self.intake.tally.merge(tally);
        self.rejects.extend(rejects.map(|reject| (number, reject)));
    }

    /// The file as a whole: lines are numbered through, and a refused file has no rejects.
    fn finish(mut self) -> (FileIntake, Vec<Rejected>) {
        let mut file = self.intake;
        file.fault = file.fault.take().or(self.refused.map(|(_, fault)| fault)).or(stranger(&file, &self.rejects));
        if file.fault.is_some() {
            return (file, Vec::new());
        }
        let mut before = 0;
        for lines in &mut self.lines {
            before += std::mem::replace(lines, before);
        }
        let numbered = self.rejects.into_iter().map(|(number, mut reject)| {
            reject.line = reject.line.map(|line| line + self.lines[number as usize]);
            reject
        });
        (file, numbered.collect())
    }
}

/// Why a file is refused whose only value is nothing that we know.
fn stranger(file: &FileIntake, rejects: &[(u32, Rejected)]) -> Option<FileFault> {
    let [(_, only)] = rejects else { return None };
    if file.tally.documents + file.tally.empty > 0 || file.single != Some(only.origin.offset) {
        return None;
    }
    match only.reason {
        RecordReason::UnknownShape => file.tally.stranger.clone(),
        RecordReason::NotAnObject => Some(FileFault::new(FileReason::NotAnExport, "its one JSON value is no object")),
        _ => None,
    }
}

struct Worker<'w, 's> {
    shared: &'w Shared<'s>,
    packer: Packer,
    reading: Reading,
    block: Block,
}

impl<'w, 's> Worker<'w, 's> {
    fn new(shared: &'w Shared<'s>) -> Self {
        let packer = Packer::new(shared.intake.partitions);
        Worker { shared, packer, reading: Reading::default(), block: Block::default() }
    }

    fn run(mut self) -> Partitions {
        // First whole files, one worker each; then a hand at those that others are still reading.
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
        self.packer.partitions
    }

    fn stopped(&self) -> bool {
        if interrupt::pending().is_some() {
            self.shared.stop.store(true, Ordering::Relaxed);
        }
        self.shared.stop.load(Ordering::Relaxed)
    }

    /// Takes and reads one block of a file; false when the file has no more.
    fn step(&mut self, at: usize) -> bool {
        if self.stopped() {
            return false;
        }
        let slot = &self.shared.slots[at];
        let mut stage = lock(&slot.stage);
        if matches!(*stage, Stage::Waiting) {
            *stage = self.open(slot);
        }
        let Stage::Open(feed) = &mut *stage else { return false };
        let number = feed.given;
        match feed.next(&mut self.block) {
            Ok(Fed::Records { base, length, pieces }) => {
                self.shared.progress.set_bytes(at, feed.consumed());
                let layout = feed.layout.clone();
                drop(stage);
                let bytes = &self.block.bytes()[..length];
                let block = document::Block { bytes, base, pieces: &pieces, file: at as u32, layout: &layout };
                let lines = document::read(&block, self.shared.intake.options, &mut self.reading, &mut self.packer);
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
                    self.packer.rejects.push(Rejected { origin, line, reason, path: String::new(), at: offset });
                }
                self.left(slot, number, u64::from(line.is_some()));
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

    /// Hands over what the worker's last block left beside rows.
    fn left(&mut self, slot: &Slot<'_>, number: u32, lines: u64) {
        let tally = std::mem::take(&mut self.packer.tally);
        self.shared.progress.add_records(tally.documents + tally.rejected, tally.rejected);
        lock(&slot.blocks).add(number, lines, tally, self.packer.rejects.drain(..));
    }

    fn open(&self, slot: &Slot<'_>) -> Stage {
        let intake = &self.shared.intake;
        if let Some(fault) = &slot.source.fault {
            lock(&slot.blocks).intake.fault = Some(fault.clone());
            return Stage::Done;
        }
        match Reader::open(slot.source, intake.hash, intake.limits) {
            Ok(reader) => {
                let layout = Layout::of(&slot.source.path_text());
                Stage::Open(Box::new(Feed::new(reader, layout, intake.options, intake.block_size)))
            }
            Err(fault) => {
                lock(&slot.blocks).intake.fault = Some(fault);
                Stage::Done
            }
        }
    }

    fn close(&self, slot: &Slot<'_>, stage: Stage, fault: Option<FileFault>) {
        let Stage::Open(feed) = stage else { return };
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
                intake.fault = fault;
            }
            Err(changed) => intake.fault = Some(fault.unwrap_or(changed)),
        }
    }
}
