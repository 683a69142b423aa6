//! Reading an export, and rejecting what cannot be read: valid, odd and hostile inputs, each with
//! its exit code, its counts and the exact rows of `rejects.csv`.

mod case;
mod conformance;
mod envelopes;
mod fields;
mod files;
mod first_defect;
mod framing;
mod grammar;
mod hostile;
mod limits;
mod operations;
pub mod packed;
mod reach;
mod sample;
mod seeds;
mod shapes;
mod strangers;
mod values;
