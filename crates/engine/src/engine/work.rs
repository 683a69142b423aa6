//! The steps of a run after reading, partition by partition: embedded sessions, global facts,
//! judging, linking.

use std::sync::{Arc, Mutex};

use avstem_core::bank::BankInput;
use avstem_core::judge::{
    EmbeddedPlan, EmbeddedResult, PartitionResult, PayoutPlan, Plan, Sums, embedded_sessions, judge, session_documents,
    take_copied, take_copied_or_stale,
};
use avstem_core::link::{Linked, join_keys, join_orders, join_transactions, key_of};
use avstem_core::model::card::Kind;
use avstem_core::model::evidence::Watch;
use avstem_core::model::instant::Instant;
use avstem_core::model::settings::Facts;
use avstem_core::payout::words::Payers;
use avstem_core::provider::Provider;
use avstem_core::provider::active::Active;
use avstem_core::resolve::SealedRows;
use avstem_core::rows::{KeyFilter, Partitions, Row, id_of};
use avstem_core::rules::Checks;

use super::again::Again;
use super::files::Files;
use super::frames::keep_groups;
use super::interrupted::Interrupted;
use super::links::keep_links;
use super::locks::{lock, unlocked};
use super::payouts::{AccountRows, Payouts, accounts};
use super::request::Request;
use super::sorted::{Sorted, Sorter, sort};
use super::store::Store;
use super::workers::{AfterRead, Workers};
use crate::config::BankConfig;
use crate::io::spill::Scratch;

/// Days from a payout to the bank, unless the configuration names others.
const WINDOW_DAYS: u64 = 7;

pub struct Work<'w> {
    pub request: &'w Request<'w>,
    pub workers: Workers<'w>,
    pub files: &'w Files<'w>,
    pub again: &'w Again<'w>,
    /// What bank statements hold.
    pub bank: BankInput,
    /// The rows as they were read, not yet resolved.
    pub rows: Store,
    /// The keys by which documents may be joined.
    pub keys: KeyFilter,
    /// The checks of the rules that are on.
    pub checks: Checks,
    /// Receives rows that exceed the memory budget.
    pub scratch: &'w Arc<Scratch>,
}

/// The sessions embedded in transactions.
pub struct Embedded {
    /// The rows of those that are judged on their own.
    rows: Store,
    /// The full rows of transactions whose copies differ; `None` if no session is embedded.
    copies: Option<Store>,
    /// The others, which were judged with their transactions.
    sums: Sums,
    facts: Facts,
}

pub struct JudgeOutput {
    pub judged: JudgedSums,
    pub findings: Sorted,
    pub balances: Sorted,
    /// The rows of each id; empty unless rows are kept.
    pub groups: Sorted,
    /// Empty unless rows are kept.
    pub links: Sorted,
    /// Findings that are not due yet.
    pub waiting: Sorted,
    /// The rows of payouts.
    pub payouts: Payouts,
}

/// Outputs shared by all workers.
pub struct Gathering {
    pub findings: Mutex<Sorter>,
    pub balances: Mutex<Sorter>,
    groups: Mutex<Sorter>,
    links: Mutex<Sorter>,
    pub waiting: Mutex<Sorter>,
    pub payouts: Mutex<Sorter>,
    pub remittances: Mutex<Sorter>,
}

impl Gathering {
    /// Sorters that each hold up to `limit` bytes in memory.
    pub fn new(limit: usize, scratch: &Arc<Scratch>) -> Gathering {
        let sorter = || Mutex::new(Sorter::new(limit, scratch));
        Gathering {
            findings: sorter(),
            balances: sorter(),
            groups: sorter(),
            links: sorter(),
            waiting: sorter(),
            payouts: sorter(),
            remittances: sorter(),
        }
    }
}

/// What judging comes to besides rows.
#[derive(Debug, Default)]
pub struct JudgedSums {
    pub sums: Sums,
    /// Numbers of accepted, duplicate and superseded records by the rank of their file.
    pub fates: Vec<[u64; 3]>,
    /// Number of events in those records.
    pub events: u64,
    /// Number of findings that partitions and joins report; must equal the findings written.
    pub made: u64,
    /// The evidence found, of that which the baseline asks for.
    pub met: Vec<u64>,
}

impl<'w> Work<'w> {
    fn watch(&self) -> Watch<'_> {
        self.request.baseline.as_ref().map_or_else(Watch::default, |baseline| Watch::new(baseline.wanted()))
    }

    fn store(&self) -> Store {
        Store::new(self.rows.count(), self.scratch)
    }

    /// Judges the sessions inside kept transactions; those that need it become rows, partitioned by
    /// their own ids.
    pub fn embedded(&mut self) -> Result<Embedded, Interrupted> {
        let count = self.rows.count();
        let mut embedded =
            Embedded { rows: self.store(), copies: None, sums: Sums::default(), facts: Facts::default() };
        if !self.files.used().any(|file| file.tally.has_embedded) {
            return Ok(embedded);
        }
        let plan = EmbeddedPlan {
            checks: &self.checks,
            settings: self.request.settings,
            keys: &self.keys,
            may_have_production: self.files.may_have_production(),
            watch: self.watch(),
            keeps_all: self.request.keep,
        };
        let copies = self.store();
        let step = |(out, full_rows): &mut (EmbeddedResult, Partitions), at: usize| {
            self.workers.read(&[&self.rows], at, id_of, AfterRead::Keep, |parts| {
                let mut rows = SealedRows::new(parts, self.files.order(), |kind| kind == Kind::Transaction);
                let mut records = self.again.compared_records();
                let short = take_copied(&mut rows, plan.keys, plan.watch, |rows| records.are_same(rows));
                records.finish()?;
                self.in_full(rows, short, |rows, full| {
                    embedded_sessions(rows, &plan, out);
                    full_rows.part_mut(at).extend_from_slice(full);
                    copies.spill_if_over(full_rows, self.workers.budget.links())?;
                    Ok(embedded.rows.spill_if_over(&mut out.rows, self.workers.budget.links())?)
                })
            })
        };
        let make = || (EmbeddedResult::new(count, self.keys.of_same_size()), Partitions::new(count));
        for (made, full_rows) in self.workers.each(count, make, step)? {
            self.keys.merge(made.keys);
            copies.keep(full_rows);
            embedded.rows.keep(made.rows);
            embedded.sums.merge(&made.sums);
            embedded.facts = embedded.facts.merge(made.facts);
        }
        embedded.copies = Some(copies);
        Ok(embedded)
    }

    /// Calls `each` with the rows of a partition, the short ones that were taken out replaced by full
    /// rows, and those full rows. Where the full rows may be too many for the memory, only some ids
    /// come at a time.
    fn in_full(
        &self,
        rows: SealedRows<'_>,
        short: Vec<Row<'_>>,
        mut each: impl FnMut(&mut SealedRows<'_>, &[u8]) -> Result<(), Interrupted>,
    ) -> Result<(), Interrupted> {
        let bytes: usize = short.iter().map(|row| row.origin.length as usize).sum();
        let count = bytes.div_ceil(self.workers.budget.partition().max(1)).max(1).next_power_of_two();
        for (mut rows, short) in rows.split(short, count) {
            let full = self.again.full(short)?;
            rows.add(&full, self.files.order());
            each(&mut rows, &full)?;
        }
        Ok(())
    }

    /// Facts of the whole input, and the latest time of any document. The as-of is the requested one, else that time.
    pub fn facts(&self, embedded: &Embedded) -> Result<(Facts, Option<Instant>), Interrupted> {
        let mut facts = embedded.facts.merge(self.files.facts(!self.bank.statements.is_empty()));
        if self.files.sessions_may_tell(&facts) {
            let step = |facts: &mut Facts, at: usize| {
                self.workers.read(&[&self.rows, &embedded.rows], at, id_of, AfterRead::Keep, |parts| {
                    let rows = SealedRows::new(parts, self.files.order(), |kind| kind == Kind::Session);
                    *facts = facts.merge(session_documents(&rows));
                    Ok(())
                })
            };
            let sessions = self.workers.each(self.rows.count(), Facts::default, step)?;
            facts = sessions.into_iter().fold(facts, Facts::merge);
        }
        let latest = facts.as_of;
        facts.as_of = self.request.as_of.or(latest);
        Ok((facts, latest))
    }

    /// Judges all partitions, then joins the link rows.
    pub fn judge(&self, facts: &Facts, mut embedded: Embedded) -> Result<JudgeOutput, Interrupted> {
        let gathering = Gathering::new(self.workers.budget.sorted(), self.scratch);
        let sums = std::mem::take(&mut embedded.sums);
        let mut judged = JudgedSums { sums, fates: vec![[0; 3]; self.files.all.len()], ..JudgedSums::default() };
        let links = self.judge_partitions(facts, &embedded, &gathering, &mut judged)?;
        drop(embedded);
        self.link(facts, &links, &gathering, &mut judged)?;
        self.brought_together(facts, gathering, judged)
    }

    /// Sorts what judging and joining left, and judges the payouts.
    pub fn brought_together(
        &self,
        facts: &Facts,
        gathering: Gathering,
        mut judged: JudgedSums,
    ) -> Result<JudgeOutput, Interrupted> {
        let Gathering { findings, balances, groups, links, waiting, payouts, remittances } = gathering;
        let (mut findings, mut balances) = (unlocked(findings), unlocked(balances));
        let rows = AccountRows { payouts: unlocked(payouts).finish(), remittances: unlocked(remittances).finish() };
        let payouts = self.payouts(facts, rows, &mut findings, &mut balances, &mut judged)?;
        Ok(JudgeOutput {
            judged,
            findings: findings.finish(),
            balances: balances.finish(),
            groups: unlocked(groups).finish(),
            links: unlocked(links).finish(),
            waiting: unlocked(waiting).finish(),
            payouts,
        })
    }

    /// Judges all partitions and drops their rows at once; returns the link rows.
    fn judge_partitions(
        &self,
        facts: &Facts,
        embedded: &Embedded,
        to: &Gathering,
        judged: &mut JudgedSums,
    ) -> Result<Store, Interrupted> {
        let (count, links) = (self.rows.count(), self.store());
        let plan = Plan {
            checks: &self.checks,
            settings: self.request.settings,
            facts,
            linking: self.files.linking(),
            keys: &self.keys,
            day_of: self.request.day_of,
            watch: self.watch(),
        };
        let stores: Vec<&Store> = [&self.rows, &embedded.rows].into_iter().chain(&embedded.copies).collect();
        let step = |result: &mut PartitionResult, at: usize| {
            self.workers.read(&stores, at, id_of, AfterRead::Drop, |parts| {
                let mut rows = SealedRows::new(parts, self.files.order(), |_| true);
                let mut records = self.again.compared_records();
                let short = take_copied_or_stale(&mut rows, &plan, |rows| records.are_same(rows));
                records.finish()?;
                let short = rows.without_full(short);
                self.in_full(rows, short, |rows, _| {
                    judge(rows, &plan, result);
                    match self.request.keep {
                        true => Ok(keep_groups(rows, &mut lock(&to.groups))?),
                        false => Ok(()),
                    }
                })?;
                let (findings, balances) = (sort(&mut result.findings.take()), sort(&mut result.balances));
                lock(&to.findings).add(findings)?;
                lock(&to.balances).add(balances)?;
                lock(&to.waiting).add(sort(&mut result.waiting))?;
                lock(&to.payouts).add(sort(&mut result.payouts))?;
                lock(&to.remittances).add(sort(&mut result.remittances))?;
                Ok(links.spill_if_over(&mut result.links, self.workers.budget.links())?)
            })?;
            self.request.progress.add_judged();
            Ok(())
        };
        for result in self.workers.each(count, || PartitionResult::new(self.files.all.len(), count), step)? {
            judged.sums.merge(&result.sums);
            for (sum, part) in judged.fates.iter_mut().zip(&result.fates) {
                sum.iter_mut().zip(part).for_each(|(a, b)| *a += b);
            }
            judged.events += result.events;
            judged.made += result.findings.len() as u64;
            judged.met.extend(result.met);
            links.keep(result.links);
        }
        Ok(links)
    }

    /// Puts the accounts of payouts together and judges them.
    fn payouts(
        &self,
        facts: &Facts,
        rows: AccountRows,
        findings: &mut Sorter,
        balances: &mut Sorter,
        judged: &mut JudgedSums,
    ) -> Result<Payouts, Interrupted> {
        let BankConfig { window_days, payers, .. } = self.request.bank;
        let payers = match payers {
            Some(payers) => Payers::new(payers.iter().map(String::as_str)),
            None => Payers::new(Active::PAYERS.iter().copied()),
        };
        let plan = PayoutPlan {
            checks: &self.checks,
            settings: self.request.settings,
            facts,
            watch: self.watch(),
            window: window_days.unwrap_or(WINDOW_DAYS),
            payers: &payers,
        };
        let room = (self.workers.budget, self.scratch);
        let (payouts, found, met) = accounts(rows, &self.bank, &plan, room, self.request.keep)?;
        judged.met.extend(met);
        for mut found in found {
            judged.made += found.len() as u64;
            findings.add(sort(&mut found.take()))?;
        }
        balances.add(sort(&mut payouts.balances()))?;
        payouts.count_subjects(&self.bank, &mut judged.sums);
        Ok(payouts)
    }

    /// Joins link rows by key, then the resulting pairs by transaction, then by order.
    fn link(&self, facts: &Facts, links: &Store, to: &Gathering, judged: &mut JudgedSums) -> Result<(), Interrupted> {
        let (count, checks, settings) = (links.count(), &self.checks, self.request.settings);
        let limit = self.workers.budget.links();
        let linked = || Linked::new(count, self.request.keep);
        let (pairs, by_order) = (self.store(), self.store());
        let by_key = |out: &mut Linked, at: usize| {
            self.workers.read(&[links], at, key_of, AfterRead::Drop, |parts| {
                join_keys(parts, checks, settings, facts, self.watch(), out);
                lock(&to.findings).add(sort(&mut out.findings.take()))?;
                lock(&to.waiting).add(sort(&mut out.waiting))?;
                lock(&to.payouts).add(sort(&mut out.payouts))?;
                lock(&to.remittances).add(sort(&mut out.remittances))?;
                keep_links(out.links.as_mut(), &mut lock(&to.links))?;
                Ok(pairs.spill_if_over(&mut out.pairs, limit)?)
            })
        };
        for made in self.workers.each(count, linked, by_key)? {
            judged.made += made.findings.len() as u64;
            judged.met.extend(made.met);
            pairs.keep(made.pairs);
        }
        let by_transaction = |out: &mut Partitions, at: usize| {
            self.workers.read(&[&pairs], at, key_of, AfterRead::Drop, |parts| {
                join_transactions(parts, out);
                Ok(by_order.spill_if_over(out, limit)?)
            })
        };
        for made in self.workers.each(count, || Partitions::new(count), by_transaction)? {
            by_order.keep(made);
        }
        let orders = |out: &mut Linked, at: usize| {
            self.workers.read(&[&by_order], at, key_of, AfterRead::Drop, |parts| {
                join_orders(parts, checks, settings, facts, self.watch(), out);
                Ok(lock(&to.findings).add(sort(&mut out.findings.take()))?)
            })
        };
        for made in self.workers.each(count, linked, orders)? {
            judged.made += made.findings.len() as u64;
            judged.met.extend(made.met);
        }
        Ok(())
    }
}
