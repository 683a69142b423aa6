//! What a provider must give. Everything else in the program speaks our words.
//!
//! All that is one provider's own is in a folder beside this file; [`active`] says whose exports are read.

pub mod active;
pub mod dintero;

use crate::document::{Block, EnvelopeNames, Layout, Options, Reading, Sink};
use crate::ledger::wording::Wording;
use crate::ledger::{Conventions, Head};
use crate::model::event::EventKind;
use crate::model::product::{Environment, PaymentProduct};
use crate::model::status::{SettlementStatus, Status};

/// A provider: its documents, and what its words mean.
pub trait Provider {
    /// How its settlements write refunds and fees.
    const CONVENTIONS: Conventions;
    /// The fewest days of all its products that an authorization may stay open.
    const FEWEST_AUTHORIZATION_DAYS: u64;
    /// The names in envelopes around its documents.
    const ENVELOPES: &'static EnvelopeNames;
    /// How it writes what reports repeat.
    const WORDING: &'static Wording;
    /// Its most frequent words.
    const FREQUENT: Frequent;

    /// Reads every record of a block into the sink; how many lines it holds is returned.
    fn read(block: &Block<'_>, options: Options, reading: &mut Reading, sink: &mut dyn for<'a> Sink<'a>) -> u64;

    /// What a path says of the records behind it.
    fn layout(path: &str) -> Layout;

    /// What the field at a path of a document must hold, for who has to put it right.
    fn wanted(path: &str) -> Option<&'static str>;

    /// Puts beside the words of a head what they mean: status, payment status, product, platform, and the wording.
    fn explain(head: &mut Head<'_>);

    /// Where the account lives that an id belongs to; `None` for an id that does not say.
    fn environment(id: &str) -> Option<Environment>;

    /// What an event of a transaction does.
    fn event(word: &str) -> EventKind;

    /// The place in [`Frequent::events`] of the word that a kind mostly has; any other number for none.
    fn place_of_event(kind: EventKind) -> usize;

    /// The state of a transaction.
    fn status(word: &str) -> Option<Status>;

    /// How far a transaction is settled.
    fn settlement_status(word: &str) -> Option<SettlementStatus>;

    /// A payment product by its type; empty for none.
    fn product(kind: &str) -> PaymentProduct<'_>;
}

/// Words that take one byte in packed rows. What is not among them is written out, so that any list will do.
#[derive(Clone, Copy, Debug)]
pub struct Frequent {
    pub events: &'static [&'static str],
    /// Of transactions and orders. The word that a [`Status`] mostly has stands at its number.
    pub statuses: &'static [&'static str],
    pub settlement_statuses: &'static [&'static str],
    /// Of what totals imply.
    pub implied: &'static [&'static str],
}
