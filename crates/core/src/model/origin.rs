//! Where something stands in the input.

/// The number of an input file within a run: while files are read, in the sequence in which they were found; of all
/// that copies are resolved to, in input order.
pub type FileNo = u32;

/// The start of a record: its file and the offset in the file's decoded bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Origin {
    pub file: FileNo,
    /// The offset of the record's first byte.
    pub offset: u64,
    /// The record's length in bytes.
    pub length: u32,
}

impl Origin {
    /// What origins are sorted by.
    pub fn place(&self) -> (FileNo, u64) {
        (self.file, self.offset)
    }
}
