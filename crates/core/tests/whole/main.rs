//! Tests the core alone, from bytes to findings, without files, threads or frames. It repeats in
//! seconds what the program's suite shows of the rules, so that `tests/mutants` can run it on
//! thousands of mutants.

#![allow(dead_code)] // of what the suite shares with it, it uses a part

#[path = "../../../../tests/suite/oracle/mod.rs"]
mod oracle;
#[path = "../../../../tests/suite/worlds.rs"]
mod worlds;

#[path = "../../../../tests/suite/stories.rs"]
mod stories;

mod copies;
mod fixtures;
mod night;
mod pairs;
mod payouts;
mod random;
mod taken;
