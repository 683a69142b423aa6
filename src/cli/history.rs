//! `avstem history`: a summary of many nights.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::earlier;
use super::exit::{Exit, Failure};
use super::output::print;
use avstem_engine::history::nights::History;
use avstem_engine::io::folder::runs_in;
use avstem_engine::io::pages::write_pages;
use avstem_engine::report::history::{csv, table};
use avstem_engine::report::html::nights::page;

/// Many nights in a row: what fired, how old it is, how long it took to be put right, which nights are missing.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct HistoryArgs {
    /// Run folders, or folders of them
    #[arg(value_name = "RUN", required = true)]
    pub runs: Vec<PathBuf>,
    /// How it is printed
    #[arg(long, value_enum, default_value_t = HistoryFormat::Table)]
    pub format: HistoryFormat,
    /// A folder to write history.html and history.csv into as well
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  avstem history reports/                                  every run in a folder
  avstem history reports/2026-10-3* --format csv           for a spreadsheet
  avstem history reports/ --out reports/                   history.html and history.csv beside them";

/// How a history is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum HistoryFormat {
    /// For people
    Table,
    /// A row a night, measure and rule or age
    Csv,
    /// A page with pictures
    Html,
}

pub fn run(args: &HistoryArgs) -> Result<Exit, Failure> {
    let mut runs = Vec::new();
    for path in &args.runs {
        let found =
            runs_in(path).map_err(|error| Failure::new(Exit::Unverified, format!("{}: {error}", path.display())))?;
        if found.is_empty() {
            let what = format!("{}: expected runs, found no manifest.json in it", path.display());
            return Err(Failure::new(Exit::Unverified, what)
                .help("name run folders that `avstem check` wrote, or the folder that holds them"));
        }
        runs.extend(found);
    }
    runs.sort();
    runs.dedup();
    let runs = runs.iter().map(|path| earlier::open(path)).collect::<Result<Vec<_>, _>>()?;
    let read = History::read(runs);
    let history = read.map_err(|error| Failure::new(Exit::Unverified, error))?;
    if let Some(folder) = &args.out {
        let files = [("history.csv", csv(&history)?), ("history.html", page(&history))];
        write_pages(folder, &files.map(|(name, bytes)| (name.to_owned(), bytes)))?;
    }
    print(match args.format {
        HistoryFormat::Table => table(&history).into_bytes(),
        HistoryFormat::Csv => csv(&history)?,
        HistoryFormat::Html => page(&history),
    })?;
    Ok(Exit::Clean)
}
