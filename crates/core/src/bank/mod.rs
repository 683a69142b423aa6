//! Statements of bank accounts: how they are read, and what payouts are compared with. Days are
//! numbers since 1970-01-01, as the statement states them, without a time zone.

mod account;
mod amount;
pub mod camt;
mod day;
pub mod delimited;
mod gather;
mod raw;
mod room;
mod settings;
mod stream;

use std::collections::BTreeMap;

pub use account::BankAccount;
pub use day::DateFormat;
pub use gather::{BankInput, gather};
pub use raw::{BankFile, BookedEntry, EntryDetail, Notification, ReadStatement, StatementForm};
pub use room::{Full, Room};
pub use settings::{BankCsv, CsvAmount, CsvCurrency, CsvSettings, DecimalMark, PRESETS, StatementEncoding};

use crate::model::money::{Minor, Sum};

/// A balance that a statement states.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StatedBalance {
    pub currency: String,
    pub amount: Minor,
}

/// A statement of one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// As stated; of a CSV file made from its days.
    pub id: String,
    pub account: BankAccount,
    pub currency: Option<String>,
    /// The first and the last day that it covers; a stated end before the stated begin stays so.
    pub days: Option<(i64, i64)>,
    pub opening: Option<StatedBalance>,
    pub closing: Option<StatedBalance>,
    /// Booked entries, without those that an earlier statement has, too.
    pub entries: Vec<BankEntry>,
    /// The sum of all its booked entries by currency, with those that an earlier statement has.
    pub booked: BTreeMap<String, Sum>,
    /// How many entries are not booked yet.
    pub pending: u64,
    /// The number of the file that it is of.
    pub file: u32,
    /// The offset of its first byte in the decoded file.
    pub offset: u64,
}

/// A booked entry of a statement, or a part of one that came in several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankEntry {
    /// The bank's reference, else one made of the day; with the number of the part, if it is one.
    pub id: String,
    pub day: i64,
    pub currency: String,
    /// Positive for a credit.
    pub amount: Minor,
    /// Whether it reverses another entry.
    pub is_reversal: bool,
    /// The bank's own reference.
    pub reference: Option<String>,
    /// Remittance texts and references. Compared, never written.
    pub texts: Vec<String>,
    /// Names of debtors. Compared, never written.
    pub debtors: Vec<String>,
}
