//! What was read of each file, and the input order of files.

use avstem_core::bank::{BankFile, BankInput, Full, Room, gather};
use avstem_core::judge::Linking;
use avstem_core::ledger::RemittanceKind;
use avstem_core::model::reject::{FileFault, FileReason, RecordReason};
use avstem_core::model::settings::Facts;
use avstem_core::resolve::InputOrder;
use avstem_core::rows::FileTally;

use serde::{Deserialize, Serialize};

use crate::io::decode::Stamped;
use crate::io::inputs::Source;

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct FileIntake {
    /// Size on disk in bytes.
    pub bytes: u64,
    /// Hash of those bytes.
    pub hash: Option<String>,
    /// Bytes after unpacking.
    pub decoded: u64,
    pub tally: FileTally,
    /// The file, if its records can be read again where they are.
    #[serde(skip)]
    pub(super) stamped: Option<Stamped>,
    /// Why the file is refused.
    pub fault: Option<FileFault>,
    /// The offset of the first value, if the file may hold only one value.
    pub(super) single: Option<u64>,
    /// What it holds as a file of bank statements.
    #[serde(skip)]
    pub(super) bank: Option<BankFile>,
    /// How many statements and notifications it has, and how many of them repeat another.
    pub bank_records: [u64; 2],
    /// The offset and the reason of its one rejected record, if there is only one.
    pub(super) only_reject: Option<(u64, RecordReason)>,
    /// Number of lines before each block, by block number, and of all.
    pub(super) lines: Vec<u64>,
}

impl FileIntake {
    pub fn keep_statements(&mut self, bank: BankFile) {
        self.bank_records = [bank.records(), 0];
        self.bank = Some(bank);
    }

    /// Whether it is used and has a bank statement.
    pub fn has_statements(&self) -> bool {
        self.fault.is_none() && self.bank.as_ref().is_some_and(|bank| !bank.statements.is_empty())
    }

    /// Whether it is a file of bank statements.
    pub fn is_of_bank(&self) -> bool {
        self.bank.is_some()
    }

    /// Why the file is refused if its only value is not a known document.
    pub(super) fn stranger(&self) -> Option<FileFault> {
        let (offset, reason) = self.only_reject?;
        if self.tally.documents + self.tally.empty > 0 || self.single != Some(offset) {
            return None;
        }
        match reason {
            RecordReason::UnknownShape => self.tally.stranger.clone(),
            RecordReason::NotAnObject => {
                Some(FileFault::new(FileReason::NotAnExport, "its one JSON value is no object"))
            }
            _ => None,
        }
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

    /// Which links the input can have.
    pub fn linking(&self) -> Linking {
        let any = |is: fn(&FileIntake) -> bool| self.used().any(is);
        Linking {
            sessions: any(|f| f.tally.has_sessions || f.tally.has_embedded),
            orders: any(|f| f.tally.has_orders),
            settlements: any(|f| f.tally.has_reports),
            remittances: any(|f| f.tally.remittances != [0; 3]),
        }
    }

    /// Facts of the whole input as far as they are known before embedded sessions are resolved.
    pub fn facts(&self, has_statements: bool) -> Facts {
        let known = Facts { has_statements, ..Facts::default() };
        self.used().fold(known, |facts, file| facts.merge(file.tally.facts()))
    }

    /// Whether an embedded session could change the as-of or the production flag.
    pub fn sessions_may_tell(&self, facts: &Facts) -> bool {
        self.used().any(|FileIntake { tally, .. }| {
            tally.latest_embedded > facts.as_of || (tally.has_embedded_production && !facts.has_production)
        })
    }

    /// Whether a document may have an id of a production account.
    pub fn may_have_production(&self) -> bool {
        self.used().any(|file| file.tally.has_production || file.tally.has_embedded_production)
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
