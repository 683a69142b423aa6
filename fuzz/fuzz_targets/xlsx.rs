//! The workbook over findings with hostile texts, read back by a strict reader: every part is
//! well-formed, sheets have only plain cells with the values of the rows, and nothing is hidden.
//! The program's own reader finds the same texts.

#![no_main]

use std::cell::LazyCell;
use std::io::Cursor;

use avstem_core::model::display::visible;
use avstem_core::model::finding::{Finding, Value};
use avstem_core::model::instant::Instant;
use avstem_core::model::money::Sum;
use avstem_engine::engine::outcome::Outcome;
use avstem_engine::frame::column::Cell;
use avstem_engine::io::workbook::{Columns, read_table};
use avstem_engine::report::table::{EXCEPTIONS, Exception, exception_row};
use avstem_engine::report::{control_totals, coverage, sample, xlsx};
use avstem_fuzz::book::{Book, Found, Sheet};
use avstem_fuzz::{Desk, collected, owned};
use libfuzzer_sys::fuzz_target;

thread_local! {
    static DESK: LazyCell<Desk> = LazyCell::new(|| Desk::new("xlsx"));
}

/// Limit on the characters of a text cell; longer texts are cut.
const LONGEST: usize = 16_000;

/// Limit on the significant digits of a number cell; longer numbers are text.
const DIGITS: usize = 15;

/// Columns for people to fill in, after the first column.
const OURS: usize = 4;

/// Takes a number from the bytes of a text, so that the fuzzer can vary it.
fn number(text: &str) -> Sum {
    let mut bytes = [0; 16];
    for (to, from) in bytes.iter_mut().zip(text.bytes()) {
        *to = from;
    }
    // Sums of a run never come near the range of 128 bits.
    Sum::from_le_bytes(bytes) >> (text.len() % 16 * 8 + 2)
}

/// An outcome with two findings that has these texts in every text field.
fn outcome(texts: &[&str]) -> Outcome {
    let mut next = texts.iter().cycle();
    let mut text = || (*next.next().expect("there is a text")).to_owned();
    let mut outcome = sample::outcome();
    let mut hostile = |card, words: bool| {
        let mut finding: Finding = sample::finding(card);
        finding.id = text();
        let currency = finding.subject.currency.clone();
        sample::texts(&mut finding).into_iter().for_each(|field| *field = Some(text()));
        let seconds = i64::try_from(number(&text()) % (1 << 40)).expect("it is of 40 bits");
        finding.subject.created_at = Some(Instant { seconds, nanos: 5 });
        let value = |text: String| if words { Value::Words(text.into()) } else { Value::Amount(number(&text)) };
        (finding.expected, finding.actual) = (value(text()), value(text()));
        if !words {
            // The format of an amount depends on its currency.
            finding.subject.currency = currency;
        }
        finding
    };
    outcome.findings = vec![hostile(&sample::AMOUNTS, false), hostile(&sample::WORDS, true)].into();
    for source in &mut outcome.sources {
        source.name = text();
    }
    for total in &mut outcome.control_totals {
        (total.source, total.currency, total.value) = (text(), Some(text()), number(&text()));
    }
    for rule in &mut outcome.coverage {
        rule.by_currency = vec![(text(), sample::counts(1, number(&text())))].into_iter().collect();
    }
    outcome.totals = outcome.totals.into_values().map(|totals| (text(), totals)).collect();
    outcome.open_ages = outcome.open_ages.into_values().map(|ages| (text(), ages)).collect();
    outcome
}

/// Compares a cell of a sheet with the value in a row.
fn check(found: Option<&Found>, cell: &Cell<'_>) {
    let holds = match (found, cell) {
        (None, Cell::Empty) => true,
        (Some(Found::Text(found)), Cell::Text(text)) => match text.char_indices().nth(LONGEST) {
            Some((end, _)) => found.strip_suffix('…') == Some(&text[..end]),
            None => found == text,
        },
        (found, Cell::Number(text)) => is_number(found, text),
        (found, Cell::Integer(integer)) => is_number(found, &integer.to_string()),
        (Some(Found::Flag(found)), Cell::Flag(flag)) => found == flag,
        (Some(Found::Number(found)), Cell::Time(time)) => {
            // 25569 is the serial number of 1970-01-01. Spreadsheets count a 29 February 1900 that
            // never existed, so serial numbers before it are one less.
            let days = time.seconds as f64 / 86_400.0 + 25_569.0;
            let found: f64 = found.parse().expect("it was read");
            (found - days).abs() < 1e-4 || (days < 61.0 && (found - days + 1.0).abs() < 1e-4)
        }
        (Some(Found::Text(found)), Cell::Time(time)) => *found == time.to_string(),
        _ => false,
    };
    assert!(holds, "{found:?} is written for {cell:?}");
}

/// A number cell must be exact; other numbers are text.
fn is_number(found: Option<&Found>, text: &str) -> bool {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    match found {
        Some(Found::Number(found)) => {
            digits.trim_start_matches('0').len() <= DIGITS && found.parse::<f64>() == text.parse::<f64>()
        }
        Some(Found::Text(found)) => digits.trim_start_matches('0').len() > DIGITS && found == text,
        _ => false,
    }
}

fn check_rows(sheet: &Sheet, rows: &[Vec<Cell<'static>>]) {
    let last = sheet.keys().map(|(row, _)| *row).max();
    assert_eq!(last, u32::try_from(rows.len()).ok(), "a row is written for each row");
    for (at, cells) in (1..).zip(rows) {
        (0..).zip(cells).for_each(|(column, cell)| check(sheet.get(&(at, column)), cell));
        let beside = sheet.range((at, cells.len() as u32)..(at + 1, 0)).next();
        assert_eq!(beside, None, "nothing stands beside a row");
    }
}

/// The program's own reader must find the texts of the row.
fn read_by_ourselves(bytes: &[u8], outcome: &Outcome) {
    let names: Vec<&str> = ["exception_id", "fingerprint"]
        .into_iter()
        .chain(EXCEPTIONS.iter().map(|column| column.name).filter(|name| {
            ["id", "order_id", "session_id", "merchant_reference", "line_id", "message", "status", "source"]
                .contains(name)
        }))
        .collect();
    let columns = Columns { names: &names, needed: names.len(), filled: 0, day: 1 };
    let path = DESK.with(|desk| desk.put("report.xlsx", bytes));
    let rows = read_table(&path, &columns).unwrap_or_else(|why| panic!("{why}"));
    assert_eq!(rows.len() as u64, outcome.findings.iter().count() as u64);
    for (row, finding) in rows.iter().zip(&outcome.findings) {
        let exception = Exception::new(&finding, outcome);
        let cells = exception_row(&exception);
        for (name, found) in names.iter().zip(&row.cells) {
            let at = EXCEPTIONS.iter().position(|column| column.name == *name).expect("it is a column");
            let text = if let Cell::Text(text) = &cells[at] { text.trim() } else { "" };
            assert!(found == text || text.chars().count() > LONGEST, "{name}: {found:?} is read for {text:?}");
        }
    }
}

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let texts: Vec<&str> = text.split('\u{1e}').collect();
    let outcome = outcome(&texts);
    let folder = DESK.with(|desk| desk.path().to_owned());
    let written = xlsx::write(Vec::new(), Cursor::new(Vec::new()), &folder, &outcome, &sample::options());
    let written = written.expect("memory takes all");
    let book = Book::read(&written).unwrap_or_else(|wrong| panic!("{wrong}"));
    assert_eq!(book.sheets.len(), 5);
    let exceptions: Vec<Vec<Cell<'static>>> = outcome
        .findings
        .iter()
        .map(|finding| {
            let exception = Exception::new(&finding, &outcome);
            let mut cells: Vec<Cell<'static>> = exception_row(&exception).into_iter().map(owned).collect();
            cells.splice(1..1, vec![Cell::Empty; OURS]);
            cells
        })
        .collect();
    check_rows(&book.sheets[&2], &exceptions);
    check_rows(&book.sheets[&4], &collected(&mut |take| control_totals::each(&outcome, take)));
    check_rows(&book.sheets[&5], &collected(&mut |take| coverage::each(&outcome, take)));
    for found in book.sheets.values().flat_map(Sheet::values) {
        if let Found::Text(text) = found {
            assert_eq!(visible(text), *text, "something hides");
        }
    }
    read_by_ourselves(&written, &outcome);
});
