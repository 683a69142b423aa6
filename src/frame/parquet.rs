//! A Parquet file written a row group at a time, into any writer.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use polars::prelude::{
    BooleanChunkedBuilder, ChunkedBuilder, Column as PolarsColumn, DataFrame, DataType, Field, Int64Type, IntoColumn,
    PolarsError, PrimitiveChunkedBuilder, Schema, StringChunkedBuilder, TimeUnit, TimeZone,
};
use polars_io::parquet::write::{BatchedWriter, ParquetCompression, ParquetWriter, StatisticsOptions};

use super::column::{Cell, Column, Filled, Type};

/// Rows of a row group, at most.
const GROUP_ROWS: usize = 64 << 10;

/// Bytes that a row group's cells may take before it is written: wide rows make smaller groups, and memory stays
/// bounded whatever texts the input has. Not much smaller, since the footer, which is kept until the end, grows with
/// the number of groups.
const GROUP_BYTES: usize = 16 << 20;

/// What a text takes beside its own bytes, and how many of those it takes along for free.
const TEXT_BYTES: usize = 16;
const INLINE_BYTES: usize = 12;

/// What a number or a time takes.
const NUMBER_BYTES: usize = 8;

/// Bytes of a text's beginning and end that statistics keep.
const STATISTICS_BYTES: u64 = 64;

/// A Parquet file that is being written.
///
/// Its bytes depend on the rows alone: group borders are counted from them, and nothing of the machine or the time goes
/// in. To be used from the main thread only, since polars has a thread pool of its own.
pub struct ParquetTable<W: Write> {
    columns: &'static [Column],
    builders: Vec<Builder>,
    rows: usize,
    bytes: usize,
    /// Rows of the groups written so far.
    written: u64,
    sink: Rc<RefCell<Sink<W>>>,
    writer: BatchedWriter<Handle<W>>,
}

impl<W: Write> ParquetTable<W> {
    /// Begins a file with these columns.
    pub fn new(writer: W, columns: &'static [Column]) -> io::Result<ParquetTable<W>> {
        let sink = Rc::new(RefCell::new(Sink { writer, error: None }));
        let schema: Schema =
            columns.iter().map(|column| Field::new(column.name.into(), data_type(column.kind))).collect();
        let statistics = StatisticsOptions {
            min_value: true,
            max_value: true,
            distinct_count: false,
            null_count: true,
            // Said here, since its default can be changed from outside.
            binary_statistics_truncate_length: Some(STATISTICS_BYTES),
        };
        let writer = ParquetWriter::new(Handle(Rc::clone(&sink)))
            .with_compression(ParquetCompression::Zstd(None))
            .with_statistics(statistics)
            .batched(&schema)
            .map_err(|error| sink.borrow_mut().cause(error))?;
        let builders = columns.iter().map(|column| Builder::new(column, 0)).collect();
        Ok(ParquetTable { columns, builders, rows: 0, bytes: 0, written: 0, sink, writer })
    }

    /// Adds a row.
    pub fn push(&mut self, row: &[Cell<'_>]) -> io::Result<()> {
        assert_eq!(row.len(), self.builders.len(), "a row has a cell for each column");
        for (builder, cell) in self.builders.iter_mut().zip(row) {
            self.bytes += builder.push(cell);
        }
        self.rows += 1;
        if self.rows == GROUP_ROWS || self.bytes >= GROUP_BYTES { self.flush() } else { Ok(()) }
    }

    /// Writes the rows gathered so far as a row group.
    fn flush(&mut self) -> io::Result<()> {
        if self.rows == 0 {
            return Ok(());
        }
        let columns: Vec<PolarsColumn> = self.builders.drain(..).map(Builder::finish).collect();
        let written = DataFrame::new(self.rows, columns).and_then(|frame| self.writer.write_batch(&frame));
        // The next group will be about as large: room made once is less than room that doubles while it grows.
        self.builders.extend(self.columns.iter().map(|column| Builder::new(column, self.rows)));
        self.written += self.rows as u64;
        (self.rows, self.bytes) = (0, 0);
        written.map_err(|error| self.sink.borrow_mut().cause(error))
    }

    /// Writes the rest and the footer, and gives the writer back.
    pub fn finish(mut self) -> io::Result<Filled<W>> {
        self.flush()?;
        let ended = self.writer.finish();
        ended.map_err(|error| self.sink.borrow_mut().cause(error))?;
        drop(self.writer);
        let sink = Rc::into_inner(self.sink).map(RefCell::into_inner);
        let sink = sink.ok_or_else(|| io::Error::other("the Parquet writer is still in use"))?;
        Ok(Filled { writer: sink.writer, rows: self.written })
    }
}

/// The writer, and why it failed: polars keeps the words of an error only.
struct Sink<W> {
    writer: W,
    error: Option<io::Error>,
}

impl<W> Sink<W> {
    /// The error of the writer itself, else what polars said.
    fn cause(&mut self, error: PolarsError) -> io::Error {
        self.error.take().unwrap_or_else(|| io::Error::other(error.to_string()))
    }
}

/// What polars writes to; the writer outlives it.
struct Handle<W>(Rc<RefCell<Sink<W>>>);

impl<W: Write> Write for Handle<W> {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.call(|writer| writer.write(buf))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.call(Write::flush)
    }
}

impl<W: Write> Handle<W> {
    fn call<T>(&self, action: impl FnOnce(&mut W) -> io::Result<T>) -> io::Result<T> {
        let sink = &mut *self.0.borrow_mut();
        action(&mut sink.writer).map_err(|error| {
            let told = io::Error::from(error.kind());
            if error.kind() != io::ErrorKind::Interrupted {
                sink.error = Some(error);
            }
            told
        })
    }
}

/// The cells of one column of a row group.
enum Builder {
    Text(StringChunkedBuilder),
    Integer(PrimitiveChunkedBuilder<Int64Type>),
    Flag(BooleanChunkedBuilder),
    Time(PrimitiveChunkedBuilder<Int64Type>),
}

impl Builder {
    fn new(column: &Column, capacity: usize) -> Builder {
        let name = column.name.into();
        match column.kind {
            Type::Text | Type::Number => Builder::Text(StringChunkedBuilder::new(name, capacity)),
            Type::Integer => Builder::Integer(PrimitiveChunkedBuilder::new(name, capacity)),
            Type::Flag => Builder::Flag(BooleanChunkedBuilder::new(name, capacity)),
            Type::Time => Builder::Time(PrimitiveChunkedBuilder::new(name, capacity)),
        }
    }

    /// Adds a cell; how many bytes it takes.
    fn push(&mut self, cell: &Cell<'_>) -> usize {
        match (self, cell) {
            (Builder::Text(column), Cell::Text(text) | Cell::Number(text)) => {
                column.append_value(text);
                TEXT_BYTES + if text.len() > INLINE_BYTES { text.len() } else { 0 }
            }
            (Builder::Text(column), Cell::Empty) => {
                column.append_null();
                TEXT_BYTES
            }
            (Builder::Integer(column), Cell::Integer(number)) => {
                column.append_value(*number);
                NUMBER_BYTES
            }
            (Builder::Time(column), Cell::Time(time)) => {
                column.append_value(time.micros());
                NUMBER_BYTES
            }
            (Builder::Integer(column) | Builder::Time(column), Cell::Empty) => {
                column.append_null();
                NUMBER_BYTES
            }
            (Builder::Flag(column), Cell::Flag(flag)) => {
                column.append_value(*flag);
                1
            }
            (Builder::Flag(column), Cell::Empty) => {
                column.append_null();
                1
            }
            _ => unreachable!("a cell is of its column's type"),
        }
    }

    fn finish(self) -> PolarsColumn {
        match self {
            Builder::Text(column) => column.finish().into_column(),
            Builder::Integer(column) => column.finish().into_column(),
            Builder::Flag(column) => column.finish().into_column(),
            Builder::Time(column) => {
                column.finish().into_datetime(TimeUnit::Microseconds, Some(TimeZone::UTC)).into_column()
            }
        }
    }
}

pub(super) fn data_type(kind: Type) -> DataType {
    match kind {
        Type::Text | Type::Number => DataType::String,
        Type::Integer => DataType::Int64,
        Type::Flag => DataType::Boolean,
        Type::Time => DataType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC)),
    }
}
