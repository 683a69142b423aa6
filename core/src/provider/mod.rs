//! What a provider must give. Everything else in the program speaks our words.
//!
//! All that is one provider's own is in a folder beside this file; [`active`] says whose exports are read.

pub mod active;
pub mod dintero;

use crate::document::{Block, Layout, Options, Reading, Sink};

/// A provider: its documents, and what its words mean.
pub trait Provider {
    /// Reads every record of a block into the sink; how many lines it holds is returned.
    fn read(block: &Block<'_>, options: Options, reading: &mut Reading, sink: &mut dyn for<'a> Sink<'a>) -> u64;

    /// What a path says of the records behind it.
    fn layout(path: &str) -> Layout;
}
