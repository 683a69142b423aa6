use std::io::Cursor;

use avstem_core::model::finding::Value as Found;
use avstem_core::model::money::Sum;

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
