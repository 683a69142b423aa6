//! What is read of an export, and what becomes of everything that cannot be: inputs as they come, good, odd and
//! hostile, each with its exit code, its counts and the exact rows of `rejects.csv`.

mod case;
mod fields;
mod files;
mod first_defect;
mod framing;
mod grammar;
mod limits;
mod operations;
mod packed;
mod reach;
mod sample;
mod seeds;
mod shapes;
mod strangers;
mod values;
