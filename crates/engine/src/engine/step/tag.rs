//! What the rows between steps are.

use std::collections::BTreeMap;

use avstem_core::model::card::Kind;
use avstem_core::rows::RowKind;
use serde::{Deserialize, Serialize};

macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])+ $variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$doc])+ #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$variant,)+];

            pub const fn word(self) -> &'static str {
                match self { $($name::$variant => $word,)+ }
            }

            pub fn named(word: &str) -> Option<$name> {
                Self::ALL.iter().find(|one| one.word() == word).copied()
            }
        }
    };
}

words! {
    /// What a row between steps holds.
    Tag {
        /// What to read: a file, or a part of one.
        Range = "range",
        /// What was read of a file or a part of one.
        File = "file",
        /// A rejected record.
        Reject = "reject",
        /// A transaction's document.
        Transaction = "transaction",
        /// An order's document, or an operation of one.
        Order = "order",
        /// A session: a document of its own, or one embedded in a transaction.
        Session = "session",
        /// A settlement's report or header.
        Settlement = "settlement",
        /// A record of a provider that pays out itself.
        Remittance = "remittance",
        /// Facts of a document under a key that others may have.
        Link = "link",
        /// An order and a transaction, by transaction.
        Pair = "pair",
        /// An order and a transaction, by order.
        Partner = "partner",
        /// A finding.
        Finding = "finding",
        /// A ledger's balance, with its story.
        Balance = "balance",
        /// A finding that is not due yet.
        Waiting = "waiting",
        /// What a document says about a payout.
        PayoutPart = "payout_part",
        /// What a provider that pays out itself says about a payout.
        RemittancePart = "remittance_part",
        /// Sums, fates and facts of what one task did.
        Note = "note",
    }
}

impl Tag {
    /// The tag of a document's row.
    pub fn of_row(kind: RowKind) -> Tag {
        match kind.class() {
            Kind::Transaction => Tag::Transaction,
            Kind::Order => Tag::Order,
            Kind::Session => Tag::Session,
            Kind::Settlement => Tag::Settlement,
            Kind::Payout => Tag::Remittance,
            Kind::Bank => unreachable!("no row is of this kind"),
        }
    }

    /// Whether it is part of the result of a run.
    pub fn is_result(self) -> bool {
        use Tag::{Balance, Finding, Note, PayoutPart, Reject, RemittancePart, Waiting};
        matches!(self, Reject | Finding | Balance | Waiting | PayoutPart | RemittancePart | Note)
    }
}

words! {
    /// A step of a run.
    Step {
        /// Reads records into rows.
        Ingest = "ingest",
        /// Takes the sessions out of kept transactions.
        Embed = "embed",
        /// Facts of embedded sessions, where they could change the as-of.
        Sessions = "sessions",
        /// Judges documents.
        Judge = "judge",
        /// Joins what judging left under keys.
        Join = "join",
        /// Joins pairs by transaction.
        Pairs = "pairs",
        /// Judges orders with all of their transactions.
        Orders = "orders",
    }
}

impl Step {
    /// The rows that it takes; others pass by.
    pub fn takes(self) -> &'static [Tag] {
        match self {
            Step::Ingest => &[Tag::Range],
            Step::Embed => &[Tag::Transaction],
            Step::Sessions => &[Tag::Session],
            Step::Judge => &[Tag::Transaction, Tag::Order, Tag::Session, Tag::Settlement, Tag::Remittance],
            Step::Join => &[Tag::Link],
            Step::Pairs => &[Tag::Pair],
            Step::Orders => &[Tag::Partner],
        }
    }
}

/// Numbers of rows by tag.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowCounts(BTreeMap<Tag, u64>);

impl RowCounts {
    pub fn of(&self, tag: Tag) -> u64 {
        self.0.get(&tag).copied().unwrap_or(0)
    }

    pub fn add(&mut self, tag: Tag, count: u64) {
        *self.0.entry(tag).or_default() += count;
    }

    pub fn merge(&mut self, other: &RowCounts) {
        other.0.iter().for_each(|(tag, count)| self.add(*tag, *count));
    }
}
