//! Columns and their Parquet files.
//!
//! * [`mod@column`]: what a column is, declared once for files and documentation
//! * [`parquet`]: a Parquet file written, a row group at a time
//! * [`read`]: a Parquet file read back, a row group at a time
//! * [`rebuild`]: ledgers put together again from their frames
//! * [`schema`]: the columns of the normalized frames
//! * [`frames`]: the normalized frames of a run

mod chunk;
pub mod column;
mod decode;
mod encode;
mod footer;
pub mod frames;
pub mod parquet;
pub mod read;
pub mod rebuild;
pub mod schema;
mod thrift;

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

pub use column::Filled;
pub use footer::parquet_rows;
pub use frames::{Fate, Frames};
pub use parquet::ParquetTable;
pub use schema::frames_markdown;
