//! Arguments of `avstem accept`, and helpers for both ways to name findings.

use std::path::PathBuf;

use avstem_core::model::instant::Instant;
use clap::Args;

use crate::cli::exit::{Exit, Failure};
use avstem_engine::history::Past;
use avstem_engine::history::decisions::{Known, last_day};

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

/// Validates the value of `--expires`.
pub fn check_day(text: &str, as_of: Option<Instant>) -> Result<(), Failure> {
    last_day(text, as_of).map_err(|why| {
        Failure::usage(format!("--expires: {why}"))
            .help("give a day like 2026-12-31: the last on which the finding is accepted")
    })
}

/// Reads the wanted exceptions of a run.
pub fn known(run: &Past, wants: &dyn Fn(&str) -> bool) -> Result<Known, Failure> {
    Known::read(run, wants).map_err(|error| Failure::new(Exit::Unverified, error))
}

pub fn findings_are(count: usize) -> String {
    if count == 1 { "1 finding is".to_owned() } else { format!("{count} findings are") }
}
