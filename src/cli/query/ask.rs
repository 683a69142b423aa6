//! Checks, runs and prints a query.

use std::io::IsTerminal;
use std::panic::resume_unwind;
use std::path::Path;
use std::thread;

use avstem_core::model::display::visible;
use avstem_engine::io::folder::{RunFile, is_there, lies_in};
use avstem_engine::io::manifest::MANIFEST;
use avstem_engine::io::replace::replace;
use avstem_engine::report::Dialect;
use clap::ValueEnum;

use super::super::exit::{Exit, Failure};
use super::super::output::print;
use super::super::run::Run;
use super::args::{QueryArgs, QueryFormat};
use crate::query::answer::{csv, json, table};
use crate::query::sql::{Answer, Opener, QueryError, query, tables_of};

/// Limit on the length of a query, in bytes.
const LONGEST: usize = 32 << 10;

/// Stack for the deepest query of that length, one level per two bytes. Pages are only committed
/// when used.
const STACK: usize = 1 << 30;

/// First words of statements that would change data.
const CHANGES: [&str; 7] = ["ALTER", "CREATE", "DELETE", "DROP", "INSERT", "TRUNCATE", "UPDATE"];

struct Named {
    name: String,
    file: String,
}

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
        QueryFormat::Table => table(&answer).into_bytes(),
        QueryFormat::Csv => csv(&answer, Dialect::named(&args.csv_dialect).unwrap_or_default())?,
        QueryFormat::Json => json(&answer).into_bytes(),
        QueryFormat::Parquet => answer.parquet().map_err(|error| {
            Failure::usage(format!("the answer cannot be Parquet: {}", visible(&error.to_string())))
                .help("write it as csv or json, where a number may be of any size")
        })?,
    };
    match &args.out {
        None if format(args) == QueryFormat::Parquet && std::io::stdout().is_terminal() => {
            return Err(Failure::usage("Parquet is nothing to look at")
                .help("name a file with --out, or lead standard output into one"));
        }
        None => print(bytes)?,
        Some(out) => replace(out, &bytes)?,
    }
    Ok(Exit::Clean)
}

/// Opens a run, also by its `frames` folder, and lists its tables.
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
    let wanted = with_large_stack(|| tables_of(sql))?.map_err(unanswered)?;
    let mut opened = Vec::new();
    for table in tables.iter().filter(|table| wanted.is_empty() || wanted.contains(&table.name)) {
        let file = run.file(&table.file)?;
        let open: Opener<RunFile> = Box::new(move || file.try_clone());
        opened.push((table.name.clone(), open));
    }
    with_large_stack(|| query(sql, opened))?.map_err(unanswered)
}

/// Runs the SQL engine on a thread with a large stack, since it recurses into the query.
fn with_large_stack<T: Send>(run: impl FnOnce() -> T + Send) -> Result<T, Failure> {
    thread::scope(|scope| {
        let started = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, run);
        let thread = started.map_err(|error| {
            Failure::new(Exit::Output, format!("no room to run the query in: {error}"))
                .help("let the machine have more memory or more threads")
        })?;
        Ok(thread.join().unwrap_or_else(|broken| resume_unwind(broken)))
    })
}

fn format(args: &QueryArgs) -> QueryFormat {
    args.format.or_else(|| args.out.as_deref().and_then(by_ending)).unwrap_or(QueryFormat::Table)
}

/// The format that a file's name asks for.
fn by_ending(out: &Path) -> Option<QueryFormat> {
    match out.extension()?.to_str()? {
        "txt" => Some(QueryFormat::Table),
        ending => QueryFormat::from_str(ending, true).ok().filter(|format| *format != QueryFormat::Table),
    }
}

/// A file is overwritten only with --force, and a run folder never changes.
fn may_write(out: &Path, args: &QueryArgs) -> Result<(), Failure> {
    let shown = out.display();
    if lies_in(out, &args.run) {
        return Err(Failure::usage(format!("{shown} would lie in the run, which is to stay as it was written"))
            .help("name a file outside of it with --out"));
    }
    if args.format.is_none() && by_ending(out).is_none() {
        let what = format!("{shown}: expected a name that ends in .csv, .json, .parquet or .txt");
        return Err(Failure::usage(what).help("name such a file with --out, or say with --format what it is to be"));
    }
    if is_there(out) && !args.force {
        return Err(
            Failure::usage(format!("{shown} is there already")).help("name another file, or replace it with --force")
        );
    }
    Ok(())
}
