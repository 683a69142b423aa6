//! What is read of one file, before statements are compared with each other.

use super::room::bytes_of;
use super::{BankAccount, BankEntry, StatedBalance};
use crate::model::money::Minor;

/// What a file of bank statements holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BankFile {
    pub statements: Vec<ReadStatement>,
    /// Notifications of camt.054.
    pub notifications: Vec<Notification>,
}

impl BankFile {
    /// How many records it has.
    pub fn records(&self) -> u64 {
        (self.statements.len() + self.notifications.len()) as u64
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StatementForm {
    Camt,
    Csv,
}

/// A statement as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadStatement {
    pub form: StatementForm,
    pub id: String,
    pub account: BankAccount,
    pub currency: Option<String>,
    pub days: Option<(i64, i64)>,
    pub opening: Option<StatedBalance>,
    pub closing: Option<StatedBalance>,
    pub entries: Vec<BookedEntry>,
    pub pending: u64,
    pub offset: u64,
}

/// A booked entry as it was read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BookedEntry {
    pub day: i64,
    pub currency: String,
    /// Positive for a credit.
    pub amount: Minor,
    pub is_reversal: bool,
    /// The bank's own reference (`AcctSvcrRef`).
    pub reference: Option<String>,
    /// The statement's reference (`NtryRef`).
    pub entry_reference: Option<String>,
    /// The texts of the entry itself.
    pub texts: Vec<String>,
    pub details: Vec<EntryDetail>,
    /// Whether each detail has an amount, and they sum to that of the entry.
    pub is_batch: bool,
}

impl BookedEntry {
    /// About the bytes that it takes until payouts are matched, without its details.
    pub fn held(&self) -> usize {
        // Each part of a batch has the texts of the whole.
        let parts = if self.is_batch { self.details.len() } else { 1 };
        let texts = self.texts.iter().chain(&self.reference).chain(&self.entry_reference);
        size_of::<BookedEntry>() + parts * (size_of::<BankEntry>() + MATCHING + bytes_of(texts))
    }
}

/// About the bytes that matching takes for an entry.
const MATCHING: usize = 256;

/// A payment that an entry names.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct EntryDetail {
    /// Its amount with the sign of the entry; 0 unless the entry is a batch.
    pub amount: Minor,
    pub texts: Vec<String>,
    pub debtors: Vec<String>,
}

/// A notification of one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    pub account: BankAccount,
    pub entries: Vec<BookedEntry>,
}
