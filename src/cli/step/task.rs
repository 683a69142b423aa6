//! A task of a step for another program: rows in, in any order, and rows out as they are made.

use std::io;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use avstem_engine::engine::step::{Job, RowSorter, Step, StepError, StepRow};
use avstem_engine::io::machine;

use super::job::{filter, parsed_job};
use crate::cli::caught;
use crate::cli::exit::Failure;
use crate::cli::options::memory_size;
use crate::parts::{RowStream, each_row};

/// Bytes of rows of one Arrow stream that is given.
const TOGETHER: usize = 4 << 20;

/// The memory of a task if neither it nor that of the machine is known.
const MEMORY: u64 = 256 << 20;

/// A task of a step. It takes all of its rows, and then gives rows; what it cannot hold meanwhile goes to a nameless
/// temporary file.
pub struct StepRun {
    step: Step,
    job: Job,
    memory: u64,
    rows: RowSorter,
}

impl StepRun {
    /// A task of the step with a name; `memory` is an eighth of the machine's unless it is given.
    pub fn new(name: &str, job: &[u8], memory: Option<&str>) -> Result<StepRun, Failure> {
        let named = || Failure::usage(format!("{} is no step", name.escape_debug())).help("see docs/CLUSTER.md");
        let step = Step::named(name).ok_or_else(named)?;
        let memory = memory.map(memory_size).transpose();
        let memory = memory.map_err(|what| Failure::usage(format!("the memory of a task: {what}")))?;
        let memory = memory.unwrap_or_else(|| machine::memory().map_or(MEMORY, |bytes| (bytes / 8).max(MEMORY)));
        Ok(StepRun { step, job: parsed_job(job)?, memory, rows: RowSorter::new(memory / 2, None) })
    }

    /// Takes rows of an Arrow stream; those that the step does not take pass by.
    pub fn take(&mut self, rows: &[u8]) -> Result<(), Failure> {
        let StepRun { step, rows: sorter, .. } = self;
        caught(|| {
            let take = &mut |row: StepRow<'_>| if step.takes().contains(&row.tag) { sorter.take(row) } else { Ok(()) };
            Ok(each_row(rows, take)?)
        })
    }

    /// Returns the rows that the task gives, an Arrow stream at a time.
    pub fn finish(self) -> Given {
        let (to, given) = sync_channel(1);
        thread::spawn(move || {
            if let Err(failure) = caught(|| self.give(&to)) {
                // Nobody listens any more where this fails.
                let _ = to.send(Err(failure));
            }
        });
        Given(given)
    }

    fn give(self, to: &SyncSender<Result<Vec<u8>, Failure>>) -> Result<(), Failure> {
        let mut filter = filter(self.step, &self.job, None, Some(self.memory / 2))?;
        let mut out = Some(RowStream::new(Vec::new())?);
        let mut held = 0;
        let mut give = |row: StepRow<'_>| {
            held += row.key.len() + row.payload.len();
            out.get_or_insert(RowStream::new(Vec::new())?).push(row)?;
            match out.take_if(|_| held >= TOGETHER) {
                Some(full) => {
                    held = 0;
                    sent(to, full)
                }
                None => Ok(()),
            }
        };
        self.rows.finish(&mut |row| filter.take(row, &mut give))?;
        filter.finish(&mut give)?;
        Ok(out.map_or(Ok(()), |last| sent(to, last))?)
    }
}

fn sent(to: &SyncSender<Result<Vec<u8>, Failure>>, rows: RowStream<Vec<u8>>) -> Result<(), StepError> {
    let closed = |_| StepError::Stream(io::ErrorKind::BrokenPipe.into());
    to.send(Ok(rows.finish()?)).map_err(closed)
}

/// The rows that a task gives.
pub struct Given(Receiver<Result<Vec<u8>, Failure>>);

impl Iterator for Given {
    type Item = Result<Vec<u8>, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.recv().ok()
    }
}
