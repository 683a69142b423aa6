//! `avstem diff`: compares two runs, in count and money.

use std::path::PathBuf;

use avstem_core::model::card::Card;
use avstem_core::rules;
use clap::{Args, ValueEnum};

use super::earlier;
use super::exit::{Exit, Failure};
use super::output::print;
use avstem_engine::history::diff::{Diff, SeeBalance};
use avstem_engine::history::{Past, PastError};
use avstem_engine::report::diff::{csv, exceptions_csv, json, table};
use avstem_engine::report::earlier::visit_balances;

/// Hold a run against an earlier one: new, still open, changed, resolved and unseen exceptions, in count and money.
///
/// Opening + new − resolved ± changed = closing, for each rule and currency. Over the same input it says what a change of
/// the configuration did.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct DiffArgs {
    /// The older run folder
    #[arg(value_name = "OLD_RUN")]
    pub old: PathBuf,
    /// The newer run folder
    #[arg(value_name = "NEW_RUN")]
    pub new: PathBuf,
    /// How it is printed
    #[arg(long, value_enum, default_value_t = DiffFormat::Table)]
    pub format: DiffFormat,
    /// Print every exception with its state, as CSV, instead of counts
    #[arg(long)]
    pub exceptions: bool,
}

const EXAMPLES: &str = "\
Examples:
  avstem diff reports/2026-10-30 reports/2026-10-31                 a line a rule and currency
  avstem diff reports/2026-10-30 reports/2026-10-31 --exceptions    every exception, as CSV";

/// How a comparison is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DiffFormat {
    /// For people
    Table,
    /// A row a rule and currency
    Csv,
    /// For programs
    Json,
}

pub fn run(args: &DiffArgs) -> Result<Exit, Failure> {
    let (old, new) = (earlier::open(&args.old)?, earlier::open(&args.new)?);
    let balances = |run: &Past, see: SeeBalance<'_>| -> Result<(), PastError> { visit_balances(run, see) };
    let failed = |error: PastError| Failure::new(Exit::Unverified, error).help("name run folders as they were written");
    let diff = Diff::new(old, new, &balances).map_err(failed)?;
    if args.exceptions {
        print(exceptions_csv(&diff).map_err(failed)?)?;
        return Ok(Exit::Clean);
    }
    let book = diff.book().map_err(failed)?;
    let name = |code: &str| rules::find(code).map(|rule| rule.card).map_or("", |card: &Card| card.name);
    print(match args.format {
        DiffFormat::Table => table(&diff, &book, &name).into_bytes(),
        DiffFormat::Csv => csv(&book, &name)?,
        DiffFormat::Json => json(&diff, &book, &name).into_bytes(),
    })?;
    let ties = book.by_rule.values().all(|moves| moves.ties());
    Ok(if ties { Exit::Clean } else { Exit::Untied })
}
