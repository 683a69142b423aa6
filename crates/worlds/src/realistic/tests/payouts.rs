//! Properties of worlds with payouts and a bank.

use super::*;
use crate::realistic::payout::UNREFERENCED;

fn paid(transactions: u64, seed: u64, faults: u32) -> (Memory, WorldSummary) {
    made(&WorldOptions { transactions, seed, faults_per_million: faults, detail: Detail::Lean, payouts: true })
}

/// The contents of the elements of this name.
fn elements<'t>(text: &'t str, name: &str) -> Vec<&'t str> {
    let (from, to) = (format!("<{name}>"), format!("</{name}>"));
    text.split(&from).skip(1).filter_map(|rest| rest.split_once(&to)).map(|(content, _)| content).collect()
}

/// The amount of an entry or balance in minor units, negative for a debit.
fn signed(text: &str) -> i64 {
    let amount = text.split("<Amt Ccy=\"").nth(1).and_then(|rest| rest.split(['>', '<']).nth(1)).unwrap();
    let minor: i64 = amount.replace('.', "").parse().unwrap();
    if text.contains("<CdtDbtInd>DBIT<") { -minor } else { minor }
}

struct Statement {
    account: String,
    opening: i64,
    closing: i64,
    /// Amount and text of what is booked.
    entries: Vec<(i64, String)>,
}

/// The statements of the accounts on which payouts arrive, in the order of time.
fn statements(memory: &Memory) -> Vec<Statement> {
    let files = memory.files.iter().filter(|(path, _)| path.starts_with("bank/camt053-20"));
    let texts: Vec<&str> = files.map(|(_, text)| std::str::from_utf8(text).unwrap()).collect();
    let of = |text: &str| {
        let balances: Vec<i64> = elements(text, "Bal").into_iter().map(signed).collect();
        let booked = elements(text, "Ntry").into_iter().filter(|entry| !entry.contains("PDNG"));
        Statement {
            account: elements(elements(text, "Othr")[0], "Id")[0].to_owned(),
            opening: balances[0],
            closing: balances[1],
            entries: booked.map(|entry| (signed(entry), entry.to_owned())).collect(),
        }
    };
    texts.iter().flat_map(|text| elements(text, "Stmt")).map(of).collect()
}

/// The letters and digits of a text as capitals.
fn bare(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_uppercase()
}

#[test]
fn the_same_numbers_give_the_same_payouts() {
    assert_eq!(paid(300, 4, 200_000), paid(300, 4, 200_000));
}

#[test]
fn payments_stay_as_they_are_but_for_their_own_record() {
    let options =
        WorldOptions { transactions: 400, seed: 3, faults_per_million: 0, detail: Detail::Lean, payouts: true };
    let with = made(&options).0.lines(Stream::Transactions);
    let without = made(&WorldOptions { payouts: false, ..options }).0.lines(Stream::Transactions);
    let mut records = 0;
    for (mut with, without) in with.into_iter().zip(without) {
        for event in with["events"].as_array_mut().unwrap() {
            records += usize::from(event.as_object_mut().unwrap().remove("settlements").is_some());
        }
        assert_eq!(with, without);
    }
    assert!(records > 200, "{records}");
}

#[test]
fn statements_balance_and_continue_each_other() {
    let mut closings = BTreeMap::new();
    let (memory, summary) = paid(3000, 5, 100_000);
    for statement in statements(&memory) {
        let sum: i64 = statement.entries.iter().map(|(amount, _)| amount).sum();
        assert_eq!(statement.opening + sum, statement.closing, "{}", statement.account);
        if let Some(before) = closings.insert(statement.account, statement.closing) {
            assert_eq!(before, statement.opening);
        }
    }
    assert!(closings.len() > 5 && summary.statements > 16 * closings.len() as u64);
}

#[test]
fn a_payout_without_a_fault_arrives_to_the_last_unit() {
    let (memory, _) = paid(3000, 9, 0);
    let entries: Vec<(i64, String)> = statements(&memory).into_iter().flat_map(|statement| statement.entries).collect();
    let entries: Vec<(i64, String)> = entries.into_iter().map(|(amount, text)| (amount, bare(&text))).collect();
    let (mut arrived, mut awaited) = (0, 0);
    for report in memory.lines(Stream::Reports) {
        let amount = report["amount"].as_i64().unwrap();
        let reference = bare(report["settlement_reference"].as_str().unwrap());
        let unreferenced =
            |&&(received, ref text): &&(i64, String)| received == amount && text.contains(&bare(UNREFERENCED));
        let named = |entry: &&(i64, String)| entry.1.contains(&reference) || unreferenced(entry);
        let received: Vec<i64> = entries.iter().filter(named).map(|(amount, _)| *amount).collect();
        if received.is_empty() {
            let late = report["settlement_date"].as_str().unwrap() >= "2026-11-17";
            assert!(amount <= 0 || late, "{report}");
            awaited += 1;
        } else {
            assert_eq!(received.iter().sum::<i64>(), amount);
            arrived += 1;
        }
    }
    assert!(arrived > 60 && awaited > 5, "{arrived} {awaited}");
}

#[test]
fn payments_record_what_the_reports_say_of_them() {
    let (memory, _) = paid(1500, 2, 0);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let size = |value: &Value| value.as_i64().unwrap_or(0).abs();
    let (mut told, mut stated) = (BTreeMap::new(), BTreeMap::new());
    for payment in memory.lines(Stream::Transactions) {
        for event in payment["events"].as_array().unwrap() {
            for entry in event["settlements"]["events"].as_array().into_iter().flatten() {
                let sums: &mut [i64; 3] =
                    told.entry((text(&entry["settlement_id"]), text(&payment["id"]))).or_default();
                for (sum, name) in sums.iter_mut().zip(["capture", "refund", "fee"]) {
                    *sum += size(&entry[name]);
                }
            }
        }
    }
    for report in memory.lines(Stream::Reports) {
        for line in report["transactions"].as_array().unwrap().iter().filter(|line| line["transaction_id"].is_string())
        {
            let sums: &mut [i64; 3] =
                stated.entry((text(&report["dintero_settlement_id"]), text(&line["transaction_id"]))).or_default();
            for (sum, name) in sums.iter_mut().zip(["capture", "refund", "fee"]) {
                *sum += size(&line[name]);
            }
        }
    }
    assert!(told.len() > 500 && told == stated);
}

#[test]
fn the_csv_has_the_movements_of_the_first_account() {
    let (memory, _) = paid(800, 6, 50_000);
    let csv = std::str::from_utf8(&memory.beside["bank.csv"]).unwrap();
    let mut rows: Vec<i64> =
        csv.lines().skip(1).map(|row| row.split(';').nth(1).unwrap().replace(',', "").parse().unwrap()).collect();
    let number = std::str::from_utf8(&memory.beside["bank.toml"]).unwrap().split('"').nth(3).unwrap();
    let of_account = statements(&memory).into_iter().filter(|statement| statement.account == number);
    let mut booked: Vec<i64> = of_account.flat_map(|statement| statement.entries).map(|(amount, _)| amount).collect();
    rows.sort_unstable();
    booked.sort_unstable();
    assert!(rows.len() > 100 && rows == booked);
    assert!(csv.starts_with("Bokføringsdato;Beløp;") && !csv.contains("\"\""));
}

#[test]
fn every_fault_of_payouts_is_put_in_and_its_subject_is_there() {
    let (memory, _) = paid(3 * faults::count(true), 6, 1_000_000);
    let truth = String::from_utf8(memory.truth.clone()).unwrap();
    let kinds: BTreeSet<&str> = truth.lines().skip(1).filter_map(|row| row.rsplit(',').next()).collect();
    assert_eq!(kinds.len() as u64, faults::count(true));
    let text = memory.streams.values().chain(memory.files.values()).flatten().copied().collect::<Vec<u8>>();
    let text = String::from_utf8(text).unwrap();
    for row in truth.lines().skip(1) {
        // Of the bank the account is masked.
        let subject = row.split(',').nth(2).unwrap();
        assert!(text.contains(subject.rsplit('/').next().unwrap()), "{row}");
    }
}

#[test]
fn a_world_is_of_any_size() {
    for transactions in 0..30 {
        let (memory, summary) = paid(transactions, transactions, 500_000);
        assert_eq!(memory.files.keys().filter(|path| path.starts_with("bank/camt053-20")).count(), 16);
        let bytes = memory.streams.values().chain(memory.files.values()).map(Vec::len).sum::<usize>();
        assert_eq!((summary.bytes, summary.transactions), (bytes as u64, transactions));
    }
}
