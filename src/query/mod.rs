//! SQL over the tables of a run: the only user of polars, and only in builds with the feature `query`.
//!
//! * [`sql`]: a query run over Parquet files
//! * [`answer`]: what it found, for people, for spreadsheets and for programs

pub mod answer;
pub mod sql;
