//! The rules: one file each, found through the [`CATALOGUE`].
//!
//! A rule is a card (its description) and one or more checks. A check is a stateless function over
//! borrowed data that cannot fail or print: it only pushes hits.

mod amounts;
mod arithmetic;
pub mod bank;
mod catalogue;
mod checks;
mod documents;
mod lines;
mod links;
pub mod minimize;
mod precheck;
mod rule;
mod settlements;
mod splits;
mod states;
#[cfg(test)]
mod triggers;

pub use catalogue::{CATALOGUE, cards, find};
pub use checks::Checks;
pub use precheck::prechecker;
pub use rule::{
    Check, CopiesCheck, CreditedCheck, Cx, DocumentCheck, LedgerCheck, MissingTransactionCheck, NeighboursCheck,
    OrderPairCheck, OrderPartnersCheck, PartialCheck, ReceivedCheck, Rule, SameReferenceCheck, SessionCheck,
    SessionPairCheck, SettledCheck, SettlementCheck, StatementCheck, UnknownLineCheck,
};
