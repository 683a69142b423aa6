//! Several copies of one document, as the rules about copies see them.

use super::Ledger;
use crate::model::card::Kind;
use crate::model::instant::Instant;

/// What distinguishes one copy from another.
#[derive(Clone, Copy, Debug)]
pub struct CopyFacts {
    pub updated_at: Option<Instant>,
    pub version: Option<i64>,
    /// Equal copies have the same number.
    pub content: u32,
}

/// The copies of one document; the kept one has been judged already.
#[derive(Debug)]
pub struct Copies<'c, 'p> {
    pub kind: Kind,
    pub id: &'p str,
    /// Every copy, in input order.
    pub all: &'c [CopyFacts],
    /// The kept copy's ledger (an order's with its whole merged collections); none for sessions and settlements.
    pub kept: Option<&'c Ledger<'p>>,
    /// The superseded copies' own ledgers, in input order; none for sessions and settlements.
    pub superseded: &'c [Ledger<'p>],
    /// The currencies that superseded copies state, partial ones included, in input order; none for sessions and
    /// settlements.
    pub currencies: &'c [&'p str],
}
