//! Dintero documents: records are recognised by their members, and read straight into the rows that
//! rules judge.

pub(super) mod envelope;
pub(super) mod head;
mod items;
pub(super) mod layout;
mod names;
mod order;
pub(super) mod read;
mod session;
mod settlement;
mod shape;
#[cfg(test)]
mod tests;
mod transaction;
pub(super) mod wanted;
mod webhook;

use self::names::Name;
use crate::document::{cursor, fast};
use crate::ledger::{Ledger, Session, Settlement};
use crate::model::card::Kind;

type Cursor<'b> = cursor::Cursor<'b, Name>;
type Fast<'b, 'm> = fast::Fast<'b, 'm, Name>;

/// Buffers for one document's rows, reused for the next.
#[derive(Debug, Default)]
struct Scratch<'b> {
    ledger: Ledger<'b>,
    session: Session<'b>,
    /// Receives the rows of a session's items.
    parts: Ledger<'b>,
    settlement: Settlement<'b>,
}

impl Scratch<'_> {
    fn clear_order(&mut self) {
        self.ledger.clear(Kind::Order);
    }
}
