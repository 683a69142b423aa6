//! The payouts of a run: their accounts, which are held in memory, and the rows that they were made of.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use avstem_core::bank::BankInput;
use avstem_core::findings::Found;
use avstem_core::judge::{
    Accounts, NO_CURRENCY, PayoutPlan, PayoutResult, RemittedAccounts, Sums, judge_payouts, write_payout,
};
use avstem_core::ledger::PayoutParts;
use avstem_core::model::card::{Kind, Severity};
use avstem_core::model::finding::Finding;
use avstem_core::model::money::Sum;
use avstem_core::payout::evidence::PayoutDocuments;
use avstem_core::payout::receipt::{CreditTotals, Matches};
use avstem_core::payout::{LineJoins, Origins, Payout, PayoutKey, PayoutRow, SealedPayoutRow, write};
use avstem_core::rows::pieces;

use super::budget::Budget;
use super::interrupted::Interrupted;
use super::sorted::{Sorted, Sorter};
use crate::io::spill::Scratch;

#[derive(Default)]
pub struct Payouts {
    /// By namespace, settlement id and currency.
    pub all: Vec<(PayoutKey, Payout)>,
    rows: Sorted,
    /// Credits of bank accounts by currency.
    pub credits: BTreeMap<String, CreditTotals>,
    /// Entries that are not booked yet, by currency.
    pending: BTreeMap<String, u64>,
    /// Entries of notifications that no entry of a statement matches, by currency.
    details_unused: BTreeMap<String, u64>,
    /// The lines of providers that pay out themselves.
    lines: Sorted,
    /// How payouts and credits were matched, where it is kept.
    pub(super) matches: Option<Matches>,
}

/// Sums of the payouts of one currency.
#[derive(Clone, Debug, Default)]
pub struct PayoutSums {
    pub payouts: u64,
    pub by_state: BTreeMap<&'static str, u64>,
    pub parts: PayoutParts,
    pub other: Sum,
    pub carried_in: Sum,
    pub carried_out: Sum,
    pub unexplained: Sum,
    pub amount: Sum,
    /// What bank accounts received.
    pub received: Sum,
    /// Credits that no payout explains.
    pub credits_unmatched: Sum,
    /// How often the payouts in reach of a credit were too many to search for a sum.
    pub sum_skipped: u64,
    pub pending: u64,
    pub details_unused: u64,
}

impl PayoutSums {
    fn add(&mut self, payout: &Payout) {
        self.merge(&PayoutSums {
            payouts: 1,
            by_state: BTreeMap::from([(payout.state().word(), 1)]),
            parts: payout.parts,
            other: payout.other,
            carried_in: payout.carried_in,
            carried_out: payout.carried_out,
            unexplained: payout.unexplained,
            amount: payout.amount,
            received: payout.bank.received.unwrap_or(0),
            ..PayoutSums::default()
        });
    }

    pub fn merge(&mut self, other: &PayoutSums) {
        self.payouts += other.payouts;
        for (state, count) in &other.by_state {
            *self.by_state.entry(state).or_default() += count;
        }
        self.parts.add(&other.parts);
        self.other += other.other;
        self.carried_in += other.carried_in;
        self.carried_out += other.carried_out;
        self.unexplained += other.unexplained;
        self.amount += other.amount;
        self.received += other.received;
        self.credits_unmatched += other.credits_unmatched;
        self.sum_skipped += other.sum_skipped;
        self.pending += other.pending;
        self.details_unused += other.details_unused;
    }

    /// What the parts add up to.
    pub fn explained(&self) -> Sum {
        self.parts.sum() + self.other + self.carried_in + self.carried_out + self.unexplained
    }

    /// The sums and their names.
    pub fn named(&self) -> [(&'static str, Sum); 9] {
        [
            ("payout_captures", self.parts.captures),
            ("payout_refunds", self.parts.refunds),
            ("payout_fees", self.parts.fees),
            ("payout_other", self.other),
            ("payout_carried_in", self.carried_in),
            ("payout_carried_out", self.carried_out),
            ("payout_unexplained", self.unexplained),
            ("payout_amount", self.amount),
            ("payout_received", self.received),
        ]
    }
}

/// Number of findings on each payout, and their worst severity.
#[derive(Default)]
pub struct PayoutFindings(BTreeMap<PayoutKey, (u64, Severity)>);

impl PayoutFindings {
    pub fn add(&mut self, finding: &Finding) {
        if finding.kind != Kind::Payout {
            return;
        }
        // The detail begins with the namespace.
        let namespace = finding.detail.split(' ').next().unwrap_or_default().to_owned();
        let currency = finding.subject.currency.clone().unwrap_or_default();
        let key = PayoutKey { namespace, id: finding.id.clone(), currency };
        let (count, worst) = self.0.entry(key).or_insert((0, finding.severity));
        *count += 1;
        *worst = finding.severity.min(*worst);
    }
}

/// The rows that accounts are made of.
pub struct AccountRows {
    /// Of settlements, and of payments that name them.
    pub payouts: Sorted,
    /// Of providers that pay out themselves.
    pub remittances: Sorted,
}

/// Puts the accounts of payouts together, matches them with bank statements and judges both. Also
/// returns the numbers of the watched evidence parts that were met.
pub fn accounts(
    AccountRows { payouts: rows, remittances }: AccountRows,
    bank: &BankInput,
    plan: &PayoutPlan<'_>,
    (budget, scratch): (Budget, &Arc<Scratch>),
    keeps: bool,
) -> Result<(Payouts, [Found; 2], Vec<u64>), Interrupted> {
    let mut accounts = Accounts::new(plan.checks, plan.settings, plan.facts);
    let mut merge = rows.merge()?;
    while let Some(row) = merge.next()? {
        accounts.add(row);
        if accounts.held > budget.group() {
            return Err(Interrupted::Payouts { budget: budget.bytes() });
        }
    }
    drop(merge);
    let settlements = accounts.documents;
    let (mut all, found) = accounts.finish();
    let mut remitted = remitted(&remittances, budget)?;
    let mut met = Vec::new();
    remitted.finish(settlements, plan.watch, &mut met);
    remitted.deliver(&mut all);
    let lines = lines_of(&remittances, &mut remitted, Sorter::new(budget.sorted(), scratch))?;
    let statements = bank.statements.len() + bank.notifications;
    let documents = PayoutDocuments { settlements, remittances: remitted.documents, statements };
    let PayoutResult { findings, mut matches, met: also } = judge_payouts(&mut all, &bank.statements, documents, plan);
    met.extend(also);
    let mut pending: BTreeMap<String, u64> = BTreeMap::new();
    for statement in bank.statements.iter().filter(|statement| statement.pending > 0) {
        let currency = statement.currency.as_deref().unwrap_or(NO_CURRENCY);
        *pending.entry(currency.to_owned()).or_default() += statement.pending;
    }
    let payouts = Payouts {
        all,
        rows,
        lines,
        credits: std::mem::take(&mut matches.totals),
        pending,
        details_unused: bank.details_unused.clone(),
        matches: keeps.then_some(matches),
    };
    Ok((payouts, [found, findings], met))
}

/// Puts the payouts of providers that pay out themselves together.
fn remitted(rows: &Sorted, budget: Budget) -> Result<RemittedAccounts, Interrupted> {
    let mut remitted = RemittedAccounts::default();
    let mut joins = LineJoins::default();
    let mut merge = rows.merge()?;
    while let Some(row) = merge.next()? {
        joins.add(row, |remittance, documents, joined| remitted.add(remittance, documents, joined.is_some()));
        if remitted.held > budget.group() {
            return Err(Interrupted::Payouts { budget: budget.bytes() });
        }
    }
    joins.finish(|remittance, documents, joined| remitted.add(remittance, documents, joined.is_some()));
    Ok(remitted)
}

/// The lines of providers that pay out themselves, sorted by the payouts that they are listed with.
fn lines_of(remittances: &Sorted, remitted: &mut RemittedAccounts, mut sorter: Sorter) -> io::Result<Sorted> {
    let mut joins = LineJoins::default();
    let mut merge = remittances.merge()?;
    loop {
        let mut line = None;
        let row = merge.next()?;
        let is_last = row.is_none();
        match row {
            Some(row) => joins.add(row, |remittance, _, joined| line = remitted.line(remittance, joined)),
            None => joins.finish(|remittance, _, joined| line = remitted.line(remittance, joined)),
        }
        if let Some((key, line)) = line {
            let mut packed = Vec::new();
            write(&mut packed, (&key.namespace, &key.id, &key.currency), &PayoutRow::Line(line));
            sorter.push(|out| pieces(&packed).for_each(|row| out.extend_from_slice(row)))?;
        }
        if is_last {
            return Ok(sorter.finish());
        }
    }
}

impl Payouts {
    /// The packed balances.
    pub fn balances(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for (place, (key, payout)) in (0..).zip(&self.all) {
            write_payout(&mut out, key, payout, place);
        }
        out
    }

    /// Counts payouts, statements and entries among the subjects of rules.
    pub fn count_subjects(&self, bank: &BankInput, sums: &mut Sums) {
        for statement in &bank.statements {
            sums.of(statement.currency.as_deref()).subjects[Kind::Bank as usize] += 1 + statement.entries.len() as u64;
        }
        for (key, _) in &self.all {
            let currency = Some(key.currency.as_str()).filter(|currency| !currency.is_empty());
            sums.of(currency).subjects[Kind::Payout as usize] += 1;
        }
    }

    /// Sums by currency as written; `XXX` without.
    pub fn sums(&self) -> BTreeMap<String, PayoutSums> {
        let mut sums: BTreeMap<String, PayoutSums> = BTreeMap::new();
        for (currency, totals) in &self.credits {
            let of = sums.entry(currency.clone()).or_default();
            (of.credits_unmatched, of.sum_skipped) = (totals.unmatched, totals.sum_skipped);
        }
        for (currency, count) in &self.pending {
            sums.entry(currency.clone()).or_default().pending = *count;
        }
        for (currency, count) in &self.details_unused {
            sums.entry(currency.clone()).or_default().details_unused = *count;
        }
        for (key, payout) in &self.all {
            let currency = if key.currency.is_empty() { NO_CURRENCY } else { &key.currency };
            match sums.get_mut(currency) {
                Some(of_currency) => of_currency.add(payout),
                None => sums.entry(currency.to_owned()).or_default().add(payout),
            }
        }
        sums
    }

    /// What was received of the payouts of a currency.
    pub fn received(&self, currency: Option<&str>) -> Sum {
        let of = self.all.iter().filter(|(key, _)| Some(key.currency.as_str()) == currency);
        of.filter_map(|(_, payout)| payout.bank.received).sum()
    }

    pub fn set_findings(&mut self, findings: &PayoutFindings) {
        for (key, payout) in &mut self.all {
            if let Some((count, worst)) = findings.0.get(key) {
                (payout.findings, payout.worst) = (*count, Some(*worst));
            }
        }
    }

    /// Calls `take` with the lines of all payouts in order, and with the entries of those that only
    /// payments name; `all` asks for the other entries, too.
    pub fn lines<'p>(
        &'p self,
        all: bool,
        take: &mut dyn FnMut(&'p PayoutKey, &'p Payout, PayoutRow) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut rows = self.rows.merge_with(&self.lines)?;
        let (mut packed_key, mut found) = (Vec::new(), None);
        while let Some(row) = rows.next()? {
            let row = SealedPayoutRow::new(row);
            if row.packed_key != packed_key {
                packed_key.clear();
                packed_key.extend_from_slice(row.packed_key);
                found = self.of(&row.key());
            }
            let Some((key, payout)) = found else { continue };
            let row = row.open();
            let is_shown = match row {
                PayoutRow::Line(_) => true,
                PayoutRow::Entry(_) => all || payout.origin == Origins::Events,
                PayoutRow::Document(_) | PayoutRow::Named(_) => false,
            };
            if is_shown {
                take(key, payout, row)?;
            }
        }
        Ok(())
    }

    fn of(&self, key: &PayoutKey) -> Option<&(PayoutKey, Payout)> {
        let place = self.all.binary_search_by(|(other, _)| other.cmp(key)).ok()?;
        Some(&self.all[place])
    }
}
