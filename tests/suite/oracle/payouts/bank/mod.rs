//! What the bank says: its statements, and the entries that count.

mod camt;
mod csv;
mod sha256;
mod statement;
mod xml;

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::oracle::reading::Place;
use crate::oracle::{BankCsv, Source};
use camt::Notification;
use statement::StatedEntry;
pub use statement::Statement;

/// An entry of an account that counts once, or a part of one.
#[derive(Clone, Debug)]
pub struct BankEntry {
    /// `<account>/<entry id>`.
    pub name: String,
    pub account: String,
    pub id: String,
    pub date: NaiveDate,
    pub currency: String,
    pub amount: i128,
    pub is_reversal: bool,
    pub texts: Vec<String>,
    pub debtors: Vec<String>,
    pub place: Place,
}

impl BankEntry {
    /// "Booked credits (> 0, `RvslInd` absent, `false` or `0`)."
    pub fn is_credit(&self) -> bool {
        self.amount > 0 && !self.is_reversal
    }

    /// "Date, account, id", then their place.
    pub fn order(&self) -> (NaiveDate, &str, &str, Place) {
        (self.date, &self.account, &self.id, self.place)
    }
}

/// Statements that count, and the entries that do.
#[derive(Default)]
pub struct Bank {
    pub statements: Vec<Statement>,
    pub entries: Vec<BankEntry>,
}

/// "`*`, its last four letters or digits, `~`, four hex digits of the SHA-256 of its letters and
/// digits in capitals."
pub fn masked(account: &str) -> String {
    let hash = sha256::sha256(account.as_bytes());
    format!("*{}~{:02x}{:02x}", &account[account.len().saturating_sub(4)..], hash[0], hash[1])
}

/// Whether a CSV file, or XML.
fn is_xml(bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    text.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'<')
}

pub fn read(sources: &[&Source], told: &BankCsv) -> Bank {
    let mut statements: Vec<(Statement, bool)> = Vec::new();
    let mut notifications = Vec::new();
    for (number, source) in sources.iter().enumerate() {
        let Some(bytes) = &source.bank else {
            continue;
        };
        if is_xml(bytes) {
            let file = camt::read(bytes, number).unwrap_or_default();
            statements.extend(file.statements.into_iter().map(|statement| (statement, true)));
            notifications.extend(file.notifications);
        } else {
            statements.extend(csv::read(bytes, told, number).map(|statement| (statement, false)));
        }
    }
    let mut once: Vec<(Statement, bool)> = Vec::new();
    for (statement, takes_texts) in statements {
        if !once.iter().any(|(known, _)| known.is_equal(&statement)) {
            once.push((statement, takes_texts));
        }
    }
    let entries = counted(&once, &notifications);
    Bank { statements: once.into_iter().map(|(statement, _)| statement).collect(), entries }
}

/// An entry with the place of its statement in the list of statements.
struct Placed<'s> {
    statement: usize,
    account: &'s str,
    place: Place,
    entry: &'s StatedEntry,
    takes_texts: bool,
}

/// "Entries of different statements with equal account, currency, date, amount and `AcctSvcrRef`
/// count once, the first in input order." The parts of a batch are entries of their own.
fn is_again(earlier: &(&Placed, BankEntry), later: &(&Placed, BankEntry)) -> bool {
    let ((one, first), (other, second)) = (earlier, later);
    one.statement != other.statement
        && one.account == other.account
        && first.currency == second.currency
        && first.date == second.date
        && first.amount == second.amount
        && one.entry.reference.is_some()
        && one.entry.reference == other.entry.reference
}

fn counted(statements: &[(Statement, bool)], notifications: &[Notification]) -> Vec<BankEntry> {
    let mut all: Vec<Placed> = Vec::new();
    for (number, (statement, takes_texts)) in statements.iter().enumerate() {
        all.extend(statement.entries.iter().map(|entry| Placed {
            statement: number,
            account: &statement.account,
            place: statement.place,
            entry,
            takes_texts: *takes_texts,
        }));
    }
    let mut once: Vec<(&Placed, BankEntry)> = Vec::new();
    for (placed, id) in all.iter().zip(ids(&all)) {
        for entry in bank_entries(placed, &id, notifications) {
            let found = (placed, entry);
            if !once.iter().any(|earlier| is_again(earlier, &found)) {
                once.push(found);
            }
        }
    }
    once.into_iter().map(|(_, entry)| entry).collect()
}

/// "`AcctSvcrRef`, `NtryRef`, else `<date>#<n>`, n among the account's entries of that day
/// without, by currency, amount, texts."
fn ids(all: &[Placed]) -> Vec<String> {
    let stated = |placed: &Placed| placed.entry.reference.clone().or(placed.entry.own_reference.clone());
    let mut without: BTreeMap<(&str, NaiveDate), Vec<usize>> = BTreeMap::new();
    for (at, placed) in all.iter().enumerate().filter(|(_, placed)| stated(placed).is_none()) {
        without.entry((placed.account, placed.entry.date)).or_default().push(at);
    }
    let mut ids: Vec<String> = all.iter().map(|placed| stated(placed).unwrap_or_default()).collect();
    for ((_, date), mut places) in without {
        let key = |at: &usize| {
            let entry = all[*at].entry;
            (entry.currency.clone(), entry.amount, entry.texts.clone())
        };
        places.sort_by_key(key);
        for (n, at) in places.into_iter().enumerate() {
            ids[at] = format!("{date}#{}", n + 1);
        }
    }
    ids
}

fn bank_entries(placed: &Placed, id: &str, notifications: &[Notification]) -> Vec<BankEntry> {
    let entry = placed.entry;
    let account = masked(placed.account);
    let made = |id: String, amount: i128, texts: &[String], debtors: &[String]| {
        let mut texts = texts.to_vec();
        if placed.takes_texts {
            texts.extend(notified(placed, amount, notifications));
        }
        BankEntry {
            name: format!("{account}/{id}"),
            account: account.clone(),
            id,
            date: entry.date,
            currency: entry.currency.clone(),
            amount,
            is_reversal: entry.is_reversal,
            texts,
            debtors: debtors.to_vec(),
            place: placed.place,
        }
    };
    if entry.parts.is_empty() {
        return vec![made(id.to_owned(), entry.amount, &entry.texts, &entry.debtors)];
    }
    let parts = entry.parts.iter().enumerate();
    parts.map(|(n, part)| made(format!("{id}/{}", n + 1), part.amount, &part.texts, &part.debtors)).collect()
}

/// "Its texts (no names) go to camt.053 entries of equal account, currency, amount (of a batch its
/// parts') and `AcctSvcrRef`."
fn notified(placed: &Placed, amount: i128, notifications: &[Notification]) -> Vec<String> {
    let mut texts = Vec::new();
    for notification in notifications.iter().filter(|found| found.account == placed.account) {
        for other in &notification.entries {
            if other.currency != placed.entry.currency
                || other.reference.is_none()
                || other.reference != placed.entry.reference
            {
                continue;
            }
            if other.parts.is_empty() && other.amount == amount {
                texts.extend(other.texts.iter().cloned());
            }
            for part in other.parts.iter().filter(|part| part.amount == amount) {
                texts.extend(part.texts.iter().cloned());
            }
        }
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_masked_by_a_known_hash() {
        let hex = |bytes: [u8; 32]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        assert_eq!(hex(sha256::sha256(b"abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(masked("ABC"), "*ABC~b5d4");
    }
}
