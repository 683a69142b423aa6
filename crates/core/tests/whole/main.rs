//! The core alone, from bytes to findings: no files, no threads, no frames. What the program's suite shows of the rules
//! is shown here again in seconds, so that `tests/mutants` can ask of thousands of broken cores whether anyone notices.

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
mod random;
mod taken;
