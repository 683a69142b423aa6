//! `avstem journal`: vouchers of the payouts of a run.

use std::path::{Path, PathBuf};

use avstem_core::model::display::{counted, visible};
use avstem_core::model::instant::parse_day;
use clap::{Args, ValueEnum};

use super::exit::{Exit, Failure};
use super::options::read_config;
use super::output::{note, print};
use super::run::Run;
use avstem_engine::frame::read::ReadError;
use avstem_engine::io::folder::lies_in;
use avstem_engine::io::replace::replace;
use avstem_engine::report::journal::{Journal, JournalScope, StoredPayout, read, write_csv, write_sie};
use avstem_engine::report::verify::verify;

/// Vouchers of the payouts that are on the bank account, for an accounting system.
///
/// The run must be as its manifest says. Accounts come from `[journal]` of the configuration. A voucher sums to zero: the
/// amount to the bank account, fees to theirs, and what was sold and refunded from the accounts that sales were booked on.
/// What cannot be booked is refused, a line each on standard error; the rest is written (exit 1).
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct JournalArgs {
    /// The run folder
    #[arg(value_name = "RUN")]
    pub run: PathBuf,
    /// How vouchers are written
    #[arg(long, value_enum)]
    pub format: JournalFormat,
    /// The file that they go to, instead of standard output; one that is there is replaced
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Also payouts that no bank statement shows: unchecked, expected and overdue
    #[arg(long)]
    pub all: bool,
    /// Only payouts of this currency
    #[arg(long, value_name = "CUR")]
    pub currency: Option<String>,
    /// The configuration file (default: avstem.toml in the working folder, when there)
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  avstem journal reports/2026-10-31 --format csv                               every voucher
  avstem journal reports/2026-10-31 --format sie4 --currency SEK --out u.se    a file for import

Exit codes: 0 every payout is booked, or waits for the bank, 1 some were refused, 5 the run is not as its manifest says.";

/// How vouchers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum JournalFormat {
    /// A row a posting
    Csv,
    /// SIE 4, of one currency
    Sie4,
}

/// A verified run, as far as vouchers need it.
struct JournalRun {
    payouts: Vec<StoredPayout>,
    /// The day of its as-of.
    day: Option<i64>,
    manifest_sha256: String,
}

pub fn run(args: &JournalArgs) -> Result<Exit, Failure> {
    let config = read_config(args.config.as_deref())?.journal;
    if let Some(out) = args.out.as_deref().filter(|out| lies_in(out, &args.run)) {
        let what = format!("{} would lie in the run, which is to stay as it was written", out.display());
        return Err(Failure::usage(what).help("name a file outside of it with --out"));
    }
    let run = open(&args.run)?;
    let scope = JournalScope { all: args.all, currency: args.currency.as_deref() };
    let journal = Journal::new(run.payouts, &config, scope);
    let bytes = match args.format {
        JournalFormat::Csv => {
            let mut bytes = Vec::new();
            write_csv(&mut bytes, &journal, &run.manifest_sha256)?;
            bytes
        }
        JournalFormat::Sie4 => {
            of_one_currency(&journal)?;
            write_sie(&journal, &config, run.day)
        }
    };
    match &args.out {
        None => print(bytes)?,
        Some(out) => replace(out, &bytes)?,
    }
    tell(&journal);
    Ok(if journal.refused.is_empty() { Exit::Clean } else { Exit::Exceptions })
}

/// Reads the payouts of a run, every file of which is as the manifest says.
fn open(path: &Path) -> Result<JournalRun, Failure> {
    let shown = path.display();
    let unverified =
        |why: &dyn std::fmt::Display, help: &str| Failure::new(Exit::Unverified, format!("{shown}: {why}")).help(help);
    let verified = verify(path).map_err(|why| {
        unverified(&why, "name the folder that `avstem check` wrote, and take it from where it was written")
    })?;
    if let Some(difference) = verified.differences.first() {
        let help = "`avstem verify RUN` says what else has changed; take the run from where it was written";
        return Err(unverified(difference, help));
    }
    if !verified.manifest.complete {
        note("the run says that it is not complete: payouts may be missing, or miss a part");
    }
    let run = Run::open(path)?;
    let mut payouts = Vec::new();
    if run.has("payouts.parquet") {
        let old = |error: ReadError| unverified(&error, "run again with this version of avstem");
        payouts = read(run.file("payouts.parquet")?, run.file("payout_lines.parquet")?).map_err(old)?;
    } else {
        note("the run has no payouts: its input names none, or an earlier version of avstem made it");
    }
    let day = verified.manifest.as_of.as_deref().and_then(|text| text.get(..10)).and_then(parse_day);
    Ok(JournalRun { payouts, day, manifest_sha256: verified.manifest_sha256 })
}

fn of_one_currency(journal: &Journal) -> Result<(), Failure> {
    let currencies: Vec<String> = journal
        .currencies()
        .into_iter()
        .map(|currency| if currency.is_empty() { "none".to_owned() } else { visible(currency).into_owned() })
        .collect();
    if currencies.len() < 2 {
        return Ok(());
    }
    let what = format!(
        "the vouchers have {} currencies ({}), and an SIE file has one",
        currencies.len(),
        currencies.join(", ")
    );
    Err(Failure::usage(what).help(format!("write a file for each: --currency {}", currencies[currencies.len() - 1])))
}

/// Says on standard error what was not written.
fn tell(journal: &Journal) {
    for refusal in &journal.refused {
        note(&format!("refused: {refusal}"));
    }
    if journal.refused.iter().any(|refusal| refusal.lacks_account) {
        note("accounts are named in the section [journal] of avstem.toml");
    }
    let waiting: Vec<String> = journal.waiting.iter().map(|(state, count)| format!("{count} {state}")).collect();
    if !journal.refused.is_empty() || !waiting.is_empty() {
        let vouchers = counted(journal.vouchers.len() as u64, "voucher", "vouchers");
        let refused = counted(journal.refused.len() as u64, "payout", "payouts");
        let waiting = if waiting.is_empty() {
            String::new()
        } else {
            format!(", not booked: {} (--all does)", waiting.join(", "))
        };
        note(&format!("{vouchers}, {refused} refused{waiting}"));
    }
}
