//! The journal of a run: a voucher for each payout that is on the bank account, for accounting
//! systems.
//!
//! * `stored`: payouts and their lines, read back
//! * `voucher`: payouts as vouchers that sum to zero, or refused
//! * `csv`, `sie`: vouchers as files
//! * `cp437`: the characters of SIE files

mod cp437;
mod csv;
mod sie;
mod stored;
mod voucher;

#[cfg(test)]
mod tests;

pub use csv::{JOURNAL, write_csv};
pub use sie::write_sie;
pub use stored::{StoredPayout, read};
pub use voucher::{Journal, JournalRefusal, JournalScope, Posting, Voucher};
