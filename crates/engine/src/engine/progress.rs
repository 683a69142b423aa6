//! How far a run has come, for whoever shows it.

use std::sync::atomic::{AtomicU64, Ordering};

/// How far a run has come at a moment.
#[derive(Clone, Copy, Debug)]
pub struct ProgressState {
    /// Bytes taken in, as they lie on disk.
    pub bytes: u64,
    /// Records read.
    pub records: u64,
    /// Records rejected.
    pub rejected: u64,
    /// Partitions judged.
    pub judged: u64,
}

/// Counters that workers move and a display reads.
#[derive(Debug, Default)]
pub struct Progress {
    files: Vec<AtomicU64>,
    records: AtomicU64,
    rejected: AtomicU64,
    judged: AtomicU64,
}

impl Progress {
    /// Counters for so many files.
    pub fn new(files: usize) -> Self {
        Progress { files: (0..files).map(|_| AtomicU64::new(0)).collect(), ..Progress::default() }
    }

    /// So many bytes of a file are taken in.
    pub fn set_bytes(&self, file: usize, bytes: u64) {
        if let Some(counter) = self.files.get(file) {
            counter.store(bytes, Ordering::Relaxed);
        }
    }

    /// More records were read.
    pub fn add_records(&self, records: u64, rejected: u64) {
        self.records.fetch_add(records, Ordering::Relaxed);
        self.rejected.fetch_add(rejected, Ordering::Relaxed);
    }

    /// One more partition was judged.
    pub fn add_judged(&self) {
        self.judged.fetch_add(1, Ordering::Relaxed);
    }

    /// Where it is now.
    pub fn state(&self) -> ProgressState {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        ProgressState {
            bytes: self.files.iter().map(read).sum(),
            records: read(&self.records),
            rejected: read(&self.rejected),
            judged: read(&self.judged),
        }
    }
}
