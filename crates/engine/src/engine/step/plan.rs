//! The plan of a run in steps: who reads what.

use std::path::PathBuf;

use avstem_core::model::evidence::Wanted;
use avstem_core::provider::Provider;
use avstem_core::provider::active::Active;

use super::job::{Job, JobFile, Range, ReadBy, parts_of};
use super::row::{Give, StepError, StepRow};
use super::tag::Tag;
use crate::engine::block::ReadBuffer;
use crate::engine::feed::{FileFeed, FileForm};
use crate::engine::ingest::Intake;
use crate::engine::room::StatementRoom;
use crate::io::decode::{Compression, HashKind, SourceReader};
use crate::io::inputs::{Discovered, FileState, Part, Place, Source};

/// Bytes of a part of a large file of lines, unless the plan is told otherwise.
pub const PART: u64 = 64 << 20;

/// What a job is made of.
pub struct PlanRequest {
    pub words: Vec<String>,
    pub config: Option<(String, String)>,
    pub discovered: Discovered,
    pub wanted: Wanted,
    pub intake: Intake,
    /// Bytes of a part of a large file of lines: a power of two, of 1 KiB or more.
    pub part: u64,
}

/// Makes the job of a run, and gives a row for everything that there is to read.
pub fn plan(request: PlanRequest, give: &mut Give<'_>) -> Result<Job, StepError> {
    let PlanRequest { words, config, discovered, wanted, intake, part } = request;
    let mut job = Job::new(words, config, wanted);
    job.without_files = discovered.without_files;
    job.excluded = discovered.excluded;
    for (file, source) in (0u32..).zip(discovered.sources) {
        let source = with_whole_path(source)?;
        let (reader, whole) = reader_of(&source, intake, part);
        let mut add = |part: u32, source: &Source| {
            let range = Range { file, part, source: source.clone() };
            let payload = serde_json::to_vec(&range).expect("it has only texts and numbers");
            give(StepRow { tag: Tag::Range, key: "", payload: &payload })
        };
        match (reader, &source.place, whole) {
            (ReadBy::Whole, ..) => add(0, &source)?,
            (ReadBy::Parts(..), Place::File(path), Some(whole)) => {
                for (at, own) in (0..).zip(parts_of(whole, part)) {
                    add(at, &Source { place: Place::Part(path.clone(), own), ..source.clone() })?;
                }
            }
            _ => {}
        }
        job.files.push(JobFile { source, reader });
    }
    Ok(job)
}

/// A source whose path means the same wherever a step runs.
fn with_whole_path(source: Source) -> Result<Source, StepError> {
    if source.fault.is_some() {
        return Ok(source);
    }
    let is_file = match &source.place {
        Place::File(path) => path.is_file(),
        Place::Part(..) | Place::Stdin => false,
    };
    let path = PathBuf::from(source.path_text());
    if !is_file || !path.is_file() {
        let what = format!("{} is no file that every step could read", source.name);
        return Err(StepError::rows(what, "save it as a file, with a path of UTF-8, where every machine sees it"));
    }
    Ok(Source { place: Place::File(path), ..source })
}

/// Who reads a file; of one to be read in parts, what the parts have in common.
fn reader_of(source: &Source, intake: Intake, part: u64) -> (ReadBy, Option<Part>) {
    if source.fault.is_some() {
        return (ReadBy::Nobody, None);
    }
    if source.is_statement {
        return (ReadBy::Gather, None);
    }
    // Whoever reads a file that cannot be opened finds out why.
    let Ok(reader) = SourceReader::open(source, HashKind::None, intake.limits) else { return (ReadBy::Whole, None) };
    let is_plain = reader.compression() == Compression::Plain;
    let room = StatementRoom::new(0);
    let layout = Active::layout(&source.path_text());
    let mut feed = FileFeed::new(reader, layout, intake.options, intake.block_size, &room);
    match feed.opened(&mut ReadBuffer::default()) {
        Ok((FileForm::Statements, ..)) => (ReadBy::Gather, None),
        Ok((FileForm::Lines, text, first_value)) if is_plain && intake.hash != HashKind::Sha256 => {
            let Some(state) = FileState::now(source).filter(|state| state.length > part) else {
                return (ReadBy::Whole, None);
            };
            let parts = u32::try_from(state.length.div_ceil(part)).unwrap_or(u32::MAX);
            (ReadBy::Parts(parts, first_value), Some(Part { start: 0, end: state.length, text, state }))
        }
        _ => (ReadBy::Whole, None),
    }
}
