//! `avstem accept`: findings that somebody answers for go into the configuration file.

mod file;
mod workbook;

use std::path::PathBuf;

use clap::Args;

use self::file::ConfigFile;
use super::earlier;
use super::exit::{Exit, Failure};
use super::print;
use avstem_engine::config::NewEntry;
use avstem_engine::night::Past;
use avstem_engine::night::decisions::{Known, last_day};

/// Accept findings of a run: entries are added to the configuration file.
///
/// What stands in the file stays as it is. An entry holds for the finding as it is in the run: when its amounts or words
/// change, it speaks up again. With --from, the findings are those that a copy of report.xlsx, filled in by people, has
/// the decision `accept` for; a row whose finding has changed since is refused and listed, the rest is taken (exit 3).
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct AcceptArgs {
    /// The run folder that has them
    #[arg(value_name = "RUN")]
    pub run: PathBuf,
    /// The exception_id of a finding, as in exceptions.csv
    #[arg(value_name = "ID", required_unless_present = "from", conflicts_with = "from")]
    pub exceptions: Vec<String>,
    /// A workbook with decisions: report.xlsx, filled in and saved
    #[arg(long, value_name = "FILE")]
    pub from: Option<PathBuf>,
    /// Why it is accepted (with --from: where the row has no comment)
    #[arg(long, value_name = "TEXT", required_unless_present = "from")]
    pub reason: Option<String>,
    /// Who answers for it (with --from: where the row has no owner)
    #[arg(long, value_name = "NAME", required_unless_present = "from")]
    pub owner: Option<String>,
    /// The last day on which it is accepted, like 2026-12-31 (with --from: where the row has no expires)
    #[arg(long, value_name = "DATE", required_unless_present = "from")]
    pub expires: Option<String>,
    /// The largest amount that is accepted, in minor units (default: what it is now)
    #[arg(long, value_name = "MINOR", conflicts_with = "from")]
    pub max_amount: Option<u64>,
    /// The configuration file (default: avstem.toml in the working folder)
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  avstem accept reports/2026-10-31 e56474e7788bbb2c --owner finance --expires 2026-12-31 \\
      --reason 'the shop corrects it with the next delivery'
  avstem accept reports/2026-10-31 --from decided.xlsx --expires 2026-12-31";

/// Runs the command.
pub fn run(args: &AcceptArgs) -> Result<Exit, Failure> {
    match &args.from {
        Some(path) => workbook::run(args, path),
        None => named(args),
    }
}

/// Accepts the findings that the command line names.
fn named(args: &AcceptArgs) -> Result<Exit, Failure> {
    if let Some(day) = &args.expires {
        check_day(day, None)?;
    }
    let run = earlier::open(&args.run)?;
    if let Some(day) = &args.expires {
        check_day(day, run.as_of)?;
    }
    let wanted: Vec<String> = args.exceptions.iter().map(|id| id.to_ascii_lowercase()).collect();
    let known = known(&run, &|id| wanted.iter().any(|wanted| wanted == id))?;
    let mut entries = Vec::new();
    for exception in wanted {
        let Some(of) = known.found.get(&exception) else {
            return Err(Failure::usage(format!(
                "{} has no exception {}",
                args.run.display(),
                exception.escape_debug()
            ))
            .help("copy the column exception_id of its exceptions.csv"));
        };
        entries.push(NewEntry {
            fingerprint: of.fingerprint.clone(),
            max_amount: args.max_amount.unwrap_or(of.amount),
            exception,
            reason: args.reason.clone(),
            owner: args.owner.clone(),
            expires: args.expires.clone(),
        });
    }
    let file = ConfigFile::read(args.config.as_deref())?;
    if let Some((entry, line)) = entries.iter().find_map(|entry| Some((entry, file.line_of(entry, run.as_of)?))) {
        let (shown, exception) = (file.shown(), &entry.exception);
        return Err(Failure::usage(format!("{shown}:{line}: exception {exception} is accepted already"))
            .help("nothing was written; change the entry that is there, or leave this exception out"));
    }
    file.append(&entries)?;
    let what = findings_are(entries.len());
    let until = args.expires.as_deref().unwrap_or_default();
    print(format!("{what} accepted until {until}, in {}\n", file.shown()))?;
    Ok(Exit::Clean)
}

/// Whether an option names a day on which an acceptance can end.
fn check_day(text: &str, as_of: Option<avstem_core::model::instant::Instant>) -> Result<(), Failure> {
    last_day(text, as_of).map_err(|why| {
        Failure::usage(format!("--expires: {why}"))
            .help("give a day like 2026-12-31: the last on which the finding is accepted")
    })
}

/// What a run says of exceptions.
fn known(run: &Past, wants: &dyn Fn(&str) -> bool) -> Result<Known, Failure> {
    Known::read(run, wants).map_err(|error| Failure::new(Exit::Unverified, error))
}

fn findings_are(count: usize) -> String {
    if count == 1 { "1 finding is".to_owned() } else { format!("{count} findings are") }
}
