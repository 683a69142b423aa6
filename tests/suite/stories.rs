//! Results of a run and of the oracle as comparable lines. Depends only on the core, since the
//! core's own tests use it too.

use std::collections::BTreeMap;

use avstem_core::judge::{Balance, Totals};
use avstem_core::model::card::{Severity, Window};
use avstem_core::model::finding::{Finding, Value};
use avstem_core::model::instant::Instant;
use avstem_core::model::settings::{Settings, SeveritySetting};
use avstem_core::rules;

use crate::oracle;

/// The as-of time and the core's settings, converted from the oracle's.
pub struct EngineSettings {
    pub as_of: Option<Instant>,
    pub settings: Settings,
}

impl EngineSettings {
    pub fn new(asked: &oracle::Settings) -> EngineSettings {
        let mut settings = Settings::default();
        let number = |rule: &str| rules::find(rule).expect("the rule is in the catalogue").card.number;
        for (rule, minor) in &asked.tolerances {
            settings.set_tolerance(number(rule), *minor);
        }
        for (rule, severity) in &asked.severities {
            let setting = match severity {
                oracle::Severity::Error => SeveritySetting::As(Severity::Error),
                oracle::Severity::Warning => SeveritySetting::As(Severity::Warning),
                oracle::Severity::Info => SeveritySetting::As(Severity::Info),
                oracle::Severity::Off => SeveritySetting::Off,
            };
            settings.set_severity(number(rule), setting);
        }
        for rule in rules::CATALOGUE {
            if let Window::Seconds { key, .. } = rule.card.window {
                settings.set_seconds(rule.card.number, seconds(&asked.windows, key));
            }
        }
        let days = asked.windows.authorization.iter();
        settings.days_by_product = days.map(|(name, days)| (name.clone(), *days as u64)).collect();
        EngineSettings { as_of: asked.as_of.and_then(|at| Instant::parse(&at.text())), settings }
    }
}

fn seconds(windows: &oracle::Windows, key: &str) -> u64 {
    let seconds = match key {
        "double_operation" => windows.double_operation,
        "pending" => windows.pending,
        "on_hold" => windows.on_hold,
        "unsettled" => windows.unsettled,
        _ => panic!("the oracle knows no window {key}"),
    };
    seconds as u64
}

/// Everything of a run that is compared, one line per item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunResult {
    pub as_of: Option<String>,
    pub findings: Vec<String>,
    pub balances: Vec<String>,
    /// Sums of ledgers, by kind and currency.
    pub totals: Vec<String>,
    pub counts: Vec<String>,
    /// Rows of payouts; empty where they are not compared.
    pub payouts: Vec<String>,
}

/// Whether places (sources, offsets) and counts are compared; they differ when the same documents
/// are stored elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Places {
    Included,
    Ignored,
}

fn dash(text: &Option<String>) -> &str {
    text.as_deref().unwrap_or("-")
}

fn number<T: ToString>(value: Option<T>) -> String {
    value.map_or("-".to_owned(), |value| value.to_string())
}

fn words(value: &Value<'_>) -> String {
    match value {
        Value::None => "-".to_owned(),
        Value::Amount(sum) => sum.to_string(),
        Value::Words(text) | Value::Both(text, _) if text.is_empty() => "-".to_owned(),
        Value::Words(text) | Value::Both(text, _) => text.to_string(),
    }
}

/// A finding as a line; `source` is the name of its file.
pub fn finding_row(finding: &Finding, source: &str, places: Places) -> String {
    let subject = &finding.subject;
    let event = finding.event.as_ref();
    let mut row = vec![
        finding.card.code.to_owned(),
        finding.severity.word().to_owned(),
        finding.card.name.to_owned(),
        finding.kind.word().to_owned(),
        finding.id.clone(),
        number(event.map(|event| event.place_text())),
        number(event.and_then(|event| event.time)),
        format!("line {}", dash(&finding.line)),
        format!("to {}", dash(&finding.destination)),
        format!("expected {}", words(&finding.expected)),
        format!("actual {}", words(&finding.actual)),
        number(finding.expected.amount()),
        number(finding.actual.amount()),
        format!("detail {}", finding.detail),
        format!("ids {} {} {}", dash(&subject.order_id), dash(&subject.transaction_id), dash(&subject.session_id)),
        format!("settlement {}", dash(&subject.settlement_id)),
        format!("references {} {}", dash(&subject.merchant_reference), dash(&subject.merchant_reference_2)),
        format!("product {}", dash(&subject.payment_product_type)),
        format!("currency {}", dash(&subject.currency)),
        format!("status {} {}", dash(&subject.status), dash(&subject.status_derived)),
        finding.exception_id.clone(),
    ];
    if places == Places::Included {
        row.push(format!("at {source} {}", finding.origin.offset));
    }
    row.join(" | ")
}

/// A balance as a line; `source` is the name of its file.
pub fn balance_row(balance: &Balance<'_>, source: &str, places: Places) -> String {
    let text = |text: Option<&str>| text.filter(|text| !text.is_empty()).unwrap_or("-").to_owned();
    let mut row = vec![
        balance.kind.word().to_owned(),
        balance.id.to_owned(),
        text(balance.currency),
        format!("A {} C {} R {}", number(balance.authorized), balance.captured, balance.refunded),
        format!("V {} O {} N {}", number(balance.released), number(balance.open), balance.net),
        format!("not authorised {}", number(balance.not_authorized)),
        format!("events {} lines {}", balance.events, balance.lines.unwrap_or(0)),
        format!("splits {} {}", balance.split_captured.unwrap_or(0), balance.split_refunded.unwrap_or(0)),
        format!("status {} {} {}", text(balance.status), text(balance.status_derived), text(balance.settlement_status)),
        format!("times {} {}", number(balance.created_at), number(balance.last_event_at)),
        format!("findings {} {}", balance.findings, number(balance.worst)),
    ];
    if places == Places::Included {
        row.push(format!("at {source} {}", balance.origin.offset));
    }
    row.join(" | ")
}

pub fn totals_rows(kind: &str, of: &BTreeMap<String, Totals>) -> Vec<String> {
    of.iter().map(|(currency, totals)| format!("{kind} {currency} {totals:?}")).collect()
}

/// The totals of one kind of ledger, summed from the oracle's balances.
pub fn totals(output: &oracle::Output, kind: &str) -> BTreeMap<String, Totals> {
    let mut totals: BTreeMap<String, Totals> = BTreeMap::new();
    for balance in output.balances.iter().filter(|balance| balance.kind == kind) {
        let of = totals.entry(balance.currency.clone().unwrap_or("XXX".to_owned())).or_default();
        of.ledgers += 1;
        if !balance.is_authorized && balance.captured == 0 {
            of.not_authorized += balance.authorized;
        } else {
            of.authorized += balance.authorized;
            of.released += balance.released;
            of.open += balance.open;
        }
        of.captured += balance.captured;
        of.refunded += balance.refunded;
        of.net += balance.net;
    }
    totals
}

impl RunResult {
    pub fn of_oracle(output: &oracle::Output) -> RunResult {
        RunResult {
            as_of: output.as_of.clone(),
            findings: output.findings.iter().map(oracle_finding).collect(),
            balances: output.balances.iter().map(oracle_balance).collect(),
            totals: ["transaction", "order"]
                .into_iter()
                .flat_map(|kind| totals_rows(kind, &totals(output, kind)))
                .collect(),
            counts: output
                .counts
                .iter()
                .map(|(name, counts)| {
                    format!(
                        "{name} accepted {} duplicate {} superseded {}",
                        counts.accepted, counts.duplicate, counts.superseded
                    )
                })
                .collect(),
            payouts: Vec::new(),
        }
    }

    /// A readable difference: rows that only one side has, else the first row in a different
    /// position; None when equal.
    pub fn difference(&self, other: &RunResult) -> Option<String> {
        if self.as_of != other.as_of {
            return Some(format!("as-of\n  - {:?}\n  + {:?}", self.as_of, other.as_of));
        }
        let lists = [
            ("findings", &self.findings, &other.findings),
            ("balances", &self.balances, &other.balances),
            ("totals", &self.totals, &other.totals),
            ("counts", &self.counts, &other.counts),
            ("payouts", &self.payouts, &other.payouts),
        ];
        let (what, mine, others) = lists.into_iter().find(|(_, mine, others)| mine != others)?;
        let only = |sign: &str, list: &[String], rest: &[String]| -> String {
            list.iter().filter(|row| !rest.contains(row)).map(|row| format!("\n  {sign} {row}")).collect()
        };
        let rows = only("-", mine, others) + &only("+", others, mine);
        if !rows.is_empty() {
            return Some(format!("{what}{rows}"));
        }
        let at = mine.iter().zip(others).position(|(a, b)| a != b).unwrap_or(mine.len().min(others.len()));
        Some(format!("{what}: row {at} stands elsewhere\n  - {:?}\n  + {:?}", mine.get(at), others.get(at)))
    }
}

fn severity_word(severity: oracle::Severity) -> &'static str {
    match severity {
        oracle::Severity::Error => "error",
        oracle::Severity::Warning => "warning",
        oracle::Severity::Info => "info",
        oracle::Severity::Off => "off",
    }
}

fn oracle_finding(finding: &oracle::Finding) -> String {
    [
        finding.rule.to_owned(),
        severity_word(finding.severity).to_owned(),
        finding.name.to_owned(),
        finding.kind.to_owned(),
        finding.id.clone(),
        dash(&finding.event).to_owned(),
        dash(&finding.event_time).to_owned(),
        format!("line {}", dash(&finding.line_id)),
        format!("to {}", dash(&finding.payout_destination_id)),
        format!("expected {}", dash(&finding.expected)),
        format!("actual {}", dash(&finding.actual)),
        number(finding.expected_minor),
        number(finding.actual_minor),
        format!("detail {}", finding.detail),
        format!("ids {} {} {}", dash(&finding.order_id), dash(&finding.transaction_id), dash(&finding.session_id)),
        format!("settlement {}", dash(&finding.settlement_id)),
        format!("references {} {}", dash(&finding.merchant_reference), dash(&finding.merchant_reference_2)),
        format!("product {}", dash(&finding.payment_product_type)),
        format!("currency {}", dash(&finding.currency)),
        format!("status {} {}", dash(&finding.status), dash(&finding.status_derived)),
        finding.exception_id.clone(),
        format!("at {} {}", finding.source, finding.source_offset),
    ]
    .join(" | ")
}

fn oracle_balance(balance: &oracle::Balance) -> String {
    // What was never authorised or captured is neither authorised, released nor open.
    let of = |amount: i128| if balance.is_authorized || balance.captured != 0 { amount } else { 0 };
    let text = |text: &Option<String>| text.as_deref().filter(|text| !text.is_empty()).unwrap_or("-").to_owned();
    [
        balance.kind.to_owned(),
        balance.id.clone(),
        text(&balance.currency),
        format!("A {} C {} R {}", of(balance.authorized), balance.captured, balance.refunded),
        format!("V {} O {} N {}", of(balance.released), of(balance.open), balance.net),
        format!("not authorised {}", balance.authorized - of(balance.authorized)),
        format!("events {} lines {}", balance.events, balance.lines),
        format!("splits {} {}", balance.split_captured, balance.split_refunded),
        format!(
            "status {} {} {}",
            text(&balance.status),
            text(&balance.status_derived),
            text(&balance.settlement_status)
        ),
        format!("times {} {}", text(&balance.created_at), text(&balance.last_event_at)),
        format!("findings {} {}", balance.findings, number(balance.worst_severity.map(severity_word))),
        format!("at {} {}", balance.source, balance.source_offset),
    ]
    .join(" | ")
}
