//! The fast reader: transactions as they nearly always are. It matches names with their quote and
//! colon, keeps no error positions, and returns `None` on anything unusual; the exact reader then
//! reads the record again.
//!
//! What it returns is identical to what the exact reader returns; the tests compare the two.

mod parts;
mod session;
#[cfg(test)]
mod tests;
mod transaction;
mod values;
mod walk;

pub(super) use transaction::read;
pub(super) use walk::Fast;
