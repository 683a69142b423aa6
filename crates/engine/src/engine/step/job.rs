//! What all steps of a run must know: a file that the plan begins, and that is added to where all of one step must be
//! done before the next can begin.

use std::collections::BTreeSet;

use avstem_core::judge::Sums;
use avstem_core::model::evidence::Wanted;
use avstem_core::model::instant::Instant;
use avstem_core::model::settings::Facts;
use serde::{Deserialize, Serialize};

use super::row::StepError;
use super::tag::{RowCounts, Step};
use crate::VERSION;
use crate::engine::files::FileIntake;
use crate::io::inputs::{Part, Source};

/// The form of jobs and rows.
const FORMAT: u32 = 1;

/// A run that is done in steps.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Job {
    format: u32,
    version: String,
    /// The step to do next; all later ones follow from [`Step::Judge`] on.
    pub next: Step,
    /// The words of `avstem check` that the run is for.
    pub words: Vec<String>,
    /// The path and the text of the configuration file.
    pub config: Option<(String, String)>,
    pub files: Vec<JobFile>,
    /// Inputs that hold no file.
    pub without_files: Vec<String>,
    /// Files that the configuration excludes.
    pub excluded: Vec<String>,
    /// Evidence that the baseline wants to be looked for.
    pub wanted: Wanted,
    /// What was read, once all of it was.
    pub(super) read: Option<ReadInput>,
    /// How many sessions were embedded in kept transactions, once that is known.
    pub(super) embedded: Option<u64>,
    /// Facts of those sessions, where they were asked for.
    pub(super) sessions: Option<Facts>,
    /// Facts of the whole input, once they are known.
    pub(super) whole: Option<WholeFacts>,
}

/// Who reads a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReadBy {
    /// Nobody: it has a fault.
    Nobody,
    /// One task.
    Whole,
    /// So many tasks, and the offset of its first value.
    Parts(u32, u64),
    /// Whoever brings the steps together: it is a file of bank statements.
    Gather,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct JobFile {
    #[serde(flatten)]
    pub source: Source,
    pub reader: ReadBy,
}

/// What was read.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct ReadInput {
    /// By the number of the file.
    pub files: Vec<FileIntake>,
    /// The rows that reading gave.
    pub given: RowCounts,
    pub has_statements: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct WholeFacts {
    pub facts: Facts,
    /// The latest time of any document.
    pub latest: Option<Instant>,
}

/// What to read.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Range {
    pub file: u32,
    pub part: u32,
    pub source: Source,
}

/// What was read of a range.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct ReadRange {
    pub file: u32,
    pub part: u32,
    pub intake: FileIntake,
    pub given: RowCounts,
}

/// What one task of a step did besides its rows.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Note {
    pub step: Step,
    /// The shares of keys that came to it.
    pub shares: BTreeSet<u16>,
    /// The facts by which it judged.
    pub by: Option<WholeFacts>,
    pub taken: RowCounts,
    pub given: RowCounts,
    pub sums: Sums,
    pub facts: Facts,
    /// Accepted, duplicate and superseded records by the rank of their file.
    pub fates: Vec<(u32, [u64; 3])>,
    pub events: u64,
    pub findings: u64,
    pub met: Vec<u64>,
}

impl Note {
    pub fn of(step: Step, by: Option<WholeFacts>) -> Note {
        Note {
            step,
            shares: BTreeSet::new(),
            by,
            taken: RowCounts::default(),
            given: RowCounts::default(),
            sums: Sums::default(),
            facts: Facts::default(),
            fates: Vec::new(),
            events: 0,
            findings: 0,
            met: Vec::new(),
        }
    }
}

/// The error of a text between steps that is not what it must be; it quotes nothing of it.
pub(super) fn unreadable(what: &str, error: &serde_json::Error, help: &'static str) -> StepError {
    let what = format!("{what} is not as a step writes it, from line {}, column {} on", error.line(), error.column());
    StepError::rows(what, help)
}

/// The parts of a large file of lines.
pub(super) fn parts_of(part: Part, size: u64) -> impl Iterator<Item = Part> {
    let length = part.state.length;
    (0..length.div_ceil(size)).map(move |at| Part { start: at * size, end: length.min((at + 1) * size), ..part })
}

impl Job {
    pub(super) fn new(words: Vec<String>, config: Option<(String, String)>, wanted: Wanted) -> Job {
        Job {
            format: FORMAT,
            version: VERSION.to_owned(),
            next: Step::Ingest,
            words,
            config,
            files: Vec::new(),
            without_files: Vec::new(),
            excluded: Vec::new(),
            wanted,
            read: None,
            embedded: None,
            sessions: None,
            whole: None,
        }
    }

    /// Reads a job.
    ///
    /// # Errors
    ///
    /// When it is none, or one of another version.
    pub fn parse(text: &[u8]) -> Result<Job, StepError> {
        const HELP: &str = "give the file that `avstem step plan` or `avstem step gather` wrote, by this version";
        let job: Job = serde_json::from_slice(text).map_err(|error| unreadable("the job", &error, HELP))?;
        if (job.format, job.version.as_str()) == (FORMAT, VERSION) {
            return Ok(job);
        }
        Err(StepError::rows(format!("the job is of avstem {}, and this is {VERSION}", job.version), HELP))
    }

    pub fn text(&self) -> String {
        let mut text = serde_json::to_string(self).expect("a job has only texts and numbers");
        text.push('\n');
        text
    }

    pub fn sources(&self) -> Vec<Source> {
        self.files.iter().map(|file| file.source.clone()).collect()
    }

    pub(super) fn read(&self) -> Result<&ReadInput, StepError> {
        self.read.as_ref().ok_or_else(|| self.too_early("what was read"))
    }

    pub(super) fn whole(&self) -> Result<WholeFacts, StepError> {
        self.whole.ok_or_else(|| self.too_early("the facts of the whole input"))
    }

    fn too_early(&self, lacks: &str) -> StepError {
        let what = format!("the job lacks {lacks}: its next step is {}", self.next.word());
        StepError::rows(
            what,
            "give all rows of the step before to `avstem step gather`, and go on with the job that it writes",
        )
    }
}
