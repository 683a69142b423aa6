//! Runs ingest, resolve, judge and link on this machine, and ties the control totals.

mod balances;
mod block;
mod budget;
mod control;
mod coverage;
mod feed;
mod files;
mod find;
mod findings;
mod frames;
mod ingest;
mod interrupted;
mod links;
mod listed;
mod night;
pub mod outcome;
mod progress;
mod rejects;
mod request;
mod run;
mod sequence;
mod sorted;
mod store;
mod waiting;
mod work;
mod workers;

pub use budget::{Budget, LEAST};
pub use feed::BLOCK;
pub use find::{Documents, LedgerEvent, Minimizer, Picked};
pub use frames::{DocumentFate, Kept};
pub use ingest::Intake;
pub use interrupted::Interrupted;
pub use links::Links;
pub use progress::Progress;
pub use request::Request;
pub use run::{Done, run};
