//! What a provider that pays out itself reports of it: payouts, and the lines that they are made of.

use crate::model::instant::Instant;
use crate::model::money::{Minor, Sum};
use crate::model::origin::Origin;

/// What a remittance is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum RemittanceKind {
    /// A payout that states its parts.
    #[default]
    Statement,
    /// A line that names its payout.
    Line,
    /// An entry of a running account: a payout, or a line of the next payout in the account's order.
    Entry,
}

impl RemittanceKind {
    pub const ALL: [RemittanceKind; 3] = [RemittanceKind::Statement, RemittanceKind::Line, RemittanceKind::Entry];
}

/// What a line or an entry is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum RemittedPart {
    Capture,
    Refund,
    Fee,
    #[default]
    Other,
    /// The payout itself.
    Payout,
}

impl RemittedPart {
    pub const ALL: [RemittedPart; 5] =
        [RemittedPart::Capture, RemittedPart::Refund, RemittedPart::Fee, RemittedPart::Other, RemittedPart::Payout];
}

/// The parts of a payout's account: captures, refunds, fees, other, carried in, carried out.
pub type AccountParts = [Sum; 6];

/// A record of a provider that pays out itself. Which fields are used depends on its kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Remittance<'p> {
    pub namespace: &'p str,
    pub kind: RemittanceKind,
    /// The payout that it is, or is a line of; of an entry the account, empty if it is not known.
    pub id: &'p str,
    /// The currency as written; empty if none is stated.
    pub currency: &'p str,
    pub part: RemittedPart,
    /// Whether its amount states what is taken off, unless the payout's lines show signs.
    pub is_taken_off: bool,
    pub amount: Minor,
    /// The ids by which it may be joined with a transaction; those of a payout name it.
    pub ids: [Option<&'p str>; 3],
    /// The day as written.
    pub day: Option<&'p str>,
    pub time: Option<Instant>,
    /// What it is, in the provider's word.
    pub word: &'p str,
    /// Whose balance it is that payouts follow each other in; `None` if it is not stated.
    pub holder: Option<&'p str>,
    /// The balance, or debt, before it and after it.
    pub before: Option<Minor>,
    pub after: Option<Minor>,
    /// The parts that a statement states, by the meaning of their names.
    pub by_name: AccountParts,
    /// The same without regard to what their names say about signs.
    pub as_written: AccountParts,
    /// Tells it from all that are not equal to it in everything.
    pub content: [u8; 16],
    pub origin: Origin,
}

impl Remittance<'_> {
    pub fn is_payout(&self) -> bool {
        self.kind == RemittanceKind::Statement || self.part == RemittedPart::Payout
    }
}
