//! One step as a filter: it takes rows, those of one key one after another, and gives rows. It holds no more than the
//! rows of some keys at a time, and keeps nothing from one task to the next.

use avstem_core::judge::{
    EmbeddedPlan, EmbeddedResult, Linking, PartitionResult, Plan, embedded_sessions, judge, session_documents,
};
use avstem_core::link::{Linked, join_keys, join_orders, join_transactions, key_of};
use avstem_core::model::card::Kind;
use avstem_core::model::evidence::{Wanted, Watch};
use avstem_core::model::instant::Instant;
use avstem_core::model::settings::{Facts, Settings};
use avstem_core::resolve::{InputOrder, SealedRows};
use avstem_core::rows::{KeyFilter, Partitions, append, id_of, pieces};
use avstem_core::rules::Checks;

use super::job::{Job, Note, WholeFacts};
use super::reading::SourceReading;
use super::row::{Give, StepError, StepRow};
use super::tag::{Step, Tag};
use crate::engine::budget::Budget;
use crate::engine::files::Files;
use crate::engine::ingest::Intake;
use crate::engine::interrupted::Interrupted;
use crate::engine::workers::check_signal;

/// Rows are judged together until they have this many bytes: each time costs something.
const TOGETHER: usize = 256 << 10;

/// The settings that a job's words and configuration resolve to, and the means of this machine.
pub struct StepSettings {
    pub settings: Settings,
    pub intake: Intake,
    /// Maps an instant to its day.
    pub day_of: Box<dyn Fn(Instant) -> i64 + Send + Sync>,
    pub memory: u64,
    pub jobs: usize,
}

/// A step that takes rows.
pub struct Filter {
    work: Work,
    note: Note,
    /// The rows taken and not yet judged, and where those of the last key begin.
    rows: Vec<u8>,
    last: Option<(String, usize)>,
}

enum Work {
    Ingest(SourceReading),
    Grouped(Box<Grouped>),
}

/// What a step on grouped rows must know, and what it has come to.
struct Grouped {
    settings: StepSettings,
    checks: Checks,
    keys: KeyFilter,
    wanted: Wanted,
    known: Known,
    result: Outcome,
}

/// What is known of the whole input.
struct Known {
    ranks: Vec<Option<u32>>,
    linking: Linking,
    may_have_production: bool,
    whole: Option<WholeFacts>,
}

enum Outcome {
    Embed(EmbeddedResult),
    Sessions(Facts),
    Judge(PartitionResult),
    Join(Linked),
    Pairs(Partitions),
    Orders(Linked),
}

impl Filter {
    /// A step of a job, which must know by now what the step needs.
    pub fn new(step: Step, job: &Job, settings: StepSettings) -> Result<Filter, StepError> {
        let filter = |work, by| Filter { work, note: Note::of(step, by), rows: Vec::new(), last: None };
        if step == Step::Ingest {
            let reading = SourceReading::new(settings.intake, settings.memory, settings.jobs)?;
            return Ok(filter(Work::Ingest(reading), None));
        }
        let whole = match step {
            Step::Embed | Step::Sessions => None,
            _ => Some(job.whole()?),
        };
        let (sources, read) = (job.sources(), job.read()?);
        let files = Files::new(&sources, read.files.clone());
        let known = Known {
            ranks: files.order().ranks.to_vec(),
            linking: files.linking(),
            may_have_production: files.may_have_production(),
            whole,
        };
        let keys = KeyFilter::full();
        let result = match step {
            Step::Ingest => unreachable!("it takes ranges, not documents"),
            Step::Judge => Outcome::Judge(PartitionResult::new(files.all.len(), 1)),
            Step::Embed => Outcome::Embed(EmbeddedResult::new(1, keys.of_same_size())),
            Step::Sessions => Outcome::Sessions(Facts::default()),
            Step::Join => Outcome::Join(Linked::new(1, false)),
            Step::Pairs => Outcome::Pairs(Partitions::new(1)),
            Step::Orders => Outcome::Orders(Linked::new(1, false)),
        };
        let checks = Checks::new(&settings.settings);
        let grouped = Grouped { settings, checks, keys, wanted: job.wanted.clone(), known, result };
        Ok(filter(Work::Grouped(Box::new(grouped)), whole))
    }

    /// Takes a row, and gives what it leads to, at once or later.
    pub fn take(&mut self, row: StepRow<'_>, give: &mut Give<'_>) -> Result<(), StepError> {
        if !self.note.step.takes().contains(&row.tag) {
            return Ok(());
        }
        self.note.taken.add(row.tag, 1);
        match &self.work {
            Work::Ingest(reading) => reading.range(row.payload, give),
            Work::Grouped(_) => self.gather(row, give),
        }
    }

    /// Gives what is left, and the note of the task.
    pub fn finish(mut self, give: &mut Give<'_>) -> Result<(), StepError> {
        self.judge(give)?;
        if let Work::Grouped(grouped) = self.work {
            grouped.result.noted(&mut self.note);
            let payload = serde_json::to_vec(&self.note).expect("a note has only texts and numbers");
            give(StepRow { tag: Tag::Note, key: "", payload: &payload })?;
        }
        Ok(())
    }

    fn gather(&mut self, row: StepRow<'_>, give: &mut Give<'_>) -> Result<(), StepError> {
        let is_next = self.last.as_ref().is_none_or(|(last, _)| last != row.key);
        if is_next {
            if let Some((last, _)) = self.last.as_ref().filter(|(last, _)| row.key < last.as_str()) {
                let what = format!("the rows are not sorted by key: {} comes after {last}", row.key);
                return Err(StepError::rows(what, "sort the rows of a task by their keys, as bytes"));
            }
            if self.rows.len() >= TOGETHER {
                self.judge(give)?;
            }
            self.last = Some((row.key.to_owned(), self.rows.len()));
            self.note.shares.insert(row.share());
        }
        append(&mut self.rows, |out| out.extend_from_slice(row.payload));
        let Work::Grouped(grouped) = &self.work else { return Ok(()) };
        let (budget, (_, start)) =
            (Budget::new(grouped.settings.memory, 1), self.last.as_ref().expect("a row has a key"));
        if self.rows.len() - start > budget.group() {
            return Err(Interrupted::TooLarge { budget: budget.bytes() }.into());
        }
        Ok(())
    }

    fn judge(&mut self, give: &mut Give<'_>) -> Result<(), StepError> {
        check_signal()?;
        let given = &mut self.note.given;
        let mut give = |row: StepRow<'_>| {
            given.add(row.tag, 1);
            give(row)
        };
        if let Work::Grouped(grouped) = &mut self.work {
            grouped.judge(&self.rows, &mut give)?;
        }
        self.rows.clear();
        Ok(())
    }
}

/// Gives the rows of a run, and empties it.
fn give_all(
    tag: Tag,
    rows: &mut Vec<u8>,
    key_of: for<'r> fn(&'r [u8]) -> &'r str,
    give: &mut Give<'_>,
) -> Result<(), StepError> {
    let given = pieces(rows).try_for_each(|row| give(StepRow { tag, key: key_of(row), payload: row }));
    rows.clear();
    given
}

fn give_linked(out: &mut Linked, give: &mut Give<'_>) -> Result<(), StepError> {
    give_all(Tag::Finding, &mut out.findings.take(), no_key, give)?;
    give_all(Tag::Waiting, &mut out.waiting, no_key, give)?;
    give_all(Tag::PayoutPart, &mut out.payouts, no_key, give)?;
    give_all(Tag::RemittancePart, &mut out.remittances, no_key, give)?;
    give_all(Tag::Pair, out.pairs.part_mut(0), key_of, give)
}

fn no_key(_: &[u8]) -> &str {
    ""
}

impl Grouped {
    fn judge(&mut self, rows: &[u8], give: &mut Give<'_>) -> Result<(), StepError> {
        let Grouped { settings, checks, keys, wanted, known, result } = self;
        let (parts, order, watch) = ([rows], InputOrder { ranks: &known.ranks }, Watch::new(wanted));
        let facts = known.whole.map_or_else(Facts::default, |whole| whole.facts);
        match result {
            Outcome::Embed(out) => {
                let plan = EmbeddedPlan {
                    checks,
                    settings: &settings.settings,
                    keys,
                    may_have_production: known.may_have_production,
                    watch,
                    keeps_all: true,
                };
                embedded_sessions(&mut SealedRows::new(&parts, order, |kind| kind == Kind::Transaction), &plan, out);
                give_all(Tag::Session, out.rows.part_mut(0), id_of, give)
            }
            Outcome::Sessions(facts) => {
                let sessions = SealedRows::new(&parts, order, |kind| kind == Kind::Session);
                *facts = facts.merge(session_documents(&sessions));
                Ok(())
            }
            Outcome::Judge(out) => {
                let plan = Plan {
                    checks,
                    settings: &settings.settings,
                    facts: &facts,
                    linking: known.linking,
                    keys,
                    day_of: &*settings.day_of,
                    watch,
                };
                judge(&SealedRows::new(&parts, order, |_| true), &plan, out);
                give_all(Tag::Finding, &mut out.findings.take(), no_key, give)?;
                give_all(Tag::Balance, &mut out.balances, no_key, give)?;
                give_all(Tag::Waiting, &mut out.waiting, no_key, give)?;
                give_all(Tag::PayoutPart, &mut out.payouts, no_key, give)?;
                give_all(Tag::RemittancePart, &mut out.remittances, no_key, give)?;
                give_all(Tag::Link, out.links.part_mut(0), key_of, give)
            }
            Outcome::Join(out) => {
                join_keys(&parts, checks, &settings.settings, &facts, watch, out);
                give_linked(out, give)
            }
            Outcome::Orders(out) => {
                join_orders(&parts, checks, &settings.settings, &facts, watch, out);
                give_linked(out, give)
            }
            Outcome::Pairs(out) => {
                join_transactions(&parts, out);
                give_all(Tag::Partner, out.part_mut(0), key_of, give)
            }
        }
    }
}

impl Outcome {
    fn noted(self, note: &mut Note) {
        match self {
            Outcome::Embed(made) => (note.sums, note.facts) = (made.sums, made.facts),
            Outcome::Sessions(facts) => note.facts = facts,
            Outcome::Judge(made) => {
                let fates = (0..).zip(made.fates).filter(|(_, fates)| *fates != [0; 3]);
                note.fates = fates.collect();
                note.events = made.events;
                note.findings = made.findings.len() as u64;
                (note.sums, note.met) = (made.sums, made.met);
            }
            Outcome::Join(made) | Outcome::Orders(made) => {
                note.findings = made.findings.len() as u64;
                note.met = made.met;
            }
            Outcome::Pairs(_) => {}
        }
    }
}
