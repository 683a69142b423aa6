//! What every command does that reads an export: run the engine over the inputs, with progress where people look.

use std::path::Path;
use std::sync::Arc;

use super::exit::Failure;
use super::options::{Asked, InputArgs};
use super::output::is_watched;
use super::watch::{Extent, watched};
use avstem_engine::engine::{self, Budget, Done, Intake, Progress, Request};
use avstem_engine::io::inputs::{Source, about_bytes};
use avstem_engine::io::interrupt;
use avstem_engine::io::spill::Scratch;

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
    let partitions = Budget::new(asked.memory, asked.jobs).partitions(about_bytes(sources));
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
    let used = sources.iter().filter(|source| source.fault.is_none());
    let extent = Extent { bytes: used.map(Source::size).sum(), partitions: partitions as u64 };
    Ok(watched(&progress, extent, shows(args), || engine::run(&request))?)
}

/// Whether progress is shown: to whom looks and has not asked for silence.
pub fn shows(args: &InputArgs) -> bool {
    is_watched() && !args.quiet && !args.no_progress
}
