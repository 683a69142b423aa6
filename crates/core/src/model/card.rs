//! What a rule says of itself: the one source of its documentation, messages and report columns.

use std::fmt;

/// How bad a finding is. Sorts worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Money does not add up, or the record cannot be trusted.
    Error,
    /// Something wants a look.
    Warning,
    /// Good to know.
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

    /// The severity of this word.
    pub fn named(word: &str) -> Option<Severity> {
        Self::ALL.into_iter().find(|s| s.word() == word)
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// What a finding is about. Sorts as reports do.
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
}

impl Kind {
    /// All kinds, in the order of reports.
    pub const ALL: [Kind; 4] = [Kind::Transaction, Kind::Order, Kind::Session, Kind::Settlement];

    /// The word in reports.
    pub const fn word(self) -> &'static str {
        match self {
            Kind::Transaction => "transaction",
            Kind::Order => "order",
            Kind::Session => "session",
            Kind::Settlement => "settlement",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A rule's card: everything that people and reports need to know of it.
#[derive(Debug)]
pub struct Card {
    /// The number of the code: 101 for AV101.
    pub number: u16,
    /// The code, `AV101`.
    pub code: &'static str,
    /// The name, `over-captured`.
    pub name: &'static str,
    /// The severity unless the configuration says otherwise.
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
}

/// One number a code, so that settings can be kept in plain arrays.
pub const MAX_RULE_NUMBER: usize = 800;

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
        };
    };
}

/// The number of a code; used at compile time by [`card!`](crate::card).
pub const fn number_of(code: &str) -> u16 {
    let b = code.as_bytes();
    assert!(b.len() == 5 && b[0] == b'A' && b[1] == b'V');
    ((b[2] - b'0') as u16) * 100 + ((b[3] - b'0') as u16) * 10 + (b[4] - b'0') as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_its_number() {
        for number in 0..1000 {
            assert_eq!(number_of(&format!("AV{number:03}")), number);
        }
    }

    #[test]
    fn words_are_read_back() {
        for severity in Severity::ALL {
            assert_eq!(Severity::named(&severity.to_string()), Some(severity));
        }
        assert_eq!(Severity::named("Error"), None);
        assert_eq!(Kind::ALL.map(|kind| kind.to_string()), ["transaction", "order", "session", "settlement"]);
    }
}
