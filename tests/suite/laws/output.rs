//! Law 8: CSV, Parquet and JSON hold the same rows, and CSV read back gives the same values.

use std::collections::BTreeMap;

use avstem_core::model::instant::Instant;
use avstem_engine::engine::outcome::Outcome;
use avstem_engine::frame::column::{Column, Type};
use avstem_engine::report::payouts::PAYOUTS;
use avstem_engine::report::table::{BALANCES, EXCEPTIONS};
use avstem_engine::report::{Dialect, balances, exceptions, payouts};

use super::{Export, any_world, for_random_worlds};
use crate::runs::RunParams;
use crate::support::{ParquetRows, parquet};

/// Converts CSV rows to the form of Parquet rows: empty cells become None, the apostrophe before a
/// would-be formula is removed, times become microseconds.
fn of_csv(bytes: &[u8], columns: &[Column], dialect: Dialect) -> ParquetRows {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let delimiter = if dialect == Dialect::ExcelNo { b';' } else { b',' };
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(bytes);
    let header: Vec<String> = reader.headers().expect("there is a header").iter().map(str::to_owned).collect();
    assert_eq!(header, columns.iter().map(|column| column.name).collect::<Vec<_>>());
    let cell = |(text, column): (&str, &Column)| {
        let text = match column.kind {
            Type::Text => text.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@'])).unwrap_or(text),
            _ => text,
        };
        let is_number = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'-' | b','));
        let text = match column.kind {
            Type::Number if dialect == Dialect::ExcelNo && is_number => text.replace(',', "."),
            Type::Time if !text.is_empty() => micros(Instant::parse(text).expect("a time")),
            _ => text.to_owned(),
        };
        (!text.is_empty()).then_some(text)
    };
    reader.records().map(|row| row.expect("a row").iter().zip(columns).map(cell).collect()).collect()
}

fn micros(time: Instant) -> String {
    time.micros().to_string()
}

/// Reads a Parquet file; with the feature `query`, polars must read the same rows.
fn of_parquet(bytes: &[u8], columns: &'static [Column]) -> ParquetRows {
    #[cfg(feature = "query")]
    crate::parquet::assert_both_read(bytes, columns);
    parquet(bytes, columns)
}

fn assert_same_rows(outcome: &Outcome) -> ParquetRows {
    let written = exceptions::parquet(Vec::new(), outcome).expect("memory takes all");
    let expected = of_parquet(&written.writer, EXCEPTIONS);
    assert_eq!(written.rows, expected.len() as u64);
    for dialect in [Dialect::Plain, Dialect::ExcelNo] {
        let csv = exceptions::csv(Vec::new(), outcome, dialect).expect("memory takes all");
        assert_eq!(csv.rows, written.rows);
        assert_eq!(of_csv(&csv.writer, EXCEPTIONS, dialect), expected, "exceptions");
        let written = payouts::parquet(Vec::new(), outcome).expect("memory takes all");
        let csv = payouts::csv(Vec::new(), outcome, dialect).expect("memory takes all");
        assert_eq!(of_csv(&csv.writer, PAYOUTS, dialect), of_parquet(&written.writer, PAYOUTS), "payouts");
        let written = balances::parquet(Vec::new(), outcome).expect("memory takes all");
        let csv = balances::csv(Vec::new(), outcome, dialect).expect("memory takes all");
        assert_eq!(of_csv(&csv.writer, BALANCES, dialect), of_parquet(&written.writer, BALANCES), "balances");
    }
    expected
}

#[test]
fn law_8_every_format_holds_the_same() {
    for_random_worlds(8, 40, |dice, folder| {
        let outcome = Export::of(&any_world(dice)).run(folder, RunParams::default());
        let rows = assert_same_rows(&outcome);
        // The counts in summary.json must equal the counts of the rows.
        let at = |name: &str| EXCEPTIONS.iter().position(|column| column.name == name).expect("a column");
        let mut by_rule: BTreeMap<&str, u64> = BTreeMap::new();
        for row in &rows {
            *by_rule.entry(row[at("rule")].as_deref().expect("a rule")).or_default() += 1;
        }
        for rule in &outcome.coverage {
            assert_eq!(rule.all.findings, by_rule.remove(rule.card.code).unwrap_or(0), "{}", rule.card.code);
        }
        assert!(by_rule.is_empty(), "coverage knows every rule: {by_rule:?}");
    });
}
