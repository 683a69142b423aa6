//! `avstem normalize`: only the frames, without judging.

use std::path::PathBuf;

use clap::Args;

use super::check::{before_reading, frames};
use super::exit::{Exit, Failure};
use super::options::{InputArgs, ResolvedOptions};
use super::output::print;
use super::watch::{StageCell, watched};
use super::work::{shows, take_signals, work};
use avstem_engine::io::inputs::{Discovered, discover};
use avstem_engine::io::output::Staging;
use avstem_engine::report;

/// Write the normalized frames of an export as Parquet, without judging it.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct NormalizeArgs {
    #[command(flatten)]
    pub input: InputArgs,
    /// The folder to write
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Replace the run that the folder holds
    #[arg(long)]
    pub force: bool,
}

const EXAMPLES: &str = "\
Examples:
  avstem normalize export/ --out tables
  duckdb -c \"select event, sum(amount_minor) from 'tables/frames/events.parquet' group by event\"";

pub fn run(args: &NormalizeArgs) -> Result<Exit, Failure> {
    let asked = ResolvedOptions::new(&args.input)?;
    take_signals()?;
    let staging = Staging::create(&args.out, args.force).map_err(before_reading)?;
    let Discovered { sources, excluded, .. } = discover(&args.input.inputs, &args.input.bank, &asked.exclude);
    let stage = StageCell::default();
    let read = || work(&asked, &sources, true, Some(&args.out), &stage);
    let done = watched(&stage, shows(&args.input), read)?;
    let outcome = &done.outcome;
    let refused = outcome.sources.iter().filter(|source| source.fault.is_some()).count();
    let incomplete =
        refused > 0 || outcome.counts.rejected > 0 || (outcome.sources.is_empty() && !args.input.allow_empty);
    let exit = if incomplete { Exit::Incomplete } else { Exit::Clean };
    let reason = if incomplete { "input incomplete: see rejects.csv" } else { "complete" };
    let written = match &done.kept {
        Some(kept) => frames(&done, kept, &staging)?,
        None => Vec::new(),
    };
    let options = report::ReportOptions {
        dialect: report::Dialect::Plain,
        balances_csv: false,
        xlsx: false,
        configuration: asked.manifest(&args.input),
        complete: !incomplete,
        exit: report::RunEnd { code: exit.code(), reason: reason.to_owned() },
        continuity: Vec::new(),
        excluded,
        input_hash: args.input.input_hash.word(),
        written,
    };
    report::write_frames_only(outcome, &options, &staging)?;
    done.whole()?;
    staging.publish()?;
    if !args.input.quiet {
        print(format!("{} records normalized into {}: {reason}\n", outcome.counts.accepted, args.out.display()))?;
    }
    Ok(exit)
}
