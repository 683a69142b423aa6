//! Progress of a run, for display.

use std::sync::atomic::{AtomicU64, Ordering};

/// A snapshot of the counters.
#[derive(Clone, Copy, Debug)]
pub struct ProgressState {
    /// Input bytes consumed, before unpacking.
    pub bytes: u64,
    pub records: u64,
    pub rejected: u64,
    pub judged: u64,
}

/// Counters that workers update and a display reads.
#[derive(Debug, Default)]
pub struct Progress {
    files: Vec<AtomicU64>,
    records: AtomicU64,
    rejected: AtomicU64,
    judged: AtomicU64,
}

impl Progress {
    pub fn new(files: usize) -> Self {
        Progress { files: (0..files).map(|_| AtomicU64::new(0)).collect(), ..Progress::default() }
    }

    /// Starts again from zero.
    pub fn reset(&self) {
        let all = self.files.iter().chain([&self.records, &self.rejected, &self.judged]);
        all.for_each(|counter| counter.store(0, Ordering::Relaxed));
    }

    /// Sets the bytes consumed of a file.
    pub fn set_bytes(&self, file: usize, bytes: u64) {
        if let Some(counter) = self.files.get(file) {
            counter.store(bytes, Ordering::Relaxed);
        }
    }

    pub fn add_records(&self, records: u64, rejected: u64) {
        self.records.fetch_add(records, Ordering::Relaxed);
        self.rejected.fetch_add(rejected, Ordering::Relaxed);
    }

    pub fn add_judged(&self) {
        self.judged.fetch_add(1, Ordering::Relaxed);
    }

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
