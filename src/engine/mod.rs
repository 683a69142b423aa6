//! Runs ingest, resolve, judge and link on this machine, and ties the control totals.

mod balances;
mod block;
mod control;
mod coverage;
mod feed;
mod findings;
mod frames;
mod ingest;
mod listed;
mod night;
pub mod outcome;
mod progress;
mod run;
mod sequence;
mod sorted;

pub use feed::BLOCK;
pub use frames::{DocumentFate, Kept};
pub use ingest::Intake;
pub use progress::Progress;
pub use run::{Done, Interrupted, Request, run};
