//! `avstem accept`: findings that somebody answers for go into the configuration file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use avstem_core::model::instant::Instant;
use clap::Args;

use super::earlier;
use super::exit::{Exit, Failure};
use super::options::{config_text, rule_code};
use super::print;
use crate::config::{self, Accept, Meant, NewEntry};
use crate::io::replace::replace;
use crate::night::Past;

/// Accept findings of a run: entries are added to the configuration file.
///
/// What stands in the file stays as it is. An entry holds for the finding as it is in the run: when its amounts or words
/// change, it speaks up again.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct AcceptArgs {
    /// The run folder that has them
    #[arg(value_name = "RUN")]
    pub run: PathBuf,
    /// The exception_id of a finding, as in exceptions.csv
    #[arg(value_name = "ID", required = true)]
    pub exceptions: Vec<String>,
    /// Why it is accepted
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Who answers for it
    #[arg(long, value_name = "NAME")]
    pub owner: String,
    /// The last day on which it is accepted, like 2026-12-31
    #[arg(long, value_name = "DATE")]
    pub expires: String,
    /// The largest amount that is accepted, in minor units (default: what it is now)
    #[arg(long, value_name = "MINOR")]
    pub max_amount: Option<u64>,
    /// The configuration file (default: avstem.toml in the working folder)
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  avstem accept reports/2026-10-31 e56474e7788bbb2c --owner finance --expires 2026-12-31 \\
      --reason 'the shop corrects it with the next delivery'";

/// A finding of the run, as far as an entry needs it.
#[derive(Clone, Debug)]
pub struct Found {
    /// What it says.
    pub fingerprint: String,
    /// What it comes to, without its sign.
    pub amount: u64,
}

/// Runs the command.
pub fn run(args: &AcceptArgs) -> Result<Exit, Failure> {
    if args.expires.len() != 10 || Instant::parse_as_of(&args.expires).is_none() {
        let found = args.expires.escape_debug();
        return Err(Failure::usage(format!("--expires: expected a day of the calendar, found \"{found}\""))
            .help("give a day like 2026-12-31: the last on which the finding is accepted"));
    }
    let run = earlier::open(&args.run)?;
    let found = found(&run, &args.exceptions)?;
    let mut entries = Vec::new();
    for id in &args.exceptions {
        let id = id.to_ascii_lowercase();
        let Some(of) = found.get(&id) else {
            return Err(Failure::usage(format!("{} has no exception {}", args.run.display(), id.escape_debug()))
                .help("copy the column exception_id of its exceptions.csv"));
        };
        entries.push(NewEntry {
            exception: id,
            fingerprint: of.fingerprint.clone(),
            reason: args.reason.clone(),
            owner: args.owner.clone(),
            expires: args.expires.clone(),
            max_amount: args.max_amount.unwrap_or(of.amount),
        });
    }
    let path = append(args.config.as_deref(), &entries, run.as_of)?;
    let what = if entries.len() == 1 { "1 finding is".to_owned() } else { format!("{} findings are", entries.len()) };
    print(format!("{what} accepted until {}, in {}\n", args.expires, path.display()))?;
    Ok(Exit::Clean)
}

/// The findings of a run with these ids.
fn found(run: &Past, wanted: &[String]) -> Result<BTreeMap<String, Found>, Failure> {
    let mut found = BTreeMap::new();
    let wanted: Vec<String> = wanted.iter().map(|id| id.to_ascii_lowercase()).collect();
    let read = run.table("exceptions.csv", &mut |row| {
        let id = row.text("exception_id").unwrap_or_default();
        if wanted.iter().any(|wanted| wanted == id) {
            let amount = row.magnitude().unsigned_abs();
            let fingerprint = row.text("fingerprint").unwrap_or_default().to_owned();
            found.insert(id.to_owned(), Found { fingerprint, amount: amount.min(i64::MAX as u128) as u64 });
        }
        Ok(())
    });
    read.map_err(|error| Failure::new(Exit::Unverified, error))?;
    Ok(found)
}

/// Adds entries to the configuration file, which is made where none was named and none is there. The path.
pub fn append<'p>(named: Option<&'p Path>, entries: &[NewEntry], as_of: Option<Instant>) -> Result<&'p Path, Failure> {
    let (path, text) = config_text(named)?;
    let (text, shown) = (text.unwrap_or_default(), path.display().to_string());
    let before = config::parse(&text, &shown, &rule_code).map_err(Failure::usage)?;
    for entry in entries {
        if let Some(there) = before.accept.iter().find(|there| is_same(there, entry, as_of)) {
            return Err(Failure::usage(format!(
                "{shown}:{}: exception {} is accepted already",
                there.line, entry.exception
            ))
            .help("nothing was written; change the entry that is there, or leave this exception out"));
        }
    }
    let text = config::appended(&text, &shown, entries, &rule_code).map_err(|error| {
        Failure::usage(error).help(format!("nothing was written: the entries do not fit behind what stands in {shown}"))
    })?;
    replace(path, text.as_bytes())?;
    Ok(path)
}

/// Whether an entry accepts the same already, and still does at this instant.
fn is_same(there: &Accept, entry: &NewEntry, as_of: Option<Instant>) -> bool {
    let is_over = matches!((there.expires, as_of), (Some(expires), Some(now)) if now > expires);
    let is_meant = matches!(&there.meant, Meant::Exception(id) if *id == entry.exception);
    is_meant && !is_over && there.fingerprint.as_ref().is_none_or(|then| *then == entry.fingerprint)
}
