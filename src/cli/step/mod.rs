//! `avstem step`: the steps of a run as filters, for whoever spreads them over processes or machines.

mod job;
mod sort;
mod task;

use std::ffi::OsString;
use std::io::{StdoutLock, stdin, stdout};
use std::path::PathBuf;

use avstem_engine::engine::step::{Gatherer, PART, Step, StepError};
use avstem_engine::io::replace::replace;
use clap::{Args, Subcommand};

pub use job::{Resolved, filter, gathered, parsed_job, planned, read_job};
pub use task::{Given, StepRun};

use job::JobArgs;

use super::exit::{Exit, Failure};
use super::options::size;
use super::output::print;
use super::work::take_signals;
use crate::parts::{RowStream, each_row};
use sort::SortArgs;

/// Run one step of a check: rows in as Arrow on standard input, rows out on standard output.
///
/// For runs that are spread over processes or machines, by Spark, Dask, Ray, Slurm or a shell. docs/CLUSTER.md says what
/// comes after what. Findings are no failure here: a step exits 0.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct StepArgs {
    #[command(subcommand)]
    step: StepCommand,
}

const EXAMPLES: &str = "\
Examples:
  avstem step plan --job plan.json export/ --as-of 2026-10-31 > ranges.arrow
  avstem step ingest --job plan.json < ranges.arrow > rows.arrow
  avstem step gather --job plan.json < rows.arrow > job.json
  avstem step sort < rows.arrow | avstem step judge --job job.json > judged.arrow
  avstem merge PARTS --job job.json --out RUN";

#[derive(Subcommand, Debug)]
enum StepCommand {
    /// Plan a check: write the job, and on standard output what there is to read
    Plan(PlanArgs),
    /// Read records into rows
    Ingest(JobArgs),
    /// Bring together what all tasks of a step said: the job for the steps that follow, on standard output
    Gather(JobArgs),
    /// Sort rows by key, all or a share of the keys
    Sort(SortArgs),
    /// Take the sessions out of kept transactions (rows sorted by key)
    Embed(JobArgs),
    /// Tell facts of embedded sessions, where the job says that they are next (rows sorted by key)
    Sessions(JobArgs),
    /// Judge documents (rows sorted by key)
    Judge(JobArgs),
    /// Join links (rows sorted by key)
    Join(JobArgs),
    /// Join pairs by transaction (rows sorted by key)
    Pairs(JobArgs),
    /// Judge orders with all of their transactions (rows sorted by key)
    Orders(JobArgs),
}

#[derive(Args, Debug)]
struct PlanArgs {
    /// The job to write
    #[arg(long, value_name = "FILE")]
    job: PathBuf,
    /// The largest part of a file of lines that one task reads: a power of two, with K, M or G
    #[arg(long, value_name = "SIZE", value_parser = part_size, default_value_t = PART)]
    part: u64,
    /// Inputs and options of `avstem check`
    #[arg(value_name = "WORDS", required = true, trailing_var_arg = true, allow_hyphen_values = true)]
    words: Vec<OsString>,
}

/// Parses the size of a part: hashes of parts become that of the file only where all have the size of a whole subtree.
pub fn part_size(text: &str) -> Result<u64, String> {
    let bytes = size(text)?;
    if bytes.is_power_of_two() && bytes >= 1 << 10 {
        Ok(bytes)
    } else {
        Err("a part must be a power of two, like 64M, and 1K at least".to_owned())
    }
}

pub fn run(args: &StepArgs) -> Result<Exit, Failure> {
    take_signals()?;
    match &args.step {
        StepCommand::Plan(args) => plan(args),
        StepCommand::Gather(args) => gather(args),
        StepCommand::Sort(args) => sort::run(args),
        StepCommand::Ingest(args) => filtered(Step::Ingest, args),
        StepCommand::Embed(args) => filtered(Step::Embed, args),
        StepCommand::Sessions(args) => filtered(Step::Sessions, args),
        StepCommand::Judge(args) => filtered(Step::Judge, args),
        StepCommand::Join(args) => filtered(Step::Join, args),
        StepCommand::Pairs(args) => filtered(Step::Pairs, args),
        StepCommand::Orders(args) => filtered(Step::Orders, args),
    }
}

fn writer() -> Result<RowStream<StdoutLock<'static>>, StepError> {
    RowStream::new(stdout().lock())
}

fn plan(args: &PlanArgs) -> Result<Exit, Failure> {
    let mut out = writer()?;
    let job = planned(&args.words, args.part, &mut |row| out.push(row))?;
    replace(&args.job, job.text().as_bytes())?;
    drop(out.finish()?);
    Ok(Exit::Clean)
}

fn gather(args: &JobArgs) -> Result<Exit, Failure> {
    let (mut gatherer, job) = (Gatherer::default(), read_job(&args.job)?);
    each_row(stdin().lock(), &mut |row| gatherer.take(row))?;
    print(gathered(gatherer, job, args.jobs, args.memory)?.text())?;
    Ok(Exit::Clean)
}

fn filtered(step: Step, args: &JobArgs) -> Result<Exit, Failure> {
    let mut filter = filter(step, &read_job(&args.job)?, args.jobs, args.memory)?;
    let mut out = writer()?;
    each_row(stdin().lock(), &mut |row| filter.take(row, &mut |row| out.push(row)))?;
    filter.finish(&mut |row| out.push(row))?;
    drop(out.finish()?);
    Ok(Exit::Clean)
}
