//! Writes documents in the format of an export.

pub mod filler;
mod line;
pub mod order;
pub mod session;
pub mod settlement;
pub mod transaction;
