//! Every exit code, and the errors that lead to it. docs/EXIT_CODES.md is generated from here.

use std::fmt;

use avstem_engine::engine::Interrupted;
use avstem_engine::engine::step::StepError;
use avstem_engine::io::interrupt;
use avstem_engine::io::output::OutputError;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Complete, and nothing to fail on.
    Clean,
    /// Complete, with exceptions to fail on.
    Exceptions,
    /// A usage or configuration error.
    Usage,
    /// The input was incomplete.
    Incomplete,
    /// Control totals do not tie.
    Untied,
    /// A run folder is not as its manifest says.
    Unverified,
    /// The output could not be written.
    Output,
    /// A broken assertion.
    Internal,
    /// Ended by this signal.
    Signal(i32),
    /// Standard output was closed.
    ClosedOutput,
}

impl Exit {
    pub fn code(self) -> u8 {
        match self {
            Exit::Clean => 0,
            Exit::Exceptions => 1,
            Exit::Usage => 2,
            Exit::Incomplete => 3,
            Exit::Untied => 4,
            Exit::Unverified => 5,
            Exit::Output => 6,
            Exit::Internal => 70,
            Exit::Signal(signal) => u8::try_from(128 + signal).unwrap_or(1),
            Exit::ClosedOutput => 141,
        }
    }

    /// Every exit, by code; the signals are SIGINT and SIGTERM.
    pub const ALL: [Exit; 11] = [
        Exit::Clean,
        Exit::Exceptions,
        Exit::Usage,
        Exit::Incomplete,
        Exit::Untied,
        Exit::Unverified,
        Exit::Output,
        Exit::Internal,
        Exit::Signal(2),
        Exit::ClosedOutput,
        Exit::Signal(15),
    ];

    /// The row in docs/EXIT_CODES.md: the meaning, whether there is a run folder, and what to do.
    pub fn explanation(self) -> [&'static str; 3] {
        match self {
            Exit::Clean => {
                ["complete; no finding at or above `--fail-on` (accepted findings do not count)", "yes", "nothing"]
            }
            Exit::Exceptions => [
                "complete; findings at or above `--fail-on` (default: `error`). `journal`: a payout was refused",
                "yes",
                "read report.html or exceptions.csv; accept what is known",
            ],
            Exit::Usage => [
                "wrong usage or configuration; nothing was read or written. `show`: the input does not have the id. \
                 `query`: the query cannot be answered",
                "no",
                "the message names the argument, or the line of the configuration file",
            ],
            Exit::Incomplete => [
                "the input was incomplete: a file was refused (whatever `--max-rejects`), more records were rejected \
                 than `--max-rejects` (default: 0), no file was found, its latest time is earlier than the baseline's, or \
                 it is older than `[freshness]` allows. `accept --from`: a row was refused",
                "yes, marked incomplete",
                "rejects.csv names the file or record and the reason; fetch it again, then run again",
            ],
            Exit::Untied => [
                "control totals do not tie: a bug in avstem",
                "yes, marked incomplete; control_totals.csv says which",
                "keep the input and report it",
            ],
            Exit::Unverified => [
                "a run folder is missing, unreadable, or not as its manifest says: `verify`, `diff`, `accept`, \
                 `history`, `journal`, `query`, `show --run`, `check --baseline`. `step`, `merge`: rows are damaged, \
                 not in order, or not all there",
                "no",
                "the message says what differs; `avstem verify RUN` lists everything",
            ],
            Exit::Output => [
                "the output could not be written, or memory, disk or threads did not suffice",
                "no",
                "the message names the path and the cause",
            ],
            Exit::Internal => ["an assertion failed: a bug in avstem", "no", "keep the input and report it"],
            Exit::Signal(2) => ["interrupted by SIGINT", "no", "run again"],
            Exit::Signal(_) => ["interrupted by SIGTERM", "no", "run again"],
            Exit::ClosedOutput => ["standard output was closed by its reader", "yes", "nothing"],
        }
    }
}

/// An error that ends the program.
#[derive(Debug)]
pub struct Failure {
    pub exit: Exit,
    /// Printed on standard error unless empty.
    pub message: String,
    /// What to do about it; printed unless empty.
    pub help: String,
}

impl Failure {
    pub fn new(exit: Exit, message: impl fmt::Display) -> Self {
        Failure { exit, message: message.to_string(), help: String::new() }
    }

    pub fn usage(message: impl fmt::Display) -> Self {
        Failure::new(Exit::Usage, message)
    }

    pub fn help(mut self, help: impl fmt::Display) -> Self {
        self.help = help.to_string();
        self
    }
}

impl From<OutputError> for Failure {
    fn from(error: OutputError) -> Self {
        // After a signal writing is aborted on purpose, so the error is not the disk's.
        match interrupt::pending() {
            Some(signal) => Interrupted::Signal(signal).into(),
            None => Failure::new(Exit::Output, error.what()).help(error.advice()),
        }
    }
}

impl From<Interrupted> for Failure {
    fn from(reason: Interrupted) -> Self {
        let (exit, help) = match reason {
            Interrupted::Signal(signal) => (Exit::Signal(signal), ""),
            Interrupted::Workers(_) => {
                (Exit::Output, "let the machine have more threads, or ask for fewer with --jobs")
            }
            Interrupted::Rows(_) => (Exit::Output, "see that there is room on the disk of the output, then run again"),
            Interrupted::TooLarge { .. } | Interrupted::Payouts { .. } | Interrupted::Statements { .. } => {
                (Exit::Output, "")
            }
            Interrupted::Baseline(_) => {
                (Exit::Unverified, "name the run folder of an earlier night, as it was written")
            }
        };
        Failure::new(exit, format!("{reason}; nothing was written")).help(help)
    }
}

impl From<StepError> for Failure {
    fn from(error: StepError) -> Self {
        match error {
            StepError::Interrupted(reason) => reason.into(),
            StepError::Stream(error) if error.kind() == std::io::ErrorKind::BrokenPipe => {
                Failure::new(Exit::ClosedOutput, "")
            }
            StepError::Stream(error) => Failure::new(Exit::Output, format!("rows cannot be read or written: {error}"))
                .help("see that the rows are where they are read from, and that there is room where they go to"),
            StepError::Rows { what, help } => Failure::new(Exit::Unverified, what).help(help),
        }
    }
}

/// An error on standard output; a closed pipe ends the program silently.
impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            return Failure::new(Exit::ClosedOutput, "");
        }
        Failure::new(Exit::Output, format!("cannot write to standard output: {error}"))
            .help("see that there is room where it leads to; the run folder, if there is one, is whole")
    }
}
