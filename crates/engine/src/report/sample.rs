//! A small outcome that has every kind of content, for tests and fuzz targets of the reports.

use std::collections::BTreeMap;
use std::io;

use avstem_core::document::Rejected;
use avstem_core::model::card::{Card, Kind, Need, Severity, Tolerance, Window};
use avstem_core::model::cause::Repair;
use avstem_core::model::event::EventList;
use avstem_core::model::finding::{EventAt, Finding, Subject, Value};
use avstem_core::model::instant::Instant;
use avstem_core::model::money::Sum;
use avstem_core::model::origin::Origin;
use avstem_core::model::reject::{FileFault, FileReason, RecordReason};

use crate::engine::outcome::{
    Aged, Ageing, Balance, Balances, ControlTotal, Counts, Coverage, CoverageCounts, DayMoves, NotDue, Outcome,
    Payouts, SourceOutcome, TakeBalances, Totals, Waiting, timeline,
};
use crate::history::continuity::Notice;
use crate::io::output::Written;
use crate::report::{Dialect, ReportOptions, RunEnd};

const fn card(number: u16, code: &'static str, name: &'static str, severity: Severity, message: &'static str) -> Card {
    let subjects = &[Kind::Transaction];
    Card {
        number,
        code,
        name,
        severity,
        subjects,
        docs: "",
        message,
        action: "Look, \"closely\".",
        fires: "",
        silent: "",
        needs: Need::Nothing,
        window: Window::None,
        tolerance: Tolerance::MinorUnits,
        repair: Repair::None,
    }
}

/// A rule with amounts.
pub static AMOUNTS: Card = card(
    101,
    "AV101",
    "over-captured",
    Severity::Error,
    "captured {actual} of {expected} authorised: {delta} too much",
);

/// A rule with words and amounts.
pub static WORDS: Card =
    card(401, "AV401", "status-mismatch", Severity::Error, "the status is {actual}, its events amount to {expected}");

/// A rule with quantities.
pub static PIECES: Card = card(
    208,
    "AV208",
    "quantity-exceeded",
    Severity::Warning,
    "captured {actual} pieces of line {line}, of which {expected} were ordered",
);

/// Parses an instant; panics if it is invalid.
pub fn time(text: &str) -> Option<Instant> {
    Some(Instant::parse(text).expect(text))
}

fn own(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// Returns every optional text of a finding that comes from the input.
pub fn texts(finding: &mut Finding) -> [&mut Option<String>; 12] {
    let subject = &mut finding.subject;
    [
        &mut finding.line,
        &mut finding.destination,
        &mut subject.order_id,
        &mut subject.transaction_id,
        &mut subject.session_id,
        &mut subject.merchant_reference,
        &mut subject.merchant_reference_2,
        &mut subject.payment_product_type,
        &mut subject.settlement_id,
        &mut subject.currency,
        &mut subject.status,
        &mut subject.status_derived,
    ]
}

/// A finding of a rule.
pub fn finding(card: &'static Card) -> Finding {
    let (expected, actual) = match card.number {
        101 => (Value::Amount(10_000), Value::Amount(12_000)),
        208 => (Value::Words("1.5".into()), Value::Words("2.25".into())),
        _ => (Value::Both("CAPTURED or REFUNDED".into(), 10_000), Value::Both("AUTHORIZED".into(), 12_000)),
    };
    Finding {
        card,
        severity: card.severity,
        kind: Kind::Transaction,
        id: "T1".to_owned(),
        subject: Subject {
            order_id: None,
            transaction_id: own("T1"),
            session_id: own(""),
            merchant_reference: own("=ref; 1"),
            merchant_reference_2: None,
            payment_product_type: own("vipps"),
            settlement_id: None,
            currency: own("NOK"),
            status: own("AUTHORIZED"),
            status_derived: own("CAPTURED or REFUNDED"),
            created_at: time("2026-11-01T10:00:00Z"),
        },
        event: (card.number == 101).then(|| EventAt {
            list: EventList::Events,
            place: 2,
            time: time("2026-11-11T10:00:00.25Z"),
            key: "e2".to_owned(),
        }),
        line: (card.number == 208).then(|| "1".to_owned()),
        destination: None,
        expected,
        actual,
        detail: String::new(),
        candidates: String::new(),
        origin: Origin { file: 1, offset: 120, length: 900 },
        evidence: "t:0123456789abcdef#2".to_owned(),
        accepted: false,
        due: None,
        root: None,
        ordinal: 0,
        exception_id: format!("00000000000000{:02x}", card.number % 256),
    }
}

/// The counts of a rule.
pub fn counts(findings: u64, abs_delta: Sum) -> CoverageCounts {
    CoverageCounts {
        tested: 10,
        not_applicable: 2,
        findings,
        abs_delta,
        at_stake: abs_delta,
        ..CoverageCounts::default()
    }
}

fn coverage(card: &'static Card, by_currency: &[(&str, CoverageCounts)], findings: u64, abs_delta: Sum) -> Coverage {
    Coverage {
        card,
        severity: Some(card.severity),
        all: counts(findings, abs_delta),
        by_currency: by_currency.iter().map(|(code, counts)| ((*code).to_owned(), *counts)).collect(),
    }
}

/// Balances in memory.
pub struct BalanceRows(pub Vec<Balance<'static>>);

impl Balances for BalanceRows {
    fn batches(&self, take: TakeBalances<'_>) -> io::Result<()> {
        take(&self.0)
    }
}

/// The balance of the ledger that the findings are about.
pub fn balance() -> Balance<'static> {
    Balance {
        kind: Kind::Transaction,
        id: "T1",
        order_id: None,
        transaction_id: Some("T1"),
        session_id: None,
        merchant_reference: Some("=ref; 1"),
        merchant_reference_2: None,
        payment_product_type: Some("vipps"),
        currency: Some("NOK"),
        authorized: Some(10_000),
        captured: 12_000,
        refunded: 0,
        released: Some(0),
        open: Some(-2_000),
        net: 12_000,
        not_authorized: Some(0),
        events: 3,
        lines: None,
        split_captured: Some(Sum::MAX),
        split_refunded: None,
        status: Some("AUTHORIZED"),
        status_derived: Some("CAPTURED"),
        settlement_status: None,
        created_at: time("2026-11-01T10:00:00Z"),
        last_event_at: time("2026-11-11T10:00:00.25Z"),
        open_days: None,
        findings: 3,
        worst: Some(Severity::Error),
        origin: Origin { file: 1, offset: 120, length: 900 },
        timeline: timeline::Timeline::Events(&[]),
        numbers: Default::default(),
    }
}

fn sources() -> Vec<SourceOutcome> {
    let counts = Counts { records: 5, accepted: 1, duplicate: 1, superseded: 1, rejected: 2 };
    vec![
        SourceOutcome {
            name: "bad.json".to_owned(),
            bytes: 3,
            hash: own("00ff"),
            decoded_bytes: 3,
            is_empty: false,
            fault: Some(FileFault::new(FileReason::BrokenText, "the array is not closed")),
            counts: Counts::default(),
        },
        SourceOutcome {
            name: "day=1/a.json".to_owned(),
            bytes: 1_000,
            hash: own("ab01"),
            decoded_bytes: 2_000,
            is_empty: false,
            fault: None,
            counts,
        },
    ]
}

fn reject(offset: u64, reason: RecordReason, path: &str, at: u64) -> Rejected {
    Rejected {
        origin: Origin { file: 1, offset, length: 20 },
        line: Some(2),
        reason,
        found: 0,
        path: path.to_owned(),
        at,
    }
}

fn control(source: &str, measure: &'static str, currency: Option<&str>, value: Sum) -> ControlTotal {
    let currency = currency.map(str::to_owned);
    ControlTotal { source: source.to_owned(), stage: "read", measure, currency, value, identity: None, holds: None }
}

fn open_ages() -> [Aged; 5] {
    let aged = |ledgers, open| Aged { ledgers, open };
    [aged(1, 234_567), aged(0, 0), aged(1, 1_000_000), aged(0, 0), aged(0, 0)]
}

pub fn outcome() -> Outcome {
    let nok =
        Totals { ledgers: 1, authorized: 10_000, captured: 12_000, open: -2_000, net: 12_000, ..Totals::default() };
    let isk = Totals { ledgers: 2, authorized: 1_234_567, open: 1_234_567, not_authorized: 5, ..Totals::default() };
    let moved = |authorized, captured| DayMoves { authorized, captured, released: 0, refunded: 0 };
    let mut identity = control("", "records", None, 5);
    (identity.identity, identity.holds) = (own("accepted + duplicate + superseded + rejected"), Some(true));
    Outcome {
        payouts: Payouts::default(),
        latest: time("2026-11-20T09:00:00Z"),
        documents: [3, 1, 1, 0],
        as_of: time("2026-11-20T12:00:00Z"),
        sources: sources(),
        counts: sources()[1].counts,
        rejects: vec![
            reject(20, RecordReason::MissingField, "events[2].amount", 40),
            reject(500, RecordReason::Syntax, "", 507),
        ]
        .into(),
        findings: vec![finding(&AMOUNTS), finding(&WORDS), finding(&PIECES)].into(),
        balances: Box::new(BalanceRows(vec![balance()])),
        totals: BTreeMap::from([("NOK".to_owned(), nok), ("ISK".to_owned(), isk)]),
        order_totals: BTreeMap::new(),
        days: BTreeMap::from([
            (("NOK".to_owned(), None), moved(0, 0)),
            (("NOK".to_owned(), Some(20_758)), moved(10_000, 0)),
            (("NOK".to_owned(), Some(20_768)), moved(0, 12_000)),
            (("ISK".to_owned(), Some(20_768)), moved(1_234_567, 0)),
        ]),
        open_ages: BTreeMap::from([("ISK".to_owned(), open_ages())]),
        coverage: vec![
            coverage(&AMOUNTS, &[("NOK", counts(1, 2_000)), ("ISK", counts(0, 0))], 1, 2_000),
            coverage(&PIECES, &[("NOK", counts(1, 0))], 1, 0),
            coverage(&WORDS, &[("NOK", counts(1, 2_000))], 1, 2_000),
        ],
        control_totals: vec![
            control("day=1/a.json", "records", None, 5),
            control("", "captured", Some("NOK"), Sum::from(i64::MAX) + 1),
            identity,
        ],
        waiting: Box::new(Nothing),
        waiting_by_rule: BTreeMap::new(),
        comparison: None,
        acceptances: Vec::new(),
        ageing: Ageing::default(),
        as_of_day: Some(20_777),
    }
}

/// No waiting findings.
struct Nothing;

impl NotDue for Nothing {
    fn visit(&self, _: &mut dyn FnMut(&Waiting<'_>) -> io::Result<()>) -> io::Result<()> {
        Ok(())
    }

    fn counts(&self) -> io::Result<BTreeMap<&'static str, u64>> {
        Ok(BTreeMap::new())
    }
}

/// Options of a run whose input is doubtful.
pub fn options() -> ReportOptions {
    let at = |text: &str| Instant::parse(text).expect(text);
    ReportOptions {
        dialect: Dialect::Plain,
        balances_csv: false,
        xlsx: false,
        configuration: serde_json::json!({ "fail_on": "error", "max_rejects": 0 }),
        complete: false,
        exit: RunEnd { code: 3, reason: "input incomplete: 1 file refused".to_owned() },
        continuity: vec![
            Notice::NotNewer { now: at("2026-11-10T04:00:00Z"), then: at("2026-11-19T04:00:00Z") },
            Notice::Fewer { kind: Kind::Transaction, now: 2, then: 7 },
            Notice::Nothing { names: vec!["export/<b>.json".to_owned(), "export/more*".to_owned()] },
        ],
        excluded: vec!["export/<README>.md".to_owned()],
        input_hash: "blake3",
        written: vec![Written {
            name: "frames/events.parquet".to_owned(),
            bytes: 9,
            sha256: "cd".to_owned(),
            rows: Some(7),
        }],
    }
}
