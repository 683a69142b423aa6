//! What is asked of a run.

use std::sync::Arc;

use avstem_core::model::instant::Instant;
use avstem_core::model::settings::Settings;

use super::ingest::Intake;
use super::progress::Progress;
use crate::config::Accept;
use crate::history::Baseline;
use crate::io::inputs::Source;
use crate::io::spill::Scratch;

/// What is asked of a run.
pub struct Request<'r> {
    /// The inputs.
    pub sources: &'r [Source],
    /// How they are read.
    pub intake: Intake,
    /// The instant to judge at; none: the latest time of the input.
    pub as_of: Option<Instant>,
    /// The configuration of the rules.
    pub settings: &'r Settings,
    /// Findings that are accepted.
    pub accept: &'r [Accept],
    /// An earlier night to hold this one against.
    pub baseline: Option<Arc<Baseline>>,
    /// On which day an instant falls.
    pub day_of: &'r (dyn Fn(Instant) -> i64 + Sync),
    /// How many workers.
    pub jobs: usize,
    /// Bytes of memory for rows and sorts.
    pub memory: u64,
    /// Where what does not fit goes.
    pub scratch: &'r Arc<Scratch>,
    /// Whether rows and links are kept, for frames.
    pub keep: bool,
    /// Counters for a display.
    pub progress: &'r Progress,
}
