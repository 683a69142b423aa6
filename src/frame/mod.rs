//! Columns and their Parquet files; what is read back is read by polars, which has its home here.
//!
//! * [`mod@column`]: what a column is, declared once for files and documentation
//! * [`parquet`]: a Parquet file written, a row group at a time
//! * [`mod@query`]: SQL over Parquet files
//! * [`read`]: a Parquet file read back, a row group at a time
//! * [`rebuild`]: ledgers put together again from their frames
//! * [`rows`]: how many rows a Parquet file has
//! * [`schema`]: the columns of the normalized frames
//! * [`frames`]: the normalized frames of a run

mod chunk;
pub mod column;
mod encode;
pub mod frames;
pub mod parquet;
pub mod query;
pub mod read;
pub mod rebuild;
pub mod rows;
pub mod schema;
mod thrift;

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

pub use column::Filled;
pub use frames::{Fate, Frames};
pub use parquet::ParquetTable;
pub use rows::parquet_rows;
pub use schema::frames_markdown;
