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
    ALL, CopyState, MOST_DOCUMENTS, TOO_MUCH, Watch, counted_part, days_part, document_part, documents_part, join,
    read_counted_part,
};

/// The part for a payout.
pub fn payout_part(claim: &Claim<'_>) -> String {
    document_part(Kind::Payout, &payout_name(claim), &CopyState::default())
}

fn payout_name(claim: &Claim<'_>) -> String {
    format!("{} {} {}", claim.namespace, claim.currency, claim.id)
}

/// How many documents about payouts the whole input has, without repeats, but with the copies that another supersedes.
/// Which entry pays which payout depends on all of them: where one is gone, an entry or a payout may have become free,
/// and an older copy may state another amount or reference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PayoutDocuments {
    pub settlements: usize,
    /// Of providers that pay out themselves.
    pub remittances: usize,
    /// Bank statements, and notifications, whose texts entries take.
    pub statements: usize,
}

impl PayoutDocuments {
    fn counts(&self) -> [(Kind, usize); 3] {
        let PayoutDocuments { settlements, remittances, statements } = *self;
        [(Kind::Settlement, settlements), (Kind::Payout, remittances), (Kind::Bank, statements)]
    }

    /// The parts for as many documents as there are.
    fn parts(&self) -> String {
        let parts = self.counts().map(|(kind, count)| documents_part(kind, count));
        join(parts.iter().map(String::as_str))
    }
}

/// What the findings on payouts and bank accounts rest on together.
#[derive(Clone, Debug, Default)]
pub struct MatchedInput {
    documents: PayoutDocuments,
    /// Statements by name: a bank may give one id to several.
    names: BTreeMap<String, usize>,
}

impl MatchedInput {
    pub fn of<'s>(statements: impl Iterator<Item = &'s Statement>, documents: PayoutDocuments) -> Self {
        let mut input = MatchedInput { documents, names: BTreeMap::new() };
        for statement in statements {
            *input.names.entry(statements::name(statement)).or_default() += 1;
        }
        input
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
    let mut parts = vec![payout_part(received.claim), input.documents.parts()];
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
    let mut parts = vec![entry_part(&credited.credit), input.documents.parts()];
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
        move |part: &str| read_counted_part(part).is_some_and(|(days, count)| days.is_none() && known >= count)
    };
    for (kind, known) in input.documents.counts().into_iter().filter(|(_, known)| *known > 0) {
        watch.note(kind, ALL, is_counted(known), met);
    }
    for (name, known) in &input.names {
        watch.note(Kind::Bank, name, is_counted(*known), met);
    }
    for (masked, currency) in days.accounts() {
        let covers = |part: &str| match read_counted_part(part) {
            Some((Some((first, last)), _)) => days.covers(masked, currency, first, last),
            _ => false,
        };
        watch.note(Kind::Bank, &account_name(masked, currency), covers, met);
    }
}
