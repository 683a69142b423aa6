//! How many rows a Parquet file has, by its own footer.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

use polars_io::SerReader;
use polars_io::mmap::MmapBytesReader;
use polars_io::parquet::read::ParquetReader;

/// The rows of a file, which anybody may have written.
///
/// # Errors
///
/// When it is no Parquet file.
pub fn parquet_rows(file: impl MmapBytesReader) -> io::Result<u64> {
    // What is no Parquet must not end the program, whatever the library makes of it.
    let rows = catch_unwind(AssertUnwindSafe(|| ParquetReader::new(file).num_rows()));
    match rows {
        Ok(Ok(rows)) => Ok(rows as u64),
        _ => Err(io::Error::new(io::ErrorKind::InvalidData, "it is no Parquet file")),
    }
}
