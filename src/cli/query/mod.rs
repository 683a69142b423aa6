//! `avstem query`: SQL over the tables of a run.

mod args;
#[cfg(feature = "query")]
mod ask;

pub use args::QueryArgs;

use super::exit::{Exit, Failure};

#[cfg(feature = "query")]
pub fn run(args: &QueryArgs) -> Result<Exit, Failure> {
    ask::run(args)
}

#[cfg(not(feature = "query"))]
pub fn run(_: &QueryArgs) -> Result<Exit, Failure> {
    Err(Failure::usage("this build of avstem has no SQL engine").help(
        "ask the Parquet files of the run with another engine, like DuckDB, or build avstem from its source with its \
         default features (`cargo build --release`)",
    ))
}
