//! How far a run has come, for whoever shows it.

use std::sync::atomic::{AtomicU64, Ordering};

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

    /// Bytes taken in, records read, records rejected, partitions judged.
    pub fn state(&self) -> (u64, u64, u64, u64) {
        let bytes = self.files.iter().map(|f| f.load(Ordering::Relaxed)).sum();
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        (bytes, read(&self.records), read(&self.rejected), read(&self.judged))
    }
}
