//! Documents held against each other: link rows are brought together by the id that links them.
//!
//! Judging a ledger leaves a few link rows, each bearing the key by which others may find it. Rows with equal
//! keys fall into one partition, so that a join never needs all of them at once. An order with all of its
//! transactions takes two further steps: the pairs come together by transaction, to see which of them other
//! orders claim too, and then by order.

mod follow;
mod join;
mod rows;

pub use join::{Link, Linked, join_keys, join_orders, join_transactions};
pub use rows::{Key, LineFacts, LinkFacts, LinkRow, key_of, pack_undone, write, write_transaction};
