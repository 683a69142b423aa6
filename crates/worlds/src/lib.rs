//! Invented exports, by two recipes: [`realistic`] exports with faults whose findings are known (`avstem generate`), and
//! [`colliding`] documents for tests. Neither knows how an export is judged.

pub mod colliding;
mod json;
pub mod realistic;
mod rng;

pub use rng::Rng;
