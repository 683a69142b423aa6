//! The step `ingest`: what a range holds, as rows. Every document leaves a full row, since no later task could read it
//! again.

use std::collections::BTreeMap;
use std::sync::Arc;

use avstem_core::bank::BankCsv;
use avstem_core::rows::rows;

use super::job::{Range, ReadRange, unreadable};
use super::row::{Give, StepError, StepRow};
use super::tag::{RowCounts, Tag};
use crate::engine::budget::Budget;
use crate::engine::ingest::{Ingested, Intake, RowTarget, ingest};
use crate::engine::interrupted::Interrupted;
use crate::engine::progress::Progress;
use crate::engine::rejects;
use crate::engine::room::StatementRoom;
use crate::engine::store::Store;
use crate::io::inputs::Source;
use crate::io::spill::Scratch;

/// Reads what another machine may have planned.
pub struct SourceReading {
    pub intake: Intake,
    pub budget: Budget,
    pub pool: rayon::ThreadPool,
    pub scratch: Arc<Scratch>,
}

impl SourceReading {
    pub fn new(intake: Intake, memory: u64, jobs: usize) -> Result<SourceReading, Interrupted> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs).build();
        Ok(SourceReading {
            intake: Intake { partitions: 1, key_filter: 0, ..intake },
            budget: Budget::new(memory, jobs),
            pool: pool.map_err(|error| Interrupted::Workers(error.to_string()))?,
            scratch: Arc::new(Scratch::beside(None)),
        })
    }

    /// Reads sources; their rows go to `rows`.
    pub fn read(&self, sources: &[Source], csv: Option<&BankCsv>, rows: &Store) -> Result<Ingested, Interrupted> {
        let room = StatementRoom::new(self.budget.statements());
        let changed = BTreeMap::new();
        let into = RowTarget {
            rows,
            budget: self.budget,
            shortens: false,
            changed: &changed,
            scratch: &self.scratch,
            room: &room,
        };
        ingest(sources, csv, self.intake, &self.pool, &Progress::new(sources.len()), &into)
    }

    /// Reads a range, and gives its rows, its rejects, and what was read.
    pub fn range(&self, range: &[u8], give: &mut Give<'_>) -> Result<(), StepError> {
        const HELP: &str = "plan the run anew, and give what `avstem step plan` writes";
        let range: Range = serde_json::from_slice(range).map_err(|error| unreadable("a range", &error, HELP))?;
        let store = Store::new(1, &self.scratch);
        let Ingested { mut files, rejects, .. } = self.read(std::slice::from_ref(&range.source), None, &store)?;
        let mut intake = files.pop().expect("a source has an intake");
        if intake.is_of_bank() {
            let what = format!("{} holds bank statements now", range.source.name);
            return Err(StepError::rows(what, HELP));
        }
        let (mut given, mut payload) = (RowCounts::default(), Vec::new());
        store.open(0).each(|run| {
            rows(run).try_for_each(|row| {
                payload.clear();
                row.in_file(range.file).write(&mut payload);
                let tag = Tag::of_row(row.kind);
                given.add(tag, 1);
                give(StepRow { tag, key: row.text(), payload: &payload })
            })
        })?;
        let mut rows = rejects.merge()?;
        while let Some(row) = rows.next()? {
            let (block, mut reject) = rejects::read(row);
            reject.line = reject.line.map(|line| line + intake.lines_before(block));
            reject.origin.file = range.file;
            payload.clear();
            rejects::write(&mut payload, range.part, &reject);
            given.add(Tag::Reject, 1);
            give(StepRow { tag: Tag::Reject, key: "", payload: &payload })?;
        }
        intake.lines = intake.lines.pop().into_iter().collect();
        let read = ReadRange { file: range.file, part: range.part, intake, given };
        let payload = serde_json::to_vec(&read).expect("it has only texts and numbers");
        give(StepRow { tag: Tag::File, key: "", payload: &payload })
    }
}
