//! `avstem check`: the nightly job.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use avstem_core::model::card::{Kind, Severity};
use avstem_core::model::display::{counted, shown, visible};
use avstem_core::model::instant::{Instant, format_day};
use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};

use super::earlier;
use super::exit::{Exit, Failure};
use super::options::{InputArgs, ResolvedOptions};
use super::output::{note, print};
use super::watch::{Stage, StageCell, watched};
use super::work::{shows, take_signals, work};
use avstem_engine::config::{Accept, FailOn, Target};
use avstem_engine::engine::outcome::Outcome;
use avstem_engine::engine::{self, Done, Kept};
use avstem_engine::history::Baseline;
use avstem_engine::history::continuity::{InputFacts, Notice, all_hashes, notices};
use avstem_engine::io::folder::is_there;
use avstem_engine::io::inputs::{Discovered, Source, any_inside, discover};
use avstem_engine::io::interrupt;
use avstem_engine::io::manifest::MANIFEST;
use avstem_engine::io::output::{OutputError, Staging, Written};
use avstem_engine::report::{self, Dialect, ReportOptions, summary_json, terminal_summary};

/// Judge an export: read it, reconcile it, write a run folder, print a short summary.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct CheckArgs {
    #[command(flatten)]
    pub input: InputArgs,
    /// The run folder to write (default: reports/<as-of date>)
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Replace the run that the folder holds
    #[arg(long)]
    pub force: bool,
    /// Exit 1 for findings of this severity or worse (default: error)
    #[arg(long, value_name = "SEVERITY", value_parser = PossibleValuesParser::new(FailOn::WORDS))]
    pub fail_on: Option<String>,
    /// How many records may be rejected before the run counts as incomplete (default: 0)
    #[arg(long, value_name = "N", value_parser = records, allow_negative_numbers = true)]
    pub max_rejects: Option<u64>,
    /// An earlier run folder to hold this run against: what is new, still open, changed, resolved
    #[arg(long, value_name = "RUN")]
    pub baseline: Option<PathBuf>,
    /// Write the normalized frames too
    #[arg(long)]
    pub frames: bool,
    /// Write balances.csv beside balances.parquet
    #[arg(long)]
    pub balances_csv: bool,
    /// Write report.xlsx too, for a spreadsheet
    #[arg(long)]
    pub xlsx: bool,
    /// How CSV files are written: plain, or excel-no for a Norwegian Excel
    #[arg(long, value_name = "DIALECT", value_parser = PossibleValuesParser::new(Dialect::WORDS), default_value = "plain")]
    pub csv_dialect: String,
    /// How the summary is printed
    #[arg(long, value_enum, default_value_t = SummaryFormat::Text)]
    pub format: SummaryFormat,
}

const EXAMPLES: &str = "\
Examples:
  avstem check export/                              write reports/<as-of date>
  avstem check export/ --out run --force            a folder of your choice, replaced every time
  avstem check 'export/2026-10-*.ndjson.gz' more/   patterns, files and folders
  zstdcat all.zst | avstem check - --out run        standard input
  avstem check export/ --fail-on warning --quiet    for a script that reads the exit code
  avstem check export/ --format json | jq .totals   the summary for programs

Exit codes: 0 nothing to fail on, 1 exceptions, 2 usage, 3 input incomplete, 4 control totals do
not tie, 6 output failed.";

/// How the summary is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SummaryFormat {
    /// For people
    Text,
    /// The text of summary.json
    Json,
}

/// Parses a number of records.
fn records(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| "give a number of records, 0 or more".to_owned())
}

/// A judged input, and the run folder that it was written to.
pub struct Checked {
    pub done: Done,
    pub options: ReportOptions,
    pub exit: Exit,
    pub folder: Option<PathBuf>,
}

/// Where a run is written if no folder is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoFolder {
    /// To a folder of the as-of.
    ByDate,
    Nowhere,
}

pub fn run(args: &CheckArgs) -> Result<Exit, Failure> {
    take_signals()?;
    let stage = StageCell::default();
    let checked = watched(&stage, shows(&args.input), || check(args, NoFolder::ByDate, &stage))?;
    told(&checked, args.input.quiet, args.format)
}

/// Prints the summary, or with `quiet` only why the input is incomplete.
pub fn told(checked: &Checked, quiet: bool, format: SummaryFormat) -> Result<Exit, Failure> {
    let Checked { done, options, exit, folder } = checked;
    let folder = folder.as_deref().unwrap_or(Path::new("")).display();
    if quiet && matches!(exit, Exit::Incomplete | Exit::Untied) {
        note(&format!("{}; the run is in {folder}", options.exit.reason));
    }
    if !quiet {
        print(match format {
            SummaryFormat::Json => summary_json(&done.outcome, options),
            SummaryFormat::Text => terminal_summary(&done.outcome, options, &folder.to_string()),
        })?;
    }
    Ok(*exit)
}

/// Reads and judges the input, and writes the run folder.
pub fn check(args: &CheckArgs, no_folder: NoFolder, stage: &StageCell) -> Result<Checked, Failure> {
    let mut asked = ResolvedOptions::new(&args.input)?;
    asked.baseline = args.baseline.as_deref().map(|path| baseline(path, &asked)).transpose()?;
    let Discovered { sources, without_files, excluded } =
        discover(&args.input.inputs, &args.input.bank, &asked.exclude);
    let mut staging = None;
    if let Some(out) = &args.out {
        keep_apart(out, &sources, Exit::Usage)?;
        staging = Some(Staging::create(out, args.force).map_err(before_reading)?);
    }
    let done = work(&asked, &sources, args.frames, args.out.as_deref(), stage)?;
    let mut folder = args.out.clone();
    if folder.is_none() && no_folder == NoFolder::ByDate {
        let by_date = default_folder(&done.outcome);
        keep_apart(&by_date, &sources, Exit::Output)?;
        staging = Some(Staging::create(&by_date, args.force)?);
        folder = Some(by_date);
    }
    written(args, &asked, (done, without_files, excluded), (staging, folder), stage)
}

/// Writes the run folder of what was found, which is `done` and the inputs without files and those that were excluded.
pub fn written(
    args: &CheckArgs,
    asked: &ResolvedOptions,
    (done, without_files, excluded): (Done, Vec<String>, Vec<String>),
    (staging, folder): (Option<Staging>, Option<PathBuf>),
    stage: &StageCell,
) -> Result<Checked, Failure> {
    let continuity = continuity(&done.outcome, without_files, asked.baseline.as_deref());
    let (exit, reason) = verdict(&done.outcome, args, asked, &continuity);
    let mut options = ReportOptions {
        dialect: Dialect::named(&args.csv_dialect).unwrap_or_default(),
        balances_csv: args.balances_csv,
        xlsx: args.xlsx,
        configuration: configuration(asked, args),
        complete: !matches!(exit, Exit::Incomplete | Exit::Untied),
        exit: report::RunEnd { code: exit.code(), reason },
        continuity,
        excluded,
        input_hash: args.input.input_hash.word(),
        written: Vec::new(),
    };
    if let Some(staging) = &staging {
        options.written = write_frames(&done, staging)?;
        stage.set(Stage::Writing);
        report::write(&done.outcome, &options, staging, asked.jobs)?;
    }
    if let Some(signal) = interrupt::pending() {
        return Err(engine::Interrupted::Signal(signal).into());
    }
    done.whole()?;
    staging.map(Staging::publish).transpose()?;
    Ok(Checked { done, options, exit, folder })
}

/// Loads the findings of an earlier run, after verifying it.
pub fn baseline(path: &Path, asked: &ResolvedOptions) -> Result<Arc<Baseline>, Failure> {
    let past = earlier::open(path)?;
    if let (Some(then), Some(now)) = (past.as_of, asked.as_of)
        && then > now
    {
        let what = format!("the baseline {} is of {then}, later than this run's as-of {now}", path.display());
        return Err(Failure::usage(what).help("name an earlier run with --baseline, or a later instant with --as-of"));
    }
    let read = Baseline::read(past, &*asked.day_of());
    read.map(Arc::new).map_err(|error| Failure::new(Exit::Unverified, error))
}

/// An existing output folder found before reading is a usage error (exit 2).
pub fn before_reading(error: OutputError) -> Failure {
    match error {
        OutputError::Exists { .. } | OutputError::NotARun { .. } => Failure { exit: Exit::Usage, ..error.into() },
        OutputError::Failed { .. } => error.into(),
    }
}

/// The run folder must not hold the inputs: replacing it would remove them.
pub fn keep_apart(out: &Path, sources: &[Source], exit: Exit) -> Result<(), Failure> {
    match any_inside(sources, out) {
        Some(source) => {
            let what = format!("the run folder {} holds the input {}", out.display(), visible(&source.name));
            Err(Failure::new(exit, what)
                .help("name a folder that holds no input with --out: a run is replaced as a whole"))
        }
        None => Ok(()),
    }
}

fn default_folder(outcome: &Outcome) -> PathBuf {
    let name = outcome.as_of.map_or_else(|| "undated".to_owned(), |instant| format_day(instant.day()));
    Path::new("reports").join(name)
}

fn configuration(asked: &ResolvedOptions, args: &CheckArgs) -> serde_json::Value {
    let mut configuration = asked.manifest(&args.input);
    configuration["fail_on"] = fail_on(args, asked).map_or("never", Severity::word).into();
    configuration["max_rejects"] = max_rejects(args, asked).into();
    configuration["accept"] = accepted(asked);
    configuration["frames"] = args.frames.into();
    configuration["balances_csv"] = args.balances_csv.into();
    configuration["xlsx"] = args.xlsx.into();
    configuration["csv_dialect"] = args.csv_dialect.as_str().into();
    configuration
}

/// The accepted findings for the manifest; owners and reasons stay in the configuration file.
fn accepted(asked: &ResolvedOptions) -> serde_json::Value {
    let entry = |accept: &Accept| {
        let (rule, key, value) = match &accept.meant {
            Target::Exception(id) => (None, "exception", id),
            Target::Id(rule, id) => (Some(*rule), "id", id),
            Target::Reference(rule, reference) => (Some(*rule), "merchant_reference", reference),
        };
        serde_json::json!({
            "rule": rule,
            key: shown(value),
            "fingerprint": accept.fingerprint,
            "expires": accept.expires.map(|instant| instant.to_string()),
            "max_amount": accept.max_amount,
        })
    };
    asked.file.accept.iter().map(entry).collect()
}

/// The severity to fail on: from the flag, else the file, else error; None means never.
fn fail_on(args: &CheckArgs, asked: &ResolvedOptions) -> Option<Severity> {
    let flag = args.fail_on.as_deref().and_then(FailOn::named);
    match flag.or(asked.file.fail_on).unwrap_or(FailOn::Severity(Severity::Error)) {
        FailOn::Severity(severity) => Some(severity),
        FailOn::Never => None,
    }
}

fn max_rejects(args: &CheckArgs, asked: &ResolvedOptions) -> u64 {
    args.max_rejects.or(asked.file.max_rejects).unwrap_or(0)
}

/// The exit code, and the reason in a few words.
fn verdict(outcome: &Outcome, args: &CheckArgs, asked: &ResolvedOptions, continuity: &[Notice]) -> (Exit, String) {
    let untied = outcome.control_totals.iter().filter(|total| total.holds == Some(false)).count();
    if untied > 0 {
        return (
            Exit::Untied,
            format!("{} not tie: a bug in avstem", counted(untied as u64, "control total does", "control totals do")),
        );
    }
    let refused = outcome.sources.iter().filter(|source| source.fault.is_some()).count();
    if refused > 0 {
        return (
            Exit::Incomplete,
            format!(
                "input incomplete, see rejects.csv: {refused} of {} refused{}",
                counted(outcome.sources.len() as u64, "file", "files"),
                if args.input.inputs.iter().any(is_run) { "; a run folder is no export" } else { "" }
            ),
        );
    }
    let allowed = max_rejects(args, asked);
    if outcome.counts.rejected > allowed {
        let rejected = counted(outcome.counts.rejected, "record", "records");
        return (
            Exit::Incomplete,
            format!("input incomplete, see rejects.csv: {rejected} rejected, {allowed} allowed"),
        );
    }
    if outcome.sources.is_empty() && !args.input.allow_empty {
        return (Exit::Incomplete, "input incomplete: no file was found".to_owned());
    }
    if let Some(doubt) = out_of_date(outcome.latest, asked, continuity) {
        return (Exit::Incomplete, format!("input incomplete: {doubt}"));
    }
    let Some(worst) = fail_on(args, asked) else {
        return (Exit::Clean, "complete; findings do not fail the run".to_owned());
    };
    match outcome.findings.counts().at_least(worst) {
        0 => (Exit::Clean, format!("complete; no finding of severity {worst} or worse")),
        count => {
            let findings = counted(count, "finding", "findings");
            (Exit::Exceptions, format!("complete; {findings} of severity {worst} or worse"))
        }
    }
}

/// Whether a named input is the folder of a run.
fn is_run(input: &OsString) -> bool {
    is_there(&Path::new(input).join(MANIFEST))
}

/// Why the latest time of the input cannot be that of a whole new export, if so.
fn out_of_date(latest: Option<Instant>, asked: &ResolvedOptions, continuity: &[Notice]) -> Option<String> {
    let older = continuity.iter().find(|notice| notice.is_older()).map(Notice::sentence);
    let too_old = || {
        let (max_age, as_of) = (i64::try_from(asked.file.max_age?).unwrap_or(i64::MAX), asked.as_of?);
        let oldest = Instant { seconds: as_of.seconds.saturating_sub(max_age), ..as_of };
        match latest {
            Some(latest) if latest >= oldest => None,
            Some(latest) => Some(format!("its latest time {latest} is more than [freshness] max_age before {as_of}")),
            None => Some("it has no time, and [freshness] max_age is configured".to_owned()),
        }
    };
    older.or_else(too_old)
}

/// What the input does not continue of the baseline's, and what of it held no record.
fn continuity(outcome: &Outcome, without_files: Vec<String>, baseline: Option<&Baseline>) -> Vec<Notice> {
    let empty = outcome.sources.iter().filter(|source| source.is_empty).map(|source| source.name.clone());
    let facts = InputFacts {
        latest: outcome.latest,
        documents: outcome.documents,
        hashes: all_hashes(outcome.sources.iter().map(|source| source.hash.clone())),
        without_records: empty.chain(without_files).collect(),
    };
    notices(&facts, baseline.map(|baseline| baseline.past.input()).as_ref())
}

fn write_frames(done: &Done, staging: &Staging) -> Result<Vec<Written>, Failure> {
    done.kept.as_ref().map_or(Ok(Vec::new()), |kept| frames(done, kept, staging))
}

pub fn frames(done: &Done, kept: &Kept, staging: &Staging) -> Result<Vec<Written>, Failure> {
    let mut frames = report::frames::open(staging, &done.outcome)?;
    let failed = |error| report::frames::failed(staging, error);
    kept.documents(|document| frames.document(document.kind, &document.id, document.origin, document.fate))
        .map_err(failed)?;
    kept.ledgers(|ledger| frames.ledger(ledger)).map_err(failed)?;
    for link in done.links.iter() {
        let right = (Kind::Transaction, link.transaction.as_str());
        frames.link((link.kind, &link.id), right, link.by).map_err(failed)?;
    }
    Ok(report::frames::close(staging, frames)?)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Words {
        #[command(flatten)]
        args: CheckArgs,
    }

    #[test]
    fn totals_that_do_not_tie_outrank_everything() {
        let args = Words::parse_from(["check", "nothing-is-here", "--fail-on", "never"]).args;
        let asked = ResolvedOptions::new(&args.input).unwrap();
        let mut done = work(&asked, &[], false, None, &StageCell::default()).unwrap();
        assert_eq!(verdict(&done.outcome, &args, &asked, &[]).0.code(), 3, "no input is incomplete");
        let identity = done.outcome.control_totals.iter_mut().find(|total| total.holds.is_some()).unwrap();
        identity.holds = Some(false);
        let (exit, reason) = verdict(&done.outcome, &args, &asked, &[]);
        assert_eq!(exit.code(), 4);
        assert_eq!(reason, "1 control total does not tie: a bug in avstem");
    }
}
