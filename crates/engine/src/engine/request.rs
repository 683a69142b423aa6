//! The parameters of a run.

use std::sync::Arc;

use avstem_core::model::instant::Instant;
use avstem_core::model::settings::Settings;

use super::ingest::Intake;
use super::progress::Progress;
use crate::config::{Accept, BankConfig};
use crate::history::Baseline;
use crate::io::inputs::Source;
use crate::io::spill::Scratch;

pub struct Request<'r> {
    pub sources: &'r [Source],
    pub bank: &'r BankConfig,
    pub intake: Intake,
    /// The instant to judge at; `None` means the latest time of the input.
    pub as_of: Option<Instant>,
    /// The rule settings.
    pub settings: &'r Settings,
    pub accept: &'r [Accept],
    /// The earlier run to compare with.
    pub baseline: Option<Arc<Baseline>>,
    /// Maps an instant to its day (days since 1970-01-01).
    pub day_of: &'r (dyn Fn(Instant) -> i64 + Sync),
    /// Number of worker threads.
    pub jobs: usize,
    /// Memory limit for rows and sorts in bytes.
    pub memory: u64,
    /// Receives rows that exceed the memory limit.
    pub scratch: &'r Arc<Scratch>,
    /// Whether rows and links are kept, for frames.
    pub keep: bool,
    /// Progress counters for display.
    pub progress: &'r Progress,
}
