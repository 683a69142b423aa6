//! Turns hits into findings, gives them stable names, and packs them into bytes that sort in report
//! order.

mod build;
mod packed;
mod waiting;

pub use build::{Judged, Namer, Trace, Traced, names_of, set_roots};
pub use packed::{Found, read as read_finding, sorted_finding, write as write_finding};
pub use waiting::{Waiting, WaitingSubject, move_waiting, read as read_waiting, write as write_waiting};
