//! All that is Dintero's own.

mod document;

use super::Provider;
use crate::document::{Block, Layout, Options, Reading, Sink};

/// Dintero, whose exports are those of its Checkout, Orders and Settlements APIs.
pub struct Dintero;

impl Provider for Dintero {
    fn read(block: &Block<'_>, options: Options, reading: &mut Reading, sink: &mut dyn for<'a> Sink<'a>) -> u64 {
        document::read::read(block, options, reading, sink)
    }

    fn layout(path: &str) -> Layout {
        document::layout::of(path)
    }
}
