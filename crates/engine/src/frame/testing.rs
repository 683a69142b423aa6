//! Parquet read back, for tests.

use std::io::Cursor;

use avstem_core::model::instant::Instant;
use polars::prelude::{AnyValue, TimeUnit};
use polars_io::SerReader;
use polars_io::parquet::read::ParquetReader;

/// Names and types of the columns, and the rows as CSV would show them.
pub(crate) fn read(bytes: &[u8]) -> (Vec<(String, String)>, Vec<Vec<String>>) {
    let frame = ParquetReader::new(Cursor::new(bytes.to_vec())).finish().unwrap();
    let schema = frame.columns().iter().map(|c| (c.name().to_string(), format!("{:?}", c.dtype()))).collect();
    let rows = (0..frame.height())
        .map(|row| frame.columns().iter().map(|column| shown(&column.get(row).unwrap())).collect())
        .collect();
    (schema, rows)
}

fn shown(value: &AnyValue<'_>) -> String {
    // Columns that hold one value all through come back as owned ones.
    match value.as_borrowed() {
        AnyValue::Null => String::new(),
        AnyValue::String(text) => text.to_owned(),
        AnyValue::Int64(number) => number.to_string(),
        AnyValue::Boolean(flag) => flag.to_string(),
        AnyValue::Datetime(micros, TimeUnit::Microseconds, Some(_)) => {
            let nanos = micros.rem_euclid(1_000_000) as u32 * 1000;
            Instant { seconds: micros.div_euclid(1_000_000), nanos }.to_string()
        }
        other => panic!("a column of another type: {other:?}"),
    }
}
