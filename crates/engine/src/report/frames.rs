//! The frames of a run: opened in the run folder, filled by the engine, closed before the manifest
//! is written.

use crate::engine::outcome::Outcome;
use crate::frame::Frames;
use crate::frame::frames::FrameError;
use crate::io::output::{OutputError, OutputFile, Staging, Written};

/// Opens all frames of a run.
pub fn open(staging: &Staging, outcome: &Outcome) -> Result<Frames<OutputFile>, OutputError> {
    let names = outcome.sources.iter().map(|source| source.name.clone()).collect();
    Frames::new(names, outcome.as_of, |file| staging.writer(file), |error| failed(staging, error))
}

/// Closes the frames; their sizes and hashes go into the manifest.
pub fn close(staging: &Staging, frames: Frames<OutputFile>) -> Result<Vec<Written>, OutputError> {
    let files = frames.finish().map_err(|error| failed(staging, error))?;
    files.into_iter().map(super::finish).collect()
}

/// Converts an error of a frame to one of the run folder.
pub fn failed(staging: &Staging, error: FrameError) -> OutputError {
    super::failed(staging, error.file, error.error)
}
