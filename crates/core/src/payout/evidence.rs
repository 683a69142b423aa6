//! What findings on payouts and bank entries rest on: the payout, and statements over the days that
//! the finding speaks of. Without them a later silence proves nothing.
//!
//! Accounts are named as outputs show them: the hash of a whole account number could be undone by
//! trying all numbers.

use super::claim::{Claim, Credit};
use super::coverage::CoveredDays;
use super::facts::{Credited, Received};
use super::receipt::Receipt;
use super::statements::{self, Neighbours};
use crate::bank::Statement;
use crate::model::card::Kind;
use crate::model::evidence::{
    CopyState, MOST_DOCUMENTS, TOO_MUCH, Watch, days_of_part, days_part, document_part, join,
};

/// The part for a payout.
pub fn payout_part(claim: &Claim<'_>) -> String {
    document_part(Kind::Payout, &payout_name(claim), &CopyState::default())
}

fn payout_name(claim: &Claim<'_>) -> String {
    format!("{} {} {}", claim.namespace, claim.currency, claim.id)
}

/// The part for a statement.
pub fn statement_part(statement: &Statement) -> String {
    document_part(Kind::Bank, &statements::name(statement), &CopyState::default())
}

/// What a finding on two statements that follow each other rests on.
pub fn of_neighbours(pair: &Neighbours<'_>) -> String {
    join([statement_part(pair.earlier).as_str(), &statement_part(pair.later)])
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
pub fn of_received(received: &Received<'_>) -> String {
    let mut parts = vec![payout_part(received.claim)];
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
pub fn of_credited(credited: &Credited<'_>) -> String {
    let mut parts = vec![entry_part(&credited.credit)];
    if let Some(candidates) = credited.candidates {
        parts.extend(candidates.first.iter().map(|claim| payout_part(&credited.claims[*claim])));
        if candidates.count > candidates.first.len() {
            return TOO_MUCH.to_owned();
        }
    }
    bounded(&parts)
}

fn bounded(parts: &[String]) -> String {
    if parts.len() > MOST_DOCUMENTS + 1 { TOO_MUCH.to_owned() } else { join(parts.iter().map(String::as_str)) }
}

/// Adds the numbers of the met parts about payouts and bank statements to `met`.
pub fn note<'s>(
    claims: impl Iterator<Item = &'s Claim<'s>>,
    statements: impl Iterator<Item = &'s Statement>,
    days: &CoveredDays<'_>,
    watch: Watch<'_>,
    met: &mut Vec<u64>,
) {
    for claim in claims {
        // A part with lines is of those who pay out themselves.
        watch.note(Kind::Payout, &payout_name(claim), |part| !part.contains('/'), met);
    }
    for statement in statements {
        watch.note(Kind::Bank, &statements::name(statement), |_| true, met);
    }
    for (masked, currency) in days.accounts() {
        let covers =
            |part: &str| days_of_part(part).is_some_and(|(first, last)| days.covers(masked, currency, first, last));
        watch.note(Kind::Bank, &account_name(masked, currency), covers, met);
    }
}
