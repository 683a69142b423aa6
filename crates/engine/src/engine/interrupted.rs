//! Why a run has no outcome.

use std::io;

use thiserror::Error;

use crate::history::PastError;

/// Why a run has no outcome.
#[derive(Debug, Error)]
pub enum Interrupted {
    /// A signal came.
    #[error("stopped by signal {0}")]
    Signal(i32),
    /// The workers could not be started.
    #[error("the workers could not be started: {0}")]
    Workers(String),
    /// Rows could not be put aside, or not be read back.
    #[error(transparent)]
    Rows(#[from] io::Error),
    /// What has to be held at once is more than memory was given.
    #[error(
        "documents that share one id or reference have to be held at once, and are too many for --memory {}M: give \
         more, like {}M",
        budget >> 20,
        (budget >> 20) * 4
    )]
    TooLarge {
        /// Bytes that were given.
        budget: usize,
    },
    /// The baseline could not be read again.
    #[error(transparent)]
    Baseline(PastError),
}
