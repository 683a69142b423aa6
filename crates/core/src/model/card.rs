//! Rule cards: the single source of a rule's documentation, messages and report columns.

use std::fmt;

use super::cause::Repair;

/// How bad a finding is. Sorts worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Money does not add up, or the record cannot be trusted.
    Error,
    /// Worth checking.
    Warning,
    /// Informational only.
    Info,
}

impl Severity {
    /// All severities, worst first.
    pub const ALL: [Severity; 3] = [Severity::Error, Severity::Warning, Severity::Info];

    /// The word in reports and in the configuration.
    pub const fn word(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
        }
    }

    pub fn named(word: &str) -> Option<Severity> {
        Self::ALL.into_iter().find(|s| s.word() == word)
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// The kind of a finding's subject, in report order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Kind {
    /// A checkout transaction.
    Transaction,
    /// A shopping order.
    Order,
    /// A checkout session.
    Session,
    /// A settlement report or list item.
    Settlement,
    /// What a provider paid, or says that it paid, under one id.
    Payout,
    /// An entry or a statement of a bank account.
    Bank,
}

impl Kind {
    /// All kinds, in the order of reports.
    pub const ALL: [Kind; 6] =
        [Kind::Transaction, Kind::Order, Kind::Session, Kind::Settlement, Kind::Payout, Kind::Bank];

    /// The kinds of documents; they come first among all kinds.
    pub const DOCUMENTS: [Kind; 4] = [Kind::Transaction, Kind::Order, Kind::Session, Kind::Settlement];

    /// The kinds that rows have; they come first among all kinds.
    pub const OF_ROWS: [Kind; 5] = [Kind::Transaction, Kind::Order, Kind::Session, Kind::Settlement, Kind::Payout];

    /// The word in reports.
    pub const fn word(self) -> &'static str {
        match self {
            Kind::Transaction => "transaction",
            Kind::Order => "order",
            Kind::Session => "session",
            Kind::Settlement => "settlement",
            Kind::Payout => "payout",
            Kind::Bank => "bank",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// What the whole input must contain before a missing finding counts as resolved. The documents
/// that the finding rests on are in its evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// The documents in the evidence suffice.
    Nothing,
    /// At least one document of a production account.
    Production,
    /// At least one transaction.
    Transactions,
    /// At least one settlement report.
    Reports,
    /// At least one settlement: a report, or an item of the list.
    Settlements,
    /// At least one event that names a settlement.
    Entries,
    /// At least one bank statement.
    Statements,
    /// At least one document that states a payout.
    StatedPayouts,
    /// At least one payout of a provider that pays out itself.
    ProviderPayouts,
    /// All transactions that the order is linked to, each whole and linked to no other order.
    Partners,
}

/// The time that a rule allows before it fires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// The rule does not depend on time.
    None,
    /// A number of seconds, which the key in `[windows]` overrides.
    Seconds {
        /// The key in the configuration.
        key: &'static str,
        default: u64,
    },
    /// Days per product, which the section of this key in `[windows]` overrides.
    DaysByProduct {
        /// The key in the configuration.
        key: &'static str,
    },
}

impl Window {
    /// The key in the section `[windows]` of the configuration.
    pub const fn key(self) -> Option<&'static str> {
        match self {
            Window::None => None,
            Window::Seconds { key, .. } | Window::DaysByProduct { key } => Some(key),
        }
    }

    /// The key in a manifest, which names the unit.
    pub fn manifest_key(self) -> Option<String> {
        match self {
            Window::None => None,
            Window::Seconds { key, .. } => Some(format!("{key}_seconds")),
            Window::DaysByProduct { key } => Some(format!("{key}_days")),
        }
    }
}

/// Whether a tolerance can be configured for a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tolerance {
    /// The rule compares no amounts, or allows no difference.
    None,
    /// In minor units.
    MinorUnits,
}

/// Everything that describes a rule, except its checks.
#[derive(Debug)]
pub struct Card {
    /// The number of the code: 101 for AV101.
    pub number: u16,
    /// The code, `AV101`.
    pub code: &'static str,
    /// The name, `over-captured`.
    pub name: &'static str,
    /// The default severity.
    pub severity: Severity,
    /// The kinds of subjects it judges.
    pub subjects: &'static [Kind],
    /// The documentation: the first line says what fires, the rest why it matters.
    pub docs: &'static str,
    /// The sentence of a finding; `{expected}`, `{actual}`, `{delta}` and the like are filled in.
    pub message: &'static str,
    /// What to do about it.
    pub action: &'static str,
    /// A case that fires, in a sentence.
    pub fires: &'static str,
    /// A case that does not.
    pub silent: &'static str,
    /// What the whole input must contain before a missing finding counts as resolved.
    pub needs: Need,
    pub window: Window,
    pub tolerance: Tolerance,
    /// Which repair of a document its findings suggest.
    pub repair: Repair,
}

impl Card {
    /// Whether this is its code or its name, letter case aside.
    pub fn is_called(&self, code_or_name: &str) -> bool {
        [self.code, self.name].iter().any(|known| known.eq_ignore_ascii_case(code_or_name))
    }
}

/// Exclusive upper bound of rule numbers, so that settings fit in arrays; codes end at AV899.
pub const MAX_RULE_NUMBER: usize = 900;

/// Declares a rule's `CARD`. The doc comment is the rule's documentation.
#[macro_export]
macro_rules! card {
    (
        $(#[doc = $docs:literal])+
        $code:literal $name:literal $severity:ident [$($kind:ident)+]
        message: $message:literal
        action: $action:literal
        fires: $fires:literal
        silent: $silent:literal
        needs: $needs:ident
        window: $window:ident $({ $($window_field:ident: $window_value:expr),+ })?
        tolerance: $tolerance:ident
        repair: $repair:ident $(($parts:ident))?
    ) => {
        $(#[doc = $docs])+
        pub static CARD: $crate::model::card::Card = $crate::model::card::Card {
            number: $crate::model::card::number_of($code),
            code: $code,
            name: $name,
            severity: $crate::model::card::Severity::$severity,
            subjects: &[$($crate::model::card::Kind::$kind),+],
            docs: concat!($($docs, "\n"),+),
            message: $message,
            action: $action,
            fires: $fires,
            silent: $silent,
            needs: $crate::model::card::Need::$needs,
            window: $crate::model::card::Window::$window $({ $($window_field: $window_value),+ })?,
            tolerance: $crate::model::card::Tolerance::$tolerance,
            repair: $crate::model::cause::Repair::$repair $(($crate::model::cause::Parts::$parts))?,
        };
    };
}

/// The number of a code; used at compile time by [`card!`](crate::card).
pub const fn number_of(code: &str) -> u16 {
    let b = code.as_bytes();
    assert!(b.len() == 5 && b[0] == b'A' && b[1] == b'V');
    let number = ((b[2] - b'0') as u16) * 100 + ((b[3] - b'0') as u16) * 10 + (b[4] - b'0') as u16;
    assert!((number as usize) < MAX_RULE_NUMBER);
    number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_its_number() {
        for number in 0..MAX_RULE_NUMBER as u16 {
            assert_eq!(number_of(&format!("AV{number:03}")), number);
        }
    }

    #[test]
    fn words_are_read_back() {
        for severity in Severity::ALL {
            assert_eq!(Severity::named(&severity.to_string()), Some(severity));
        }
        assert_eq!(Severity::named("Error"), None);
        assert_eq!(
            Kind::ALL.map(|kind| kind.to_string()),
            ["transaction", "order", "session", "settlement", "payout", "bank"]
        );
    }
}
