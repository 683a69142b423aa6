use std::io::{Cursor, Read};

use avstem_core::model::finding::Value as Found;
use avstem_core::model::money::Sum;
use avstem_core::payout::{Origins, Payout, PayoutKey};

use super::*;
use crate::report::sample::{AMOUNTS, finding, options, outcome};

fn made(outcome: &Outcome, most: u32) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    fill(XlsxBook::new(), &mut out, outcome, &options(), most).unwrap();
    out.into_inner()
}

/// The names of the files in an archive, from its central directory.
fn names(archive: &[u8]) -> Vec<String> {
    let heads = archive.windows(4).enumerate().filter(|(_, four)| four == b"PK\x01\x02").map(|(at, _)| at);
    heads
        .map(|at| {
            let length = usize::from(u16::from_le_bytes([archive[at + 28], archive[at + 29]]));
            String::from_utf8_lossy(&archive[at + 46..at + 46 + length]).into_owned()
        })
        .collect()
}

#[test]
fn the_same_outcome_gives_the_same_workbook() {
    assert_eq!(made(&outcome(), ROWS), made(&outcome(), ROWS));
}

#[test]
fn more_rows_than_a_sheet_holds_go_to_further_sheets() {
    let sheets =
        |most: u32| names(&made(&outcome(), most)).iter().filter(|name| name.contains("worksheets/sheet")).count();
    // Three findings, two of them on the first sheet.
    let mut outcome = outcome();
    outcome.findings = vec![finding(&AMOUNTS), finding(&AMOUNTS), finding(&AMOUNTS)].into();
    assert_eq!(sheets(ROWS), 5);
    assert!(sheets(3) > 6);
}

#[test]
fn amounts_beyond_what_a_sheet_shows_do_not_fail() {
    let mut outcome = outcome();
    let mut finding = finding(&AMOUNTS);
    (finding.expected, finding.actual) = (Found::Amount(Sum::MAX / 4), Found::Amount(Sum::MIN / 4));
    finding.subject.merchant_reference = Some("x".repeat(100_000));
    outcome.findings = vec![finding].into();
    outcome.totals.get_mut("NOK").unwrap().captured = Sum::MAX;
    assert!(made(&outcome, ROWS).starts_with(b"PK"));
}

/// A file of the workbook as text.
fn part(workbook: &[u8], name: &str) -> String {
    let mut text = String::new();
    let mut archive = zip::ZipArchive::new(Cursor::new(workbook)).unwrap();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn sheets_print_on_landscape_pages_with_the_columns_that_people_read() {
    let made = made(&outcome(), ROWS);
    for number in 1..=5 {
        let sheet = part(&made, &format!("xl/worksheets/sheet{number}.xml"));
        let setup = sheet.split("<pageSetup").nth(1).unwrap().split("/>").next().unwrap();
        for setting in ["paperSize=\"9\"", "orientation=\"landscape\"", "fitToHeight=\"0\""] {
            assert!(setup.contains(setting), "sheet {number}: {setup}");
        }
        assert!(sheet.contains("fitToPage=\"1\"") && sheet.contains("Page &amp;P of &amp;N"), "sheet {number}");
    }
    let names = part(&made, "xl/workbook.xml");
    assert_eq!(names.matches("_xlnm.Print_Titles").count(), 5);
    assert_eq!(names.matches("_xlnm.Print_Area").count(), 5);
    // What is folded away is not printed.
    let sheet = part(&made, "xl/worksheets/sheet2.xml");
    let columns: Vec<&str> = sheet.split("<col ").skip(1).map(|rest| rest.split("/>").next().unwrap()).collect();
    let attribute = |column: &str, name: &str| -> Option<u32> {
        column.split(&format!("{name}=\"")).nth(1)?.split('"').next()?.parse().ok()
    };
    let of = |is_hidden: bool| -> u32 {
        let all = (EXCEPTIONS.len() + USER_COLUMNS.len()) as u32;
        let columns = columns.iter().filter(|column| attribute(column, "max").unwrap() <= all);
        let hidden = columns.filter(|column| column.contains("hidden=\"1\"") == is_hidden);
        hidden.map(|column| attribute(column, "max").unwrap() + 1 - attribute(column, "min").unwrap()).sum()
    };
    assert_eq!(of(false) as usize, READ.len() + USER_COLUMNS.len());
    assert_eq!(of(true) as usize, EXCEPTIONS.len() - READ.len());
}

#[test]
fn payouts_have_a_sheet_where_there_are_any() {
    let mut outcome = outcome();
    let key = PayoutKey { namespace: "dintero".to_owned(), id: "=S1".to_owned(), currency: "NOK".to_owned() };
    let mut payout = Payout { amount: 145_550, ..Payout::empty(Origins::Report) };
    payout.bank.received = Some(Sum::MAX);
    outcome.payouts.all.push((key, payout));
    let made = made(&outcome, ROWS);
    let sheets: Vec<String> = part(&made, "xl/workbook.xml")
        .split("<sheet name=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect();
    assert_eq!(sheets, ["summary", "exceptions", "payouts", "ageing", "control totals", "coverage"]);
    let sheet = part(&made, "xl/worksheets/sheet3.xml");
    let row = sheet.split("<row r=\"2\"").nth(1).unwrap();
    assert!(row.contains("<v>1455.5</v>") && row.contains("<v>145550</v>") && !row.contains("<f>"), "{row}");
    assert!(sheet.contains("<autoFilter") && sheet.contains("state=\"frozen\""));
}
