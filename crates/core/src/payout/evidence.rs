//! What findings on payouts and bank entries rest on: the payout, and statements over the days that
//! the finding speaks of. Without them a later silence proves nothing.
//!
//! Accounts are named as outputs show them: the hash of a whole account number could be undone by
//! trying all numbers.

use std::collections::BTreeMap;

use super::claim::{Claim, Credit};
use super::coverage::CoveredDays;
use super::facts::{Credited, Received};
use super::receipt::Receipt;
use super::statements::{self, Neighbours};
use crate::bank::Statement;
use crate::model::card::Kind;
use crate::model::evidence::{
    CopyState, MOST_DOCUMENTS, TOO_MUCH, Watch, counted_part, days_part, document_part, join, read_bank_part,
};

/// The part for a payout.
pub fn payout_part(claim: &Claim<'_>) -> String {
    document_part(Kind::Payout, &payout_name(claim), &CopyState::default())
}

fn payout_name(claim: &Claim<'_>) -> String {
    format!("{} {} {}", claim.namespace, claim.currency, claim.id)
}

/// How many statements and payouts the input has. Which entry pays which payout depends on all of them: where one is
/// gone, another may have become free.
#[derive(Clone, Debug, Default)]
pub struct MatchedInput {
    /// By name: a bank may give one id to several.
    names: BTreeMap<String, usize>,
    /// Statements and payouts by currency.
    currencies: BTreeMap<String, [usize; 2]>,
}

impl MatchedInput {
    pub fn of<'s>(statements: impl Iterator<Item = &'s Statement>, claims: &[Claim<'_>]) -> Self {
        let mut input = MatchedInput::default();
        for statement in statements {
            *input.names.entry(statements::name(statement)).or_default() += 1;
            input.currencies.entry(statement.currency.clone().unwrap_or_default()).or_default()[0] += 1;
        }
        for claim in claims {
            input.currencies.entry(claim.currency.to_owned()).or_default()[1] += 1;
        }
        input
    }

    /// The parts for as many statements and payouts of a currency as there are.
    fn parts_of(&self, currency: &str) -> String {
        let counts = self.currencies.get(currency).copied().unwrap_or_default();
        let parts = [Kind::Bank, Kind::Payout].into_iter().zip(counts).filter(|(_, count)| *count > 0);
        let parts: Vec<String> = parts
            .map(|(kind, count)| counted_part(document_part(kind, currency, &CopyState::default()), count))
            .collect();
        parts.join(" ")
    }

    /// The part for a statement, and all others of its name.
    pub fn part(&self, statement: &Statement) -> String {
        let name = statements::name(statement);
        let count = self.names.get(&name).copied().unwrap_or(1);
        counted_part(document_part(Kind::Bank, &name, &CopyState::default()), count)
    }

    /// What a finding on two statements that follow each other rests on.
    pub fn of_neighbours(&self, pair: &Neighbours<'_>) -> String {
        join([self.part(pair.earlier).as_str(), &self.part(pair.later)])
    }
}

/// The name of an account in evidence.
fn account_name(masked: &str, currency: &str) -> String {
    format!("{masked} {currency}")
}

fn entry_part(credit: &Credit<'_>) -> String {
    let name = account_name(&credit.account.masked, &credit.entry.currency);
    days_part(&name, credit.entry.day, credit.entry.day)
}

/// What a finding on a payout rests on: it and the days of the credits that it speaks of; where
/// there are none, all days on which they should have come.
pub fn of_received(received: &Received<'_>, input: &MatchedInput) -> String {
    let mut parts = vec![payout_part(received.claim), input.parts_of(received.claim.currency)];
    parts.extend(received.other_currency().map(|currency| input.parts_of(currency)));
    let credits: Vec<usize> = match received.receipt {
        Receipt::Matched { credits, repeats, .. } => credits.iter().chain(repeats).copied().collect(),
        Receipt::OtherCurrency(first) => vec![*first],
        Receipt::Nothing | Receipt::Ambiguous { .. } => Vec::new(),
    };
    parts.extend(credits.iter().take(MOST_DOCUMENTS + 1).map(|credit| entry_part(&received.credits[*credit])));
    if let (true, Some(day), Some((last, account))) = (credits.is_empty(), received.claim.day, received.covered) {
        parts.push(days_part(&account_name(account, received.claim.currency), day, last));
    }
    bounded(&parts)
}

/// What a finding on a credit rests on: its day, and the payouts that it may pay.
pub fn of_credited(credited: &Credited<'_>, input: &MatchedInput) -> String {
    let mut parts = vec![entry_part(&credited.credit), input.parts_of(&credited.credit.entry.currency)];
    if let Some(candidates) = credited.candidates {
        parts.extend(candidates.first.iter().map(|claim| payout_part(&credited.claims[*claim])));
        if candidates.count > candidates.first.len() {
            return TOO_MUCH.to_owned();
        }
    }
    bounded(&parts)
}

fn bounded(parts: &[String]) -> String {
    if parts.len() > MOST_DOCUMENTS + 3 { TOO_MUCH.to_owned() } else { join(parts.iter().map(String::as_str)) }
}

/// Adds the numbers of the met parts about payouts and bank statements to `met`.
pub fn note<'s>(
    claims: impl Iterator<Item = &'s Claim<'s>>,
    input: &MatchedInput,
    days: &CoveredDays<'_>,
    watch: Watch<'_>,
    met: &mut Vec<u64>,
) {
    for claim in claims {
        // A part with lines is of those who pay out themselves.
        watch.note(Kind::Payout, &payout_name(claim), |part| !part.contains('/'), met);
    }
    let is_counted = |known: usize| {
        move |part: &str| read_bank_part(part).is_some_and(|(days, count)| days.is_none() && known >= count)
    };
    for (name, known) in &input.names {
        watch.note(Kind::Bank, name, is_counted(*known), met);
    }
    for (currency, [statements, payouts]) in &input.currencies {
        watch.note(Kind::Bank, currency, is_counted(*statements), met);
        watch.note(Kind::Payout, currency, is_counted(*payouts), met);
    }
    for (masked, currency) in days.accounts() {
        let covers = |part: &str| match read_bank_part(part) {
            Some((Some((first, last)), _)) => days.covers(masked, currency, first, last),
            _ => false,
        };
        watch.note(Kind::Bank, &account_name(masked, currency), covers, met);
    }
}
