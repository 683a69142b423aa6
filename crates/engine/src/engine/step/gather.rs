//! Where all of a step must be done before the next can begin: what every task said comes together in the job.

use std::collections::BTreeSet;

use avstem_core::model::instant::Instant;
use avstem_core::model::reject::FileReason;
use avstem_core::model::settings::Facts;

use super::filter::StepSettings;
use super::job::{Job, Note, ReadBy, ReadInput, ReadRange, WholeFacts, unreadable};
use super::reading::SourceReading;
use super::row::{StepError, StepRow};
use super::tag::{RowCounts, Step, Tag};
use crate::config::BankConfig;
use crate::engine::files::{FileIntake, Files};
use crate::engine::store::Store;
use crate::io::decode::joined_blake3;
use crate::io::inputs::Source;

const LOST: &str = "give the rows of every task of the step before, each once, to `avstem step gather`";

/// Gathers what the tasks of a step said.
#[derive(Default)]
pub struct Gatherer {
    read: Vec<ReadRange>,
    notes: Vec<Note>,
}

/// How the files of bank statements are read, and the as-of that is asked for.
pub struct GatherRequest {
    pub settings: StepSettings,
    pub bank: BankConfig,
    pub as_of: Option<Instant>,
}

impl Gatherer {
    /// Takes a row of any step; most pass by.
    pub fn take(&mut self, row: StepRow<'_>) -> Result<(), StepError> {
        let broken = |error| unreadable("what a task said", &error, LOST);
        match row.tag {
            Tag::File => self.read.push(serde_json::from_slice(row.payload).map_err(broken)?),
            Tag::Note => self.notes.push(serde_json::from_slice(row.payload).map_err(broken)?),
            _ => {}
        }
        Ok(())
    }

    /// The job with what was gathered, and with the step that is next.
    pub fn finish(mut self, mut job: Job, request: GatherRequest) -> Result<Job, StepError> {
        if !self.read.is_empty() || job.read.is_none() {
            job.read = Some(read(&job, std::mem::take(&mut self.read), &request)?);
            (job.embedded, job.sessions) = (None, None);
        }
        let given = job.read()?.given.clone();
        if let Some(taken) = self.of(Step::Embed)? {
            taken.must_be(Tag::Transaction, given.of(Tag::Transaction))?;
            job.embedded = Some(taken.given.of(Tag::Session));
        }
        if let Some(taken) = self.of(Step::Sessions)? {
            taken.must_be(Tag::Session, given.of(Tag::Session) + job.embedded.unwrap_or(0))?;
            job.sessions = Some(taken.facts);
        }
        let sources = job.sources();
        let read = job.read()?;
        let files = Files::new(&sources, read.files.clone());
        let known = files.facts(read.has_statements);
        let has_embedded = files.used().any(|file| file.tally.has_embedded);
        job.next = if has_embedded && job.embedded.is_none() {
            Step::Embed
        } else if has_embedded && files.sessions_may_tell(&known) && job.sessions.is_none() {
            Step::Sessions
        } else {
            Step::Judge
        };
        let facts = known.merge(job.sessions.unwrap_or_default());
        let latest = facts.as_of;
        let whole = WholeFacts { facts: Facts { as_of: request.as_of.or(latest), ..facts }, latest };
        job.whole = (job.next == Step::Judge).then_some(whole);
        Ok(job)
    }

    /// What all tasks of a step said; `None` if there was none.
    fn of(&self, step: Step) -> Result<Option<Flow>, StepError> {
        let mut flow = None;
        for note in self.notes.iter().filter(|note| note.step == step) {
            flow.get_or_insert_with(|| Flow::of(step)).add(note)?;
        }
        Ok(flow)
    }
}

/// What went into a step and came out of it.
pub(super) struct Flow {
    step: Step,
    shares: BTreeSet<u16>,
    taken: RowCounts,
    pub given: RowCounts,
    facts: Facts,
}

impl Flow {
    pub fn of(step: Step) -> Flow {
        Flow {
            step,
            shares: BTreeSet::new(),
            taken: RowCounts::default(),
            given: RowCounts::default(),
            facts: Facts::default(),
        }
    }

    /// Adds what a task said. No other may have had keys of the same share: rows that belong together could have come to
    /// both.
    pub fn add(&mut self, note: &Note) -> Result<(), StepError> {
        if let Some(share) = note.shares.iter().find(|share| self.shares.contains(*share)) {
            let what = format!("rows of share {share} came to more than one task of the step {}", self.step.word());
            return Err(StepError::rows(what, "give all rows of a share to one task, and each task once"));
        }
        self.shares.extend(&note.shares);
        self.taken.merge(&note.taken);
        self.given.merge(&note.given);
        self.facts = self.facts.merge(note.facts);
        Ok(())
    }

    /// Checks that it took all rows with a tag that there are, each once.
    pub fn must_be(&self, tag: Tag, given: u64) -> Result<(), StepError> {
        let (step, taken) = (self.step.word(), self.taken.of(tag));
        if taken == given {
            return Ok(());
        }
        let what = format!("the step {step} took {taken} rows with the tag {}, and there are {given}", tag.word());
        Err(StepError::rows(what, LOST))
    }
}

/// Brings the parts of every file together.
fn read(job: &Job, ranges: Vec<ReadRange>, request: &GatherRequest) -> Result<ReadInput, StepError> {
    let mut given = RowCounts::default();
    let mut of_files: Vec<Vec<ReadRange>> = job.files.iter().map(|_| Vec::new()).collect();
    for range in ranges {
        given.merge(&range.given);
        match of_files.get_mut(range.file as usize) {
            Some(parts) => parts.push(range),
            None => return Err(StepError::rows("a row is of a file that the job does not have", LOST)),
        }
    }
    let mut files = Vec::with_capacity(of_files.len());
    for (file, mut parts) in job.files.iter().zip(of_files) {
        parts.sort_by_key(|range| range.part);
        let wanted = match file.reader {
            ReadBy::Nobody | ReadBy::Gather => 0,
            ReadBy::Whole => 1,
            ReadBy::Parts(count, _) => count,
        };
        if !parts.iter().map(|range| range.part).eq(0..wanted) {
            let what = format!("{} of {wanted} parts of {} were read", parts.len(), file.source.name);
            return Err(StepError::rows(what, LOST));
        }
        files.push(match file.reader {
            ReadBy::Nobody => FileIntake { fault: file.source.fault.clone(), ..FileIntake::default() },
            ReadBy::Gather => FileIntake::default(),
            ReadBy::Whole => FileIntake { lines: vec![0], ..parts.pop().expect("it has one part").intake },
            ReadBy::Parts(_, first_value) => joined(parts, first_value),
        });
    }
    read_statements(job, &mut files, request)?;
    let has_statements = files.iter().any(FileIntake::has_statements);
    Ok(ReadInput { files, given, has_statements })
}

/// A file that was read in parts.
fn joined(parts: Vec<ReadRange>, first_value: u64) -> FileIntake {
    let hashes: Option<Vec<String>> = parts.iter().map(|range| range.intake.hash.clone()).collect();
    let mut file = FileIntake { single: Some(first_value), ..FileIntake::default() };
    let (mut lines, mut rejects) = (0, Vec::new());
    for ReadRange { intake, .. } in parts {
        file.bytes += intake.bytes;
        file.decoded = file.decoded.max(intake.decoded);
        file.fault = file.fault.take().or(intake.fault);
        rejects.push((intake.tally.rejected, intake.only_reject));
        file.tally.merge(intake.tally);
        file.lines.push(lines);
        lines += intake.lines.iter().sum::<u64>();
    }
    file.lines.push(lines);
    if file.tally.rejected == 1 {
        file.only_reject = rejects.into_iter().find(|(count, _)| *count == 1).and_then(|(_, only)| only);
    }
    file.fault = file.fault.take().or_else(|| file.stranger());
    if file.fault.as_ref().is_some_and(|fault| fault.reason == FileReason::ChangedWhileReading) {
        file.bytes = 0;
    } else {
        file.hash = hashes.and_then(|hashes| joined_blake3(&hashes));
    }
    file
}

/// Reads the files of bank statements into `files`.
pub(super) fn read_statements(job: &Job, files: &mut [FileIntake], request: &GatherRequest) -> Result<(), StepError> {
    let StepSettings { intake, memory, jobs, .. } = request.settings;
    let reading = SourceReading::new(intake, memory, jobs)?;
    let of_bank = || job.files.iter().enumerate().filter(|(_, file)| file.reader == ReadBy::Gather);
    let sources: Vec<Source> = of_bank().map(|(_, file)| file.source.clone()).collect();
    let read = reading.read(&sources, request.bank.csv.as_ref(), &Store::new(1, &reading.scratch))?;
    of_bank().zip(read.files).for_each(|((at, _), intake)| files[at] = intake);
    Ok(())
}
