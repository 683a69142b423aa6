//! Payouts against the bank: AV801–AV807.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};

use super::bank::{Bank, BankEntry, Statement, masked};
use super::judged::JudgedPayout;
use super::matching::Matching;
use super::words::follow;
use crate::oracle::catalogue::differs;
use crate::oracle::findings::{Draft, Subject};
use crate::oracle::world::World;
use crate::oracle::{PayoutSettings, Settings};

pub fn judge(
    world: &World,
    told: &PayoutSettings,
    payouts: &[JudgedPayout],
    bank: &Bank,
    matching: &Matching,
    drafts: &mut Vec<Draft>,
) {
    let settings = world.settings;
    for (at, judged) in payouts.iter().enumerate() {
        if judged.state == "overdue" {
            drafts.push(judged.draft("AV801", "").expected(judged.payout.amount).actual(0));
        }
        payout_differs(settings, at, judged, bank, matching, drafts);
    }
    for (payout, entry) in &matching.twice {
        let entry = &bank.entries[*entry];
        if differs("AV803", settings, 0, entry.amount) {
            drafts.push(payouts[*payout].draft("AV803", &entry.name).expected(0).actual(entry.amount));
        }
    }
    bank_credit_unknown(settings, told, bank, matching, drafts);
    for statement in &bank.statements {
        statement_unbalanced(statement, drafts);
    }
    statement_gap(bank, drafts);
    for entry in matching.ambiguous.keys() {
        let entry = &bank.entries[*entry];
        drafts.push(Draft::new("AV807", &of_entry(entry)).actual(entry.amount));
    }
}

fn of_entry(entry: &BankEntry) -> Subject {
    Subject::of_bank(&entry.name, &entry.currency, entry.place)
}

/// AV801: "some account's statements of its currency cover every day from its day to day + window,
/// which is before the as-of's day (UTC)".
pub fn is_overdue(world: &World, told: &PayoutSettings, judged: &JudgedPayout, bank: &Bank) -> bool {
    let payout = &judged.payout;
    let (Some(first), Some(as_of)) = (payout.day(), world.as_of) else {
        return false;
    };
    let last = first + Days::new(told.window.unsigned_abs());
    let today = NaiveDate::parse_from_str(&as_of.text()[..10], "%Y-%m-%d").expect("an instant begins with its day");
    let accounts: BTreeSet<&str> = bank.statements.iter().map(|statement| statement.account.as_str()).collect();
    let is_covered = |account: &str, day: NaiveDate| {
        bank.statements.iter().any(|statement| {
            statement.account == account
                && statement.currency.as_deref() == Some(&payout.currency)
                && statement.days.is_some_and(|(from, to)| from <= day && day <= to)
        })
    };
    let days = || first.iter_days().take_while(|day| *day <= last);
    last < today
        && differs("AV801", world.settings, payout.amount, 0)
        && accounts.iter().any(|account| days().all(|day| is_covered(account, day)))
}

/// AV802: "(amount) step 1, one payout: received ≠ amount".
pub fn is_received_differently(settings: &Settings, judged: &JudgedPayout) -> bool {
    judged.received.is_some_and(|received| differs("AV802", settings, judged.payout.amount, received))
}

/// AV802: "(amount) […]: expected amount, actual received. (currency) […]: expected and actual the
/// currencies as words, actual the first's".
fn payout_differs(
    settings: &Settings,
    at: usize,
    judged: &JudgedPayout,
    bank: &Bank,
    matching: &Matching,
    drafts: &mut Vec<Draft>,
) {
    if let Some(received) = judged.received
        && is_received_differently(settings, judged)
    {
        drafts.push(judged.draft("AV802", "amount").expected(judged.payout.amount).actual(received));
    }
    if let Some(entries) = matching.foreign.get(&at) {
        let first = entries.iter().map(|entry| &bank.entries[*entry]).min_by_key(|entry| entry.order());
        let currency = &first.expect("there is an entry").currency;
        drafts.push(judged.draft("AV802", "currency").expected_words(&judged.payout.currency).actual_words(currency));
    }
}

/// AV804: "a payer's words follow each other in a credit's text or debtor; not matched, ambiguous,
/// AV803's or AV802's. kind bank; expected 0, actual amount."
fn bank_credit_unknown(
    settings: &Settings,
    told: &PayoutSettings,
    bank: &Bank,
    matching: &Matching,
    drafts: &mut Vec<Draft>,
) {
    let mut known: BTreeSet<usize> = matching.entries.values().flatten().copied().collect();
    known.extend(matching.ambiguous.keys());
    known.extend(matching.twice.iter().map(|(_, entry)| entry));
    known.extend(matching.foreign.values().flatten());
    for (at, entry) in bank.entries.iter().enumerate() {
        let mut texts = entry.texts.iter().chain(&entry.debtors);
        let is_of_a_payer = texts.any(|text| told.payers.iter().any(|payer| follow(payer, text)));
        if entry.is_credit() && !known.contains(&at) && is_of_a_payer && differs("AV804", settings, 0, entry.amount) {
            drafts.push(Draft::new("AV804", &of_entry(entry)).expected(0).actual(entry.amount));
        }
    }
}

fn of_statement(statement: &Statement) -> Subject {
    let id = format!("{}/{}", masked(&statement.account), statement.id);
    Subject::of_bank(&id, statement.currency.as_deref().unwrap_or(""), statement.place)
}

/// AV805: "opening + booked entries ≠ closing, both of one currency. kind bank; expected the sum,
/// actual closing."
fn statement_unbalanced(statement: &Statement, drafts: &mut Vec<Draft>) {
    let (Some((currency, opening)), Some((other, closing))) = (&statement.opening, &statement.closing) else {
        return;
    };
    let entries = statement.entries.iter().filter(|entry| entry.currency == *currency);
    let sum = opening + entries.map(|entry| entry.amount).sum::<i128>();
    if currency == other && sum != *closing {
        drafts.push(Draft::new("AV805", &of_statement(statement)).expected(sum).actual(*closing));
    }
}

/// AV806: "neighbours of one account and currency (by first day, last, `Id`): the later begins on
/// or before the earlier's last day (overlap; no amounts), else its opening ≠ the earlier's closing
/// (gap; expected closing, actual opening). kind bank, the later."
fn statement_gap(bank: &Bank, drafts: &mut Vec<Draft>) {
    let mut all: Vec<&Statement> = bank.statements.iter().filter(|statement| statement.days.is_some()).collect();
    all.sort_by_key(|statement| (&statement.account, &statement.currency, statement.days, &statement.id));
    for pair in all.windows(2) {
        let [earlier, later] = pair else { unreachable!("windows of two") };
        if earlier.account != later.account || earlier.currency != later.currency {
            continue;
        }
        let (Some((_, last)), Some((first, _))) = (earlier.days, later.days) else {
            continue;
        };
        let draft = Draft::new("AV806", &of_statement(later));
        if first <= last {
            drafts.push(draft);
        } else if let (Some((one, closing)), Some((other, opening))) = (&earlier.closing, &later.opening)
            && one == other
            && closing != opening
        {
            drafts.push(draft.expected(*closing).actual(*opening));
        }
    }
}
