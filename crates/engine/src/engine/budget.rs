//! Divides the memory of a run among its buffers.

/// Least memory of a run in bytes; buffers alone would exceed less.
pub const LEAST: u64 = 1 << 20;

/// Partitions of a small run: partitions stay small, and each is still worth a task.
const FEW: usize = 64;

/// Upper limit of partitions: each costs every worker a buffer and every spill a frame.
const MANY: usize = 2048;

/// The memory of a run. Shares that are held at the same time sum to less than the whole, because
/// buffers grow by doubling and sorting needs indices beside rows.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    bytes: usize,
    jobs: usize,
}

impl Budget {
    pub fn new(bytes: u64, jobs: usize) -> Budget {
        Budget { bytes: usize::try_from(bytes).unwrap_or(usize::MAX), jobs: jobs.max(1) }
    }

    /// Bytes of rows that one worker holds while reading or produces while judging.
    pub fn rows(&self) -> usize {
        self.bytes / 5 / self.jobs
    }

    /// Bytes of link rows and embedded sessions that one worker holds.
    pub fn links(&self) -> usize {
        self.bytes / 16 / self.jobs
    }

    /// Bytes of rows that one worker judges or joins at a time.
    pub fn partition(&self) -> usize {
        self.bytes / 24 / self.jobs
    }

    /// Bytes of rows of one id, which cannot be split.
    pub fn group(&self) -> usize {
        (self.bytes / 4).max(1 << 20)
    }

    /// Bytes of bank statements, which are held from reading until payouts are matched.
    pub fn statements(&self) -> usize {
        (self.bytes / 8).max(1 << 20)
    }

    /// Bytes of rows of one kind held for sorting: balances, findings, rejects.
    pub fn sorted(&self) -> usize {
        self.bytes / 12
    }

    /// Size of a worker's key filter for an input of `input` bytes: some twenty places for each key of the
    /// smallest documents.
    pub fn key_filter(&self, input: u64) -> usize {
        const LEAST: usize = 4 << 10;
        const MOST: usize = 16 << 20;
        let wanted = usize::try_from(input / 128).unwrap_or(usize::MAX).min(MOST);
        // Rounded up to a power of two, this is at most a 32nd of the memory for all workers.
        wanted.clamp(LEAST, (self.bytes / 64 / self.jobs).max(LEAST))
    }

    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Number of partitions for an input of `input` bytes. Reports do not depend on it.
    pub fn partitions(&self, input: u64) -> usize {
        // A row of the smallest documents takes about half of their input bytes.
        let rows = usize::try_from(input / 2).unwrap_or(usize::MAX);
        rows.div_ceil(self.partition().max(1)).next_power_of_two().clamp(FEW, MANY)
    }
}
