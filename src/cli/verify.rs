//! `avstem verify`: compares a run folder, and its inputs, with the manifest.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::check::SummaryFormat;
use super::exit::{Exit, Failure};
use super::output::print;
use avstem_engine::io::inputs::discover;
use avstem_engine::io::pattern::Exclude;
use avstem_engine::report::verify::{Difference, Verified, verify, verify_inputs};

/// Hold a run folder against its manifest: every file, every hash, every row count, and the inputs where given.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct VerifyArgs {
    /// The run folder
    #[arg(value_name = "RUN")]
    pub run: PathBuf,
    /// The inputs of the run, named as they were named then
    #[arg(value_name = "INPUT")]
    pub inputs: Vec<OsString>,
    /// How what was found is printed
    #[arg(long, value_enum, default_value_t = SummaryFormat::Text)]
    pub format: SummaryFormat,
    /// Print nothing but what differs
    #[arg(long)]
    pub quiet: bool,
}

const EXAMPLES: &str = "\
Examples:
  avstem verify reports/2026-10-31             the files of a run
  avstem verify reports/2026-10-31 export/     and the inputs it was made of

Exit codes: 0 everything is as the manifest says, 5 it is not.";

/// The result as JSON.
#[derive(Serialize)]
struct Answer<'a> {
    holds: bool,
    as_of: Option<&'a str>,
    complete: bool,
    manifest_sha256: &'a str,
    files: usize,
    inputs: Option<usize>,
    differences: &'a [Difference],
}

pub fn run(args: &VerifyArgs) -> Result<Exit, Failure> {
    let verified = verified(args)?;
    let holds = verified.differences.is_empty();
    match args.format {
        SummaryFormat::Json => print(json(&verified))?,
        SummaryFormat::Text if holds && args.quiet => {}
        SummaryFormat::Text => print(text(&verified, &args.run.display().to_string()))?,
    }
    Ok(if holds { Exit::Clean } else { Exit::Unverified })
}

/// Compares the run, and the inputs where given, with the manifest.
pub fn verified(args: &VerifyArgs) -> Result<Verified, Failure> {
    let mut verified = verify(&args.run).map_err(|why| {
        Failure::new(Exit::Unverified, format!("{} cannot be verified: {why}", args.run.display()))
            .help("name the folder that `avstem check` wrote, and take it from where it was written")
    })?;
    if !args.inputs.is_empty() {
        verify_inputs(&mut verified, &discover(&args.inputs, &[], &Exclude::default()).sources);
    }
    Ok(verified)
}

/// What was found, for programs.
pub fn json(verified: &Verified) -> String {
    let answer = Answer {
        holds: verified.differences.is_empty(),
        as_of: verified.manifest.as_of.as_deref(),
        complete: verified.manifest.complete,
        manifest_sha256: &verified.manifest_sha256,
        files: verified.manifest.outputs.len(),
        inputs: verified.inputs,
        differences: &verified.differences,
    };
    // Serialization cannot fail: there are no maps and no writers.
    let mut text = serde_json::to_string_pretty(&answer).expect("an answer is always JSON");
    text.push('\n');
    text
}

fn text(verified: &Verified, run: &str) -> String {
    let files = verified.manifest.outputs.len();
    if verified.differences.is_empty() {
        let inputs = match verified.inputs {
            None => "the inputs were not given".to_owned(),
            Some(1) if verified.manifest.input_hash != "none" => "the input is that of the run".to_owned(),
            Some(count) if verified.manifest.input_hash == "none" => {
                format!("inputs given: {count}; they have the sizes it says, and the run has no hashes of them")
            }
            Some(count) => format!("{count} inputs are those of the run"),
        };
        let complete = if verified.manifest.complete { "" } else { "; the run says that it is not complete" };
        return format!("{run}: {files} files are as the manifest says; {inputs}{complete}\n");
    }
    let lines: String = verified.differences.iter().map(|difference| format!("{difference}\n")).collect();
    let count = verified.differences.len();
    format!("{lines}{run}: {count} {} not as the manifest says\n", if count == 1 { "thing is" } else { "things are" })
}
