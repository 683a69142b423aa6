//! The columns of exceptions and balances, from which CSV, Parquet and the documentation are made.

use avstem_core::model::card::Severity;
use avstem_core::model::currency::display_exponent;
use avstem_core::model::finding::{Finding, Value};
use avstem_core::model::instant::Instant;
use avstem_core::model::money::Sum;

use super::message::message;
use crate::engine::outcome::{Balance, Outcome, SourceOutcome, Standing, age_days, open_days};
use crate::frame::column::{NumberCell, Showing, cell, columns};

/// A finding with the facts of the run that its row needs.
pub struct Exception<'r> {
    finding: &'r Finding,
    source: Option<&'r str>,
    as_of: Option<Instant>,
    as_of_day: Option<i64>,
    standing: Option<Standing<'r>>,
    message: String,
    exponent: u8,
}

impl<'r> Exception<'r> {
    pub fn new(finding: &'r Finding, outcome: &'r Outcome) -> Exception<'r> {
        Exception {
            finding,
            source: source_name(&outcome.sources, finding.origin.file),
            as_of: outcome.as_of,
            as_of_day: outcome.as_of_day,
            standing: outcome.standing(finding),
            message: message(finding),
            exponent: display_exponent(finding.subject.currency.as_deref()),
        }
    }

    fn event_time(&self) -> Option<Instant> {
        self.finding.event.as_ref().and_then(|event| event.time)
    }

    fn root(&self) -> &'r str {
        self.finding.root.as_ref().map_or(&self.finding.exception_id, |root| &root.id)
    }

    /// Returns how much of the difference is explained; `None` without a difference.
    fn explained(&self) -> Option<Sum> {
        self.finding.delta().map(|_| self.finding.root.as_ref().map_or(0, |root| root.explained))
    }

    /// The as-of of the first run that had it.
    fn first_seen(&self) -> Option<Instant> {
        self.standing.and_then(|standing| standing.first_seen).or(self.as_of)
    }

    /// Returns words as they are, else the amount in major units.
    fn value(&self, value: &'r Value<'static>) -> NumberCell<'r> {
        match value {
            Value::None => NumberCell::Empty,
            Value::Amount(amount) => NumberCell::Amount(*amount, self.exponent),
            Value::Words(words) | Value::Both(words, _) => NumberCell::Words(words),
        }
    }

    /// Returns the difference in major units; empty if `expected` and `actual` hold words.
    fn delta(&self) -> NumberCell<'r> {
        match (&self.finding.expected, &self.finding.actual) {
            (Value::Amount(expected), Value::Amount(actual)) => NumberCell::Amount(actual - expected, self.exponent),
            _ => NumberCell::Empty,
        }
    }
}

/// The name of an input.
pub(super) fn source_name(sources: &[SourceOutcome], file: u32) -> Option<&str> {
    sources.get(file as usize).map(|source| source.name.as_str())
}

columns! {
    /// The columns of `exceptions.csv` and `exceptions.parquet`.
    pub const EXCEPTIONS, pub fn exception_row<'r>(e: Exception<'r>);
    "exception_id" Text "The finding's stable name: the same tomorrow, whatever its amounts, files and row." => cell::raw(&*e.finding.exception_id);
    "change" Text "new, open, changed, or back (the baseline does not have it, but did not see its whole input either) against the baseline; empty without one." => cell::raw(e.standing.map(|standing| standing.change.word()));
    "severity" Text "error, warning or info, after configuration." => cell::raw(e.finding.severity.word());
    "rule" Text "The rule's code." => cell::raw(e.finding.card.code);
    "name" Text "The rule's name." => cell::raw(e.finding.card.name);
    "message" Text "What was found, in one sentence with the numbers." => cell::raw(&*e.message);
    "action" Text "What to do about it." => cell::raw(e.finding.card.action);
    "kind" Text "What the finding is about: transaction, order, session, settlement, payout or bank." => cell::raw(e.finding.kind.word());
    "id" Text "The id of that ledger or document." => cell::id(&*e.finding.id);
    "order_id" Text "The order, of the subject or of its partner." => cell::id(e.finding.subject.order_id.as_deref());
    "transaction_id" Text "The transaction, of the subject or of its partner." => cell::id(e.finding.subject.transaction_id.as_deref());
    "session_id" Text "The session, of the subject or of its partner." => cell::id(e.finding.subject.session_id.as_deref());
    "merchant_reference" Text "The merchant's reference; card numbers are masked." => cell::free(e.finding.subject.merchant_reference.as_deref());
    "merchant_reference_2" Text "The merchant's second reference; card numbers are masked." => cell::free(e.finding.subject.merchant_reference_2.as_deref());
    "payment_product_type" Text "The payment product's type, as written." => cell::free(e.finding.subject.payment_product_type.as_deref());
    "event" Text "The event's place in the ledger's own list, like `events[3]` or `captures[0]`." => cell::made(e.finding.event.as_ref().map(|event| event.place_text()));
    "event_time" Time "When that event happened." => cell::time(e.event_time());
    "line_id" Text "The line meant." => cell::id(e.finding.line.as_deref());
    "payout_destination_id" Text "The payout destination meant." => cell::id(e.finding.destination.as_deref());
    "settlement_id" Text "The settlement meant." => cell::id(e.finding.subject.settlement_id.as_deref());
    "currency" Text "The currency as written." => cell::free(e.finding.subject.currency.as_deref());
    "expected_minor" Integer "What should be, in minor units; empty outside 64 bits." => cell::minor(e.finding.expected.amount());
    "actual_minor" Integer "What is, in minor units; empty outside 64 bits." => cell::minor(e.finding.actual.amount());
    "delta_minor" Integer "Actual less expected, in minor units; empty outside 64 bits." => cell::minor(e.finding.delta());
    "expected" Number "What should be: an exact amount in major units, or words." => e.value(&e.finding.expected);
    "actual" Number "What is: an exact amount in major units, or words." => e.value(&e.finding.actual);
    "delta" Number "Actual less expected in major units; empty for words." => e.delta();
    "status" Text "The status that the document states, as written." => cell::free(e.finding.subject.status.as_deref());
    "status_derived" Text "The status that the amounts imply; several are joined by ` or `." => cell::free(e.finding.subject.status_derived.as_deref());
    "as_of" Time "The instant the run judges at." => cell::time(e.as_of);
    "first_seen" Time "The as-of of the first run that has the finding; without a baseline this one." => cell::time(e.first_seen());
    "age_days" Integer "Whole days from the event, else from the document's creation, to the as-of." => cell::integer(age_days(e.finding, e.as_of));
    "accepted" Flag "Whether the configuration accepts it." => cell::flag(e.finding.accepted);
    "source" Text "The file of the record that proves it." => cell::id(e.source);
    "source_offset" Integer "The first byte of that record in the decoded file." => cell::count(e.finding.origin.offset);
    "fingerprint" Text "What the finding says today: another one when its amounts or words change." => cell::made(Some(e.finding.fingerprint()));
    "open_days" Integer "Days of the calendar from first_seen to the as-of, in the configured time zone." => cell::integer(open_days(e.standing.as_ref(), e.as_of_day));
    "since" Time "What age_days counts from: the event's time, else the document's creation." => cell::time(e.event_time().or(e.finding.subject.created_at));
    "due" Time "When it became due, of a rule about time." => cell::time(e.finding.due);
    "root" Text "The exception_id of the finding that explains this one; its own, if nothing else does." => cell::raw(e.root());
    "cause" Text "Why, where it can be shown by undoing it: duplicate_event, failed_event_counted, sign, wrong_line, wrong_destination, missing_event, rounding." => cell::raw(e.finding.root.as_ref().map(|root| root.cause.word()));
    "explained_minor" Integer "How much of delta_minor the cause explains." => cell::minor(e.explained());
    "unexplained_minor" Integer "The rest of it." => cell::minor(e.explained().zip(e.finding.delta()).map(|(part, delta)| delta - part));
    "evidence" Text "What the finding rested on, compact: which copy of each document, which operations of an order, what the whole input had. A later run tells it as resolved only when all of that is in its input." => cell::raw(&*e.finding.evidence);
}

pub struct BalanceRow<'r> {
    balance: &'r Balance<'r>,
    source: Option<&'r str>,
}

impl<'r> BalanceRow<'r> {
    pub fn new(balance: &'r Balance<'r>, sources: &'r [SourceOutcome]) -> BalanceRow<'r> {
        BalanceRow { balance, source: source_name(sources, balance.origin.file) }
    }

    /// Bytes that the cells have at most: escaping makes six of one.
    pub fn most_bytes(&self) -> usize {
        let Balance { id, order_id, transaction_id, session_id, currency, status, status_derived, .. } = *self.balance;
        let Balance { merchant_reference, merchant_reference_2, payment_product_type, settlement_status, .. } =
            *self.balance;
        let ids = [Some(id), order_id, transaction_id, session_id, merchant_reference, merchant_reference_2];
        let words = [payment_product_type, currency, status, status_derived, settlement_status, self.source];
        let length = |texts: [Option<&str>; 6]| texts.into_iter().fold(0, |sum, text| sum + text.map_or(0, str::len));
        (length(ids) + length(words)) * 6 + BALANCES.len() * 16
    }
}

columns! {
    /// The columns of `balances.parquet` and `balances.csv`.
    pub const BALANCES, pub fn balance_row<'r>(b: BalanceRow<'r>), pub fn fill_balances;
    "kind" Text "transaction, order, settlement or payout." => cell::word(Showing::Raw, b.balance.kind as u32 + 1, b.balance.kind.word());
    "id" Text "The ledger's id." => cell::id(b.balance.id);
    "order_id" Text "The order." => cell::id(b.balance.order_id);
    "transaction_id" Text "The transaction." => cell::id(b.balance.transaction_id);
    "session_id" Text "The session." => cell::id(b.balance.session_id);
    "merchant_reference" Text "The merchant's reference; card numbers are masked." => cell::free(b.balance.merchant_reference);
    "merchant_reference_2" Text "The merchant's second reference; card numbers are masked." => cell::free(b.balance.merchant_reference_2);
    "payment_product_type" Text "The payment product's type, as written." => cell::free(b.balance.payment_product_type);
    "currency" Text "The currency as written." => cell::word(Showing::Free, b.balance.numbers.currency, b.balance.currency);
    "authorized_minor" Integer "A: what was authorised; 0 where nothing ever was. Amounts are minor units, and empty outside 64 bits." => cell::minor(b.balance.authorized);
    "captured_minor" Integer "C: what was captured." => cell::minor(b.balance.captured);
    "refunded_minor" Integer "R: what was refunded." => cell::minor(b.balance.refunded);
    "released_minor" Integer "V: what voids or cancellations released." => cell::minor(b.balance.released);
    "open_minor" Integer "O = A − C − V." => cell::minor(b.balance.open);
    "net_minor" Integer "N = C − R." => cell::minor(b.balance.net);
    "not_authorized_minor" Integer "A of a ledger that was never authorised or captured (declined, failed, only initiated), else 0; its authorized, released and open are 0." => cell::minor(b.balance.not_authorized);
    "events" Integer "How many events it has, effective or not." => cell::count(b.balance.events);
    "lines_minor" Integer "The sum of its lines." => cell::minor(b.balance.lines);
    "split_captured_minor" Integer "Splits of effective captures." => cell::minor(b.balance.split_captured);
    "split_refunded_minor" Integer "Splits of effective refunds." => cell::minor(b.balance.split_refunded);
    "status" Text "The status that the document states, as written." => cell::word(Showing::Free, b.balance.numbers.status, b.balance.status);
    "status_derived" Text "The status that the amounts imply; several are joined by ` or `." => cell::word(Showing::Free, b.balance.numbers.status_derived, b.balance.status_derived);
    "settlement_status" Text "The settlement status, as written." => cell::word(Showing::Free, b.balance.numbers.settlement_status, b.balance.settlement_status);
    "created_at" Time "When the document was created." => cell::time(b.balance.created_at);
    "last_event_at" Time "When its last event happened." => cell::time(b.balance.last_event_at);
    "findings" Integer "How many findings it has." => cell::count(b.balance.findings);
    "worst_severity" Text "The severity of the worst of them." => cell::word(Showing::Raw, b.balance.worst.map_or(0, |worst| worst as u32 + 1), b.balance.worst.map(Severity::word));
    "source" Text "The file of its record." => cell::word(Showing::Id, b.balance.origin.file.wrapping_add(1), b.source);
    "source_offset" Integer "The first byte of that record in the decoded file." => cell::count(b.balance.origin.offset);
    "open_days" Integer "Of a transaction with something open: for how many days of the calendar it is authorised. Reports sum them up as 0-1, 2-7, 8-30 and more than 30 days." => cell::integer(b.balance.open_days);
}
