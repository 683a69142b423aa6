//! Generates synthetic exports in two ways: [`realistic`] exports with faults whose findings are
//! known (`avstem generate`), and [`colliding`] documents for tests. This crate does not depend on
//! how exports are judged.

pub mod colliding;
mod json;
pub mod realistic;
mod rng;

pub use rng::Rng;
