//! Positions in the input.

/// The number of an input file within a run: in the order of discovery while files are read, in
/// input order once copies are resolved.
pub type FileNo = u32;

/// The start of a record: its file and the offset in the file's decoded bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Origin {
    pub file: FileNo,
    pub offset: u64,
    /// In bytes.
    pub length: u32,
}

impl Origin {
    /// The sort key of origins.
    pub fn place(&self) -> (FileNo, u64) {
        (self.file, self.offset)
    }
}
