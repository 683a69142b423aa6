//! Reads records a second time where they are: most transactions leave a short row, and a few of them
//! turn out to be needed in full.

use std::io;
use std::sync::Mutex;

use avstem_core::document::{Block, Options, PADDING, Padded, Pieces, Reading};
use avstem_core::model::reject::FileFault;
use avstem_core::provider::Provider;
use avstem_core::provider::active::Active;
use avstem_core::rows::{KeyNotes, Packer, Row, rows};

use super::files::{FileIntake, Files};
use super::interrupted::Interrupted;
use super::locks::lock;
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
    other: Vec<u8>,
}

impl Default for Buffers {
    fn default() -> Self {
        let packer = Packer::new(1, KeyNotes::new(0));
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
                lock(&self.failed).get_or_insert(Unrepeatable { file, fault });
                return Err(Interrupted::Rows(io::Error::other("a record could not be read again")));
            }
        }
        let full = buffers.packer.partitions.take(0);
        lock(&self.idle).push(buffers);
        Ok(full)
    }

    /// Whether rows come from records of the same bytes. Also false if they cannot be read; then
    /// reading them in full fails, too.
    pub fn are_same(&self, rows: &[Row<'_>]) -> bool {
        let Some((first, others)) = rows.split_first() else { return false };
        let length = first.origin.length;
        if others.iter().any(|row| row.origin.length != length) {
            return false;
        }
        let mut buffers = self.buffers();
        let Buffers { record, other, .. } = &mut buffers;
        let first = self.bytes(first, record);
        let are_same = first.is_some() && others.iter().all(|row| self.bytes(row, other) == first);
        lock(&self.idle).push(buffers);
        are_same
    }

    fn bytes<'b>(&self, row: &Row<'_>, buffer: &'b mut Vec<u8>) -> Option<&'b [u8]> {
        let (_, FileIntake { stamped, .. }) = &self.files.all[row.origin.file as usize];
        let again = stamped.as_ref()?.reopen().ok()?;
        let bytes = room(buffer, row.origin.length as usize);
        again.read(bytes, row.origin.offset).ok()?;
        again.finish().ok()?;
        Some(bytes)
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

/// The first `length` bytes of a buffer, which grows to them and keeps what it had.
fn room(buffer: &mut Vec<u8>, length: usize) -> &mut [u8] {
    if buffer.len() < length {
        buffer.resize(length, 0);
    }
    &mut buffer[..length]
}
