//! A run from inputs to outcome.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use avstem_core::link::{Link, Linked, join_keys, join_orders, join_transactions};
use avstem_core::model::card::Kind;
use avstem_core::model::evidence::Watch;
use avstem_core::model::instant::Instant;
use avstem_core::model::origin::Origin;
use avstem_core::model::settings::{Facts, Settings};
use avstem_core::normalize::Partitions;
use avstem_core::resolve::InputOrder;
use avstem_core::rules::Checks;
use avstem_core::shard::{CurrencySums, Linking, Plan, Shard, Sums, embedded_sessions, judge, session_documents};
use rayon::prelude::*;

use super::balances::PackedBalances;
use super::control::{Taken, control_totals};
use super::coverage::coverage;
use super::findings::{Finish, Finished, finish};
use super::frames::Kept;
use super::ingest::{FileIntake, Ingested, Intake, ingest};
use super::night::{Judged, Night};
use super::outcome::{Counts, DayMoves, Outcome, SourceOutcome, Totals};
use super::progress::Progress;
use super::sorted::{Sorted, Sorter, sort};
use crate::config::Accept;
use crate::io::inputs::Source;
use crate::io::interrupt;
use crate::io::spill::Scratch;
use crate::night::comparison::Tonight;
use crate::night::{Baseline, PastError};

/// What is asked of a run.
pub struct Request<'r> {
    /// The inputs.
    pub sources: &'r [Source],
    /// How they are read.
    pub intake: Intake,
    /// The instant to judge at; none: the latest time of the input.
    pub as_of: Option<Instant>,
    /// The configuration of the rules.
    pub settings: &'r Settings,
    /// Findings that are accepted.
    pub accept: &'r [Accept],
    /// An earlier night to hold this one against.
    pub baseline: Option<Arc<Baseline>>,
    /// On which day an instant falls.
    pub day_of: &'r (dyn Fn(Instant) -> i64 + Sync),
    /// How many workers.
    pub jobs: usize,
    /// Whether rows and links are kept, for frames.
    pub keep: bool,
    /// Counters for a display.
    pub progress: &'r Progress,
}

/// Why a run has no outcome.
#[derive(Debug)]
pub enum Interrupted {
    /// A signal came.
    Signal(i32),
    /// The workers could not be started.
    Workers(String),
    /// What was packed in memory could not be read back.
    Memory(std::io::Error),
    /// The baseline could not be read again.
    Baseline(PastError),
}

impl fmt::Display for Interrupted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Interrupted::Signal(signal) => write!(f, "stopped by signal {signal}"),
            Interrupted::Workers(error) => write!(f, "the workers could not be started: {error}"),
            Interrupted::Memory(error) => write!(f, "the balances could not be added up: {error}"),
            Interrupted::Baseline(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for Interrupted {}

/// What a run leaves beside its outcome.
pub struct Done {
    /// What it found.
    pub outcome: Outcome,
    /// Rows, where they are kept.
    pub kept: Option<Kept>,
    /// Links that were found, where rows are kept; sorted.
    pub links: Vec<Link>,
}

impl Done {
    /// The links of a document: of a transaction those that lead to it.
    pub fn links_of<'d>(&'d self, kind: Kind, id: &'d str) -> impl Iterator<Item = &'d Link> {
        self.links.iter().filter(move |link| match kind {
            Kind::Transaction => link.transaction == id,
            _ => link.kind == kind && link.id == id,
        })
    }
}

/// The order of the input's files: by name, standard input last; equal names by content.
fn input_order(sources: &[Source], files: &[FileIntake]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..sources.len()).collect();
    let key = |at: &usize| (sources[*at].name == "-", sources[*at].name.as_bytes(), files[*at].hash.as_deref());
    order.sort_by(|a, b| key(a).cmp(&key(b)));
    order
}

fn check_signal() -> Result<(), Interrupted> {
    interrupt::pending().map_or(Ok(()), |signal| Err(Interrupted::Signal(signal)))
}

/// Runs from inputs to outcome.
pub fn run(request: &Request<'_>) -> Result<Done, Interrupted> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(request.jobs).build();
    let pool = pool.map_err(|error| Interrupted::Workers(error.to_string()))?;
    let Ingested { files, partitions, rejects } = ingest(request.sources, request.intake, &pool, request.progress);
    check_signal()?;
    let order = input_order(request.sources, &files);
    let mut sources = vec![0; files.len()];
    let mut ranks = vec![None; files.len()];
    for (rank, &file) in order.iter().enumerate() {
        sources[file] = rank as u32;
        ranks[file] = files[file].fault.is_none().then_some(rank as u32);
    }
    let mut work =
        Work { request, pool: &pool, files: &files, ranks, sources, partitions, linking: Linking::default() };
    work.linking = work.linking();
    let embedded = work.embedded();
    let facts = work.facts(&embedded);
    check_signal()?;
    let checks = Checks::new(request.settings);
    let shards = work.judge(&checks, &facts, embedded);
    check_signal()?;
    let joined = work.link(&checks, &facts, &shards);
    check_signal()?;
    work.outcome(&order, facts, shards, joined, rejects)
}

struct Work<'w> {
    request: &'w Request<'w>,
    pool: &'w rayon::ThreadPool,
    files: &'w [FileIntake],
    ranks: Vec<Option<u32>>,
    sources: Vec<u32>,
    partitions: Vec<Partitions>,
    linking: Linking,
}

impl Work<'_> {
    fn order(&self) -> InputOrder<'_> {
        InputOrder { ranks: &self.ranks }
    }

    fn used(&self) -> impl Iterator<Item = &FileIntake> {
        self.files.iter().filter(|file| file.fault.is_none())
    }

    fn watch(&self) -> Watch<'_> {
        Watch::new(self.request.baseline.as_ref().map_or(&[], |baseline| baseline.wanted()))
    }

    fn count(&self) -> usize {
        self.request.intake.partitions
    }

    fn parts(&self, at: usize) -> Vec<&[u8]> {
        self.partitions.iter().map(|rows| rows.part(at)).collect()
    }

    fn linking(&self) -> Linking {
        let any = |is: fn(&FileIntake) -> bool| self.used().any(is);
        Linking {
            sessions: any(|f| f.tally.has_sessions || f.tally.has_embedded),
            orders: any(|f| f.tally.has_orders),
            settlements: any(|f| f.tally.has_reports),
        }
    }

    /// The sessions inside kept transactions, by their own ids.
    fn embedded(&self) -> Vec<Partitions> {
        if !self.used().any(|file| file.tally.has_embedded) {
            return Vec::new();
        }
        let count = self.count();
        self.pool.install(|| {
            (0..count)
                .into_par_iter()
                .fold(
                    || Partitions::new(count),
                    |mut out, at| {
                        embedded_sessions(&self.parts(at), self.order(), &mut out);
                        out
                    },
                )
                .collect()
        })
    }

    /// The facts of the whole input; the as-of is the one asked for, else the latest time of any document.
    fn facts(&self, embedded: &[Partitions]) -> Facts {
        let mut facts = Facts::default();
        for file in self.used() {
            facts = facts.merge(Facts {
                as_of: file.tally.latest,
                has_production: file.tally.has_production,
                has_transactions: file.tally.has_transactions,
                has_reports: file.tally.has_reports,
            });
        }
        if !embedded.is_empty() {
            let of_part = |at: usize| {
                let mut parts = self.parts(at);
                parts.extend(embedded.iter().map(|rows| rows.part(at)));
                session_documents(&parts, self.order())
            };
            let sessions: Vec<_> = self.pool.install(|| (0..self.count()).into_par_iter().map(of_part).collect());
            for (as_of, has_production) in sessions {
                facts = facts.merge(Facts { as_of, has_production, ..Facts::default() });
            }
        }
        facts.as_of = self.request.as_of.or(facts.as_of);
        facts
    }

    /// Judges all partitions; rows that are not kept go as soon as they are judged.
    fn judge(&mut self, checks: &Checks, facts: &Facts, embedded: Vec<Partitions>) -> Vec<Shard> {
        let count = self.count();
        let mut inputs: Vec<Vec<Vec<u8>>> = (0..count).map(|_| Vec::new()).collect();
        if !self.request.keep {
            for (at, input) in inputs.iter_mut().enumerate() {
                input.extend(self.partitions.iter_mut().map(|rows| rows.take(at)));
            }
        }
        let mut embedded = embedded;
        for (at, input) in inputs.iter_mut().enumerate() {
            input.extend(embedded.iter_mut().map(|rows| rows.take(at)));
        }
        let plan = Plan {
            checks,
            settings: self.request.settings,
            facts,
            order: self.order(),
            linking: self.linking,
            day_of: self.request.day_of,
            watch: self.watch(),
        };
        let files = self.files.len();
        let one = |(at, input): (usize, Vec<Vec<u8>>)| {
            let mut shard = Shard::new(files, count);
            if interrupt::pending().is_some() {
                return shard;
            }
            let mut parts: Vec<&[u8]> = input.iter().map(Vec::as_slice).collect();
            parts.extend(self.parts(at));
            judge(&parts, &plan, &mut shard);
            self.request.progress.add_judged();
            shard
        };
        self.pool.install(|| inputs.into_par_iter().enumerate().map(one).collect())
    }

    /// Joins link rows by their keys, then pairs by transaction, then by order.
    fn link(&self, checks: &Checks, facts: &Facts, shards: &[Shard]) -> Vec<Linked> {
        let count = self.count();
        let (settings, keep, watch) = (self.request.settings, self.request.keep, self.watch());
        self.pool.install(|| {
            let mut joined: Vec<Linked> = (0..count)
                .into_par_iter()
                .map(|at| {
                    let parts: Vec<&[u8]> = shards.iter().map(|shard| shard.links.part(at)).collect();
                    let mut out = Linked::new(count, keep);
                    join_keys(&parts, checks, settings, facts, watch, &mut out);
                    out
                })
                .collect();
            let by_order: Vec<Partitions> = (0..count)
                .into_par_iter()
                .map(|at| {
                    let parts: Vec<&[u8]> = joined.iter().map(|linked| linked.pairs.part(at)).collect();
                    let mut out = Partitions::new(count);
                    join_transactions(&parts, &mut out);
                    out
                })
                .collect();
            let orders: Vec<Linked> = (0..count)
                .into_par_iter()
                .map(|at| {
                    let parts: Vec<&[u8]> = by_order.iter().map(|pairs| pairs.part(at)).collect();
                    let mut out = Linked::new(count, false);
                    join_orders(&parts, checks, settings, facts, watch, &mut out);
                    out
                })
                .collect();
            joined.extend(orders);
            joined
        })
    }

    fn outcome(
        self,
        order: &[usize],
        facts: Facts,
        shards: Vec<Shard>,
        joined: Vec<Linked>,
        mut rejects: Vec<avstem_core::document::Rejected>,
    ) -> Result<Done, Interrupted> {
        let scratch = Arc::new(Scratch::beside(None));
        let gathered = Gathered::new(self.files.len(), shards, joined, &scratch).map_err(Interrupted::Memory)?;
        let Gathered { sums, fates, findings, made, balances, links, resolved_events, met } = gathered;
        let in_input_order = |mut origin: Origin| {
            origin.file = self.sources[origin.file as usize];
            origin
        };
        let with = Finish { sources: &self.sources, limit: usize::MAX, scratch: &scratch };
        let tonight = Tonight { met, facts: &facts, settings: self.request.settings, waiting: Vec::new() };
        let Request { accept, baseline, day_of, .. } = self.request;
        let night = Night::new(accept, baseline.as_ref(), tonight, day_of);
        let finished = finish(&findings, &with, night).map_err(Interrupted::Memory)?;
        let Finished { findings, fired, subjects, night } = finished;
        let Judged { acceptances, comparison, ageing, as_of_day } = night.finish().map_err(Interrupted::Baseline)?;
        let sources = self.source_outcomes(order, &fates);
        let counts = total(&sources);
        let sums: BTreeMap<String, CurrencySums> = sums.into_sorted();
        let balances = PackedBalances { rows: balances, subjects, sources: self.sources.clone() };
        rejects.iter_mut().for_each(|reject| reject.origin = in_input_order(reject.origin));
        rejects.sort_by_key(|reject| (reject.origin.file, reject.origin.offset, reject.at));
        let read_events = self.used().map(|file| file.tally.events).sum();
        let control_totals = control_totals(&Taken {
            sources: &sources,
            counts: &counts,
            events: (read_events, resolved_events),
            sums: &sums,
            balances: &balances,
            findings: (made, findings.len() as u64),
            comparison: comparison.as_ref(),
        })
        .map_err(Interrupted::Memory)?;
        let outcome = Outcome {
            as_of: facts.as_of,
            counts,
            rejects: rejects.into(),
            totals: with_ledgers(&sums, |of| &of.transactions),
            order_totals: with_ledgers(&sums, |of| &of.orders),
            days: days(&sums),
            coverage: coverage(&sums, &fired, self.request.settings),
            control_totals,
            findings,
            balances: Box::new(balances),
            sources,
            comparison,
            acceptances,
            ageing,
            as_of_day,
        };
        let kept =
            self.request.keep.then_some(Kept { rows: self.partitions, ranks: self.ranks, sources: self.sources });
        Ok(Done { outcome, kept, links })
    }

    fn source_outcomes(&self, order: &[usize], fates: &[[u64; 3]]) -> Vec<SourceOutcome> {
        let one = |&at: &usize| {
            let file = &self.files[at];
            let [accepted, duplicate, superseded] = fates[at];
            let counts = if file.fault.is_some() {
                Counts::default()
            } else {
                Counts {
                    records: file.tally.documents + file.tally.empty + file.tally.rejected,
                    accepted: accepted + file.tally.empty,
                    duplicate,
                    superseded,
                    rejected: file.tally.rejected,
                }
            };
            SourceOutcome {
                name: self.request.sources[at].name.clone(),
                bytes: file.bytes,
                hash: file.hash.clone(),
                decoded_bytes: file.decoded,
                fault: file.fault.clone(),
                counts,
            }
        };
        order.iter().map(one).collect()
    }
}

/// What shards and joins left, brought together.
struct Gathered {
    sums: Sums,
    fates: Vec<[u64; 3]>,
    findings: Sorted,
    /// How many findings shards and joins say they made.
    made: u64,
    balances: Sorted,
    links: Vec<Link>,
    resolved_events: u64,
    /// The evidence that was met, of what the baseline asks for.
    met: Vec<u64>,
}

impl Gathered {
    fn new(files: usize, shards: Vec<Shard>, joined: Vec<Linked>, scratch: &Arc<Scratch>) -> std::io::Result<Gathered> {
        let (mut findings, mut balances) = (Sorter::new(usize::MAX, scratch), Sorter::new(usize::MAX, scratch));
        let (mut sums, mut fates, mut links) = (Sums::default(), vec![[0; 3]; files], Vec::new());
        let (mut made, mut resolved_events, mut met) = (0, 0, Vec::new());
        for mut shard in shards {
            sums.merge(&shard.sums);
            for (sum, part) in fates.iter_mut().zip(&shard.fates) {
                sum.iter_mut().zip(part).for_each(|(a, b)| *a += b);
            }
            resolved_events += shard.events;
            made += shard.findings.len() as u64;
            findings.add(sort(shard.findings.take()))?;
            balances.add(sort(shard.balances))?;
            met.extend(shard.met);
        }
        for mut part in joined {
            made += part.findings.len() as u64;
            findings.add(sort(part.findings.take()))?;
            met.extend(part.met);
            links.extend(part.links.unwrap_or_default());
        }
        links.sort_unstable();
        links.dedup();
        let (findings, balances) = (findings.finish(), balances.finish());
        Ok(Gathered { sums, fates, findings, made, balances, links, resolved_events, met })
    }
}

/// The totals of the currencies that have a ledger.
fn with_ledgers(sums: &BTreeMap<String, CurrencySums>, pick: fn(&CurrencySums) -> &Totals) -> BTreeMap<String, Totals> {
    let some = sums.iter().filter(|(_, of)| pick(of).ledgers > 0);
    some.map(|(currency, of)| (currency.clone(), *pick(of))).collect()
}

/// What moved, by currency and day.
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
