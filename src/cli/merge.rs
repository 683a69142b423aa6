//! `avstem merge`: the end of a run in steps.

use std::path::PathBuf;

use avstem_engine::engine::step::Merger;
use avstem_engine::io::output::Staging;
use clap::Args;

use super::check::{Checked, SummaryFormat, baseline, before_reading, keep_apart, told, written};
use super::exit::{Exit, Failure};
use super::options::memory_size;
use super::output::is_watched;
use super::step::{Resolved, read_job};
use super::watch::{Stage, StageCell, watched};
use super::work::{requested, take_signals};
use crate::parts::each_row_of_folder;

/// The name of a job beside its parts.
const JOB: &str = "job.json";

/// Merge the parts of a run in steps into a run folder, as `avstem check` would have written it.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct MergeArgs {
    /// The folder of the parts: what all steps gave, as Arrow streams (.arrow) and Parquet files (.parquet)
    pub parts: PathBuf,
    /// The run folder to write
    #[arg(long, value_name = "DIR", required = true)]
    pub out: PathBuf,
    /// The job by which they were judged (default: job.json in the folder of the parts)
    #[arg(long, value_name = "FILE")]
    pub job: Option<PathBuf>,
    /// Replace the run that the folder holds
    #[arg(long)]
    pub force: bool,
    /// How many workers (default: one for each core)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,
    /// Memory for rows and sorts, in bytes or with K, M, G (default: as check)
    #[arg(long, value_name = "SIZE", value_parser = memory_size)]
    pub memory: Option<u64>,
    /// Print nothing but errors
    #[arg(long)]
    pub quiet: bool,
    /// Show no progress
    #[arg(long)]
    pub no_progress: bool,
    /// How the summary is printed
    #[arg(long, value_enum, default_value_t = SummaryFormat::Text)]
    pub format: SummaryFormat,
}

const EXAMPLES: &str = "\
Examples:
  avstem merge parts/ --out run                    parts and their job.json
  avstem merge parts/ --job job.json --out run     the job from elsewhere

The options of `avstem check` that shape the reports are those that the run was planned with. Exit codes are
those of check; 5 where parts are damaged or not all there.";

pub fn run(args: &MergeArgs) -> Result<Exit, Failure> {
    take_signals()?;
    let stage = StageCell::default();
    let shows = is_watched() && !args.quiet && !args.no_progress;
    let checked = watched(&stage, shows, || merge(args, &stage))?;
    told(&checked, args.quiet, args.format)
}

/// Merges parts, and writes the run folder.
pub fn merge(args: &MergeArgs, stage: &StageCell) -> Result<Checked, Failure> {
    let job = read_job(&args.job.clone().unwrap_or_else(|| args.parts.join(JOB)))?;
    let resolved = Resolved::of(&job)?;
    let statements = resolved.statements(args.jobs, args.memory);
    let Resolved { args: check, mut options } = resolved;
    options.jobs = args.jobs.map_or(options.jobs, usize::from);
    options.memory = args.memory.unwrap_or(options.memory);
    options.baseline = check.baseline.as_deref().map(|path| baseline(path, &options)).transpose()?;
    let sources = job.sources();
    keep_apart(&args.out, &sources, Exit::Usage)?;
    let staging = Staging::create(&args.out, args.force).map_err(before_reading)?;
    let done = requested(&options, &sources, false, Some(&args.out), stage, |request| {
        let mut merger = Merger::new(&job, request)?;
        each_row_of_folder(&args.parts, &mut |row| merger.take(row))?;
        Ok(merger.finish(&statements)?)
    })?;
    stage.set(Stage::Writing);
    written(&check, &options, (done, job.without_files, job.excluded), (Some(staging), Some(args.out.clone())), stage)
}
