//! Who may hold how much of the memory that a run was given.

/// The least that a run is given: below it, buffers alone would not fit.
pub const LEAST: u64 = 1 << 20;

/// Partitions of a small run: enough that one of them is small, few enough that each is worth a task.
const FEW: usize = 64;

/// Partitions at most: each costs every worker a buffer, and every spill a frame.
const MANY: usize = 2048;

/// The memory of a run, and how it is shared out. The shares of what is held at one time come to less than the whole:
/// buffers grow by doubling, and sorting takes places beside rows.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    bytes: usize,
    jobs: usize,
}

impl Budget {
    /// So many bytes for so many workers.
    pub fn new(bytes: u64, jobs: usize) -> Budget {
        Budget { bytes: usize::try_from(bytes).unwrap_or(usize::MAX), jobs: jobs.max(1) }
    }

    /// Rows that one worker holds while reading, or that it makes while judging.
    pub fn rows(&self) -> usize {
        self.bytes / 5 / self.jobs
    }

    /// Link rows, and sessions inside transactions, that one worker holds.
    pub fn links(&self) -> usize {
        self.bytes / 16 / self.jobs
    }

    /// Rows that one worker judges or joins at a time.
    pub fn partition(&self) -> usize {
        self.bytes / 24 / self.jobs
    }

    /// Rows of one id, which cannot be judged apart.
    pub fn group(&self) -> usize {
        (self.bytes / 4).max(1 << 20)
    }

    /// Rows of one kind that wait to be sorted: balances, findings, rejects.
    pub fn sorted(&self) -> usize {
        self.bytes / 12
    }

    /// The whole.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// How many partitions inputs of so many bytes are best cut into. Nothing that is reported depends on it.
    pub fn partitions(&self, input: u64) -> usize {
        // Of the leanest documents a row takes about half the bytes.
        let rows = usize::try_from(input / 2).unwrap_or(usize::MAX);
        rows.div_ceil(self.partition().max(1)).next_power_of_two().clamp(FEW, MANY)
    }
}
