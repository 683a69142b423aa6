//! The Parquet reader. It never panics or exceeds its memory limit; the number of rows matches the
//! footer, and rows that are written and read again are the same.

#![no_main]

use std::io::Cursor;

use avstem_engine::frame::column::{Cell, Column, Type, cell};
use avstem_engine::frame::read::{ParquetFile, ReadError};
use avstem_engine::frame::{ParquetTable, parquet_rows};
use libfuzzer_sys::fuzz_target;

const COLUMNS: &[Column] = &[
    Column { name: "text", kind: Type::Text, what: "" },
    Column { name: "number", kind: Type::Number, what: "" },
    Column { name: "integer", kind: Type::Integer, what: "" },
    Column { name: "flag", kind: Type::Flag, what: "" },
    Column { name: "time", kind: Type::Time, what: "" },
];

type Row = [Cell<'static>; COLUMNS.len()];

fn read(bytes: &[u8]) -> Result<Vec<Row>, ReadError> {
    let mut file = ParquetFile::open(Cursor::new(bytes), "it", COLUMNS)?;
    let mut rows = Vec::new();
    for table in file.tables() {
        let table = table?;
        for row in 0..table.rows() {
            let text = |name: &str| table.texts(name).get(row).map(str::to_owned);
            rows.push([
                text("text").map_or(Cell::Empty, |text| Cell::Text(text.into())),
                text("number").map_or(Cell::Empty, |text| Cell::Number(text.into())),
                Cell::from(cell::integer(table.integers("integer").get(row))),
                Cell::from(cell::flag(table.flags("flag").get(row))),
                Cell::from(cell::time(table.times("time").get(row))),
            ]);
        }
    }
    assert_eq!(file.rows(), rows.len() as u64);
    Ok(rows)
}

fuzz_target!(|bytes: &[u8]| {
    let counted = parquet_rows(Cursor::new(bytes)).ok();
    let Ok(rows) = read(bytes) else { return };
    assert_eq!(counted, Some(rows.len() as u64));
    let mut table = ParquetTable::new(Vec::new(), COLUMNS).expect("memory takes all");
    rows.iter().for_each(|row| table.push(row).expect("memory takes all"));
    let written = table.finish().expect("memory takes all").writer;
    assert!(read(&written).expect("we wrote it") == rows, "other rows come back");
});
