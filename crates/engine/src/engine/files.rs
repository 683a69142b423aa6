//! What was read of each file.

use avstem_core::model::reject::FileFault;
use avstem_core::normalize::FileTally;

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
    pub(super) single: Option<u64>,
    /// Lines before each block, by its number.
    pub(super) lines: Vec<u64>,
}

impl FileIntake {
    /// How many lines stand before a block.
    pub fn lines_before(&self, block: u32) -> u64 {
        self.lines[block as usize]
    }
}
