//! The tables of a run as Arrow columns, made from the declarations that its Parquet files are made from.

use std::io;
use std::sync::Arc;

use arrow_array::builder::{BooleanBuilder, Int64Builder, StringBuilder, TimestampMicrosecondBuilder};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};
use avstem_engine::engine::outcome::Outcome;
use avstem_engine::frame::column::{Cell, Column, Type};
use avstem_engine::io::interrupt;
use avstem_engine::report::tables::RunTable;

/// Rows of a batch, and bytes of its texts, at which it ends.
const BATCH_ROWS: usize = 64 << 10;
const BATCH_BYTES: usize = 16 << 20;

/// Bytes that a text may have: offsets have 31 bits, and a column has less than [`BATCH_BYTES`] before it.
const MOST_BYTES: usize = 1 << 30;

const UTC: &str = "UTC";

/// A whole table.
pub struct Sheet {
    pub schema: SchemaRef,
    pub batches: Vec<RecordBatch>,
}

impl Sheet {
    pub fn of(table: RunTable, outcome: &Outcome) -> io::Result<Sheet> {
        let columns = table.columns();
        let mut sheet = Sheet { schema: schema(columns), batches: Vec::new() };
        let mut batch = Batch::new(columns);
        table.each(outcome, &mut |row| {
            batch.push(row)?;
            if batch.is_full() { sheet.add(&mut batch) } else { Ok(()) }
        })?;
        if batch.rows > 0 {
            sheet.add(&mut batch)?;
        }
        Ok(sheet)
    }

    pub fn rows(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    fn add(&mut self, batch: &mut Batch) -> io::Result<()> {
        if interrupt::pending().is_some() {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), batch.take());
        self.batches.push(batch.map_err(io::Error::other)?);
        Ok(())
    }
}

/// The schema of a table, with the types of its Parquet file.
pub fn schema(columns: &[Column]) -> SchemaRef {
    let field = |column: &Column| Field::new(column.name, data_type(column.kind), true);
    Arc::new(Schema::new(columns.iter().map(field).collect::<Vec<_>>()))
}

fn data_type(kind: Type) -> DataType {
    match kind {
        Type::Text | Type::Number => DataType::Utf8,
        Type::Integer => DataType::Int64,
        Type::Flag => DataType::Boolean,
        Type::Time => DataType::Timestamp(TimeUnit::Microsecond, Some(UTC.into())),
    }
}

/// Rows that become a batch.
struct Batch {
    columns: Vec<Values>,
    rows: usize,
    bytes: usize,
}

enum Values {
    Text(StringBuilder),
    Integer(Int64Builder),
    Flag(BooleanBuilder),
    Time(TimestampMicrosecondBuilder),
}

impl Batch {
    fn new(columns: &[Column]) -> Batch {
        Batch { columns: columns.iter().map(|column| Values::new(column.kind)).collect(), rows: 0, bytes: 0 }
    }

    fn push(&mut self, row: &[Cell<'_>]) -> io::Result<()> {
        for (values, cell) in self.columns.iter_mut().zip(row) {
            self.bytes += values.push(cell)?;
        }
        self.rows += 1;
        Ok(())
    }

    fn is_full(&self) -> bool {
        self.rows == BATCH_ROWS || self.bytes >= BATCH_BYTES
    }

    /// The columns; what follows is another batch.
    fn take(&mut self) -> Vec<ArrayRef> {
        (self.rows, self.bytes) = (0, 0);
        self.columns.iter_mut().map(Values::take).collect()
    }
}

impl Values {
    fn new(kind: Type) -> Values {
        match kind {
            Type::Text | Type::Number => Values::Text(StringBuilder::new()),
            Type::Integer => Values::Integer(Int64Builder::new()),
            Type::Flag => Values::Flag(BooleanBuilder::new()),
            Type::Time => Values::Time(TimestampMicrosecondBuilder::new().with_timezone(UTC)),
        }
    }

    /// Adds a cell; returns the bytes of its text.
    fn push(&mut self, cell: &Cell<'_>) -> io::Result<usize> {
        match (self, cell) {
            (Values::Text(values), Cell::Text(text) | Cell::Number(text)) => {
                if text.len() > MOST_BYTES {
                    return Err(io::ErrorKind::FileTooLarge.into());
                }
                values.append_value(text);
                return Ok(text.len());
            }
            (Values::Text(values), _) => values.append_null(),
            (Values::Integer(values), Cell::Integer(number)) => values.append_value(*number),
            // A sum outside 64 bits is a number that only CSV files have.
            (Values::Integer(values), _) => values.append_null(),
            (Values::Flag(values), Cell::Flag(flag)) => values.append_value(*flag),
            (Values::Flag(values), _) => values.append_null(),
            (Values::Time(values), Cell::Time(time)) => values.append_value(time.micros()),
            (Values::Time(values), _) => values.append_null(),
        }
        Ok(0)
    }

    fn take(&mut self) -> ArrayRef {
        let mut array: ArrayRef = match self {
            Values::Text(values) => Arc::new(values.finish()),
            Values::Integer(values) => Arc::new(values.finish()),
            Values::Flag(values) => Arc::new(values.finish()),
            Values::Time(values) => Arc::new(values.finish()),
        };
        array.shrink_to_fit();
        array
    }
}
