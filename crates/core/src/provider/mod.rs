//! The interface of a provider. The rest of the program uses only model terms.
//!
//! Code for one provider is in its own folder beside this file; [`active`] selects the provider.

pub mod active;
pub mod dintero;
mod klarna;
mod others;
#[cfg(test)]
mod tests;
mod vipps;

use crate::document::{Block, EnvelopeNames, Layout, Options, Reading, Sink};
use crate::ledger::wording::Wording;
use crate::ledger::{Conventions, Head};
use crate::model::event::EventKind;
use crate::model::product::{Environment, PaymentProduct};
use crate::model::status::{SettlementStatus, Status};

/// A provider: reads its documents and translates its words.
pub trait Provider {
    /// Its name, as payouts have it.
    const NAMESPACE: &'static str;
    /// The sign conventions of its settlements.
    const CONVENTIONS: Conventions;
    /// Member names of the envelopes around its documents.
    const ENVELOPES: &'static EnvelopeNames;
    /// Its words that reports use.
    const WORDING: &'static Wording;
    /// Names of those who pay out to its merchants, as a bank prints them.
    const PAYERS: &'static [&'static str];
    /// Its most frequent words.
    const FREQUENT: Frequent;

    /// Reads every record of a block into the sink; returns the number of lines, 0 for a text.
    fn read(block: &Block<'_>, options: Options, reading: &mut Reading, sink: &mut dyn for<'a> Sink<'a>) -> u64;

    /// What a path implies about its records.
    fn layout(path: &str) -> Layout;

    /// Describes what the field at a path must hold, for the user who corrects it.
    fn wanted(path: &str) -> Option<&'static str>;

    /// Fills in the meaning of a head's words: status, payment status, product, platform, and the
    /// wording.
    fn explain(head: &mut Head<'_>);

    /// The environment of the account that an id belongs to; `None` if the id does not name one.
    fn environment(id: &str) -> Option<Environment>;

    fn event(word: &str) -> EventKind;

    fn status(word: &str) -> Option<Status>;

    fn settlement_status(word: &str) -> Option<SettlementStatus>;

    /// Whether a settlement with this payment status is not paid out yet.
    fn is_postponed(payment_status: &str) -> bool;

    /// `kind` is the product type; empty for none.
    fn product(kind: &str) -> PaymentProduct<'_>;
}

/// Words that take one byte in packed rows. Other words are written in full, so any list is valid.
#[derive(Clone, Copy, Debug)]
pub struct Frequent {
    pub events: &'static [&'static str],
    /// Of transactions and orders.
    pub statuses: &'static [&'static str],
    pub settlement_statuses: &'static [&'static str],
    /// Words for the statuses that totals imply.
    pub implied: &'static [&'static str],
}
