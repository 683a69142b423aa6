//! Columns and their Parquet files.
//!
//! * [`mod@column`]: column declarations for files and documentation
//! * `described`: what a table is and how it is sorted, for its footer
//! * [`parquet`]: writes a Parquet file, row group by row group
//! * [`read`]: reads a Parquet file, row group by row group
//! * [`rebuild`]: rebuilds ledgers from their frames
//! * [`schema`]: the columns of the normalized frames
//! * [`frames`]: writes the normalized frames of a run

mod chunk;
pub mod column;
mod decode;
mod described;
mod encode;
mod footer;
pub mod frames;
pub mod parquet;
pub mod read;
pub mod rebuild;
pub mod schema;
mod texts;
mod thrift;

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

pub use chunk::MOST_ROWS;
pub use column::Filled;
pub use described::Description;
pub use footer::parquet_rows;
pub use frames::{Fate, Frames};
pub use parquet::{Filler, ParquetTable};
pub use schema::frames_markdown;
