//! Dintero documents: records are recognised by their members, and read straight into the rows that
//! rules judge.

pub(super) mod envelope;
mod fast;
pub(super) mod head;
mod items;
pub(super) mod layout;
mod names;
mod order;
pub(super) mod read;
mod session;
mod settlement;
mod shape;
mod transaction;
pub(super) mod wanted;

use self::names::Name;
use crate::document::cursor;
use crate::ledger::{Ledger, Session, Settlement};
use crate::model::card::Kind;

type Cursor<'b> = cursor::Cursor<'b, Name>;

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
