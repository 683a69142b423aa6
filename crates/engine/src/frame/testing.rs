//! Reads Parquet files in tests.

use std::io::Cursor;

use super::column::{Column, Type};
use super::footer::Footer;
use super::read::ParquetFile;

/// Name and type of each column, and the rows as text.
pub(crate) fn read(bytes: &[u8]) -> (Vec<(String, Type)>, Vec<Vec<String>>) {
    let columns = Footer::read(&mut Cursor::new(bytes)).unwrap().schema.into_iter().map(|stored| {
        let kinds = [Type::Text, Type::Integer, Type::Flag, Type::Time];
        let kind = kinds.into_iter().find(|kind| stored.holds(*kind)).expect("a column of another type");
        // Columns are `'static`, so the test leaks them.
        Column { name: stored.name.leak(), kind, what: "" }
    });
    let columns: &'static [Column] = columns.collect::<Vec<_>>().leak();
    let mut rows = Vec::new();
    for table in ParquetFile::open(Cursor::new(bytes), "it", columns).unwrap().tables() {
        let table = table.unwrap();
        let shown = |column: &Column, row| match column.kind {
            Type::Text | Type::Number => table.texts(column.name).get(row).map(str::to_owned),
            Type::Integer => table.integers(column.name).get(row).map(|number| number.to_string()),
            Type::Flag => table.flags(column.name).get(row).map(|flag| flag.to_string()),
            Type::Time => table.times(column.name).get(row).map(|time| time.to_string()),
        };
        let row = |row| columns.iter().map(|column| shown(column, row).unwrap_or_default()).collect();
        rows.extend((0..table.rows()).map(row));
    }
    (columns.iter().map(|column| (column.name.to_owned(), column.kind)).collect(), rows)
}
