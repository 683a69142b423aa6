//! All statements of a run: what stands twice counts once, entries get their ids, and texts of
//! notifications go to the entries that they are about.

use std::collections::{BTreeMap, BTreeSet};

use super::raw::{BankFile, BookedEntry, EntryDetail, Notification, ReadStatement, StatementForm};
use super::room::{Full, Room, bytes_of};
use super::{BankEntry, Statement};
use crate::model::instant::format_day;
use crate::model::money::{Minor, Sum};

/// The bank side of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BankInput {
    /// In input order, each once.
    pub statements: Vec<Statement>,
    /// The files of statements that equal an earlier one, one number for each.
    pub repeated_statements: Vec<u32>,
    /// Entries that an earlier statement has, too.
    pub repeated_entries: u64,
    /// How many notifications there are.
    pub notifications: usize,
    /// Entries of notifications that no entry of a statement matches, by currency.
    pub details_unused: BTreeMap<String, u64>,
}

/// Gathers the files of a run, in input order, each with its number.
///
/// # Errors
///
/// If there is no room for what notifications add.
pub fn gather(files: impl IntoIterator<Item = (u32, BankFile)>, room: &dyn Room) -> Result<BankInput, Full> {
    let mut input = BankInput::default();
    let (mut read, mut notifications) = (Vec::new(), Vec::new());
    for (number, file) in files {
        read.extend(file.statements.into_iter().map(|statement| (number, statement)));
        notifications.extend(file.notifications);
    }
    input.notifications = notifications.len();
    let are_first = are_first(&read);
    let mut kept = Vec::new();
    for ((file, statement), is_first) in read.into_iter().zip(are_first) {
        if is_first {
            kept.push((file, statement));
        } else {
            input.repeated_statements.push(file);
        }
    }
    let ids = ids(&kept);
    let forms: Vec<StatementForm> = kept.iter().map(|(_, statement)| statement.form).collect();
    input.statements = kept.into_iter().zip(ids).map(|((file, statement), ids)| whole(file, statement, ids)).collect();
    input.repeated_entries = drop_repeated(&mut input.statements);
    input.details_unused = merge(&mut input.statements, &forms, notifications, room)?;
    Ok(input)
}

/// Whether each statement differs from all before it.
fn are_first(read: &[(u32, ReadStatement)]) -> Vec<bool> {
    let mut known = BTreeSet::new();
    read.iter().map(|(_, statement)| known.insert(content(statement))).collect()
}

/// All that is read of a statement, without its place and form.
fn content(of: &ReadStatement) -> impl Ord + '_ {
    let ReadStatement { form: _, id, account, currency, days, opening, closing, entries, pending, offset: _ } = of;
    (id, account, currency, days, opening, closing, entries, pending)
}

/// An entry without reference, in the order of their numbers.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Unnamed<'e> {
    currency: &'e str,
    amount: Minor,
    texts: Vec<&'e str>,
    /// The places of the statement and of the entry in it.
    place: [usize; 2],
}

/// The id of each entry: its reference, else its day with a number.
fn ids(kept: &[(u32, ReadStatement)]) -> Vec<Vec<String>> {
    let mut ids = Vec::new();
    let mut by_day: BTreeMap<(&str, i64), Vec<Unnamed<'_>>> = BTreeMap::new();
    for (at, (_, statement)) in kept.iter().enumerate() {
        let mut of_statement = Vec::new();
        for (number, entry) in statement.entries.iter().enumerate() {
            let name = entry.reference.as_ref().or(entry.entry_reference.as_ref());
            if name.is_none() {
                let texts = entry.texts.iter().chain(entry.details.iter().flat_map(|detail| &detail.texts));
                by_day.entry((&statement.account.number, entry.day)).or_default().push(Unnamed {
                    currency: &entry.currency,
                    amount: entry.amount,
                    texts: texts.map(String::as_str).collect(),
                    place: [at, number],
                });
            }
            of_statement.push(name.cloned().unwrap_or_default());
        }
        ids.push(of_statement);
    }
    for ((_, day), mut entries) in by_day {
        entries.sort();
        for (number, Unnamed { place: [statement, entry], .. }) in (1u64..).zip(entries) {
            ids[statement][entry] = format!("{}#{number}", format_day(day));
        }
    }
    ids
}

fn whole(file: u32, read: ReadStatement, ids: Vec<String>) -> Statement {
    let mut booked: BTreeMap<String, Sum> = BTreeMap::new();
    for entry in &read.entries {
        *booked.entry(entry.currency.clone()).or_default() += Sum::from(entry.amount);
    }
    Statement {
        id: read.id,
        account: read.account,
        currency: read.currency,
        days: read.days,
        opening: read.opening,
        closing: read.closing,
        entries: read.entries.into_iter().zip(ids).flat_map(|(entry, id)| parts(entry, &id)).collect(),
        booked,
        pending: read.pending,
        file,
        offset: read.offset,
    }
}

/// The parts of a batch, or the one entry.
fn parts(entry: BookedEntry, id: &str) -> Vec<BankEntry> {
    let BookedEntry { day, currency, amount, is_reversal, reference, texts, details, is_batch, .. } = entry;
    let part = |id: String, detail: EntryDetail| BankEntry {
        id,
        day,
        currency: currency.clone(),
        amount: detail.amount,
        is_reversal,
        reference: reference.clone(),
        texts: texts.iter().cloned().chain(detail.texts).collect(),
        debtors: detail.debtors,
    };
    if is_batch {
        return (1u64..).zip(details).map(|(number, detail)| part(format!("{id}/{number}"), detail)).collect();
    }
    let mut whole = EntryDetail { amount, ..EntryDetail::default() };
    for detail in details {
        whole.texts.extend(detail.texts);
        whole.debtors.extend(detail.debtors);
    }
    vec![part(id.to_owned(), whole)]
}

/// Drops entries with a bank's reference that an earlier statement has, too; returns their number.
fn drop_repeated(statements: &mut [Statement]) -> u64 {
    let (mut first, mut repeated) = (BTreeMap::new(), 0);
    let mut kept = Vec::new();
    for (at, statement) in statements.iter().enumerate() {
        for entry in &statement.entries {
            let key = (&statement.account.number, &entry.currency, entry.day, entry.amount, entry.reference.as_ref());
            kept.push(entry.reference.is_none() || *first.entry(key).or_insert(at) == at);
        }
    }
    let mut kept = kept.into_iter();
    for statement in statements {
        statement.entries.retain(|_| {
            let is_kept = kept.next().unwrap_or(true);
            repeated += u64::from(!is_kept);
            is_kept
        });
    }
    repeated
}

/// Adds the texts of notifications to the entries of equal account, currency, amount and reference;
/// returns how many have none, by currency.
fn merge(
    statements: &mut [Statement],
    forms: &[StatementForm],
    notifications: Vec<Notification>,
    room: &dyn Room,
) -> Result<BTreeMap<String, u64>, Full> {
    let mut details: BTreeMap<_, (Vec<BankEntry>, bool)> = BTreeMap::new();
    for Notification { account, entries } in notifications {
        for detail in entries.into_iter().flat_map(|entry| parts(entry, "")) {
            let key = (account.number.clone(), detail.currency.clone(), detail.amount, detail.reference.clone());
            details.entry(key).or_default().0.push(detail);
        }
    }
    let camt = statements.iter_mut().zip(forms).filter(|(_, form)| **form == StatementForm::Camt);
    for statement in camt.map(|(statement, _)| statement) {
        for entry in statement.entries.iter_mut().filter(|entry| entry.reference.is_some()) {
            let account = statement.account.number.clone();
            let key = (account, entry.currency.clone(), entry.amount, entry.reference.clone());
            if let Some((details, is_used)) = details.get_mut(&key) {
                *is_used = true;
                let texts = details.iter().flat_map(|detail| &detail.texts);
                room.take(bytes_of(texts.clone()))?;
                entry.texts.extend(texts.cloned());
            }
        }
    }
    let mut unused = BTreeMap::new();
    for (details, _) in details.into_values().filter(|(_, is_used)| !is_used) {
        for detail in details {
            *unused.entry(detail.currency).or_default() += 1;
        }
    }
    Ok(unused)
}

#[cfg(test)]
mod tests;
