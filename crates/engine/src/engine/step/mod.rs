//! The steps of a run one by one, for whoever spreads them over processes or machines: rows in, rows out.
//!
//! | step | takes | gives |
//! |---|---|---|
//! | [`plan`](fn@plan) | the inputs | a [`Job`], and what there is to read |
//! | `ingest` | what there is to read | documents, rejects, what was read |
//! | [`Gatherer`] | what was read, and what later steps found | the job for the next steps |
//! | `embed` | transactions by id | the sessions inside |
//! | `sessions` | sessions by id | facts of those that were embedded |
//! | `judge` | all documents by id | findings, balances, links |
//! | `join`, `pairs`, `orders` | links and pairs by key | findings, pairs |
//! | [`Merger`] | all results | the outcome of the run |
//!
//! They are the pure functions that a run on one machine calls, with nothing kept from one task to the next. Every
//! task says how many rows it took and gave, and the end holds them against each other: what was lost on the way is an
//! error.

mod filter;
mod gather;
mod job;
mod merge;
mod plan;
mod reading;
mod row;
mod sort;
mod tag;

pub use filter::{Filter, StepSettings};
pub use gather::{GatherRequest, Gatherer};
pub use job::Job;
pub use merge::Merger;
pub use plan::{PART, PlanRequest, plan};
pub use row::{Give, SHARES, StepError, StepRow};
pub use sort::RowSorter;
pub use tag::{Step, Tag};
