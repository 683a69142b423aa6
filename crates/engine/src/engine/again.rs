//! Reads records a second time where they are: most transactions leave a short row, and a few of them
//! turn out to be needed in full.

use std::io;
use std::sync::Mutex;

use avstem_core::document::{Block, Options, PADDING, Padded, Pieces, Reading};
use avstem_core::model::reject::FileFault;
use avstem_core::provider::Provider;
use avstem_core::provider::active::Active;
use avstem_core::rows::{KeyNotes, Packer, Row, rows};
use avstem_core::rules::prechecker;

use super::files::{FileIntake, Files};
use super::interrupted::Interrupted;
use super::locks::lock;
use crate::io::decode::Reopened;
use crate::io::inputs::Source;

/// Why records could not be read again.
#[derive(Debug)]
pub struct Unrepeatable {
    /// The number of the file during reading.
    pub file: usize,
    /// `None` if the file did not change, and yet a record came to something else.
    pub fault: Option<FileFault>,
}

pub struct Again<'a> {
    files: &'a Files<'a>,
    options: Options,
    failed: Mutex<Option<Unrepeatable>>,
    /// Buffers that nobody uses now.
    idle: Mutex<Vec<Buffers>>,
}

struct Buffers {
    /// Knows in which order members come.
    reading: Reading,
    /// What it notes besides rows has been noted before.
    packer: Packer,
    record: Vec<u8>,
    /// For a record that is compared with another.
    other: Vec<u8>,
}

impl Default for Buffers {
    fn default() -> Self {
        let packer = Packer::new(1, KeyNotes::new(0), prechecker());
        Buffers { reading: Reading::default(), packer, record: Vec::new(), other: Vec::new() }
    }
}

impl<'a> Again<'a> {
    pub fn new(files: &'a Files<'a>, options: Options) -> Again<'a> {
        Again { files, options, failed: Mutex::new(None), idle: Mutex::default() }
    }

    /// Why reading again failed, if it did: then nothing that rests on it counts.
    pub fn failed(&self) -> Option<Unrepeatable> {
        lock(&self.failed).take()
    }

    /// Returns the full rows of transactions that have short ones.
    pub fn full(&self, mut short: Vec<Row<'_>>) -> Result<Vec<u8>, Interrupted> {
        if short.is_empty() {
            return Ok(Vec::new());
        }
        short.sort_unstable_by_key(|row| row.origin.place());
        let mut buffers = self.buffers();
        for of_file in short.chunk_by(|a, b| a.origin.file == b.origin.file) {
            let rank = of_file[0].origin.file;
            let file = self.files.number(rank);
            if let Err(fault) = self.read((rank, file as u32), of_file, &mut buffers) {
                return Err(self.fail(file, fault));
            }
        }
        let full = buffers.packer.partitions.take(0);
        lock(&self.idle).push(buffers);
        Ok(full)
    }

    /// Compares records, until [`ComparedRecords::finish`].
    pub fn compared_records(&self) -> ComparedRecords<'_> {
        ComparedRecords { again: self, open: Vec::new(), changed: None, buffers: self.buffers() }
    }

    fn fail(&self, file: usize, fault: Option<FileFault>) -> Interrupted {
        lock(&self.failed).get_or_insert(Unrepeatable { file, fault });
        Interrupted::Rows(io::Error::other("a record could not be read again"))
    }

    fn buffers(&self) -> Buffers {
        lock(&self.idle).pop().unwrap_or_default()
    }

    /// Reads records of one file; they must come to what they came to before.
    fn read(
        &self,
        (rank, file): (u32, u32),
        short: &[Row<'_>],
        buffers: &mut Buffers,
    ) -> Result<(), Option<FileFault>> {
        let Buffers { reading, packer, record, .. } = buffers;
        let (source, FileIntake { stamped, .. }) = &self.files.all[rank as usize];
        let again = stamped.as_ref().ok_or(None)?.reopen()?;
        let (layout, start) = (Active::layout(&Source::path_text(source)), packer.partitions.part(0).len());
        for row in short {
            let length = row.origin.length as usize;
            let bytes = room(record, length + PADDING);
            again.read(&mut bytes[..length], row.origin.offset)?;
            let span = 0..length;
            let pieces = &Pieces::Spans(vec![span]);
            let bytes = Padded::new(bytes, length);
            let block = Block { bytes, base: row.origin.offset, pieces, file, layout: &layout };
            Active::read(&block, self.options, reading, packer);
        }
        again.finish()?;
        let mut full = rows(&packer.partitions.part(0)[start..]);
        let are_whole =
            short.iter().all(|short| full.next().is_some_and(|full| full.in_file(rank).open().completes(short)));
        if are_whole && full.next().is_none() { Ok(()) } else { Err(None) }
    }
}

/// Compares records of files, which stay open meanwhile.
pub struct ComparedRecords<'a> {
    again: &'a Again<'a>,
    /// Files by their ranks.
    open: Vec<(u32, Reopened<'a>)>,
    /// The rank of a file that cannot be read as it was, and why.
    changed: Option<(u32, Option<FileFault>)>,
    buffers: Buffers,
}

/// So many files are open at once.
const OPEN: usize = 16;

impl ComparedRecords<'_> {
    /// Whether rows come from records of the same bytes. What it says counts only if [`ComparedRecords::finish`] succeeds.
    pub fn are_same(&mut self, rows: &[Row<'_>]) -> bool {
        let Some((first, others)) = rows.split_first() else { return false };
        if others.iter().any(|row| row.origin.length != first.origin.length) {
            return false;
        }
        let [mut record, mut other] = [&mut self.buffers.record, &mut self.buffers.other].map(std::mem::take);
        let are_same = match self.bytes(first, &mut record) {
            Some(first) => others.iter().all(|row| self.bytes(row, &mut other) == Some(first)),
            None => false,
        };
        (self.buffers.record, self.buffers.other) = (record, other);
        are_same
    }

    fn bytes<'b>(&mut self, row: &Row<'_>, buffer: &'b mut Vec<u8>) -> Option<&'b [u8]> {
        let bytes = room(buffer, row.origin.length as usize);
        let read = self.file(row.origin.file).and_then(|file| Ok(file.read(bytes, row.origin.offset)?));
        match read {
            Ok(()) => Some(bytes),
            Err(fault) => {
                self.changed.get_or_insert((row.origin.file, fault));
                None
            }
        }
    }

    fn file(&mut self, rank: u32) -> Result<&Reopened<'_>, Option<FileFault>> {
        if let Some(at) = self.open.iter().position(|(known, _)| *known == rank) {
            return Ok(&self.open[at].1);
        }
        if self.open.len() == OPEN {
            self.close();
        }
        let (_, FileIntake { stamped, .. }) = &self.again.files.all[rank as usize];
        self.open.push((rank, stamped.as_ref().ok_or(None)?.reopen()?));
        Ok(&self.open[self.open.len() - 1].1)
    }

    fn close(&mut self) {
        for (rank, file) in self.open.drain(..) {
            if let Err(fault) = file.finish() {
                self.changed.get_or_insert((rank, Some(fault)));
            }
        }
    }

    /// Checks that no file changed since it was first read.
    pub fn finish(mut self) -> Result<(), Interrupted> {
        self.close();
        lock(&self.again.idle).push(self.buffers);
        match self.changed {
            Some((rank, fault)) => Err(self.again.fail(self.again.files.number(rank), fault)),
            None => Ok(()),
        }
    }
}

/// The first `length` bytes of a buffer, which grows to them and keeps what it had.
fn room(buffer: &mut Vec<u8>, length: usize) -> &mut [u8] {
    if buffer.len() < length {
        buffer.resize(length, 0);
    }
    &mut buffer[..length]
}
