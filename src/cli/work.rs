//! Runs the engine over the inputs of a command.

use std::path::Path;
use std::sync::Arc;

use super::exit::Failure;
use super::options::{InputArgs, ResolvedOptions};
use super::output::is_watched;
use super::watch::{Extent, Stage, StageCell};
use avstem_engine::engine::{self, Budget, Done, Intake, Progress, Request};
use avstem_engine::io::inputs::{Source, estimated_bytes};
use avstem_engine::io::interrupt;
use avstem_engine::io::spill::Scratch;

/// Installs handlers for SIGINT and SIGTERM; must be called before any file is made that they clean
/// up.
pub fn take_signals() -> Result<(), Failure> {
    interrupt::install().map_err(|error| Failure::usage(format!("signals cannot be handled: {error}")))
}

/// Reads and judges the sources; `keep` retains rows and links for frames. Rows that do not fit in
/// memory are spilled to files `beside` the output.
pub fn work(
    asked: &ResolvedOptions,
    sources: &[Source],
    keep: bool,
    beside: Option<&Path>,
    stage: &StageCell,
) -> Result<Done, Failure> {
    requested(asked, sources, keep, beside, stage, |request| Ok(engine::run(request)?))
}

/// Calls `run` with the request for a run.
pub fn requested<T>(
    asked: &ResolvedOptions,
    sources: &[Source],
    keep: bool,
    beside: Option<&Path>,
    stage: &StageCell,
    run: impl FnOnce(&Request<'_>) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let progress = Arc::new(Progress::new(sources.len()));
    let day_of = asked.day_of();
    let (budget, bytes) = (Budget::new(asked.memory, asked.jobs), estimated_bytes(sources));
    let (partitions, key_filter) = (budget.partitions(bytes), budget.key_filter(bytes));
    let request = Request {
        sources,
        bank: &asked.file.bank,
        intake: Intake { partitions, key_filter, ..asked.intake },
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
    let used = sources.iter().filter(|source| source.fault.is_none());
    let extent = Extent { bytes: used.map(Source::size).sum(), partitions: partitions as u64 };
    stage.set(Stage::Running(Arc::clone(&progress), extent));
    run(&request)
}

/// Progress is shown on a terminal unless it is switched off.
pub fn shows(args: &InputArgs) -> bool {
    is_watched() && !args.quiet && !args.no_progress
}
