//! Arguments of `avstem query`.

use std::path::PathBuf;

use avstem_engine::report::Dialect;
use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};

/// Ask a run with SQL: its exceptions and balances, and its frames where it has them.
///
/// Every Parquet file of the folder is a table of its name: exceptions, balances, and, with `check --frames` or
/// `normalize`, documents, ledgers, events, lines, event_items, splits and links. Without SQL, they are listed with their
/// columns. Sums of whole numbers are exact whatever they come to; without ORDER BY, rows come in no certain order.
/// Nothing in the folder is changed, and a table is believed only when its hash is the manifest's (exit 5).
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct QueryArgs {
    /// The run folder, or the frames in it
    #[arg(value_name = "RUN_OR_FRAMES")]
    pub run: PathBuf,
    /// The query, one statement; without, the tables are listed
    #[arg(value_name = "SQL")]
    pub sql: Option<String>,
    /// How the answer is written (default: as the name of --out ends, else table)
    #[arg(long, value_enum)]
    pub format: Option<QueryFormat>,
    /// The file that the answer goes to, instead of standard output
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Replace the file of --out
    #[arg(long, requires = "out")]
    pub force: bool,
    /// How CSV is written: plain, or excel-no for a Norwegian Excel
    #[arg(long, value_name = "DIALECT", value_parser = PossibleValuesParser::new(Dialect::WORDS), default_value = "plain")]
    pub csv_dialect: String,
}

const EXAMPLES: &str = "\
Examples:
  avstem query run                          the tables and their columns
  avstem query run 'SELECT rule, currency, count(*) AS findings, sum(delta_minor) AS off
      FROM exceptions GROUP BY rule, currency ORDER BY findings DESC'
  avstem query run --out open.csv \"SELECT id, currency, open_minor FROM balances
      WHERE kind = 'transaction' AND open_minor > 0 ORDER BY open_minor DESC LIMIT 100\"";

/// How an answer is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum QueryFormat {
    /// For people
    Table,
    /// For spreadsheets
    Csv,
    /// For programs: an array of objects
    Json,
    /// For other engines
    Parquet,
}
