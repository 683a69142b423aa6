//! What a rule found: hits borrow from the judged ledger, findings are self-contained.

use std::borrow::Cow;

use super::card::{Card, Kind, Severity};
use super::cause::Root;
use super::display::{MOST_DIGITS, digits_of};
use super::event::{EventKind, EventList};
use super::instant::Instant;
use super::money::Sum;
use super::origin::Origin;

/// An expected or actual value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Value<'a> {
    /// The rule states none.
    #[default]
    None,
    /// Minor units.
    Amount(Sum),
    /// Words or a quantity.
    Words(Cow<'a, str>),
    /// Words, with an amount beside them.
    Both(Cow<'a, str>, Sum),
}

impl Value<'_> {
    pub fn amount(&self) -> Option<Sum> {
        match self {
            Value::Amount(sum) | Value::Both(_, sum) => Some(*sum),
            Value::None | Value::Words(_) => None,
        }
    }

    pub fn words(&self) -> Option<&str> {
        match self {
            Value::Words(text) | Value::Both(text, _) => Some(text),
            Value::None | Value::Amount(_) => None,
        }
    }

    pub fn into_owned(self) -> Value<'static> {
        match self {
            Value::None => Value::None,
            Value::Amount(sum) => Value::Amount(sum),
            Value::Words(text) => Value::Words(Cow::Owned(text.into_owned())),
            Value::Both(text, sum) => Value::Both(Cow::Owned(text.into_owned()), sum),
        }
    }
}

/// Points at an event of a ledger, with what identifies it.
#[derive(Clone, Copy, Debug)]
pub struct EventRef<'a> {
    pub list: EventList,
    /// The number in the list.
    pub place: u32,
    /// Its kind; `None` for a settlement's line.
    pub kind: Option<EventKind>,
    pub id: Option<&'a str>,
    pub time: Option<Instant>,
    /// The record that holds it.
    pub origin: Origin,
}

/// What a rule found on the subject it judged.
#[derive(Clone, Debug)]
pub struct Hit<'a> {
    /// The event that breaks the rule.
    pub event: Option<EventRef<'a>>,
    pub line: Option<&'a str>,
    /// The payout destination.
    pub destination: Option<&'a str>,
    pub settlement: Option<&'a str>,
    pub expected: Value<'a>,
    pub actual: Value<'a>,
    /// Distinguishes findings that are otherwise equal.
    pub detail: Cow<'a, str>,
    /// Several subjects that it may be about, in words; in no name of a finding.
    pub candidates: Cow<'a, str>,
    /// The other document of a cross-document rule.
    pub partner: Option<(Kind, &'a str)>,
    /// The currency, if the subject has several.
    pub currency: Option<&'a str>,
    /// The window of a time rule; `None` for other rules.
    pub timed: Option<Timed>,
}

/// When a finding of a rule about time is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timed {
    /// Start of the window.
    pub since: Instant,
    /// End of the window; the finding is due after this instant.
    pub due: Instant,
    /// Whether it is not due yet at the as-of.
    pub waits: bool,
}

impl<'a> Hit<'a> {
    /// A finding on the subject as a whole.
    pub fn new() -> Self {
        Hit {
            event: None,
            line: None,
            destination: None,
            settlement: None,
            expected: Value::None,
            actual: Value::None,
            detail: Cow::Borrowed(""),
            candidates: Cow::Borrowed(""),
            partner: None,
            currency: None,
            timed: None,
        }
    }

    pub fn amounts(expected: impl Into<Sum>, actual: impl Into<Sum>) -> Self {
        Hit { expected: Value::Amount(expected.into()), actual: Value::Amount(actual.into()), ..Hit::new() }
    }

    /// A finding with an amount found where none is expected.
    pub fn actual(actual: impl Into<Sum>) -> Self {
        Hit { actual: Value::Amount(actual.into()), ..Hit::new() }
    }

    /// A finding in words; an empty `expected` names none.
    pub fn words(expected: impl Into<Cow<'a, str>>, actual: impl Into<Cow<'a, str>>) -> Self {
        let value = |text: Cow<'a, str>| if text.is_empty() { Value::None } else { Value::Words(text) };
        Hit { expected: value(expected.into()), actual: value(actual.into()), ..Hit::new() }
    }

    pub fn at(mut self, event: impl Into<EventRef<'a>>) -> Self {
        self.event = Some(event.into());
        self
    }

    pub fn at_some(mut self, event: Option<EventRef<'a>>) -> Self {
        self.event = event;
        self
    }

    pub fn line(mut self, line: Option<&'a str>) -> Self {
        self.line = line;
        self
    }

    pub fn destination(mut self, destination: &'a str) -> Self {
        self.destination = Some(destination);
        self
    }

    pub fn settlement(mut self, settlement: &'a str) -> Self {
        self.settlement = Some(settlement);
        self
    }

    /// Whether it is not due yet.
    pub fn waits(&self) -> bool {
        self.timed.is_some_and(|timed| timed.waits)
    }

    pub fn detail(mut self, detail: impl Into<Cow<'a, str>>) -> Self {
        self.detail = detail.into();
        self
    }

    pub fn candidates(mut self, candidates: impl Into<Cow<'a, str>>) -> Self {
        self.candidates = candidates.into();
        self
    }

    pub fn currency(mut self, currency: Option<&'a str>) -> Self {
        self.currency = currency;
        self
    }

    /// Actual minus expected; 0 if either is not an amount.
    pub fn delta(&self) -> Sum {
        self.actual.amount().zip(self.expected.amount()).map_or(0, |(actual, expected)| actual - expected)
    }

    pub fn partner(mut self, kind: Kind, id: &'a str) -> Self {
        self.partner = Some((kind, id));
        self
    }
}

/// A hit and the rule that made it.
pub type RuleHit<'a> = (&'static Card, Hit<'a>);

/// Whether two hits are the same finding, whatever their amounts.
pub fn is_same_finding((card, hit): &RuleHit<'_>, (other_card, other): &RuleHit<'_>) -> bool {
    let place = |hit: &Hit<'_>| hit.event.map(|event| (event.list, event.place));
    card.number == other_card.number
        && place(hit) == place(other)
        && hit.line == other.line
        && hit.destination == other.destination
        && hit.detail == other.detail
        && hit.partner == other.partner
}

impl Default for Hit<'_> {
    fn default() -> Self {
        Hit::new()
    }
}

/// What the subject's kept document states, for report columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    pub order_id: Option<String>,
    pub transaction_id: Option<String>,
    pub session_id: Option<String>,
    pub merchant_reference: Option<String>,
    pub merchant_reference_2: Option<String>,
    pub payment_product_type: Option<String>,
    pub settlement_id: Option<String>,
    /// The currency as written.
    pub currency: Option<String>,
    /// The status as written.
    pub status: Option<String>,
    /// The status that the amounts imply.
    pub status_derived: Option<String>,
    pub created_at: Option<Instant>,
}

/// The event of a finding, copied from the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventAt {
    pub list: EventList,
    /// The number in the list.
    pub place: u32,
    pub time: Option<Instant>,
    /// Identifies the event in the finding's id: its own id, else kind and time, else its place.
    pub key: String,
}

impl EventAt {
    /// As the `event` column shows it.
    pub fn place_text(&self) -> String {
        place_text(self.list, self.place)
    }
}

/// An event's place in its list, like `events[3]`.
pub fn place_text(list: EventList, place: u32) -> String {
    [list.name(), "[", digits_of(place.into(), &mut [0; MOST_DIGITS]), "]"].concat()
}

/// A finding, independent of the ledger.
#[derive(Clone, Debug)]
pub struct Finding {
    pub card: &'static Card,
    /// The severity after configuration.
    pub severity: Severity,
    /// The kind of the subject.
    pub kind: Kind,
    /// The subject's id.
    pub id: String,
    pub subject: Subject,
    pub event: Option<EventAt>,
    pub line: Option<String>,
    /// The payout destination.
    pub destination: Option<String>,
    pub expected: Value<'static>,
    pub actual: Value<'static>,
    /// Distinguishes findings that are otherwise equal.
    pub detail: String,
    /// Several subjects that it may be about, in words for its message.
    pub candidates: String,
    /// When a finding of a time rule became due.
    pub due: Option<Instant>,
    /// The cause that it follows from, if one was found.
    pub root: Option<Root>,
    /// The record that it cites.
    pub origin: Origin,
    /// Whether the configuration accepts it.
    pub accepted: bool,
    /// Numbers findings with equal sort keys; set once all are sorted.
    pub ordinal: u32,
    /// The stable name, set once all are sorted.
    pub exception_id: String,
    /// What it rests on, in the format of [`super::evidence`].
    pub evidence: String,
}

impl Finding {
    /// Actual minus expected; `None` if either is not an amount.
    pub fn delta(&self) -> Option<Sum> {
        Some(self.actual.amount()? - self.expected.amount()?)
    }

    /// Whether it does not follow from another finding.
    pub fn is_root(&self) -> bool {
        self.root.as_ref().is_none_or(|root| root.id == self.exception_id)
    }

    /// Hashes rule, expected and actual: the first 8 bytes of BLAKE3 as 16 hexadecimal digits. With
    /// the stable name it shows whether a reviewed exception is unchanged; severity, place and
    /// files do not count.
    pub fn fingerprint(&self) -> String {
        let mut bytes = Vec::with_capacity(160);
        let mut part = |text: &str| {
            bytes.extend_from_slice(&(text.len() as u64).to_le_bytes());
            bytes.extend_from_slice(text.as_bytes());
        };
        part(self.card.code);
        for value in [&self.expected, &self.actual] {
            // The first part distinguishes a missing value from an empty word.
            part(if value.words().is_some() { "words" } else { "" });
            part(value.words().unwrap_or_default());
            part(&value.amount().map(|amount| amount.to_string()).unwrap_or_default());
        }
        short_hash(&bytes)
    }

    /// What rows are sorted by until only the order is left in which the rules reported them.
    pub fn order(&self) -> impl Ord + '_ {
        (self.sort_key(), &self.subject.settlement_id)
    }

    /// What rows are sorted by, before the ordinal.
    #[allow(clippy::type_complexity)] // a sort key is a tuple and nothing more
    pub fn sort_key(&self) -> (Severity, u16, Kind, &[u8], Option<(EventList, u32)>, Option<&str>, Option<&str>, &str) {
        (
            self.severity,
            self.card.number,
            self.kind,
            self.id.as_bytes(),
            self.event.as_ref().map(|e| (e.list, e.place)),
            self.line.as_deref(),
            self.destination.as_deref(),
            &self.detail,
        )
    }
}

/// The first 8 bytes of BLAKE3 as 16 hexadecimal digits.
pub fn short_hash(bytes: &[u8]) -> String {
    let hash = blake3::hash(bytes);
    let mut text = String::with_capacity(16);
    for byte in &hash.as_bytes()[..8] {
        for half in [byte >> 4, byte & 15] {
            text.push(char::from(b"0123456789abcdef"[usize::from(half)]));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::cause::Cause;
    use crate::rules::find;

    fn finding(rule: &str, expected: Value<'static>, actual: Value<'static>) -> Finding {
        let card = find(rule).unwrap().card;
        Finding {
            card,
            severity: card.severity,
            kind: Kind::Transaction,
            id: "T1".to_owned(),
            subject: Subject::default(),
            event: None,
            line: None,
            destination: None,
            expected,
            actual,
            detail: String::new(),
            candidates: String::new(),
            due: None,
            root: None,
            origin: Origin::default(),
            accepted: false,
            ordinal: 0,
            exception_id: String::new(),
            evidence: String::new(),
        }
    }

    #[test]
    fn a_root_is_what_follows_from_nothing_else() {
        let lone = Finding { exception_id: "a".to_owned(), ..finding("AV101", Value::None, Value::None) };
        let root = |id: &str| Some(Root { id: id.to_owned(), cause: Cause::Sign, explained: 0 });
        assert!(lone.is_root());
        assert!(Finding { root: root("a"), ..lone.clone() }.is_root());
        assert!(!Finding { root: root("b"), ..lone }.is_root());
    }

    #[test]
    fn a_fingerprint_is_of_what_is_said_and_of_nothing_else() {
        let base = finding("AV101", Value::Amount(100), Value::Amount(120));
        let print = base.fingerprint();
        assert!(print.len() == 16 && print.bytes().all(|b| b.is_ascii_hexdigit()));
        let moved = Finding { id: "T2".to_owned(), severity: Severity::Info, accepted: true, ..base.clone() };
        assert_eq!(moved.fingerprint(), print);
        let mut prints = vec![print];
        for other in [
            finding("AV102", Value::Amount(100), Value::Amount(120)),
            finding("AV101", Value::Amount(100), Value::Amount(121)),
            finding("AV101", Value::Amount(120), Value::Amount(100)),
            finding("AV101", Value::None, Value::Amount(120)),
            finding("AV101", Value::None, Value::Words("120".into())),
            finding("AV101", Value::Words("".into()), Value::Words("120".into())),
            finding("AV101", Value::None, Value::Both("120".into(), 120)),
            finding("AV101", Value::Words("120".into()), Value::None),
        ] {
            prints.push(other.fingerprint());
        }
        prints.sort();
        prints.dedup();
        assert_eq!(prints.len(), 9);
    }
}
