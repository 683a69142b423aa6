//! The provider Dintero.

mod accounts;
mod document;
mod events;
mod products;
mod settlements;
mod statuses;

use super::{Frequent, Provider};
use crate::document::{Block, EnvelopeNames, Layout, Options, Reading, Sink};
use crate::ledger::wording::Wording;
use crate::ledger::{Conventions, Head};
use crate::model::event::EventKind;
use crate::model::product::{Environment, PaymentProduct};
use crate::model::status::{SettlementStatus, Status};

/// Covers transactions and sessions of the Checkout, shopping orders and settlements.
pub struct Dintero;

impl Provider for Dintero {
    const NAMESPACE: &'static str = "dintero";
    const CONVENTIONS: Conventions = settlements::CONVENTIONS;
    const ENVELOPES: &'static EnvelopeNames = &document::envelope::NAMES;
    const WORDING: &'static Wording = &statuses::WORDS;
    const PAYERS: &'static [&'static str] = settlements::PAYERS;
    const FREQUENT: Frequent = Frequent {
        events: events::DICTIONARY,
        statuses: statuses::DICTIONARY,
        settlement_statuses: statuses::OF_SETTLEMENT,
        implied: statuses::IMPLIED,
    };

    fn read(block: &Block<'_>, options: Options, reading: &mut Reading, sink: &mut dyn for<'a> Sink<'a>) -> u64 {
        document::read::read(block, options, reading, sink)
    }

    fn layout(path: &str) -> Layout {
        document::layout::of(path)
    }

    fn wanted(path: &str) -> Option<&'static str> {
        document::wanted::wanted(path)
    }

    fn explain(head: &mut Head<'_>) {
        document::head::explain(head);
    }

    #[inline]
    fn environment(id: &str) -> Option<Environment> {
        accounts::environment(id)
    }

    #[inline]
    fn event(word: &str) -> EventKind {
        events::kind(word)
    }

    #[inline]
    fn status(word: &str) -> Option<Status> {
        statuses::status(word)
    }

    fn settlement_status(word: &str) -> Option<SettlementStatus> {
        statuses::settlement_status(word)
    }

    fn is_postponed(payment_status: &str) -> bool {
        payment_status == settlements::POSTPONED
    }

    fn product(kind: &str) -> PaymentProduct<'_> {
        products::product(kind)
    }
}
