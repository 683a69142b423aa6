//! A job: the words of `avstem check`, resolved as that command does.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use avstem_engine::engine::step::{
    Filter, GatherRequest, Gatherer, Give, Job, PlanRequest, Step, StepError, StepSettings, plan,
};
use avstem_engine::io::inputs::discover;
use avstem_engine::io::output::read_whole;
use clap::Args;

use crate::cli::check::{CheckArgs, baseline};
use crate::cli::exit::Failure;
use crate::cli::options::{ResolvedOptions, config_text, memory_size, parsed_config};
use crate::cli::words::parsed;

/// A job of many files is still smaller.
const MOST: u64 = 1 << 30;

/// The job that a step belongs to, and the means it has here.
#[derive(Args, Debug)]
pub struct JobArgs {
    /// The file that `avstem step plan` or `avstem step gather` wrote
    #[arg(long, value_name = "FILE")]
    pub job: PathBuf,
    /// How many workers (default: 1)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,
    /// Memory for rows, in bytes or with K, M, G
    #[arg(long, value_name = "SIZE", value_parser = memory_size)]
    pub memory: Option<u64>,
}

pub fn read_job(path: &Path) -> Result<Job, Failure> {
    let text = read_whole(path, MOST).map_err(|error| {
        Failure::usage(format!("cannot read the job {}: {error}", path.display()))
            .help("name the file that `avstem step plan` or `avstem step gather` wrote with --job")
    })?;
    parsed_job(&text)
}

pub fn parsed_job(text: &[u8]) -> Result<Job, Failure> {
    Job::parse(text).map_err(misused)
}

/// A job, or inputs, that cannot be meant are a usage error; nothing was read.
fn misused(error: StepError) -> Failure {
    match error {
        StepError::Rows { what, help } => Failure::usage(what).help(help),
        other => other.into(),
    }
}

/// The arguments and options that a job is for.
pub struct Resolved {
    pub args: CheckArgs,
    pub options: ResolvedOptions,
}

impl Resolved {
    pub fn of(job: &Job) -> Result<Resolved, Failure> {
        let words: Vec<OsString> = job.words.iter().map(OsString::from).collect();
        let args: CheckArgs = parsed(&words)?;
        let config = job.config.as_ref().map(|(path, text)| parsed_config(text, path)).transpose()?;
        let options = ResolvedOptions::of(&args.input, config.unwrap_or_default())?;
        Ok(Resolved { args, options })
    }

    /// What steps of the job must know. Without more said, a step has one worker.
    pub fn settings(&self, jobs: Option<u16>, memory: Option<u64>) -> StepSettings {
        StepSettings {
            settings: self.options.settings.clone(),
            intake: self.options.intake,
            day_of: self.options.day_of(),
            memory: memory.unwrap_or(self.options.memory),
            jobs: jobs.map_or(1, usize::from),
        }
    }

    /// How files of bank statements are read, wherever steps come together.
    pub fn statements(&self, jobs: Option<u16>, memory: Option<u64>) -> GatherRequest {
        let bank = self.options.file.bank.clone();
        GatherRequest { settings: self.settings(jobs, memory), bank, as_of: self.options.as_of }
    }
}

/// A step of a job.
pub fn filter(step: Step, job: &Job, jobs: Option<u16>, memory: Option<u64>) -> Result<Filter, Failure> {
    Ok(Filter::new(step, job, Resolved::of(job)?.settings(jobs, memory))?)
}

/// The job with what was gathered.
pub fn gathered(gatherer: Gatherer, job: Job, jobs: Option<u16>, memory: Option<u64>) -> Result<Job, Failure> {
    let request = Resolved::of(&job)?.statements(jobs, memory);
    Ok(gatherer.finish(job, request)?)
}

/// Plans a run of `avstem check` with these words; gives what there is to read.
pub fn planned(words: &[OsString], part: u64, give: &mut Give<'_>) -> Result<Job, Failure> {
    let args: CheckArgs = parsed(words)?;
    let of_merge = [("--out", args.out.is_some()), ("--force", args.force)];
    if let Some((option, _)) = of_merge.into_iter().find(|(_, is_set)| *is_set) {
        return Err(Failure::usage(format!("{option} is about the run folder, which comes last"))
            .help("give it to `avstem merge`"));
    }
    if args.frames {
        return Err(Failure::usage("--frames: a run in steps writes no frames").help("leave it out"));
    }
    let texts: Option<Vec<String>> = words.iter().map(|word| word.to_str().map(str::to_owned)).collect();
    let Some(words) = texts else {
        return Err(Failure::usage("the words of a run in steps must be UTF-8").help("rename the files that are not"));
    };
    let (path, text) = config_text(args.input.config.as_deref())?;
    let config = text.map(|text| (path.display().to_string(), text));
    let file = config.as_ref().map(|(path, text)| parsed_config(text, path)).transpose()?;
    let options = ResolvedOptions::of(&args.input, file.unwrap_or_default())?;
    let earlier = args.baseline.as_deref().map(|path| baseline(path, &options)).transpose()?;
    let request = PlanRequest {
        words,
        config,
        discovered: discover(&args.input.inputs, &args.input.bank, &options.exclude),
        wanted: earlier.map(|earlier| earlier.wanted().clone()).unwrap_or_default(),
        intake: options.intake,
        part,
    };
    plan(request, give).map_err(misused)
}
