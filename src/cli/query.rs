//! `avstem query`: SQL over the tables of a run.

use std::io::IsTerminal;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::thread;

use avstem_core::model::display::visible;
use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};

use super::exit::{Exit, Failure};
use super::output::print;
use super::run::Run;
use crate::frame::query::{Answer, Opener, QueryError, query, tables_of};
use crate::io::folder::{RunFile, is_there, lies_in};
use crate::io::manifest::MANIFEST;
use crate::io::replace::replace;
use crate::report::Dialect;
use crate::report::query::{csv, json, table};

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
    pub format: Option<Format>,
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
  avstem query run --out open.csv 'SELECT id, currency, open_minor FROM balances
      WHERE open_minor > 0 ORDER BY open_minor DESC LIMIT 100'";

/// How an answer is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Table,
    /// For spreadsheets
    Csv,
    /// For programs: an array of objects
    Json,
    /// For other engines
    Parquet,
}

/// The longest query that is read, in bytes.
const LONGEST: usize = 32 << 10;

/// Room for the deepest query of that length, a level each second byte. It is only taken as far as it is needed.
const STACK: usize = 1 << 30;

/// Words that begin what is no question.
const CHANGES: [&str; 7] = ["ALTER", "CREATE", "DELETE", "DROP", "INSERT", "TRUNCATE", "UPDATE"];

/// A table of the run: its name, and the file that holds it.
struct Named {
    name: String,
    file: String,
}

/// Runs the command.
pub fn run(args: &QueryArgs) -> Result<Exit, Failure> {
    let (run, tables) = open(&args.run)?;
    let Some(sql) = &args.sql else {
        print(list(&run, &tables)?)?;
        return Ok(Exit::Clean);
    };
    if let Some(out) = &args.out {
        may_write(out, args)?;
    }
    let answer = ask(&run, &tables, sql)?;
    let bytes = match format(args) {
        Format::Table => table(&answer).into_bytes(),
        Format::Csv => csv(&answer, Dialect::named(&args.csv_dialect).unwrap_or_default())?,
        Format::Json => json(&answer).into_bytes(),
        Format::Parquet => answer.parquet().map_err(|error| {
            Failure::usage(format!("the answer cannot be Parquet: {}", visible(&error.to_string())))
                .help("write it as csv or json, where a number may be of any size")
        })?,
    };
    match &args.out {
        None if format(args) == Format::Parquet && std::io::stdout().is_terminal() => {
            return Err(Failure::usage("Parquet is nothing to look at")
                .help("name a file with --out, or lead standard output into one"));
        }
        None => print(bytes)?,
        Some(out) => replace(out, &bytes)?,
    }
    Ok(Exit::Clean)
}

/// Opens a run, also by its folder of frames; the tables that may be asked.
fn open(path: &Path) -> Result<(Run, Vec<Named>), Failure> {
    let only_frames = path.ends_with("frames") && !is_there(&path.join(MANIFEST));
    let run = match path.parent().filter(|_| only_frames) {
        Some(parent) if parent.as_os_str().is_empty() => Run::open(Path::new(".")),
        Some(parent) => Run::open(parent),
        None => Run::open(path),
    }?;
    let named = run.files().filter(|file| !only_frames || file.starts_with("frames/")).filter_map(|file| {
        let name = file.strip_prefix("frames/").unwrap_or(file).strip_suffix(".parquet")?;
        Some(Named { name: name.to_owned(), file: file.to_owned() })
    });
    let tables = named.collect();
    Ok((run, tables))
}

/// The tables with their columns.
fn list(run: &Run, tables: &[Named]) -> Result<String, Failure> {
    let mut out = String::new();
    for table in tables {
        let sql = format!("SELECT * FROM {} LIMIT 0", table.name);
        let columns = ask(run, std::slice::from_ref(table), &sql)?.columns().join(", ");
        out.push_str(&format!("{}: {columns}\n", table.name));
    }
    Ok(out)
}

fn ask(run: &Run, tables: &[Named], sql: &str) -> Result<Answer, Failure> {
    let unanswered = |error: QueryError| {
        let names: Vec<&str> = tables.iter().map(|table| table.name.as_str()).collect();
        Failure::usage(format!("the query cannot be answered: {}", visible(&error.to_string()))).help(format!(
            "the tables are {}; `avstem query {}` lists their columns",
            names.join(", "),
            run.name
        ))
    };
    let word = sql.trim_start().split(|letter: char| !letter.is_ascii_alphabetic()).next().unwrap_or_default();
    if CHANGES.contains(&word.to_ascii_uppercase().as_str()) {
        return Err(Failure::usage(format!("a run is only read: {word} would change it")).help("ask it with SELECT"));
    }
    if sql.len() > LONGEST {
        return Err(Failure::usage(format!("the query has {} bytes, and {LONGEST} at most are read", sql.len()))
            .help("ask for less at once, or let another engine read the Parquet files"));
    }
    let wanted = deeply(|| tables_of(sql))?.map_err(unanswered)?;
    let mut opened = Vec::new();
    for table in tables.iter().filter(|table| wanted.is_empty() || wanted.contains(&table.name)) {
        let file = run.file(&table.file)?;
        let open: Opener<RunFile> = Box::new(move || file.try_clone());
        opened.push((table.name.clone(), open));
    }
    deeply(|| query(sql, opened))?.map_err(unanswered)
}

/// Runs the engine where it has room: it goes down into a query as deep as that is long.
fn deeply<T: Send>(run: impl FnOnce() -> T + Send) -> Result<T, Failure> {
    thread::scope(|scope| {
        let started = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, run);
        let thread = started.map_err(|error| {
            Failure::new(Exit::Output, format!("no room to run the query in: {error}"))
                .help("let the machine have more memory or more threads")
        })?;
        Ok(thread.join().unwrap_or_else(|broken| resume_unwind(broken)))
    })
}

fn format(args: &QueryArgs) -> Format {
    let ending = args.out.as_ref().and_then(|out| out.extension()?.to_str()).unwrap_or_default();
    args.format.or_else(|| Format::from_str(ending, true).ok()).unwrap_or(Format::Table)
}

/// A file of the user's is replaced only when asked, and a run stays as its manifest says.
fn may_write(out: &Path, args: &QueryArgs) -> Result<(), Failure> {
    let shown = out.display();
    if lies_in(out, &args.run) {
        return Err(Failure::usage(format!("{shown} would lie in the run, which is to stay as it was written"))
            .help("name a file outside of it with --out"));
    }
    if is_there(out) && !args.force {
        return Err(
            Failure::usage(format!("{shown} is there already")).help("name another file, or replace it with --force")
        );
    }
    Ok(())
}
