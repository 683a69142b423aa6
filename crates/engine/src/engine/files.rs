//! What was read of each file, and the input order of files.

use avstem_core::bank::{BankFile, BankInput, Full, Room, gather};
use avstem_core::ledger::RemittanceKind;
use avstem_core::model::reject::FileFault;
use avstem_core::resolve::InputOrder;
use avstem_core::rows::FileTally;

use crate::io::decode::Stamped;
use crate::io::inputs::Source;

#[derive(Clone, Debug, Default)]
pub struct FileIntake {
    /// Size on disk in bytes.
    pub bytes: u64,
    /// Hash of those bytes.
    pub hash: Option<String>,
    /// Bytes after unpacking.
    pub decoded: u64,
    pub tally: FileTally,
    /// The file, if its records can be read again where they are.
    pub(super) stamped: Option<Stamped>,
    /// Why the file is refused.
    pub fault: Option<FileFault>,
    /// The offset of the first value, if the file may hold only one value.
    pub(super) single: Option<u64>,
    /// What it holds as a file of bank statements.
    bank: Option<BankFile>,
    /// How many statements and notifications it has, and how many of them repeat another.
    pub bank_records: [u64; 2],
    /// Number of lines before each block, by block number.
    pub(super) lines: Vec<u64>,
}

impl FileIntake {
    pub fn keep_statements(&mut self, bank: BankFile) {
        self.bank_records = [bank.records(), 0];
        self.bank = Some(bank);
    }

    pub fn lines_before(&self, block: u32) -> u64 {
        self.lines[block as usize]
    }
}

/// Input files in order: by name, standard input last; equal names by content hash.
pub struct Files<'f> {
    pub all: Vec<(&'f Source, FileIntake)>,
    /// Rank of each file by its number during reading; `None` if refused.
    ranks: Vec<Option<u32>>,
    /// Number during reading of each file by its rank.
    numbers: Vec<usize>,
}

impl<'f> Files<'f> {
    pub fn new(sources: &'f [Source], read: Vec<FileIntake>) -> Files<'f> {
        let mut numbered: Vec<(usize, (&Source, FileIntake))> = sources.iter().zip(read).enumerate().collect();
        let key = |source: &'f Source| (source.name == "-", source.name.as_bytes());
        numbered.sort_by(|(_, (a, one)), (_, (b, other))| (key(a), &one.hash).cmp(&(key(b), &other.hash)));
        let mut ranks = vec![None; numbered.len()];
        for (rank, (number, (_, file))) in (0u32..).zip(&numbered) {
            ranks[*number] = file.fault.is_none().then_some(rank);
        }
        let (numbers, all) = numbered.into_iter().unzip();
        Files { all, ranks, numbers }
    }

    /// Gathers the bank statements of the files that are used.
    pub fn take_bank(&mut self, room: &dyn Room) -> Result<BankInput, Full> {
        let of_file = |(rank, (_, file)): (u32, &mut (&Source, FileIntake))| {
            let bank = file.bank.take();
            Some((rank, bank.filter(|_| file.fault.is_none())?))
        };
        let input = gather((0..).zip(&mut self.all).filter_map(of_file), room)?;
        for rank in &input.repeated_statements {
            self.all[*rank as usize].1.bank_records[1] += 1;
        }
        Ok(input)
    }

    /// Records of providers that pay out themselves, by kind.
    pub fn remittances(&self) -> [u64; RemittanceKind::ALL.len()] {
        let mut sums = [0; RemittanceKind::ALL.len()];
        for file in self.used() {
            sums.iter_mut().zip(file.tally.remittances).for_each(|(sum, count)| *sum += count);
        }
        sums
    }

    pub fn used(&self) -> impl Iterator<Item = &FileIntake> {
        self.all.iter().map(|(_, file)| file).filter(|file| file.fault.is_none())
    }

    /// The number during reading of the file with a rank.
    pub fn number(&self, rank: u32) -> usize {
        self.numbers[rank as usize]
    }

    /// Maps file numbers in rows to ranks.
    pub fn order(&self) -> InputOrder<'_> {
        InputOrder { ranks: &self.ranks }
    }
}
