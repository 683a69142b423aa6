//! The pure core of avstem: parses bytes into documents, builds ledgers from them, and judges them
//! by rules.
//!
//! It uses no file system, threads, clock or data-frame engine. The caller (the program in the root
//! package, or a cluster engine) passes bytes and rows in and gets findings back.

pub mod bank;
pub mod document;
pub mod evidence;
pub mod findings;
pub mod judge;
pub mod ledger;
pub mod link;
pub mod model;
pub mod payout;
pub mod provider;
pub mod resolve;
pub mod rows;
pub mod rules;
