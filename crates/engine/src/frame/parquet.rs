//! Writes a Parquet file to any writer, row group by row group.

use std::io::{self, Write};

use avstem_core::model::instant::Instant;

use super::chunk::{Chunk, Described, MOST_ROWS, PageBuffers};
use super::column::{Cell, Column, FillColumns, Filled, TextCell, Type};
use super::described::{Description, ascends};
use super::encode::{GROUP_BYTES, GROUP_ROWS};
use super::thrift::Thrift;

/// The magic bytes at the start and the end of a Parquet file.
pub(super) const MAGIC: &[u8] = b"PAR1";

/// The writer's name in the form that Parquet readers parse.
const WRITTEN_BY: &str = concat!("avstem version ", env!("CARGO_PKG_VERSION"));

/// A Parquet file being written.
///
/// The output depends only on the rows: group borders are derived from them, and nothing depends on
/// the machine or the time.
pub struct ParquetTable<W: Write> {
    writer: W,
    columns: &'static [Column],
    description: Option<Description>,
    /// The columns that the rows are sorted by.
    sorted_by: Vec<usize>,
    chunks: Vec<Chunk>,
    room: PageBuffers,
    /// Rows and bytes of the current group.
    rows: usize,
    bytes: usize,
    groups: Vec<Group>,
    offset: u64,
    /// The encoded pages of the current row group.
    out: Vec<u8>,
}

/// The footer data of a row group.
struct Group {
    rows: usize,
    /// Offset and metadata of each column chunk.
    columns: Vec<(u64, Described)>,
    /// The columns that the rows ascend by.
    sorted_by: Vec<usize>,
}

impl<W: Write> ParquetTable<W> {
    /// Starts a file with these columns.
    pub fn new(writer: W, columns: &'static [Column]) -> io::Result<ParquetTable<W>> {
        let mut table = ParquetTable {
            writer,
            columns,
            description: None,
            sorted_by: Vec::new(),
            chunks: columns.iter().map(|column| Chunk::new(column.kind)).collect(),
            room: PageBuffers::new()?,
            rows: 0,
            bytes: 0,
            groups: Vec::new(),
            offset: MAGIC.len() as u64,
            out: Vec::new(),
        };
        table.writer.write_all(MAGIC)?;
        Ok(table)
    }

    /// Says in the footer what the table is.
    pub fn described(self, description: Description) -> ParquetTable<W> {
        let place = |name: &&str| self.columns.iter().position(|column| column.name == *name);
        let places = description.sorted_by.iter().map(place).collect::<Option<_>>();
        let sorted_by = places.expect("a table is sorted by columns that it has");
        ParquetTable { description: Some(description), sorted_by, ..self }
    }

    pub fn push(&mut self, row: &[Cell<'_>]) -> io::Result<()> {
        assert_eq!(row.len(), self.chunks.len(), "a row has a cell for each column");
        for (chunk, cell) in self.chunks.iter_mut().zip(row) {
            self.bytes += chunk.push(cell);
        }
        self.add(1)
    }

    /// Adds rows column by column. `most` is what their cells have at most, in bytes.
    pub fn extend<'r, R>(
        &mut self,
        rows: &'r [R],
        most: usize,
        fill: impl Fn(&'r [R], &mut Filler<'_>),
    ) -> io::Result<()> {
        // Where a row group may end among the rows, they are added one by one: its end must not
        // depend on how many rows come at a time.
        let is_inside = self.rows + rows.len() <= GROUP_ROWS && self.bytes.saturating_add(most) < GROUP_BYTES;
        for rows in rows.chunks(if is_inside { MOST_ROWS } else { 1 }) {
            let mut filler = Filler { chunks: self.chunks.iter_mut(), bytes: 0 };
            fill(rows, &mut filler);
            assert!(filler.chunks.next().is_none(), "{EACH}");
            debug_assert!(filler.bytes <= most);
            self.bytes += filler.bytes;
            self.add(rows.len())?;
        }
        Ok(())
    }

    fn add(&mut self, rows: usize) -> io::Result<()> {
        self.rows += rows;
        if self.rows == GROUP_ROWS || self.bytes >= GROUP_BYTES { self.flush() } else { Ok(()) }
    }

    /// Writes the buffered rows as a row group.
    fn flush(&mut self) -> io::Result<()> {
        if self.rows == 0 {
            return Ok(());
        }
        self.out.clear();
        // Growing copies; encoded pages are hardly larger than their cells.
        self.out.reserve(self.bytes);
        let mut columns: Vec<(u64, Described)> = Vec::with_capacity(self.chunks.len());
        for (at, chunk) in self.chunks.iter().enumerate() {
            let start = self.out.len();
            // A transaction's id is in two columns; equal columns are encoded and compressed only
            // once.
            let described = match self.chunks[..at].iter().position(|earlier| earlier.equals(chunk)) {
                Some(twin) => {
                    let (offset, described) = columns[twin].clone();
                    let from = (offset - self.offset) as usize;
                    self.out.extend_from_within(from..from + described.packed);
                    described
                }
                None => chunk.write(&mut self.out, &mut self.room)?,
            };
            columns.push((self.offset + start as u64, described));
        }
        self.writer.write_all(&self.out)?;
        self.offset += self.out.len() as u64;
        let is_sorted = ascends(&self.chunks, &self.sorted_by, self.rows);
        let sorted_by = if is_sorted { self.sorted_by.clone() } else { Vec::new() };
        self.chunks.iter_mut().for_each(Chunk::clear);
        self.groups.push(Group { rows: self.rows, columns, sorted_by });
        (self.rows, self.bytes) = (0, 0);
        Ok(())
    }

    /// Writes the remaining rows and the footer; returns the writer.
    pub fn finish(mut self) -> io::Result<Filled<W>> {
        self.flush()?;
        let rows = self.groups.iter().map(|group| group.rows as u64).sum();
        let metadata = self.description.as_ref().map(Description::metadata).unwrap_or_default();
        let footer = footer(self.columns, &self.groups, rows, &metadata);
        let length = u32::try_from(footer.len()).map_err(|_| io::Error::from(io::ErrorKind::FileTooLarge))?;
        self.writer.write_all(&footer)?;
        self.writer.write_all(&length.to_le_bytes())?;
        self.writer.write_all(MAGIC)?;
        Ok(Filled { writer: self.writer, rows })
    }
}

const EACH: &str = "there is a column for each of the values";

/// Fills the columns of a row group.
pub struct Filler<'t> {
    chunks: std::slice::IterMut<'t, Chunk>,
    bytes: usize,
}

impl Filler<'_> {
    fn next(&mut self) -> &mut Chunk {
        self.chunks.next().expect(EACH)
    }
}

impl FillColumns for Filler<'_> {
    #[inline(always)]
    fn texts<'a>(&mut self, values: impl Iterator<Item = TextCell<'a>>) {
        self.bytes += self.next().texts(values);
    }

    #[inline(always)]
    fn integers(&mut self, values: impl Iterator<Item = Option<i64>>) {
        self.bytes += self.next().integers(values);
    }

    #[inline(always)]
    fn times(&mut self, values: impl Iterator<Item = Option<Instant>>) {
        self.bytes += self.next().times(values);
    }
}

/// Parquet's repetition type OPTIONAL, and converted types for older readers.
const OPTIONAL: i32 = 1;
pub(super) const UTF8: i32 = 0;
pub(super) const TIMESTAMP_MICROS: i32 = 10;

pub(super) fn physical(kind: Type) -> i32 {
    match kind {
        Type::Flag => 0,
        Type::Integer | Type::Time => 2,
        Type::Text | Type::Number => 6,
    }
}

fn footer(columns: &[Column], groups: &[Group], rows: u64, metadata: &[(&str, String)]) -> Vec<u8> {
    let mut out = Thrift::default();
    out.i32(1, 1);
    // The schema is a flat list with the root first.
    let schema: Vec<Option<&Column>> = [None].into_iter().chain(columns.iter().map(Some)).collect();
    out.structures(2, &schema, |out, column| match column {
        Some(column) => element(out, column),
        None => {
            out.bytes(4, b"root");
            out.i32(5, columns.len() as i32);
        }
    });
    out.i64(3, rows as i64);
    out.structures(4, groups, |out, group| row_group(out, columns, group));
    if !metadata.is_empty() {
        out.structures(5, metadata, |out, (key, value)| {
            out.bytes(1, key.as_bytes());
            out.bytes(2, value.as_bytes());
        });
    }
    out.bytes(6, WRITTEN_BY.as_bytes());
    // Column order: texts compare by bytes, numbers by value. Readers need it to use statistics.
    out.structures(7, columns, |out, _| out.structure(1, |_| {}));
    out.finish()
}

fn element(out: &mut Thrift, column: &Column) {
    out.i32(1, physical(column.kind));
    out.i32(3, OPTIONAL);
    out.bytes(4, column.name.as_bytes());
    match column.kind {
        Type::Text | Type::Number => {
            out.i32(6, UTF8);
            out.structure(10, |logical| logical.structure(1, |_| {}));
        }
        Type::Time => {
            out.i32(6, TIMESTAMP_MICROS);
            out.structure(10, |logical| {
                logical.structure(8, |time| {
                    time.flag(1, true);
                    time.structure(2, |unit| unit.structure(2, |_| {}));
                });
            });
        }
        Type::Integer | Type::Flag => {}
    }
}

fn row_group(out: &mut Thrift, columns: &[Column], group: &Group) {
    let sum = |of: fn(&Described) -> usize| group.columns.iter().map(|(_, column)| of(column)).sum::<usize>() as i64;
    let named: Vec<(&Column, &(u64, Described))> = columns.iter().zip(&group.columns).collect();
    out.structures(1, &named, |out, (column, (offset, described))| {
        out.i64(2, *offset as i64);
        out.structure(3, |out| column_metadata(out, column, *offset, described));
    });
    out.i64(2, sum(|column| column.unpacked));
    out.i64(3, group.rows as i64);
    if !group.sorted_by.is_empty() {
        out.structures(4, &group.sorted_by, |out, column| {
            out.i32(1, *column as i32);
            // Ascending, empty cells last.
            out.flag(2, false);
            out.flag(3, false);
        });
    }
    out.i64(5, group.columns.first().map_or(0, |(offset, _)| *offset as i64));
    out.i64(6, sum(|column| column.packed));
}

fn column_metadata(out: &mut Thrift, column: &Column, offset: u64, described: &Described) {
    out.i32(1, physical(column.kind));
    out.numbers(2, &described.encodings);
    out.one_text(3, column.name);
    out.i32(4, described.codec);
    out.i64(5, described.rows as i64);
    out.i64(6, described.unpacked as i64);
    out.i64(7, described.packed as i64);
    out.i64(9, (offset + described.data_page as u64) as i64);
    if described.data_page > 0 {
        out.i64(11, offset as i64);
    }
    out.structure(12, |statistics| {
        statistics.i64(3, described.nulls as i64);
        described.greatest.iter().for_each(|value| statistics.bytes(5, value));
        described.least.iter().for_each(|value| statistics.bytes(6, value));
        // Both are values of the column, never shortened.
        described.greatest.iter().for_each(|_| statistics.flag(7, true));
        described.least.iter().for_each(|_| statistics.flag(8, true));
    });
}
