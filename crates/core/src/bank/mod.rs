//! Statements of bank accounts, as they are compared with payouts. Days are numbers since
//! 1970-01-01, as the statement states them, without a time zone.

use crate::model::money::Minor;

/// A bank account.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BankAccount {
    /// Its letters and digits as capitals. Compared, never written.
    pub number: String,
    /// What outputs show instead of the number.
    pub masked: String,
}

/// A balance that a statement states.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// The first and the last day that it covers.
    pub days: Option<(i64, i64)>,
    pub opening: Option<StatedBalance>,
    pub closing: Option<StatedBalance>,
    /// Booked entries.
    pub entries: Vec<BankEntry>,
    /// How many entries are not booked yet.
    pub pending: u64,
    /// The offset of its first byte in the decoded file.
    pub offset: u64,
}

/// A booked entry of a statement, or a part of one that came in several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankEntry {
    /// Unique within the account.
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
