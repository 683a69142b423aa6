//! Night after night: a month whose truth is known, and what each night says of it.

mod causes;
mod chain;
mod deciding;
mod diffing;
mod histories;
mod month;
mod older;
mod returning;
mod simulation;
mod waiting;
