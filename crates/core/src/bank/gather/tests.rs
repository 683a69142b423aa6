//! What counts once, the ids of entries, and where texts of notifications go.

use std::cell::Cell;

use super::*;
use crate::bank::{BankAccount, EntryDetail};

fn account() -> BankAccount {
    BankAccount::new("1503").unwrap()
}

fn entry(amount: Minor, reference: Option<&str>, text: &str) -> BookedEntry {
    BookedEntry {
        day: 0,
        currency: "NOK".to_owned(),
        amount,
        is_reversal: false,
        reference: reference.map(str::to_owned),
        entry_reference: None,
        texts: vec![text.to_owned()],
        details: Vec::new(),
        is_batch: false,
    }
}

fn batch(amounts: &[Minor], reference: Option<&str>) -> BookedEntry {
    let detail = |amount: &Minor| EntryDetail {
        amount: *amount,
        texts: vec![format!("d{amount}")],
        debtors: vec![format!("n{amount}")],
    };
    let details = amounts.iter().map(detail).collect();
    BookedEntry { details, is_batch: true, ..entry(amounts.iter().sum(), reference, "t") }
}

fn statement(id: &str, entries: &[BookedEntry]) -> ReadStatement {
    ReadStatement {
        form: StatementForm::Camt,
        id: id.to_owned(),
        account: account(),
        currency: Some("NOK".to_owned()),
        days: Some((0, 0)),
        opening: None,
        closing: None,
        entries: entries.to_vec(),
        pending: 0,
        offset: 7,
    }
}

fn file(statements: &[ReadStatement]) -> BankFile {
    BankFile { statements: statements.to_vec(), notifications: Vec::new() }
}

fn notified(entries: &[BookedEntry]) -> BankFile {
    let notification = Notification { account: account(), entries: entries.to_vec() };
    BankFile { statements: Vec::new(), notifications: vec![notification] }
}

fn gathered(files: Vec<BankFile>) -> BankInput {
    gather((0..).zip(files), &Cell::new(usize::MAX)).unwrap()
}

/// Id and amount of each entry, by statement.
fn ids(input: &BankInput) -> Vec<Vec<(&str, Minor)>> {
    let mut all = Vec::new();
    for statement in &input.statements {
        all.push(statement.entries.iter().map(|entry| (&*entry.id, entry.amount)).collect());
    }
    all
}

#[test]
fn texts_of_notifications_need_room() {
    // Each entry takes the texts of each notification of its reference.
    let entries: Vec<BookedEntry> = (0..100).map(|_| entry(5, Some("A"), "x")).collect();
    let files = || (0..).zip([file(&[statement("S", &entries)]), notified(&entries)]);
    let gathered = |bytes| gather(files(), &Cell::new(bytes));
    assert_eq!(gathered(100 * 100 * 20), Err(Full));
    let input = gathered(100 * 100 * 100).unwrap();
    assert_eq!((input.statements[0].entries[0].texts.len(), input.notifications), (101, 1));
}

#[test]
fn equal_statements_count_once() {
    let first = statement("S", &[entry(5, None, "a")]);
    let elsewhere = ReadStatement { offset: 99, ..first.clone() };
    let other = ReadStatement { pending: 1, ..first.clone() };
    let input = gathered(vec![file(&[first]), file(&[elsewhere.clone(), other]), file(&[elsewhere])]);
    assert_eq!(input.repeated_statements, [1, 2]);
    let kept: Vec<(u32, u64, u64)> = input.statements.iter().map(|of| (of.file, of.offset, of.pending)).collect();
    assert_eq!(kept, [(0, 7, 0), (1, 7, 1)]);
    assert_eq!(ids(&input), [[("1970-01-01#1", 5)], [("1970-01-01#2", 5)]], "only whole statements are compared");
}

#[test]
fn an_entry_of_two_statements_counts_once_by_the_banks_reference() {
    let of = |entries: &[BookedEntry]| gathered(vec![file(&[statement("1", entries), statement("2", entries)])]);
    let input = of(&[entry(5, Some("A"), "x"), entry(5, Some("A"), "y"), entry(6, Some("A"), "z")]);
    assert_eq!(ids(&input), [vec![("A", 5), ("A", 5), ("A", 6)], vec![]], "those of one statement stay");
    assert_eq!(input.repeated_entries, 3);
    let booked: Vec<Option<&Sum>> = input.statements.iter().map(|of| of.booked.get("NOK")).collect();
    assert_eq!(booked, [Some(&16), Some(&16)], "the statement's own sum has them all");
    let named = BookedEntry { entry_reference: Some("N".to_owned()), ..entry(5, None, "x") };
    assert_eq!(ids(&of(&[named])), [[("N", 5)], [("N", 5)]]);
    let other_day = BookedEntry { day: 1, ..entry(5, Some("A"), "x") };
    let other_currency = BookedEntry { currency: "SEK".to_owned(), ..entry(5, Some("A"), "x") };
    let other_account =
        ReadStatement { account: BankAccount::new("1504").unwrap(), ..statement("4", &[entry(5, Some("A"), "x")]) };
    let all =
        [statement("1", &[entry(5, Some("A"), "x")]), statement("2", &[other_day]), statement("3", &[other_currency])];
    assert_eq!(gathered(vec![file(&all), file(&[other_account])]).repeated_entries, 0);
}

#[test]
fn entries_without_reference_are_numbered_by_day_currency_amount_and_texts() {
    let sek = BookedEntry { currency: "SEK".to_owned(), ..entry(1, None, "a") };
    let later = BookedEntry { day: 1, ..entry(1, None, "a") };
    let first = statement("1", &[sek, entry(9, None, "b"), entry(9, None, "a"), entry(1, Some("R"), "a"), later]);
    let second = statement("2", &[entry(-3, None, "z"), entry(9, None, "a"), batch(&[4, 5], None)]);
    let input = gathered(vec![file(&[first]), file(&[second])]);
    let day = |number: u8| format!("1970-01-01#{number}");
    let expected: Vec<Vec<(String, Minor)>> = vec![
        vec![(day(6), 1), (day(4), 9), (day(2), 9), ("R".to_owned(), 1), ("1970-01-02#1".to_owned(), 1)],
        vec![(day(1), -3), (day(3), 9), (format!("{}/1", day(5)), 4), (format!("{}/2", day(5)), 5)],
    ];
    let found: Vec<Vec<(String, Minor)>> = ids(&input)
        .into_iter()
        .map(|of| of.into_iter().map(|(id, amount)| (id.to_owned(), amount)).collect())
        .collect();
    assert_eq!(found, expected);
    let alone = ReadStatement { account: BankAccount::new("1504").unwrap(), ..statement("1", &[entry(5, None, "a")]) };
    let two = gathered(vec![file(&[statement("1", &[entry(5, None, "a")]), alone])]);
    assert_eq!(ids(&two), [[("1970-01-01#1", 5)], [("1970-01-01#1", 5)]], "each account counts by itself");
}

#[test]
fn a_batch_is_its_parts_with_the_text_of_the_entry() {
    let input = gathered(vec![file(&[statement("1", &[batch(&[4, 5], Some("A"))])])]);
    let parts = &input.statements[0].entries;
    assert_eq!(ids(&input), [[("A/1", 4), ("A/2", 5)]]);
    assert_eq!(
        (&parts[0].texts[..], &parts[1].debtors[..]),
        (&["t".to_owned(), "d4".to_owned()][..], &["n5".to_owned()][..])
    );
    let whole = BookedEntry { is_batch: false, ..batch(&[4, 5], Some("A")) };
    let input = gathered(vec![file(&[statement("1", &[whole])])]);
    let entry = &input.statements[0].entries[0];
    assert_eq!(
        (&*entry.id, entry.amount, entry.texts.join(" "), entry.debtors.join(" ")),
        ("A", 9, "t d4 d5".to_owned(), "n4 n5".to_owned())
    );
}

#[test]
fn texts_of_notifications_go_to_the_entries_that_they_are_about() {
    let csv = ReadStatement { form: StatementForm::Csv, ..statement("csv", &[entry(5, Some("C"), "x")]) };
    let read = statement("1", &[entry(5, Some("A"), "x"), batch(&[4, 5], Some("B")), entry(7, None, "x")]);
    let details = [
        entry(5, Some("A"), "more"),
        batch(&[4, 6], Some("B")),
        entry(5, Some("C"), "row"),
        entry(7, None, "none"),
        BookedEntry { currency: "SEK".to_owned(), ..entry(5, Some("A"), "other") },
    ];
    let input = gathered(vec![notified(&details), file(&[read, csv])]);
    let texts: Vec<String> = input.statements[0].entries.iter().map(|entry| entry.texts.join(" ")).collect();
    assert_eq!(texts, ["x more", "t d4 t d4", "t d5", "x"]);
    assert_eq!(input.statements[1].entries[0].texts, ["x"]);
    assert_eq!(input.statements[0].entries[0].debtors, [""; 0]);
    assert_eq!(input.details_unused, BTreeMap::from([("NOK".to_owned(), 3), ("SEK".to_owned(), 1)]));
    let elsewhere =
        ReadStatement { account: BankAccount::new("2").unwrap(), ..statement("1", &[entry(5, Some("A"), "x")]) };
    let input = gathered(vec![file(&[elsewhere]), notified(&details[..1])]);
    assert_eq!(input.details_unused, BTreeMap::from([("NOK".to_owned(), 1)]));
}
