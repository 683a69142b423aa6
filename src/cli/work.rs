//! What every command does that reads an export: run the engine over the inputs, with progress where people look.

use std::path::Path;
use std::sync::Arc;

use super::exit::Failure;
use super::is_watched;
use super::options::{Asked, InputArgs};
use super::watch::watched;
use crate::engine::{self, Budget, Done, Intake, Progress, Request};
use crate::io::inputs::{Source, bytes};
use crate::io::interrupt;
use crate::io::spill::Scratch;

/// Takes over SIGINT and SIGTERM, before anything is made that they should clean up.
pub fn take_signals() -> Result<(), Failure> {
    interrupt::install().map_err(|error| Failure::usage(format!("signals cannot be handled: {error}")))
}

/// Reads and judges the sources; `keep` keeps rows and links for frames. What does not fit in memory goes `beside` the
/// output.
pub fn work(
    args: &InputArgs,
    asked: &Asked,
    sources: &[Source],
    keep: bool,
    beside: Option<&Path>,
) -> Result<Done, Failure> {
    take_signals()?;
    let progress = Progress::new(sources.len());
    let day_of = asked.day_of();
    let partitions = Budget::new(asked.memory, asked.jobs).partitions(bytes(sources));
    let request = Request {
        sources,
        intake: Intake { partitions, ..asked.intake },
        as_of: asked.as_of,
        settings: &asked.settings,
        accept: &asked.file.accept,
        baseline: asked.baseline.clone(),
        day_of: &*day_of,
        jobs: asked.jobs,
        memory: asked.memory,
        scratch: &Arc::new(Scratch::beside(beside)),
        keep,
        progress: &progress,
    };
    let show = is_watched() && !args.quiet && !args.no_progress;
    Ok(watched(&progress, show, || engine::run(&request))?)
}
