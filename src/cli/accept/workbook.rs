//! Decisions read from a filled-in copy of report.xlsx.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use super::asked::{AcceptArgs, check_day, findings_are, known};
use super::file::ConfigFile;
use crate::cli::earlier;
use crate::cli::exit::{Exit, Failure};
use crate::cli::output::print;
use avstem_engine::history::decisions::{COLUMNS, Decided, Terms, decide, exception_of};
use avstem_engine::io::workbook::read_table;

/// Limit on the refused rows that are listed; more of them mean the wrong file.
const MOST_LISTED: usize = 1000;

pub fn run(args: &AcceptArgs, path: &Path) -> Result<Exit, Failure> {
    let file = ConfigFile::read(args.config.as_deref())?;
    let rows = read_table(path, &COLUMNS).map_err(|why| {
        Failure::usage(format!("cannot read decisions from {}: {why}", path.display())).help(
            "give a copy of a run's report.xlsx (avstem check --xlsx), filled in and saved as an Excel workbook (.xlsx)",
        )
    })?;
    let (run, is_changed) = earlier::open_beside(&args.run, path)?;
    if let Some(day) = &args.expires {
        check_day(day, run.as_of)?;
    }
    let wanted: BTreeSet<String> = rows.iter().map(exception_of).collect();
    let known = known(&run, &|id| wanted.contains(id))?;
    let terms = Terms {
        owner: args.owner.as_deref(),
        reason: args.reason.as_deref(),
        expires: args.expires.as_deref(),
        required: file.required(),
        as_of: run.as_of,
    };
    let mut decided = decide(&rows, &known, &terms);
    let already = file.take_out_known(&mut decided.accepted, run.as_of);
    if !decided.accepted.is_empty() {
        file.append(&decided.accepted)?;
    }
    let mut said = summary(&decided, already, &file.shown());
    if is_changed {
        let (run, book) = (args.run.display(), path.display());
        said += &format!(
            "{book} was filled in where the run wrote it, so {run} is no baseline any more: make the run again\n"
        );
    }
    print(said)?;
    Ok(if decided.refused.is_empty() { Exit::Clean } else { Exit::Incomplete })
}

/// The summary that is printed.
fn summary(decided: &Decided, already: usize, file: &str) -> String {
    let mut out = String::new();
    let Decided { accepted, others: [investigate, fixed], refused } = decided;
    // Writing to a String cannot fail.
    if !accepted.is_empty() {
        let _ = writeln!(out, "{} accepted, in {file}", findings_are(accepted.len()));
    }
    if already > 0 {
        let _ = writeln!(out, "{} accepted already", findings_are(already));
    }
    for (count, what) in [(*investigate, "to be investigated"), (*fixed, "said to be fixed")] {
        if count > 0 {
            let count = usize::try_from(count).unwrap_or(usize::MAX);
            let _ = writeln!(out, "{} {what}: the next run will tell", findings_are(count));
        }
    }
    if out.is_empty() && refused.is_empty() {
        out.push_str("no row has a decision: nothing was written\n");
    }
    if !refused.is_empty() {
        let rows = if refused.len() == 1 { "1 row is".to_owned() } else { format!("{} rows are", refused.len()) };
        let _ = writeln!(out, "{rows} not taken:");
        for row in refused.iter().take(MOST_LISTED) {
            let _ = writeln!(out, "  {} row {}, {}: {}", row.sheet, row.number, row.exception, row.why);
        }
        if refused.len() > MOST_LISTED {
            let _ = writeln!(out, "  and {} more", refused.len() - MOST_LISTED);
        }
    }
    out
}
