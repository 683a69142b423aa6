//! The rules: one file each, found through the [`CATALOGUE`].
//!
//! A rule is a card (what it says of itself) and one or more checks (what it looks at). A check is a
//! function over the view it is lent; it keeps no state, cannot fail and cannot print: it pushes hits.

mod amounts;
mod arithmetic;
mod catalogue;
mod checks;
mod documents;
mod lines;
mod links;
pub mod minimize;
mod rule;
mod settlements;
mod splits;
mod states;
#[cfg(test)]
mod triggers;

pub use catalogue::{CATALOGUE, cards, find};
pub use checks::Checks;
pub use rule::{
    Check, CopiesCheck, Cx, DocumentCheck, LedgerCheck, MissingTransactionCheck, OrderPairCheck, OrderPartnersCheck,
    PartialCheck, Rule, SameReferenceCheck, SessionCheck, SessionPairCheck, SettledCheck, SettlementCheck,
    UnknownLineCheck,
};
