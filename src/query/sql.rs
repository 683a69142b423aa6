//! SQL over the engine's Parquet files.
//!
//! The SQL engine is polars. Of each table only the columns named by the query are read. Whole
//! numbers are passed to polars as 128-bit integers, since its 64-bit sums wrap around silently.
//! Must not be called from a worker thread of the engine, like everything that calls polars.

use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use avstem_core::model::instant::Instant;
use polars::error::set_warning_function;
use polars::prelude::{
    AnonymousScan, AnonymousScanArgs, AnyValue, DataFrame, DataType, LazyFrame, PolarsResult, ScanArgsAnonymous,
    Schema, SchemaRef, TimeUnit, TimeZone,
};
use polars::sql::{SQLContext, extract_table_identifiers};
use polars_io::SerReader;
use polars_io::mmap::MmapBytesReader;
use polars_io::parquet::read::ParquetReader;
use polars_io::parquet::write::ParquetWriter;

/// Why a query failed, in the words of polars.
#[derive(Debug)]
pub struct QueryError(String);

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for QueryError {}

/// Opens a Parquet file; called once for each time that a query names it.
pub type Opener<F> = Box<dyn Fn() -> io::Result<F> + Send + Sync>;

/// The tables that a query names, in any order.
///
/// # Errors
///
/// Returns an error if it is not valid SQL.
pub fn tables_of(sql: &str) -> Result<Vec<String>, QueryError> {
    guarded(|| extract_table_identifiers(sql, false, true))
}

/// Runs a query over named tables.
///
/// # Errors
///
/// Returns an error if polars cannot run it.
pub fn query<F: MmapBytesReader + 'static>(sql: &str, tables: Vec<(String, Opener<F>)>) -> Result<Answer, QueryError> {
    guarded(|| {
        let mut context = SQLContext::new();
        for (name, open) in tables {
            let scan = Scan::new(open)?;
            let schema = Some(Arc::clone(&scan.schema));
            let args = ScanArgsAnonymous { schema, name: "PARQUET", ..ScanArgsAnonymous::default() };
            context.register(&name, LazyFrame::anonymous_scan(Arc::new(scan), args)?);
        }
        let frame = context.execute(sql)?.collect()?;
        Ok(Answer { frame })
    })
}

/// Runs polars without its developer warnings. A panic in polars becomes an error, since no query
/// may end the program.
fn guarded<T>(run: impl FnOnce() -> PolarsResult<T>) -> Result<T, QueryError> {
    set_warning_function(|_, _| {});
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(Ok(found)) => Ok(found),
        // The lines after the first describe the API of polars.
        Ok(Err(error)) => Err(QueryError(error.to_string().lines().next().unwrap_or_default().to_owned())),
        Err(_) => Err(QueryError("the SQL engine broke off over it".to_owned())),
    }
}

/// A table whose columns are read once the query is planned.
struct Scan<F> {
    open: Opener<F>,
    schema: SchemaRef,
}

impl<F: MmapBytesReader> Scan<F> {
    fn new(open: Opener<F>) -> PolarsResult<Scan<F>> {
        let schema = ParquetReader::new(open()?).schema()?;
        let fields = schema.iter_values().map(|field| (field.name.clone(), asked(DataType::from_arrow_field(field))));
        let schema = Arc::new(fields.collect::<Schema>());
        Ok(Scan { open, schema })
    }
}

impl<F: MmapBytesReader + 'static> AnonymousScan for Scan<F> {
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn allows_projection_pushdown(&self) -> bool {
        true
    }

    fn scan(&self, wanted: AnonymousScanArgs) -> PolarsResult<DataFrame> {
        let columns = wanted.with_columns.as_deref().unwrap_or(&[]);
        let names = columns.iter().map(ToString::to_string).collect::<Vec<_>>();
        let mut reader = ParquetReader::new((self.open)()?);
        if !names.is_empty() {
            reader = reader.with_columns(Some(names));
        }
        let mut frame = reader.with_slice(wanted.n_rows.map(|rows| (0, rows))).finish()?;
        if !columns.is_empty() {
            frame = frame.select(columns.iter().cloned())?;
        }
        let columns = frame.columns().iter().map(|column| column.cast(&asked(column.dtype().clone())));
        DataFrame::new(frame.height(), columns.collect::<PolarsResult<_>>()?)
    }
}

/// The column type for queries. Times are UTC without a zone there, since a zoned time cannot be
/// compared with a text or literal.
fn asked(stored: DataType) -> DataType {
    match stored {
        DataType::Int64 => DataType::Int128,
        DataType::Datetime(unit, _) => DataType::Datetime(unit, None),
        other => other,
    }
}

pub struct Answer {
    frame: DataFrame,
}

#[derive(Clone, Debug, PartialEq)]
pub enum SqlValue<'a> {
    Empty,
    Text(Cow<'a, str>),
    Whole(i128),
    /// Any other number, formatted.
    Number(String),
    Flag(bool),
    Time(Instant),
}

impl Answer {
    pub fn columns(&self) -> Vec<&str> {
        self.frame.columns().iter().map(|column| column.name().as_str()).collect()
    }

    pub fn rows(&self) -> usize {
        self.frame.height()
    }

    pub fn row(&self, at: usize) -> impl Iterator<Item = SqlValue<'_>> {
        self.frame.columns().iter().map(move |column| {
            // Never fails: `at` is below the height of the frame.
            column.get(at).map_or(SqlValue::Empty, value)
        })
    }

    /// Encodes the answer as a Parquet file.
    ///
    /// # Errors
    ///
    /// Returns an error if a whole number needs more than 64 bits, which few Parquet readers
    /// support.
    pub fn parquet(&self) -> Result<Vec<u8>, QueryError> {
        guarded(|| {
            let columns = self.frame.columns().iter().map(|column| match column.dtype() {
                DataType::Int128 => column.strict_cast(&DataType::Int64),
                DataType::Datetime(unit, None) => column.cast(&DataType::Datetime(*unit, Some(TimeZone::UTC))),
                _ => Ok(column.clone()),
            });
            let mut frame = DataFrame::new(self.frame.height(), columns.collect::<PolarsResult<_>>()?)?;
            let mut bytes = Vec::new();
            ParquetWriter::new(&mut bytes).finish(&mut frame)?;
            Ok(bytes)
        })
    }
}

fn value(value: AnyValue<'_>) -> SqlValue<'_> {
    match value {
        AnyValue::Null => SqlValue::Empty,
        AnyValue::String(text) => SqlValue::Text(Cow::Borrowed(text)),
        AnyValue::StringOwned(text) => SqlValue::Text(Cow::Owned(text.to_string())),
        AnyValue::Boolean(flag) => SqlValue::Flag(flag),
        AnyValue::Int128(number) => SqlValue::Whole(number),
        AnyValue::Float32(number) if number.is_finite() => SqlValue::Number(format!("{number:?}")),
        AnyValue::Float64(number) if number.is_finite() => SqlValue::Number(format!("{number:?}")),
        AnyValue::Decimal(..) => SqlValue::Number(value.to_string()),
        AnyValue::Datetime(ticks, unit, _) | AnyValue::DatetimeOwned(ticks, unit, _) => time(ticks, unit),
        // All remaining integer types fit.
        _ => match value.extract::<i128>().filter(|_| value.is_integer()) {
            Some(number) => SqlValue::Whole(number),
            None => SqlValue::Text(Cow::Owned(value.to_string())),
        },
    }
}

fn time<'a>(ticks: i64, unit: TimeUnit) -> SqlValue<'a> {
    let second = match unit {
        TimeUnit::Nanoseconds => 1_000_000_000,
        TimeUnit::Microseconds => 1_000_000,
        TimeUnit::Milliseconds => 1000,
    };
    let nanos = ticks.rem_euclid(second) * (1_000_000_000 / second);
    let nanos = u32::try_from(nanos).expect("less than a second");
    SqlValue::Time(Instant { seconds: ticks.div_euclid(second), nanos })
}
