//! The pure heart of avstem: bytes become documents, documents become ledgers, rules judge them.
//!
//! Nothing here knows a file system, a thread, a clock or a data-frame engine. Whoever runs it (the
//! program in the root package, a cluster engine) hands in bytes and rows and takes findings back.

pub mod document;
pub mod evidence;
pub mod findings;
pub mod judge;
pub mod ledger;
pub mod link;
pub mod model;
pub mod provider;
pub mod resolve;
pub mod rows;
pub mod rules;
