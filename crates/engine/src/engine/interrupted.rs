use std::io;

use thiserror::Error;

use crate::history::PastError;

/// Why a run has no outcome.
#[derive(Debug, Error)]
pub enum Interrupted {
    #[error("stopped by signal {0}")]
    Signal(i32),
    #[error("the workers could not be started: {0}")]
    Workers(String),
    /// Rows could not be spilled or read back.
    #[error(transparent)]
    Rows(#[from] io::Error),
    /// Rows that must be held at once exceed the memory limit.
    #[error(
        "documents that share one id or reference have to be held at once, and are too many for --memory {}M: give \
         more, like {}M",
        budget >> 20,
        (budget >> 20) * 4
    )]
    TooLarge {
        /// The memory limit in bytes.
        budget: usize,
    },
    /// Payouts, which are held at once, exceed the memory limit.
    #[error(
        "all payouts have to be held at once, and are too many for --memory {}M: give more, like {}M",
        budget >> 20,
        (budget >> 20) * 4
    )]
    Payouts {
        /// The memory limit in bytes.
        budget: usize,
    },
    /// Bank statements, which are held at once, exceed the memory limit.
    #[error(
        "all bank statements have to be held at once, and are too many for --memory {}M: give more, like {}M",
        budget >> 20,
        (budget >> 20) * 4
    )]
    Statements {
        /// The memory limit in bytes.
        budget: usize,
    },
    #[error(transparent)]
    Baseline(PastError),
}
