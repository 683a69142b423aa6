//! Why a run has no outcome.

use std::fmt;
use std::io;

use crate::night::PastError;

/// Why a run has no outcome.
#[derive(Debug)]
pub enum Interrupted {
    /// A signal came.
    Signal(i32),
    /// The workers could not be started.
    Workers(String),
    /// Rows could not be put aside, or not be read back.
    Rows(io::Error),
    /// What has to be held at once is more than memory was given.
    TooLarge {
        /// Bytes that were given.
        budget: usize,
    },
    /// The baseline could not be read again.
    Baseline(PastError),
}

impl fmt::Display for Interrupted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Interrupted::Signal(signal) => write!(f, "stopped by signal {signal}"),
            Interrupted::Workers(error) => write!(f, "the workers could not be started: {error}"),
            Interrupted::Rows(error) => error.fmt(f),
            Interrupted::Baseline(error) => error.fmt(f),
            Interrupted::TooLarge { budget } => write!(
                f,
                "documents that share one id or reference have to be held at once, and are too many for --memory {}M: \
                 give more, like {}M",
                budget >> 20,
                (budget >> 20) * 4
            ),
        }
    }
}

impl std::error::Error for Interrupted {}

/// An error of reading or writing rows that were put aside.
impl From<io::Error> for Interrupted {
    fn from(error: io::Error) -> Interrupted {
        Interrupted::Rows(error)
    }
}
