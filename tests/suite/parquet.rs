//! Parquet files read by polars, so that a bug shared by the engine's writer and reader is found.

use std::io::Cursor;

use avstem_core::model::instant::Instant;
use avstem_engine::frame::column::{Cell, Column, Type, cell};
use avstem_engine::frame::schema::FRAMES;
use avstem_engine::frame::{ParquetTable, parquet_rows};
use avstem_engine::report::table::{BALANCES, EXCEPTIONS};
use polars::prelude::{AnyValue, DataFrame, DataType, TimeUnit};
use polars_io::SerReader;
use polars_io::parquet::read::ParquetReader;

use crate::support::{Desk, ParquetRows, parquet, root};

fn polars(bytes: &[u8]) -> DataFrame {
    ParquetReader::new(Cursor::new(bytes.to_vec())).finish().unwrap()
}

fn by_polars(frame: &DataFrame) -> ParquetRows {
    let shown = |value: AnyValue<'_>| match value.as_borrowed() {
        AnyValue::Null => None,
        AnyValue::String(text) => Some(text.to_owned()),
        AnyValue::Int64(number) => Some(number.to_string()),
        AnyValue::Boolean(flag) => Some(flag.to_string()),
        AnyValue::Datetime(micros, TimeUnit::Microseconds, Some(_)) => Some(micros.to_string()),
        other => panic!("a column of another type: {other:?}"),
    };
    let row = |row| frame.columns().iter().map(|column| shown(column.get(row).unwrap())).collect();
    (0..frame.height()).map(row).collect()
}

/// Whether the type of a polars column is the declared one.
fn holds(found: &DataType, kind: Type) -> bool {
    match kind {
        Type::Text | Type::Number => *found == DataType::String,
        Type::Integer => *found == DataType::Int64,
        Type::Flag => *found == DataType::Boolean,
        Type::Time => matches!(found, DataType::Datetime(TimeUnit::Microseconds, Some(zone)) if zone.as_str() == "UTC"),
    }
}

/// Reads a file with the engine and with polars, which must agree.
pub fn assert_both_read(bytes: &[u8], columns: &'static [Column]) -> ParquetRows {
    let frame = polars(bytes);
    let names: Vec<&str> = frame.columns().iter().map(|column| column.name().as_str()).collect();
    assert_eq!(names, columns.iter().map(|column| column.name).collect::<Vec<_>>());
    for (found, column) in frame.columns().iter().zip(columns) {
        assert!(holds(found.dtype(), column.kind), "{}: {:?}", column.name, found.dtype());
    }
    let rows = parquet(bytes, columns);
    assert!(rows == by_polars(&frame), "the engine and polars read other rows");
    assert_eq!(parquet_rows(Cursor::new(bytes)).unwrap(), rows.len() as u64);
    rows
}

const EVERY_TYPE: &[Column] = &[
    Column { name: "text", kind: Type::Text, what: "" },
    Column { name: "number", kind: Type::Number, what: "" },
    Column { name: "integer", kind: Type::Integer, what: "" },
    Column { name: "flag", kind: Type::Flag, what: "" },
    Column { name: "time", kind: Type::Time, what: "" },
];

/// The cells of a row; `way` selects the distribution of values.
fn cells(way: u64, row: u64) -> [Cell<'static>; 5] {
    // A fixed hash of the row number keeps the test deterministic.
    let scattered = (row + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(23).wrapping_mul(way | 1);
    let (text, number) = match way {
        0 => (Some(format!("{scattered:x}")), Some(scattered as i64)),
        1 => (Some(format!("P1.{row:06}")), Some(row as i64 * 1000)),
        2 => (Some(["a", "", "bb", "æ\0"][(scattered % 4) as usize].to_owned()), Some((scattered % 3) as i64)),
        3 => ((row % 100 > 60).then(|| "long runs".to_owned()), (row % 1000 > 17).then_some(-5)),
        4 => ((scattered & 7 > 1).then(|| (scattered % 300).to_string()), (scattered & 1 > 0).then_some(i64::MIN)),
        5 => (Some("x".repeat((scattered % 200) as usize)), Some(if row & 7 == 0 { i64::MAX } else { i64::MIN })),
        // Constant deltas, which polars multiplies instead of adding one by one.
        6 => (None, Some((row as i64).wrapping_mul(1 << 57))),
        _ => (None, None),
    };
    let seconds = number.map(|number| number >> 24);
    [
        Cell::from(cell::made(text)),
        number.map_or(Cell::Empty, |number| Cell::Number((i128::from(number) * 1_000_000_007).to_string().into())),
        Cell::from(cell::integer(number)),
        Cell::from(cell::flag(number.map(|number| number & 2 == 0))),
        Cell::from(cell::time(
            seconds.filter(|at| at.abs() < 1 << 37).map(|seconds| Instant { seconds, nanos: 5_000 }),
        )),
    ]
}

#[test]
fn every_column_that_we_write_is_read_alike() {
    for way in 0..8 {
        for rows in [0, 1, 7, 8, 9, 33, 129, 1000, 3001, 70_000] {
            // 70 000 rows cover several row groups, are slow, and are tried for one way only.
            if rows == 70_000 && way != 4 {
                continue;
            }
            let mut table = ParquetTable::new(Vec::new(), EVERY_TYPE).unwrap();
            (0..rows).for_each(|row| table.push(&cells(way, row)).unwrap());
            let read = assert_both_read(&table.finish().unwrap().writer, EVERY_TYPE);
            assert_eq!(read.len() as u64, rows);
            for (row, found) in (0..).zip(&read) {
                assert_eq!(found, &cells(way, row).map(plain), "{way} {rows} {row}");
            }
        }
    }
}

fn plain(cell: Cell<'_>) -> Option<String> {
    match cell {
        Cell::Empty => None,
        Cell::Text(text) | Cell::Number(text) => Some(text.into_owned()),
        Cell::Integer(number) => Some(number.to_string()),
        Cell::Flag(flag) => Some(flag.to_string()),
        Cell::Time(time) => Some(time.micros().to_string()),
    }
}

#[test]
fn every_table_of_a_run_is_read_alike() {
    let desk = Desk::new();
    let samples = root().join("samples/export");
    let ended = desk.avstem(&["check", samples.to_str().unwrap(), "--out", "run", "--frames", "--fail-on", "never"]);
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    let tables = [("exceptions.parquet", EXCEPTIONS), ("balances.parquet", BALANCES)];
    let frames = FRAMES.iter().map(|(name, columns, _)| (*name, *columns));
    for (name, columns) in tables.into_iter().chain(frames) {
        let bytes = std::fs::read(desk.path().join("run").join(name)).unwrap();
        let rows = assert_both_read(&bytes, columns);
        assert!(!rows.is_empty(), "{name} is empty");
        assert_is_described(&bytes, name, &rows);
    }
}

/// Whether polars finds what the table is, and rows in the order that the footer states.
fn assert_is_described(bytes: &[u8], name: &str, rows: &ParquetRows) {
    let mut reader = ParquetReader::new(Cursor::new(bytes));
    let metadata = reader.get_metadata().unwrap();
    let stated = metadata.key_value_metadata.iter().flatten();
    let stated: Vec<(&str, &str)> =
        stated.map(|pair| (pair.key.as_str(), pair.value.as_deref().unwrap_or_default())).collect();
    let table = name.trim_start_matches("frames/").trim_end_matches(".parquet");
    let names = ["avstem.version", "avstem.table", "avstem.table_version", "avstem.as_of"];
    assert_eq!(stated.iter().map(|(key, _)| *key).collect::<Vec<_>>(), names, "{name}");
    assert_eq!(stated[1].1, table);
    assert!(Instant::parse(stated[3].1).is_some(), "{name}: {stated:?}");
    let [group] = &metadata.row_groups[..] else { panic!("{name} is small") };
    let sorted = group.sorting_columns().unwrap_or_default();
    assert!(sorted.iter().all(|column| !column.descending && !column.nulls_first), "{name}");
    let key = |row: &Vec<Option<String>>| {
        sorted
            .iter()
            .map(|column| row[column.column_idx as usize].clone())
            .map(|text| (text.is_none(), text))
            .collect::<Vec<_>>()
    };
    // Places have one digit here, so their texts compare like numbers. Kinds of other tables do not
    // ascend by bytes.
    assert!(rows.is_sorted_by_key(key), "{name}");
    let ascends = ["frames/lines.parquet", "frames/splits.parquet", "frames/links.parquet"].contains(&name);
    assert_eq!(!sorted.is_empty(), ascends, "{name}: {sorted:?}");
}
