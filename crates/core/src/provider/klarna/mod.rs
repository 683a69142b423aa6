//! Klarna's settlements: payouts, and the lines that they are made of.

mod lines;
mod names;
mod payouts;
#[cfg(test)]
mod tests;

pub(super) use lines::read_line;
pub(super) use names::KlarnaName;
pub(super) use payouts::read_payout;

/// Its name, as payouts have it.
const NAMESPACE: &str = "klarna";
