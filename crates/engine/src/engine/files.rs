//! What was read of each file, and the order that files have from then on.

use avstem_core::model::reject::FileFault;
use avstem_core::resolve::InputOrder;
use avstem_core::rows::FileTally;

use crate::io::inputs::Source;

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

/// The input's files in their order: by name, standard input last; equal names by content.
pub struct Files<'f> {
    /// Each source, and what was read of it.
    pub all: Vec<(&'f Source, FileIntake)>,
    /// The place of each among them, by its number while it was read; none for a refused one.
    ranks: Vec<Option<u32>>,
}

impl<'f> Files<'f> {
    /// Brings files into order.
    pub fn new(sources: &'f [Source], read: Vec<FileIntake>) -> Files<'f> {
        let mut numbered: Vec<(usize, (&Source, FileIntake))> = sources.iter().zip(read).enumerate().collect();
        let key = |source: &'f Source| (source.name == "-", source.name.as_bytes());
        numbered.sort_by(|(_, (a, one)), (_, (b, other))| (key(a), &one.hash).cmp(&(key(b), &other.hash)));
        let mut ranks = vec![None; numbered.len()];
        for (rank, (number, (_, file))) in (0u32..).zip(&numbered) {
            ranks[*number] = file.fault.is_none().then_some(rank);
        }
        Files { all: numbered.into_iter().map(|(_, file)| file).collect(), ranks }
    }

    pub fn used(&self) -> impl Iterator<Item = &FileIntake> {
        self.all.iter().map(|(_, file)| file).filter(|file| file.fault.is_none())
    }

    /// How the numbers of rows that were read lead to places here.
    pub fn order(&self) -> InputOrder<'_> {
        InputOrder { ranks: &self.ranks }
    }
}
