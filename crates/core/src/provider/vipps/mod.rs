//! Vipps MobilePay's reports: the entries of a ledger's funds.

mod entries;
mod names;
#[cfg(test)]
mod tests;

pub(super) use entries::{is_left_out, ledger_in, read_entry};
pub(super) use names::VippsName;

/// Its name, as payouts have it.
const NAMESPACE: &str = "vipps";
