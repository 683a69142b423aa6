//! Runs over many nights, checked against a simulated month whose truth is known.

mod causes;
mod chain;
mod continuity;
mod deciding;
mod diffing;
mod histories;
mod month;
mod older;
mod returning;
mod simulation;
mod waiting;
