//! A run from inputs to outcome.

use std::collections::BTreeMap;
use std::sync::Arc;

use avstem_core::judge::CurrencySums;
use avstem_core::link::Link;
use avstem_core::model::card::Kind;
use avstem_core::model::instant::Instant;
use avstem_core::model::reject::FileFault;
use avstem_core::model::settings::Facts;
use avstem_core::rules::Checks;

use super::again::{Again, Unrepeatable};
use super::balances::PackedBalances;
use super::bank_find::{FoundOnBank, on_bank};
use super::budget::Budget;
use super::control::{TotalsInput, control_totals};
use super::coverage::coverage;
use super::files::{FileIntake, Files};
use super::finding_pass::FindingPass;
use super::findings::{Finished, finish};
use super::frames::Kept;
use super::ingest::{Ingested, RowTarget, ingest};
use super::interrupted::Interrupted;
use super::links::Links;
use super::outcome::{Aged, Counts, DayMoves, NotDue, Outcome, SourceOutcome, Totals};
use super::rejects::in_input_order;
use super::request::Request;
use super::room::StatementRoom;
use super::sorted::Sorted;
use super::store::Store;
use super::waiting::{PackedWaiting, known_to};
use super::work::{JudgeOutput, Work};
use super::workers::{Workers, check_signal};
use crate::history::comparison::CurrentRun;
use crate::io::inputs::Source;
use crate::io::spill::Scratch;

pub struct Done {
    pub outcome: Outcome,
    pub kept: Option<Kept>,
    pub links: Links,
    scratch: Arc<Scratch>,
}

impl Done {
    /// Returns the first error of iterations over rows. Check it before output counts as complete.
    pub fn whole(&self) -> Result<(), Interrupted> {
        Ok(self.scratch.check()?)
    }

    /// The statements and entries of bank accounts that have a name in reports.
    pub fn on_bank(&self, name: &str) -> Vec<FoundOnBank> {
        self.kept.as_ref().map_or_else(Vec::new, |kept| on_bank(name, &kept.bank, &self.outcome.payouts))
    }

    /// The links of a document; for a transaction the links that point to it.
    pub fn links_of<'d>(&'d self, kind: Kind, id: &'d str) -> impl Iterator<Item = Link> + 'd {
        self.links.of(kind, id)
    }
}

/// Runs all steps from inputs to outcome.
///
/// If a record cannot be read again when it is needed in full, nothing of what was made is used: a
/// file that changed is refused, and all others are read once more, into full rows.
pub fn run(request: &Request<'_>) -> Result<Done, Interrupted> {
    let mut changed = BTreeMap::new();
    match attempt(request, !request.keep, &changed)? {
        Ok(done) => return Ok(done),
        Err(Unrepeatable { file, fault }) => changed.extend(fault.map(|fault| (file, fault))),
    }
    request.progress.reset();
    let done = attempt(request, false, &changed)?;
    Ok(done.expect("full rows are not read again"))
}

fn attempt(
    request: &Request<'_>,
    shortens: bool,
    changed: &BTreeMap<usize, FileFault>,
) -> Result<Result<Done, Unrepeatable>, Interrupted> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(request.jobs).build();
    let pool = pool.map_err(|error| Interrupted::Workers(error.to_string()))?;
    let (budget, scratch) = (Budget::new(request.memory, request.jobs), request.scratch);
    let rows = Store::new(request.intake.partitions, scratch);
    let room = StatementRoom::new(budget.statements());
    let into = RowTarget { rows: &rows, budget, shortens, changed, scratch, room: &room };
    let Ingested { files, rejects, keys } =
        ingest(request.sources, request.bank.csv.as_ref(), request.intake, &pool, request.progress, &into)?;
    check_signal()?;
    let mut files = Files::new(request.sources, files);
    let bank = files.take_bank(&room).map_err(|_| Interrupted::Statements { budget: budget.bytes() })?;
    let again = Again::new(&files, request.intake.options);
    let checks = Checks::new(request.settings);
    let workers = Workers::new(&pool, budget);
    let work = Work { request, workers, files: &files, again: &again, bank, rows, keys, checks, scratch };
    match judged(work, rejects) {
        Err(error) => again.failed().map_or(Err(error), |failed| Ok(Err(failed))),
        done => done.map(Ok),
    }
}

fn judged(mut work: Work<'_>, rejects: Sorted) -> Result<Done, Interrupted> {
    let embedded = work.embedded()?;
    let (facts, latest) = work.facts(&embedded)?;
    let judged = work.judge(&facts, embedded)?;
    Ending { work, facts, latest, rejects }.outcome(judged)
}

/// Inputs of an outcome besides the results of judging.
pub struct Ending<'g> {
    pub work: Work<'g>,
    pub facts: Facts,
    pub latest: Option<Instant>,
    pub rejects: Sorted,
}

impl Ending<'_> {
    // A border between stages in benches/instructions, which finds it by its name.
    #[inline(never)]
    pub fn outcome(self, output: JudgeOutput) -> Result<Done, Interrupted> {
        let (request, scratch) = (self.work.request, self.work.scratch);
        let limit = self.work.workers.budget.sorted();
        let waiting = PackedWaiting { rows: output.waiting };
        let known = request.baseline.as_ref().map(|baseline| known_to(baseline, &waiting));
        let known = known.transpose()?.unwrap_or_default();
        let tonight =
            CurrentRun { met: output.judged.met, facts: &self.facts, settings: request.settings, waiting: known };
        let night = FindingPass::new(request.accept, request.baseline.as_ref(), tonight, request.day_of);
        let Finished { findings, fired, subjects, on_payouts, night } =
            finish(&output.findings, limit, scratch, night)?;
        let night = night.finish().map_err(Interrupted::Baseline)?;
        drop(output.findings);
        let mut payouts = output.payouts;
        payouts.set_findings(&on_payouts);
        let rejects = in_input_order(&self.rejects, self.work.files, limit, scratch)?;
        let sources = self.source_outcomes(&output.judged.fates);
        let counts = total(&sources);
        let sums: BTreeMap<String, CurrencySums> = output.judged.sums.into_sorted();
        let balances = PackedBalances { rows: output.balances, subjects };
        let read_events = self.work.files.used().map(|file| file.tally.events).sum();
        let control_totals = control_totals(&TotalsInput {
            sources: &sources,
            counts: &counts,
            events: (read_events, output.judged.events),
            sums: &sums,
            balances: &balances,
            payouts: &payouts,
            remittances: self.work.files.remittances(),
            findings: (output.judged.made, findings.len() as u64),
            comparison: night.comparison.as_ref(),
        })?;
        let outcome = Outcome {
            latest: self.latest,
            documents: documents(&sums),
            as_of: self.facts.as_of,
            counts,
            rejects,
            totals: with_ledgers(&sums, |of| &of.transactions),
            order_totals: with_ledgers(&sums, |of| &of.orders),
            days: days(&sums),
            open_ages: open_ages(&sums),
            coverage: coverage(&sums, &fired, request.settings, &self.facts),
            control_totals,
            findings,
            balances: Box::new(balances),
            payouts,
            sources,
            waiting_by_rule: waiting.counts()?,
            waiting: Box::new(waiting),
            comparison: night.comparison,
            acceptances: night.acceptances,
            ageing: night.ageing,
            as_of_day: night.as_of_day,
        };
        let links = Links::new(output.links, scratch);
        let kept = Kept { groups: output.groups, bank: self.work.bank, scratch: Arc::clone(scratch) };
        Ok(Done { outcome, kept: request.keep.then_some(kept), links, scratch: Arc::clone(scratch) })
    }

    fn source_outcomes(&self, fates: &[[u64; 3]]) -> Vec<SourceOutcome> {
        let one = |((source, file), [accepted, duplicate, superseded]): (&(&Source, FileIntake), &[u64; 3])| {
            let counts = if file.fault.is_some() {
                Counts::default()
            } else {
                let [statements, repeated] = file.bank_records;
                Counts {
                    records: file.tally.documents + file.tally.empty + file.tally.rejected + statements,
                    accepted: accepted + file.tally.empty + statements - repeated,
                    duplicate: duplicate + repeated,
                    superseded: *superseded,
                    rejected: file.tally.rejected,
                }
            };
            SourceOutcome {
                name: source.name.clone(),
                bytes: file.bytes,
                hash: file.hash.clone(),
                decoded_bytes: file.decoded,
                fault: file.fault.clone(),
                is_empty: file.fault.is_none() && counts.records + file.tally.collections == 0,
                counts,
            }
        };
        self.work.files.all.iter().zip(fates).map(one).collect()
    }
}

/// Kept documents by kind.
fn documents(sums: &BTreeMap<String, CurrencySums>) -> [u64; 4] {
    let mut documents = [0; 4];
    for of in sums.values() {
        documents.iter_mut().zip(of.subjects).for_each(|(sum, count)| *sum += count);
    }
    documents
}

/// The totals of currencies that have a ledger.
fn with_ledgers(sums: &BTreeMap<String, CurrencySums>, pick: fn(&CurrencySums) -> &Totals) -> BTreeMap<String, Totals> {
    let some = sums.iter().filter(|(_, of)| pick(of).ledgers > 0);
    some.map(|(currency, of)| (currency.clone(), *pick(of))).collect()
}

/// Ages of open transactions by currency.
fn open_ages(sums: &BTreeMap<String, CurrencySums>) -> BTreeMap<String, [Aged; 5]> {
    let is_open = |of: &CurrencySums| of.ageing.iter().any(|aged| aged.ledgers > 0);
    sums.iter().filter(|(_, of)| is_open(of)).map(|(currency, of)| (currency.clone(), of.ageing)).collect()
}

/// Amounts moved, by currency and day.
fn days(sums: &BTreeMap<String, CurrencySums>) -> BTreeMap<(String, Option<i64>), DayMoves> {
    let of_currency = |(currency, sums): (&String, &CurrencySums)| {
        let days = sums.days.iter().map(|(day, moves)| ((currency.clone(), *day), *moves));
        days.collect::<Vec<_>>()
    };
    sums.iter().flat_map(of_currency).collect()
}

fn total(sources: &[SourceOutcome]) -> Counts {
    let sum = |of: fn(&Counts) -> u64| sources.iter().map(|source| of(&source.counts)).sum();
    Counts {
        records: sum(|c| c.records),
        accepted: sum(|c| c.accepted),
        duplicate: sum(|c| c.duplicate),
        superseded: sum(|c| c.superseded),
        rejected: sum(|c| c.rejected),
    }
}
