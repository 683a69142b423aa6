//! `report.xlsx`: the run as a workbook with filters.
//!
//! Amounts are numbers in their currency's format, beside exact minor units; ids are texts. Numbers
//! that a spreadsheet would round are texts. Input is always written as text, so it cannot become a
//! formula.

mod double;
mod sheet;

#[cfg(test)]
mod tests;

use std::io::{self, Read, Seek, Write};
use std::path::Path;

use avstem_core::model::currency::display_exponent;
use avstem_core::model::display::decimal;
use avstem_core::model::money::Sum;
use rust_xlsxwriter::{DocProperties, ExcelDateTime};

use self::sheet::{ROWS, SheetColumn, XlsxBook, XlsxValue, failed};
use super::payouts::PAYOUTS;
use super::table::{EXCEPTIONS, Exception, exception_row};
use super::{ReportOptions, control_totals, coverage, payouts, stake};
use crate::engine::outcome::{BUCKETS, Outcome, Profile, Totals};
use crate::frame::column::{Cell, Column, Type, cell};
use crate::history::decisions::{USER_COLUMNS, WORDS};
use crate::{TOOL, VERSION};

/// The columns of amounts in major units.
const AMOUNTS: [&str; 3] = ["expected", "actual", "delta"];

/// The columns of exceptions that people read, with their widths; together they fit on a landscape page. The others
/// are folded away.
const READ: [(&str, u16); 11] = [
    ("exception_id", 17),
    ("severity", 9),
    ("rule", 7),
    ("name", 20),
    ("message", 50),
    ("id", 34),
    ("merchant_reference", 18),
    ("currency", 9),
    ("actual", 14),
    ("delta", 14),
    ("age_days", 9),
];

/// The columns of payouts that people read, likewise.
const READ_OF_PAYOUTS: [(&str, u16); 11] = [
    ("settlement_id", 34),
    ("currency", 9),
    ("state", 12),
    ("settled_on", 12),
    ("settlement_reference", 24),
    ("amount", 14),
    ("received", 14),
    ("matched_by", 11),
    ("bank_date", 12),
    ("bank_entries", 34),
    ("findings", 9),
];

/// Number of exceptions above which the archive uses ZIP64, because a sheet may exceed the limits
/// of ZIP.
const LARGE: usize = 300_000;

/// Writes the workbook. An archive is not written from front to back: it is built in `scratch`, its
/// sheets in unnamed files in `workplace`, so that no part of it is held in memory.
pub fn write<W: Write>(
    mut out: W,
    mut scratch: impl Read + Write + Seek + Send,
    workplace: &Path,
    outcome: &Outcome,
    options: &ReportOptions,
) -> io::Result<W> {
    let mut book = XlsxBook::new();
    book.workbook.set_tempdir(workplace).map_err(failed)?;
    fill(book, &mut scratch, outcome, options, ROWS)?;
    scratch.rewind()?;
    io::copy(&mut scratch, &mut out)?;
    Ok(out)
}

/// Fills the workbook with at most `most` rows on a sheet.
fn fill(
    mut book: XlsxBook,
    out: impl Write + Seek + Send,
    outcome: &Outcome,
    options: &ReportOptions,
    most: u32,
) -> io::Result<()> {
    summary(&mut book, outcome, options, most)?;
    exceptions(&mut book, outcome, most)?;
    if !outcome.payouts.all.is_empty() {
        payouts(&mut book, outcome, most)?;
    }
    ageing(&mut book, outcome, most)?;
    let mut table = book.table("control totals", columns(control_totals::CONTROL_TOTALS), most)?;
    control_totals::each(outcome, &mut |row| table.push(row.iter().cloned().map(XlsxValue::Plain)))?;
    table.finish()?;
    let mut table = book.table("coverage", columns(coverage::COVERAGE), most)?;
    coverage::each(outcome, &mut |row| table.push(row.iter().cloned().map(XlsxValue::Plain)))?;
    table.finish()?;
    // The library's default is the current time, so the output would differ between runs.
    let made = ExcelDateTime::from_ymd(2000, 1, 1).map_err(failed)?;
    let properties = DocProperties::new().set_title("avstem").set_author(TOOL).set_creation_datetime(&made);
    book.workbook.set_properties(&properties);
    book.workbook.use_zip_large_file(outcome.findings.len() > LARGE);
    book.workbook.save_to_writer(out).map_err(failed)
}

/// Converts the columns of a table to those of a sheet.
fn columns(of: &[Column]) -> Vec<SheetColumn> {
    of.iter().map(|column| head(column.name, width(column))).collect()
}

/// Returns the width of a column: by its name if listed, else by its type.
fn width(column: &Column) -> u16 {
    match (column.name, column.kind) {
        ("message" | "action" | "identity", _) => 60,
        ("id" | "order_id" | "transaction_id" | "session_id" | "settlement_id" | "source", _) => 34,
        ("exception_id" | "name" | "measure", _) => 22,
        ("severity" | "rule" | "kind" | "change" | "currency" | "event" | "line_id", _) => 13,
        (_, Type::Flag) => 10,
        (_, Type::Integer | Type::Number) => 16,
        (_, Type::Text | Type::Time) => 20,
    }
}

/// Returns a column that users do not fill in.
fn head(name: &'static str, width: u16) -> SheetColumn {
    SheetColumn { name, width, choices: &[], is_day: false, is_detail: false }
}

/// Sets the width of the columns that people read, and folds the others away.
fn fold(heads: &mut [SheetColumn], read: &[(&str, u16)]) {
    for head in heads {
        match read.iter().find(|(name, _)| *name == head.name) {
            Some((_, width)) => head.width = *width,
            None => head.is_detail = true,
        }
    }
}

fn exceptions(book: &mut XlsxBook, outcome: &Outcome, most: u32) -> io::Result<()> {
    let mut heads = columns(EXCEPTIONS);
    fold(&mut heads, &READ);
    // The columns that users fill in follow the exception's id: a choice of words, texts, and last
    // a day.
    let [decision, owner, comment, expires] = USER_COLUMNS.map(|name| head(name, 12));
    let (decision, expires) = (SheetColumn { choices: &WORDS, ..decision }, SheetColumn { is_day: true, ..expires });
    heads.splice(1..1, [decision, owner, comment, expires]);
    let mut table = book.table("exceptions", heads, most)?;
    for finding in &outcome.findings {
        let exception = Exception::new(&finding, outcome);
        let decimals = display_exponent(finding.subject.currency.as_deref());
        let cells = exception_row(&exception).into_iter().zip(EXCEPTIONS).map(|(cell, column)| match column.name {
            name if AMOUNTS.contains(&name) => XlsxValue::Amount(cell, decimals),
            "message" => XlsxValue::Prose(cell),
            _ => XlsxValue::Plain(cell),
        });
        let mut row: Vec<XlsxValue<'_>> = cells.collect();
        row.splice(1..1, USER_COLUMNS.map(|_| XlsxValue::Plain(Cell::Empty)));
        table.push(row)?;
    }
    table.finish()
}

/// The columns of payouts.csv, and two of them also in major units.
fn payouts(book: &mut XlsxBook, outcome: &Outcome, most: u32) -> io::Result<()> {
    let major = |name: &str| match name {
        "amount_minor" => Some("amount"),
        "received_minor" => Some("received"),
        _ => None,
    };
    let all = columns(PAYOUTS).into_iter();
    let mut heads: Vec<SheetColumn> =
        all.flat_map(|column| [major(column.name).map(|name| head(name, 14)), Some(column)]).flatten().collect();
    fold(&mut heads, &READ_OF_PAYOUTS);
    let mut table = book.table("payouts", heads, most)?;
    payouts::each(outcome, &mut |account, row| {
        let decimals = display_exponent(Some(&account.key.currency));
        let amount = |amount: Option<Sum>| {
            let text = amount.map(|amount| decimal(amount, decimals));
            XlsxValue::Amount(text.map_or(Cell::Empty, |text| Cell::Number(text.into())), decimals)
        };
        let cells = PAYOUTS.iter().zip(row).flat_map(|(column, cell)| {
            let in_major = major(column.name).map(|name| match name {
                "amount" => amount(Some(account.payout.amount)),
                _ => amount(account.payout.bank.received),
            });
            [in_major, Some(XlsxValue::Plain(cell.clone()))]
        });
        table.push(cells.flatten())
    })?;
    table.finish()
}

/// Returns an amount in major units and, exact, in minor units.
fn both(amount: Sum, currency: &str) -> [XlsxValue<'static>; 2] {
    let decimals = display_exponent(Some(currency));
    [
        XlsxValue::Amount(Cell::Number(decimal(amount, decimals).into()), decimals),
        XlsxValue::Plain(Cell::Number(amount.to_string().into())),
    ]
}

fn ageing(book: &mut XlsxBook, outcome: &Outcome, most: u32) -> io::Result<()> {
    let widths = [("of", 26), ("currency", 13), ("age", 16), ("count", 16), ("amount", 18), ("amount_minor", 18)];
    let mut table = book.table("ageing", widths.map(|(name, width)| head(name, width)).to_vec(), most)?;
    let mut profile = |of: &str, currency: &str, ages: [(u64, Sum); 5]| {
        let names = BUCKETS.map(|(name, _)| name).into_iter().chain(["no time"]);
        names.zip(ages).try_for_each(|(age, (count, amount))| {
            let names = [
                Cell::from(cell::raw(of)),
                Cell::from(cell::free(currency)),
                Cell::from(cell::raw(age)),
                Cell::from(cell::count(count)),
            ];
            table.push(names.into_iter().map(XlsxValue::Plain).chain(both(amount, currency)))
        })
    };
    for (currency, ages) in &outcome.open_ages {
        profile("open authorizations", currency, ages.map(|aged| (aged.ledgers, aged.open)))?;
    }
    for (currency, Profile { since_event, since_seen }) in &outcome.ageing.by_currency {
        profile("exceptions since the event", currency, since_event.map(|tally| (tally.count, tally.delta)))?;
        profile("exceptions since first seen", currency, since_seen.map(|tally| (tally.count, tally.delta)))?;
    }
    table.finish()
}

fn summary(book: &mut XlsxBook, outcome: &Outcome, options: &ReportOptions, most: u32) -> io::Result<()> {
    let heads = vec![head("what", 26), head("currency", 13), head("value", 22), head("minor", 20)];
    let mut table = book.table("summary", heads, most)?;
    let counts = outcome.counts;
    let [errors, warnings, infos] = outcome.findings.counts().open;
    let refused = outcome.sources.iter().filter(|source| source.fault.is_some()).count();
    let program = format!("{TOOL} {VERSION}");
    let count = |number: u64| Cell::from(cell::count(number));
    for (name, value) in [
        ("program", Cell::from(cell::raw(program.as_str()))),
        ("as of", Cell::from(cell::time(outcome.as_of))),
        ("complete", Cell::from(cell::flag(options.complete))),
        ("exit code", Cell::from(cell::count(options.exit.code))),
        ("reason", Cell::from(cell::raw(options.exit.reason.as_str()))),
        ("errors", count(errors)),
        ("warnings", count(warnings)),
        ("info", count(infos)),
        ("accepted", count(outcome.findings.counts().accepted)),
        ("files", Cell::from(cell::count(outcome.sources.len()))),
        ("files refused", Cell::from(cell::count(refused))),
        ("records", count(counts.records)),
        ("records accepted", count(counts.accepted)),
        ("records duplicate", count(counts.duplicate)),
        ("records superseded", count(counts.superseded)),
        ("records rejected", count(counts.rejected)),
    ] {
        table.push([
            XlsxValue::Plain(Cell::from(cell::raw(name))),
            XlsxValue::Plain(Cell::Empty),
            XlsxValue::Plain(value),
        ])?;
    }
    for (heading, totals) in [("transactions", &outcome.totals), ("orders", &outcome.order_totals)] {
        if totals.is_empty() {
            continue;
        }
        table.push([XlsxValue::Heading(heading)])?;
        for (currency, totals) in stake::currencies(outcome, totals) {
            for (name, amount) in sums(totals) {
                let names = [Cell::from(cell::raw(name)), Cell::from(cell::free(currency))].map(XlsxValue::Plain);
                table.push(names.into_iter().chain(both(amount, currency)))?;
            }
        }
    }
    table.finish()
}

fn sums(totals: &Totals) -> [(&'static str, Sum); 7] {
    [
        ("authorised", totals.authorized),
        ("captured", totals.captured),
        ("refunded", totals.refunded),
        ("released", totals.released),
        ("open", totals.open),
        ("net", totals.net),
        ("not authorised", totals.not_authorized),
    ]
}
