//! The end of a run in steps: results of all tasks become the outcome that a run on one machine has.

use avstem_core::rows::KeyFilter;
use avstem_core::rules::Checks;

use super::gather::{Flow, GatherRequest, read_statements};
use super::job::{Job, Note, ReadBy, unreadable};
use super::row::{StepError, StepRow};
use super::tag::{RowCounts, Step, Tag};
use crate::engine::again::Again;
use crate::engine::budget::Budget;
use crate::engine::files::Files;
use crate::engine::interrupted::Interrupted;
use crate::engine::locks::lock;
use crate::engine::request::Request;
use crate::engine::room::StatementRoom;
use crate::engine::run::{Done, Ending};
use crate::engine::sorted::Sorter;
use crate::engine::store::Store;
use crate::engine::work::{Gathering, JudgedSums, Work};
use crate::engine::workers::Workers;

const LOST: &str = "give the results of every task of every step, each once, and the job by which they were judged";

/// Takes the results of all tasks.
pub struct Merger<'m> {
    request: &'m Request<'m>,
    job: &'m Job,
    budget: Budget,
    gathering: Gathering,
    rejects: Sorter,
    judged: JudgedSums,
    taken: RowCounts,
    flows: Vec<Flow>,
}

impl<'m> Merger<'m> {
    /// For the outcome of `request`, whose sources are those of the job.
    pub fn new(job: &'m Job, request: &'m Request<'m>) -> Result<Merger<'m>, StepError> {
        job.whole()?;
        let budget = Budget::new(request.memory, request.jobs);
        Ok(Merger {
            request,
            job,
            budget,
            gathering: Gathering::new(budget.sorted(), request.scratch),
            rejects: Sorter::new(budget.sorted(), request.scratch),
            judged: JudgedSums { fates: vec![[0; 3]; job.files.len()], ..JudgedSums::default() },
            taken: RowCounts::default(),
            flows: Step::ALL.iter().map(|step| Flow::of(*step)).collect(),
        })
    }

    /// Takes a row; those that are not part of the result pass by.
    pub fn take(&mut self, row: StepRow<'_>) -> Result<(), StepError> {
        if !row.tag.is_result() {
            return Ok(());
        }
        self.taken.add(row.tag, 1);
        let into = match row.tag {
            Tag::Finding => &self.gathering.findings,
            Tag::Balance => &self.gathering.balances,
            Tag::Waiting => &self.gathering.waiting,
            Tag::PayoutPart => &self.gathering.payouts,
            Tag::RemittancePart => &self.gathering.remittances,
            Tag::Reject => return Ok(self.rejects.push(|out| out.extend_from_slice(row.payload))?),
            _ => return self.note(row.payload),
        };
        Ok(lock(into).push(|out| out.extend_from_slice(row.payload))?)
    }

    fn note(&mut self, payload: &[u8]) -> Result<(), StepError> {
        let note: Note =
            serde_json::from_slice(payload).map_err(|error| unreadable("what a task said", &error, LOST))?;
        if note.by.is_some_and(|by| Some(by) != self.job.whole) {
            let what = format!("a task of {} judged by facts of another job", note.step.word());
            return Err(StepError::rows(what, LOST));
        }
        self.flows[note.step as usize].add(&note)?;
        self.judged.sums.merge(&note.sums);
        for (rank, fates) in note.fates {
            let Some(sums) = self.judged.fates.get_mut(rank as usize) else {
                return Err(StepError::rows("a task counted records of a file that the job does not have", LOST));
            };
            sums.iter_mut().zip(fates).for_each(|(sum, count)| *sum += count);
        }
        self.judged.events += note.events;
        self.judged.made += note.findings;
        self.judged.met.extend(note.met);
        Ok(())
    }

    /// Checks that every row that a step gave came to the step that takes it.
    fn check(&self) -> Result<(), StepError> {
        let read = self.job.read()?;
        let given = |step: Step, tag: Tag| self.flows[step as usize].given.of(tag);
        for (step, tag, count) in [
            (Step::Judge, Tag::Transaction, read.given.of(Tag::Transaction)),
            (Step::Judge, Tag::Order, read.given.of(Tag::Order)),
            (Step::Judge, Tag::Session, read.given.of(Tag::Session) + self.job.embedded.unwrap_or(0)),
            (Step::Judge, Tag::Settlement, read.given.of(Tag::Settlement)),
            (Step::Judge, Tag::Remittance, read.given.of(Tag::Remittance)),
            (Step::Join, Tag::Link, given(Step::Judge, Tag::Link)),
            (Step::Pairs, Tag::Pair, given(Step::Join, Tag::Pair)),
            (Step::Orders, Tag::Partner, given(Step::Pairs, Tag::Partner)),
        ] {
            self.flows[step as usize].must_be(tag, count)?;
        }
        for tag in [Tag::Finding, Tag::Balance, Tag::Waiting, Tag::PayoutPart, Tag::RemittancePart, Tag::Reject] {
            let steps: u64 = Step::ALL.iter().map(|step| given(*step, tag)).sum();
            let (taken, made) = (self.taken.of(tag), steps + read.given.of(tag));
            if taken != made {
                let what = format!("there are {taken} rows with the tag {}, and the steps gave {made}", tag.word());
                return Err(StepError::rows(what, LOST));
            }
        }
        Ok(())
    }

    /// The outcome, once all rows were taken.
    pub fn finish(self, statements: &GatherRequest) -> Result<Done, StepError> {
        self.check()?;
        let (request, job) = (self.request, self.job);
        let mut read = job.read()?.files.clone();
        read_statements(job, &mut read, statements)?;
        for (file, (now, then)) in job.files.iter().zip(read.iter().zip(&job.read()?.files)) {
            if file.reader == ReadBy::Gather
                && (now.bytes, &now.hash, &now.fault) != (then.bytes, &then.hash, &then.fault)
            {
                let what = format!("{} is another than when it was read first", file.source.name);
                return Err(StepError::rows(what, "wait until it is whole, then plan the run anew"));
            }
        }
        let pool = rayon::ThreadPoolBuilder::new().num_threads(request.jobs).build();
        let pool = pool.map_err(|error| Interrupted::Workers(error.to_string()))?;
        let room = StatementRoom::new(self.budget.statements());
        let mut files = Files::new(request.sources, read);
        let full = |_| Interrupted::Statements { budget: self.budget.bytes() };
        let bank = files.take_bank(&room).map_err(full)?;
        let again = Again::new(&files, request.intake.options);
        let whole = job.whole()?;
        let work = Work {
            request,
            workers: Workers::new(&pool, self.budget),
            files: &files,
            again: &again,
            bank,
            rows: Store::new(1, request.scratch),
            keys: KeyFilter::full(),
            checks: Checks::new(request.settings),
            scratch: request.scratch,
        };
        let output = work.brought_together(&whole.facts, self.gathering, self.judged)?;
        let rejects = self.rejects.finish();
        Ok(Ending { work, facts: whole.facts, latest: whole.latest, rejects }.outcome(output)?)
    }
}
