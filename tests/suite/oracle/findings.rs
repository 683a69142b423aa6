//! Findings: their content, the total order of the rows, and their ids.

use std::collections::BTreeMap;

use super::catalogue;
use super::collections::Entry;
use super::documents::*;
use super::reading::Place;
use super::time::Instant;
use super::{Finding, Settings, Severity};

/// "Kinds sort transaction, order, session, settlement", and `payout` and `bank` after them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SubjectKind {
    Transaction,
    Order,
    Session,
    Settlement,
    Payout,
    Bank,
}

impl SubjectKind {
    pub fn word(self) -> &'static str {
        match self {
            SubjectKind::Transaction => "transaction",
            SubjectKind::Order => "order",
            SubjectKind::Session => "session",
            SubjectKind::Settlement => "settlement",
            SubjectKind::Payout => "payout",
            SubjectKind::Bank => "bank",
        }
    }
}

/// What a finding is about, with the columns that its kept document states.
#[derive(Clone, Debug)]
pub struct Subject {
    pub kind: SubjectKind,
    pub id: String,
    pub order_id: Option<String>,
    pub transaction_id: Option<String>,
    pub session_id: Option<String>,
    pub settlement_id: Option<String>,
    pub merchant_reference: Option<String>,
    pub merchant_reference_2: Option<String>,
    pub payment_product_type: Option<String>,
    pub currency: Option<String>,
    pub status: Option<String>,
    pub status_derived: Option<String>,
    pub created_at: Option<Instant>,
    pub place: Place,
}

impl Subject {
    fn bare(kind: SubjectKind, id: &str, place: Place) -> Subject {
        Subject {
            kind,
            id: id.to_owned(),
            order_id: None,
            transaction_id: None,
            session_id: None,
            settlement_id: None,
            merchant_reference: None,
            merchant_reference_2: None,
            payment_product_type: None,
            currency: None,
            status: None,
            status_derived: None,
            created_at: None,
            place,
        }
    }

    pub fn of_transaction(transaction: &Transaction, place: Place) -> Subject {
        Subject {
            transaction_id: Some(transaction.id.clone()),
            session_id: transaction.session_id.clone(),
            merchant_reference: transaction.merchant_reference.clone(),
            merchant_reference_2: transaction.merchant_reference_2.clone(),
            payment_product_type: transaction.payment_product_type.clone(),
            currency: transaction.currency.clone(),
            status: transaction.status.clone(),
            created_at: transaction.created_at,
            ..Subject::bare(SubjectKind::Transaction, &transaction.id, place)
        }
    }

    /// "An order's `status` is its `payment_status`."
    pub fn of_order(id: &str, order: Option<&Order>, place: Place) -> Subject {
        Subject {
            order_id: Some(id.to_owned()),
            currency: order.and_then(|order| order.currency.clone()),
            status: order.and_then(|order| order.payment_status.clone()),
            created_at: order.and_then(|order| order.created_at),
            ..Subject::bare(SubjectKind::Order, id, place)
        }
    }

    pub fn of_session(id: &str, session: &Session, place: Place) -> Subject {
        Subject {
            session_id: Some(id.to_owned()),
            transaction_id: session.transaction_id.clone(),
            merchant_reference: session.merchant_reference.clone(),
            merchant_reference_2: session.merchant_reference_2.clone(),
            currency: session.currency.clone(),
            created_at: session.created_at,
            ..Subject::bare(SubjectKind::Session, id, place)
        }
    }

    pub fn of_settlement(settlement: &Settlement, place: Place) -> Subject {
        let currency = settlement.headers.first().and_then(|header| header.currency.clone());
        Subject {
            settlement_id: Some(settlement.id.clone()),
            currency,
            created_at: settlement.created_at,
            ..Subject::bare(SubjectKind::Settlement, &settlement.id, place)
        }
    }

    /// "`status` is the state."
    pub fn of_payout(id: &str, currency: &str, state: &str, place: Place) -> Subject {
        Subject {
            settlement_id: Some(id.to_owned()),
            currency: Some(currency.to_owned()),
            status: Some(state.to_owned()),
            ..Subject::bare(SubjectKind::Payout, id, place)
        }
    }

    pub fn of_bank(id: &str, currency: &str, place: Place) -> Subject {
        Subject { currency: Some(currency.to_owned()), ..Subject::bare(SubjectKind::Bank, id, place) }
    }
}

/// The content of `expected` or `actual`.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum FindingValue {
    #[default]
    Nothing,
    Minor(i128),
    Words(String),
    /// AV401: words, and an amount in the minor column.
    WordsAndMinor(String, i128),
}

impl FindingValue {
    fn text(&self) -> Option<String> {
        let text = match self {
            FindingValue::Nothing => return None,
            FindingValue::Minor(amount) => amount.to_string(),
            FindingValue::Words(words) | FindingValue::WordsAndMinor(words, _) => words.clone(),
        };
        stated(Some(text))
    }

    fn minor(&self) -> Option<i128> {
        match self {
            FindingValue::Minor(amount) | FindingValue::WordsAndMinor(_, amount) => Some(*amount),
            FindingValue::Nothing | FindingValue::Words(_) => None,
        }
    }
}

#[derive(Clone, Debug)]
struct Mark {
    list: &'static str,
    index: usize,
    key: String,
    time: Option<Instant>,
    place: Place,
}

/// A finding before the rows are sorted and counted.
#[derive(Clone, Debug)]
pub struct Draft {
    rule: &'static str,
    subject: Subject,
    event: Option<Mark>,
    line_id: Option<String>,
    destination: Option<String>,
    detail: String,
    expected: FindingValue,
    actual: FindingValue,
}

impl Draft {
    pub fn new(rule: &'static str, subject: &Subject) -> Draft {
        let mut subject = subject.clone();
        // "`settlement_id` for AV701–AV703", AV710 and the kind payout: AV001–AV003 have such a
        // subject, too, and leave the column empty.
        if subject.kind == SubjectKind::Settlement && !["AV701", "AV702", "AV703", "AV710"].contains(&rule) {
            subject.settlement_id = None;
        }
        Draft {
            rule,
            subject,
            event: None,
            line_id: None,
            destination: None,
            detail: String::new(),
            expected: FindingValue::Nothing,
            actual: FindingValue::Nothing,
        }
    }

    pub fn at(mut self, entry: &Entry) -> Draft {
        self.event = Some(Mark {
            list: entry.list,
            index: entry.index,
            key: event_key(entry),
            time: entry.event.time(),
            place: entry.place,
        });
        self
    }

    /// A line of a settlement report, which has no id, kind or time.
    pub fn at_settlement_line(mut self, index: usize) -> Draft {
        self.event = Some(Mark {
            list: "transactions",
            index,
            key: format!("transactions[{index}]"),
            time: None,
            place: self.subject.place,
        });
        self
    }

    pub fn line(mut self, line_id: Option<&str>) -> Draft {
        self.line_id = line_id.map(str::to_owned);
        self
    }

    pub fn destination(mut self, destination: &str) -> Draft {
        self.destination = Some(destination.to_owned());
        self
    }

    pub fn detail(mut self, detail: &str) -> Draft {
        self.detail = detail.to_owned();
        self
    }

    /// "Plus the partner's id for rules across documents."
    pub fn partner_transaction(mut self, id: &str) -> Draft {
        self.subject.transaction_id = Some(id.to_owned());
        self
    }

    pub fn partner_settlement(mut self, id: &str) -> Draft {
        self.subject.settlement_id = Some(id.to_owned());
        self
    }

    pub fn currency(mut self, currency: Option<&str>) -> Draft {
        self.subject.currency = currency.map(str::to_owned);
        self
    }

    pub fn expected(mut self, amount: i128) -> Draft {
        self.expected = FindingValue::Minor(amount);
        self
    }

    pub fn actual(mut self, amount: i128) -> Draft {
        self.actual = FindingValue::Minor(amount);
        self
    }

    pub fn expected_words(mut self, words: &str) -> Draft {
        self.expected = FindingValue::Words(words.to_owned());
        self
    }

    pub fn actual_words(mut self, words: &str) -> Draft {
        self.actual = FindingValue::Words(words.to_owned());
        self
    }

    /// AV401 fills words and minor columns.
    pub fn with_amounts(mut self, expected: i128, actual: i128) -> Draft {
        if let (FindingValue::Words(one), FindingValue::Words(other)) = (&self.expected, &self.actual) {
            (self.expected, self.actual) = (
                FindingValue::WordsAndMinor(one.clone(), expected),
                FindingValue::WordsAndMinor(other.clone(), actual),
            );
        }
        self
    }
}

/// "The event's `id`, else its kind and time, else its place."
fn event_key(entry: &Entry) -> String {
    if let Some(id) = &entry.event.id {
        return id.clone();
    }
    match entry.event.time() {
        Some(time) => format!("{} {}", entry.event.kind.word(), time.text()),
        None => format!("{}[{}]", entry.list, entry.index),
    }
}

/// "Severity (error first), rule code, kind, id by bytes, event (none first,
/// then the list, then the number), line, destination, detail, ordinal."
fn compare(one: &Draft, other: &Draft, settings: &Settings) -> std::cmp::Ordering {
    let event = |draft: &Draft| draft.event.as_ref().map(|mark| (mark.list, mark.index));
    catalogue::severity(one.rule, settings)
        .cmp(&catalogue::severity(other.rule, settings))
        .then_with(|| one.rule.cmp(other.rule))
        .then_with(|| one.subject.kind.cmp(&other.subject.kind))
        .then_with(|| one.subject.id.as_bytes().cmp(other.subject.id.as_bytes()))
        .then_with(|| event(one).cmp(&event(other)))
        .then_with(|| one.line_id.cmp(&other.line_id))
        .then_with(|| one.destination.cmp(&other.destination))
        .then_with(|| one.detail.cmp(&other.detail))
}

/// The rows in their total order, with their ids.
pub fn finish(mut drafts: Vec<Draft>, names: &[String], settings: &Settings) -> Vec<Finding> {
    drafts.retain(|draft| catalogue::severity(draft.rule, settings) != Severity::Off);
    // The sort is stable: rows that compare equal stay in the order in which the rule met them, and
    // the ordinal counts them in it.
    drafts.sort_by(|one, other| compare(one, other, settings));
    let mut ordinals: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    let mut findings = Vec::new();
    for draft in drafts {
        let mut texts = vec![
            draft.rule.to_owned(),
            draft.subject.kind.word().to_owned(),
            draft.subject.id.clone(),
            draft.event.as_ref().map_or(String::new(), |mark| mark.key.clone()),
            draft.line_id.clone().unwrap_or_default(),
            draft.destination.clone().unwrap_or_default(),
            draft.detail.clone(),
        ];
        let ordinal = ordinals.entry(texts.clone()).or_insert(0);
        texts.push(ordinal.to_string());
        *ordinal += 1;
        findings.push(row(draft, exception_id(&texts), names, settings));
    }
    findings
}

/// "The first 8 bytes, in hex, of the BLAKE3 hash […]; texts in UTF-8, each
/// preceded by its length in 8 bytes, little-endian."
fn exception_id(texts: &[String]) -> String {
    let mut hasher = blake3::Hasher::new();
    for text in texts {
        hasher.update(&(text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    }
    first_bytes(&hasher.finalize())
}

fn first_bytes(hash: &blake3::Hash) -> String {
    hash.to_hex().as_str()[..16].to_owned()
}

/// The detail of AV604.
pub fn card_hash(card_id: &str) -> String {
    first_bytes(&blake3::hash(card_id.as_bytes()))
}

/// Columns are never empty texts.
fn stated(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

fn row(draft: Draft, exception_id: String, names: &[String], settings: &Settings) -> Finding {
    let place = match &draft.event {
        Some(mark) => mark.place,
        None => draft.subject.place,
    };
    let event = draft.event.as_ref();
    let subject = draft.subject;
    Finding {
        exception_id,
        severity: catalogue::severity(draft.rule, settings),
        rule: draft.rule,
        name: catalogue::name(draft.rule),
        kind: subject.kind.word(),
        id: subject.id,
        order_id: stated(subject.order_id),
        transaction_id: stated(subject.transaction_id),
        session_id: stated(subject.session_id),
        merchant_reference: stated(subject.merchant_reference),
        merchant_reference_2: stated(subject.merchant_reference_2),
        payment_product_type: stated(subject.payment_product_type),
        event: event.map(|mark| format!("{}[{}]", mark.list, mark.index)),
        event_time: event.and_then(|mark| mark.time).map(Instant::text),
        line_id: stated(draft.line_id),
        payout_destination_id: stated(draft.destination),
        settlement_id: stated(subject.settlement_id),
        currency: stated(subject.currency),
        expected: draft.expected.text(),
        actual: draft.actual.text(),
        expected_minor: draft.expected.minor(),
        actual_minor: draft.actual.minor(),
        status: stated(subject.status),
        status_derived: stated(subject.status_derived),
        detail: draft.detail,
        source: names[place.source].clone(),
        source_offset: place.offset,
    }
}
