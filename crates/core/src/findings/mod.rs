//! What rules found, on its way to reports: hits become findings, findings get their stable names and are packed into
//! bytes that sort as reports do.

mod build;
mod packed;
mod waiting;

pub use build::{Judged, Namer, Trace, Traced, names_of, set_roots};
pub use packed::{Found, read as read_finding, sorted_finding, write as write_finding};
pub use waiting::{Waiter, Waiting, read as read_waiting, set_aside, write as write_waiting};
