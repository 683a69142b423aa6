//! `avstem accept`: adds accepted findings to the configuration file.

mod asked;
mod file;
mod workbook;

pub use self::asked::AcceptArgs;
use self::asked::{check_day, findings_are, known};
use self::file::ConfigFile;
use super::earlier;
use super::exit::{Exit, Failure};
use super::output::print;
use avstem_engine::config::NewEntry;

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
