//! SQL over the tables of a run: the only user of polars, and only in builds with the feature `query`.
//!
//! * [`sql`]: runs a query over Parquet files
//! * [`answer`]: formats the answer

pub mod answer;
pub mod sql;
