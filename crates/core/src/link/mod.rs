//! Compares documents with each other: link rows are joined by the id that links them.
//!
//! Judging a ledger writes a few link rows, each under a key that joins it with other documents.
//! Rows with equal keys fall into one partition, so that a join never needs all rows at once.
//! Judging an order with all of its transactions takes two more joins: pairs are joined by
//! transaction, to find those linked to several orders, and then by order.

mod follow;
mod join;
mod payouts;
mod remittances;
mod remitted;
mod rows;

pub use join::{Link, Linked, join_keys, join_orders, join_transactions};
pub use remitted::{CorrelatedFacts, RemittedLine, pack_moves};
pub use rows::{LineFacts, LineShare, LinkFacts, LinkRow, key_of, pack_undone, unpack_facts, write, write_transaction};
