//! A Parquet file of ours read back, a row group at a time.
//!
//! What a file must have is told by the same declarations that wrote it. To be used from the main thread only, like
//! everything that calls polars.

use std::fmt;
use std::sync::Arc;

use avstem_core::model::instant::Instant;
use polars::prelude::{
    BooleanChunked, Column as PolarsColumn, DataFrame, DataType, Int64Chunked, StringChunked, TimeUnit,
};
use polars_io::SerReader;
use polars_io::mmap::MmapBytesReader;
use polars_io::parquet::read::{FileMetadata, ParquetReader};

use super::column::{Column, Type};

/// A file that is not what it should be.
#[derive(Debug)]
pub struct ReadError {
    /// The file, as it was named when it was opened.
    pub file: String,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot read {}: {}", self.file, self.what)
    }
}

impl std::error::Error for ReadError {}

/// A Parquet file that is open, with the columns it was asked for.
pub struct ParquetFile<R> {
    reader: R,
    name: String,
    columns: &'static [Column],
    metadata: Arc<FileMetadata>,
    /// The first row and the number of rows of each group.
    groups: Vec<(usize, usize)>,
}

impl<R: MmapBytesReader> ParquetFile<R> {
    /// Reads the footer. Each of `columns` must be there, as it is declared; others may be.
    ///
    /// # Errors
    ///
    /// When it is no Parquet file, or lacks a column; `name` is the file in the message.
    pub fn open(mut reader: R, name: &str, columns: &'static [Column]) -> Result<ParquetFile<R>, ReadError> {
        let failed = |what: String| ReadError { file: name.to_owned(), what };
        let mut parquet = ParquetReader::new(&mut reader);
        let schema = parquet.schema().map_err(|error| failed(error.to_string()))?;
        let metadata = Arc::clone(parquet.get_metadata().map_err(|error| failed(error.to_string()))?);
        for column in columns {
            let found = schema.get(column.name).map(DataType::from_arrow_field);
            if !found.as_ref().is_some_and(|found| holds(found, column.kind)) {
                let what = match found {
                    None => format!("it has no column {}", column.name),
                    Some(_) => format!("its column {} is no {}", column.name, column.kind.words()),
                };
                return Err(failed(what + "; another version of avstem wrote it, run again with this one"));
            }
        }
        let mut start = 0;
        let groups = metadata.row_groups.iter().map(|group| {
            start += group.num_rows();
            (start - group.num_rows(), group.num_rows())
        });
        Ok(ParquetFile { groups: groups.collect(), name: name.to_owned(), reader, columns, metadata })
    }

    /// How many rows it has.
    pub fn rows(&self) -> usize {
        self.metadata.num_rows
    }

    /// How many row groups it has.
    pub fn groups(&self) -> usize {
        self.groups.len()
    }

    /// Some columns of a row group.
    pub fn group(&mut self, at: usize, columns: &[&str]) -> Result<Table, ReadError> {
        let declared = |name: &&str| self.columns.iter().any(|column| column.name == *name);
        assert!(columns.iter().all(declared), "columns are declared when a file is opened");
        let mut parquet = ParquetReader::new(&mut self.reader)
            .with_columns(Some(columns.iter().map(|&name| name.to_owned()).collect()))
            .with_slice(Some(self.groups[at]));
        parquet.set_metadata(Arc::clone(&self.metadata));
        let frame = parquet.finish();
        frame
            .map(|frame| Table { frame })
            .map_err(|error| ReadError { file: self.name.clone(), what: error.to_string() })
    }

    /// All declared columns, a row group after the other.
    pub fn tables(&mut self) -> impl Iterator<Item = Result<Table, ReadError>> {
        let names: Vec<&str> = self.columns.iter().map(|column| column.name).collect();
        (0..self.groups()).map(move |at| self.group(at, &names))
    }
}

/// Rows of some columns, in memory.
pub struct Table {
    frame: DataFrame,
}

impl Table {
    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.frame.height()
    }

    fn column(&self, name: &str) -> &PolarsColumn {
        self.frame.column(name).expect("a column is asked for before it is looked at")
    }

    /// A column of texts, or of exact numbers and words.
    pub fn texts(&self, name: &str) -> Texts<'_> {
        Texts(self.column(name).str().expect(OF_ITS_TYPE))
    }

    /// A column of whole numbers.
    pub fn integers(&self, name: &str) -> Integers<'_> {
        Integers(self.column(name).i64().expect(OF_ITS_TYPE))
    }

    /// A column of true or false.
    pub fn flags(&self, name: &str) -> Flags<'_> {
        Flags(self.column(name).bool().expect(OF_ITS_TYPE))
    }

    /// A column of times.
    pub fn times(&self, name: &str) -> Times<'_> {
        Times(&self.column(name).datetime().expect(OF_ITS_TYPE).phys)
    }
}

/// Why a column can be taken for what it is declared as.
const OF_ITS_TYPE: &str = "types were compared when the file was opened";

/// A column of texts.
#[derive(Clone, Copy)]
pub struct Texts<'t>(&'t StringChunked);

impl<'t> Texts<'t> {
    /// The text of a row, if it has one.
    pub fn get(self, row: usize) -> Option<&'t str> {
        self.0.get(row)
    }
}

/// A column of whole numbers.
#[derive(Clone, Copy)]
pub struct Integers<'t>(&'t Int64Chunked);

impl Integers<'_> {
    /// The number of a row, if it has one.
    pub fn get(self, row: usize) -> Option<i64> {
        self.0.get(row)
    }
}

/// A column of true or false.
#[derive(Clone, Copy)]
pub struct Flags<'t>(&'t BooleanChunked);

impl Flags<'_> {
    /// What a row says, if it says anything.
    pub fn get(self, row: usize) -> Option<bool> {
        self.0.get(row)
    }
}

/// A column of times.
#[derive(Clone, Copy)]
pub struct Times<'t>(&'t Int64Chunked);

impl Times<'_> {
    /// The time of a row, if it has one.
    pub fn get(self, row: usize) -> Option<Instant> {
        let micros = self.0.get(row)?;
        let nanos = u32::try_from(micros.rem_euclid(MICROS) * 1000).expect("less than a second");
        Some(Instant { seconds: micros.div_euclid(MICROS), nanos })
    }
}

/// Microseconds of a second.
const MICROS: i64 = 1_000_000;

/// Whether a column of this type of polars is what was declared. Of a time only the zone's spelling may differ.
fn holds(found: &DataType, kind: Type) -> bool {
    match kind {
        Type::Text | Type::Number => *found == DataType::String,
        Type::Integer => *found == DataType::Int64,
        Type::Flag => *found == DataType::Boolean,
        Type::Time => matches!(found, DataType::Datetime(TimeUnit::Microseconds, Some(_))),
    }
}
