//! The command line. One file per command.

mod accept;
mod check;
mod diff;
pub mod docs;
mod earlier;
mod exit;
mod explain;
mod generate;
mod history;
mod journal;
pub mod library;
mod man;
mod merge;
mod normalize;
mod options;
mod output;
mod query;
mod rules;
mod run;
mod show;
mod step;
mod style;
mod verify;
mod watch;
mod words;
mod work;

use std::ffi::OsString;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use exit::{Exit, Failure};
use output::print;
use style::{NOTE, WRONG, styled};

/// Reconciles exported payment data: every order, every amount, every line.
///
/// avstem reads transactions, orders, order operations, checkout sessions and settlement reports from files,
/// judges every one of them, and writes a folder of reports that says what does not balance. It works offline,
/// exactly, and never loses a record.
#[derive(Parser, Debug)]
#[command(name = "avstem", version, max_term_width = 100, after_help = EXAMPLES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  avstem check export/                        judge an export, write reports/<as-of date>
  avstem check a.ndjson.gz b.json --out run   several inputs, a folder of your choice
  avstem show P12345678.4fzk export/          one order, re-added by hand
  avstem explain over-captured                what a rule means and what to do

`avstem COMMAND --help` has more of them, and every flag.

Exit codes: 0 nothing to fail on, 1 exceptions, 2 usage, 3 input incomplete, 4 control totals do
not tie, 5 verification failed, 6 output failed, 70 a broken assertion.";

#[derive(Subcommand, Debug)]
enum Command {
    Check(Box<check::CheckArgs>),
    Show(Box<show::ShowArgs>),
    Rules(rules::RulesArgs),
    Explain(explain::ExplainArgs),
    Normalize(Box<normalize::NormalizeArgs>),
    Verify(verify::VerifyArgs),
    Diff(diff::DiffArgs),
    Query(query::QueryArgs),
    History(history::HistoryArgs),
    Accept(accept::AcceptArgs),
    Journal(journal::JournalArgs),
    Merge(merge::MergeArgs),
    Step(step::StepArgs),
    Generate(generate::GenerateArgs),
    Completions(CompletionsArgs),
    Man(man::ManArgs),
}

/// Print completions for a shell.
#[derive(clap::Args, Debug)]
#[command(after_help = COMPLETIONS)]
struct CompletionsArgs {
    /// The shell
    shell: clap_complete::Shell,
}

const COMPLETIONS: &str = "\
Examples:
  avstem completions bash > ~/.local/share/bash-completion/completions/avstem
  avstem completions zsh > ~/.zfunc/_avstem
  avstem completions fish > ~/.config/fish/completions/avstem.fish";

/// Runs the program's own command line.
pub fn main() -> ExitCode {
    ExitCode::from(finish(Cli::parse()))
}

/// Runs a command line, whose first word is the program; returns the exit code.
pub fn command(words: impl IntoIterator<Item = OsString>) -> u8 {
    match Cli::try_parse_from(words) {
        Ok(cli) => finish(cli),
        Err(error) => {
            // If the stream is closed, the message is lost.
            let _ = error.print();
            u8::try_from(error.exit_code()).unwrap_or(Exit::Usage.code())
        }
    }
}

fn finish(cli: Cli) -> u8 {
    let failure = match caught(|| run(cli)) {
        Ok(exit) => return exit.code(),
        Err(failure) => failure,
    };
    if !failure.message.is_empty() {
        // If standard error is closed, the message is lost.
        let _ = writeln!(anstream::stderr(), "{}", said(&failure));
    }
    failure.exit.code()
}

/// Runs something; a broken assertion is a failure.
fn caught<T>(run: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| {
        let message = "one of avstem's own assertions is broken (the line above says which); no report was written";
        Err(Failure::new(Exit::Internal, message).help("keep the input and report it: this is a mistake of avstem"))
    })
}

fn run(cli: Cli) -> Result<Exit, Failure> {
    match cli.command {
        Command::Check(args) => check::run(&args),
        Command::Show(args) => show::run(&args),
        Command::Rules(args) => rules::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Normalize(args) => normalize::run(&args),
        Command::Verify(args) => verify::run(&args),
        Command::Diff(args) => diff::run(&args),
        Command::Query(args) => query::run(&args),
        Command::History(args) => history::run(&args),
        Command::Accept(args) => accept::run(&args),
        Command::Journal(args) => journal::run(&args),
        Command::Merge(args) => merge::run(&args),
        Command::Step(args) => step::run(&args),
        Command::Generate(args) => {
            let summary = generate::run(&args).map_err(not_generated)?;
            print(generate::describe(&summary))?;
            Ok(Exit::Clean)
        }
        Command::Completions(args) => {
            let mut script = Vec::new();
            clap_complete::generate(args.shell, &mut Cli::command(), "avstem", &mut script);
            print(&script)?;
            Ok(Exit::Clean)
        }
        Command::Man(args) => man::run(&args, Cli::command()),
    }
}

/// An existing folder is a usage error; any other error is one of the disk.
fn not_generated(error: std::io::Error) -> Failure {
    match error.kind() {
        std::io::ErrorKind::AlreadyExists => Failure::usage(error).help("name another folder with --out, or remove it"),
        _ => Failure::new(Exit::Output, error).help("see that there is room, and that you may write there"),
    }
}

/// The message with where and what is wrong, and below it the help.
fn said(failure: &Failure) -> String {
    let mut said = format!("{} {}", styled(WRONG, "avstem:"), failure.message);
    if !failure.help.is_empty() {
        said.push_str(&format!("\n  {} {}", styled(NOTE, "help:"), failure.help));
    }
    said
}
