//! The command line: words in, words out. One file a command.

mod accept;
mod check;
mod diff;
pub mod docs;
mod earlier;
mod exit;
mod explain;
mod generate;
mod history;
mod normalize;
mod options;
mod rules;
mod show;
mod verify;
mod watch;
mod work;

use std::io::{IsTerminal, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use exit::{Exit, Failure};

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
    History(history::HistoryArgs),
    Accept(accept::AcceptArgs),
    Generate(generate::GenerateArgs),
    Completions(CompletionsArgs),
}

/// Print completions for a shell.
#[derive(clap::Args, Debug)]
struct CompletionsArgs {
    /// The shell
    shell: clap_complete::Shell,
}

/// Runs the program.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let ran = catch_unwind(AssertUnwindSafe(|| run(cli)));
    let failure = match ran {
        Ok(Ok(exit)) => return ExitCode::from(exit.code()),
        Ok(Err(failure)) => failure,
        Err(_) => Failure {
            exit: Exit::Internal,
            message: "avstem broke one of its own assertions (the line above says which); no report was written. \
                      Please report it with the input that led to it."
                .to_owned(),
        },
    };
    if !failure.message.is_empty() {
        // Standard error may be closed too; then there is nobody to tell.
        let _ = writeln!(std::io::stderr(), "avstem: {}", failure.message);
    }
    ExitCode::from(failure.exit.code())
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
        Command::History(args) => history::run(&args),
        Command::Accept(args) => accept::run(&args),
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
    }
}

/// A folder that is in the way is a matter of usage; anything else is of the disk.
fn not_generated(error: std::io::Error) -> Failure {
    let in_the_way = error.kind() == std::io::ErrorKind::AlreadyExists;
    Failure { exit: if in_the_way { Exit::Usage } else { Exit::Output }, message: error.to_string() }
}

/// Writes data to standard output.
fn print(data: impl AsRef<[u8]>) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    out.write_all(data.as_ref())?;
    out.flush()?;
    Ok(())
}

/// Whether a person looks at standard error.
fn is_watched() -> bool {
    std::io::stderr().is_terminal()
}
