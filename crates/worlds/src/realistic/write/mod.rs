//! Documents as an export has them.

pub mod filler;
mod line;
pub mod order;
pub mod session;
pub mod settlement;
pub mod transaction;
