//! What is known of a transaction before its rules are asked.

use super::{Figures, Ledger, Move, Triggers};

/// The result of a precheck. One value is reused, so that prechecks allocate nothing in the steady state.
#[derive(Clone, Debug, Default)]
pub struct Precheck {
    /// With [`Triggers::UNREAD`], the other fields mean nothing.
    pub triggers: Triggers,
    pub figures: Figures,
    /// In timeline order.
    pub moves: Vec<Move>,
}

/// Prechecks a transaction as it was read. It comes from the rules, which stand above those who call it.
pub type Prechecker = Box<dyn for<'l, 'p> FnMut(&'l Ledger<'p>, &mut Precheck) + Send>;
